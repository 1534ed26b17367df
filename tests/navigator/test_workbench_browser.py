"""The workbench in a real browser: by keyboard alone, by two people at once, and without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.services.accounts import add_account
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.fake_site import FakeSite, fake_site
from tests.e2e.test_accessible import faults
from tests.web_fakes import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIFTEEN = report(*(f"GENE{n} p.A{n}V detected" for n in range(1, 16)))
PASSWORD = "four random words"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    with fake_site(tmp_path_factory.mktemp("desk")) as running:
        for name in ("nia", "bo"):
            add_account(running.desk, f"{name}@example.org", PASSWORD, "navigator")
        yield running


def context_of(browser: Browser, site: FakeSite, name: str = "nia", size: dict[str, int] = DESKTOP) -> BrowserContext:
    context = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.address}/sign-in")
    page.fill("input[name=email]", f"{name}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/records")
    page.close()
    return context


def new_case(site: FakeSite, content: bytes = FIFTEEN) -> str:
    site.record(content)
    with site.desk.units(reading=True) as unit:
        return f"{site.address}/desk/{unit.reviews.newest(500)[-1].record}"


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".fact.on")).to_have_count(1)
    return page


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag the mouse between two places of the first page, in points."""
    points = [
        page.locator(".leaf svg").first.evaluate(
            "(svg, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()); return [p.x, p.y] }",
            list(place),
        )
        for place in (begin, end)
    ]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=4)
    page.mouse.up()


def test_fifteen_findings_are_checked_by_keyboard_in_forty_presses(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site)
    page = opened(context, address)
    presses = 0
    while page.locator(".is-machine").count():
        page.keyboard.press("c")
        presses += 1
    expect(page.locator("[data-saved]")).to_have_text("All saved")
    page.keyboard.press("f")
    presses += 1
    page.wait_for_url(f"{site.address}/desk")
    assert presses <= 40
    with site.desk.units(reading=True) as unit:
        assert unit.reviews.case(address.rsplit("/", 1)[1]).done_at
    context.close()


def test_correct_reject_and_take_back_by_keyboard(browser: Browser, site: FakeSite) -> None:
    context = context_of(browser, site)
    page = opened(context, new_case(site))
    page.keyboard.press("e")
    page.keyboard.type("p.A1G")
    expect(page.locator(".fact.on [data-normal]")).to_contain_text("Normal form: GENE1 p.A1G")
    page.keyboard.press("Enter")
    expect(page.locator(".fact").nth(0)).to_have_class("fact is-corrected")
    page.keyboard.press("x")
    page.keyboard.type("another patient")
    page.keyboard.press("Enter")
    expect(page.locator(".fact").nth(1)).to_have_class("fact is-rejected")
    page.keyboard.press("u")
    expect(page.locator(".fact").nth(1)).to_have_attribute("data-review", "machine")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-saved]")).to_have_text("All saved")
    page.reload()
    expect(page.locator(".fact").nth(0)).to_contain_text("GENE1 p.A1G")
    page.locator(".fact").nth(0).locator("[data-said]").click()
    expect(page.locator(".fact").nth(0).locator(".three")).to_contain_text("GENE1 p.A1V, detected")
    context.close()


def test_choosing_a_field_marks_its_box_and_a_box_its_field(browser: Browser, site: FakeSite) -> None:
    context = context_of(browser, site)
    page = opened(context, new_case(site))
    expect(page.locator(".mark.on")).to_have_count(1)
    drag(page, (60, 156), (60, 156))
    expect(page.locator(".fact.on")).to_contain_text("GENE5")
    context.close()


def test_words_that_are_marked_with_the_mouse_become_a_proposal_and_a_fact(browser: Browser, site: FakeSite) -> None:
    context = context_of(browser, site)
    page = opened(context, new_case(site, report("EGFR p.L858R detected", "MET p.D1028H seen")))
    drag(page, (45, 88), (235, 106))
    expect(page.locator("[data-chosen]")).to_have_text("“MET p.D1028H seen”")
    expect(page.locator("#add-alteration")).to_have_value("p.D1028H")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".fact.is-added")).to_contain_text("MET p.D1028H")
    expect(page.locator("[data-saved]")).to_have_text("All saved")
    expect(page.locator(".fact.is-added .raw")).to_contain_text("“MET p.D1028H seen” page 1")
    context.close()


def test_words_are_chosen_and_added_by_keyboard_alone(browser: Browser, site: FakeSite) -> None:
    context = context_of(browser, site)
    page = opened(context, new_case(site, report("EGFR p.L858R detected", "MET p.D1028H seen")))
    page.keyboard.press("w")
    expect(page.locator("[data-live]")).to_contain_text("EGFR")
    for key in ("ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("[data-live]")).to_have_text("MET p.D1028H seen")
    page.keyboard.press("Enter")
    expect(page.locator("#add-gene")).to_have_value("MET")
    page.locator("#add-alteration").press("Enter")
    expect(page.locator(".fact.is-added .raw")).to_contain_text("“MET p.D1028H seen” page 1")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".fact").last).to_have_attribute("data-review", "rejected")
    context.close()


def test_two_reviewers_see_each_others_value(browser: Browser, site: FakeSite) -> None:
    address = new_case(site)
    one, two = context_of(browser, site), context_of(browser, site, "bo")
    first, second = opened(one, address), opened(two, address)
    first.keyboard.press("x")
    first.keyboard.type("not hers")
    first.keyboard.press("Enter")
    expect(first.locator("[data-saved]")).to_have_text("All saved")
    second.keyboard.press("c")
    told = second.locator(".fact").nth(0).locator("[data-told]")
    expect(told).to_contain_text("nia@example.org decided meanwhile")
    expect(second.locator(".fact").nth(0)).to_have_attribute("data-review", "rejected")
    told.get_by_role("button", name="Use mine").click()
    expect(second.locator(".fact").nth(0)).to_have_attribute("data-review", "confirmed")
    second.reload()
    second.locator(".fact").nth(0).locator("[data-said]").click()
    expect(second.locator(".fact").nth(0)).to_contain_text("History (2)")
    one.close()
    two.close()


def test_a_lost_connection_loses_nothing(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site)
    page = opened(context, address)
    context.set_offline(True)
    for _ in range(5):
        page.keyboard.press("c")
    expect(page.locator("[data-saved]")).to_contain_text("Waiting to be saved: 5")
    context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text("All saved", timeout=10_000)
    with site.desk.units(reading=True) as unit:
        assert len(unit.reviews.of_record(address.rsplit("/", 1)[1])) == 5
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(browser: Browser, site: FakeSite, size: dict[str, int]) -> None:
    context, address = context_of(browser, site, size=size), new_case(site)
    page = opened(context, address)
    found = {"bench": faults(page)}
    page.keyboard.press("e")
    found["editing"] = faults(page)
    page.goto(f"{site.address}/desk")
    found["queue"] = faults(page)
    context.close()
    assert found == {"bench": [], "editing": [], "queue": []}

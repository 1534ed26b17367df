"""Whole ways through the workbench in a real browser: boxes, refusals, lost connections, pages, questions, audit."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.domain.review import Decision
from app.services.accounts import add_account
from app.services.receive_upload import Wishes
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.fake_site import FakeSite, fake_site
from tests.e2e.test_accessible import faults
from tests.navigator.test_workbench_browser import PASSWORD, context_of, drag, new_case, opened
from tests.web_fakes import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
THREE = report("EGFR p.L858R detected", "ALK fusion not detected", "KRAS p.G12C detected")
SAVED = "[data-saved]"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    with fake_site(tmp_path_factory.mktemp("flows")) as running:
        for name in ("nia", "bo"):
            add_account(running.desk, f"{name}@example.org", PASSWORD, "navigator")
        yield running


def decisions(site: FakeSite, address: str) -> list[Decision]:
    with site.desk.units(reading=True) as unit:
        return list(unit.reviews.of_record(address.rsplit("/", 1)[1]))


def patient_page(site: FakeSite, content: bytes = THREE, mail: str = "") -> tuple[str, str]:
    """Return the addresses of a new record for its person and for the navigators."""
    own = site.record(content, wishes=Wishes(mail=mail))
    with site.desk.units(reading=True) as unit:
        return own, f"{site.address}/desk/{unit.reviews.newest(500)[-1].record}"


def test_a_box_is_moved_by_keyboard_and_the_move_taken_back(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    page.keyboard.press("m")
    for key in ["ArrowDown"] * 10 + ["Shift+ArrowRight"] * 20:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("[data-live]")).to_contain_text("“ALK fusion not detected”")
    expect(page.locator(SAVED)).to_have_text("All saved")
    moved = json.loads(decisions(site, address)[0].after)
    assert (moved["text"], moved["gene"], moved["page"]) == ("ALK fusion not detected", "EGFR", 1)
    expect(page.locator(".fact").first.locator(".raw")).to_contain_text("ALK fusion not detected")
    page.keyboard.press("u")
    expect(page.locator(".fact").first.locator(".raw")).to_contain_text("EGFR p.L858R detected")
    expect(page.locator(".fact").first).to_contain_text("History (2)")
    context.close()


def test_a_box_is_moved_and_stretched_with_the_mouse(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    drag(page, (100, 76), (100, 116))
    drag(page, (220, 122), (160, 122))
    page.get_by_role("button", name="Save the box").click()
    expect(page.locator(SAVED)).to_have_text("All saved")
    expect(page.locator(".fact").first.locator(".raw")).to_contain_text("“KRAS p.G12C")
    assert json.loads(decisions(site, address)[0].after)["text"] == "KRAS p.G12C"
    context.close()


def test_a_box_on_no_words_is_not_saved(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    drag(page, (100, 76), (100, 600))
    page.get_by_role("button", name="Save the box").click()
    expect(page.locator("[data-live]")).to_contain_text("No word was read there")
    page.keyboard.press("Escape")
    assert decisions(site, address) == []
    context.close()


def test_a_refused_correction_shows_again_what_stands(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    page.keyboard.press("e")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    first = page.locator(".fact").first
    expect(first.locator("[data-told]")).to_contain_text("Say what was found or looked for")
    expect(first).to_have_attribute("data-review", "machine")
    expect(first.locator("[data-said]")).to_have_text("EGFR p.L858R, detected")
    expect(page.locator("[data-left]")).to_have_text("3")
    assert decisions(site, address) == []
    context.close()


def test_after_a_conflict_both_values_are_told_and_the_field_shows_what_stands(
    browser: Browser, site: FakeSite
) -> None:
    address = new_case(site, THREE)
    one, two = context_of(browser, site), context_of(browser, site, "bo")
    first, second = opened(one, address), opened(two, address)
    first.keyboard.press("e")
    first.keyboard.type("p.G719S")
    first.keyboard.press("Enter")
    expect(first.locator(SAVED)).to_have_text("All saved")
    second.keyboard.press("c")
    field = second.locator(".fact").first
    expect(field.locator("[data-told]")).to_contain_text("nia@example.org decided meanwhile")
    expect(field.locator("[data-said]")).to_have_text("EGFR p.G719S, detected")
    expect(field).to_have_attribute("data-review", "corrected")
    field.click()
    expect(field.locator("[data-now]")).to_have_text("EGFR p.G719S, detected")
    one.close()
    two.close()


def test_what_waits_outlives_a_reload_and_is_sent_when_the_network_is_back(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    page.route("**/facts", lambda route: route.abort())
    page.keyboard.press("c")
    page.keyboard.press("x")
    page.keyboard.type("not this patient")
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_have_text("No connection. Waiting to be saved: 2")
    page.reload()
    expect(page.locator(SAVED)).to_contain_text("Waiting to be saved: 2")
    expect(page.locator(".fact").nth(1)).to_have_attribute("data-review", "rejected")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "not this patient" not in kept
    assert "EGFR" not in kept
    page.unroute("**/facts")
    expect(page.locator(SAVED)).to_have_text("All saved", timeout=10_000)
    assert [(d.review, d.why) for d in decisions(site, address)] == [
        ("confirmed", ""),
        ("rejected", "not this patient"),
    ]
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_an_answer_that_was_lost_on_the_way_makes_no_conflict(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)

    lost = []

    def arrive_and_lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/facts", arrive_and_lose)
    page.keyboard.press("c")
    expect(page.locator(SAVED)).to_have_text("All saved", timeout=10_000)
    expect(page.locator(".fact").first.locator("[data-told]")).to_be_empty()
    assert lost == [200]
    assert len(decisions(site, address)) == 1
    context.close()


def test_who_is_signed_out_loses_nothing(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    context.clear_cookies()
    page.keyboard.press("c")
    expect(page.locator(SAVED)).to_have_text("Signed out. Waiting to be saved: 1")
    with context.expect_page() as opening:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    other = opening.value
    other.fill("input[name=email]", "nia@example.org")
    other.fill("input[name=password]", PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_url("**/records")
    other.close()
    expect(page.locator(SAVED)).to_have_text("All saved", timeout=15_000)
    assert len(decisions(site, address)) == 1
    context.close()


def test_tab_goes_to_the_next_that_waits_and_leaves_the_list_after_the_last(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    page.keyboard.press("Tab")
    expect(page.locator(".fact.on [data-said]")).to_contain_text("ALK")
    page.keyboard.press("c")
    page.keyboard.press("c")
    expect(page.locator(".fact.on [data-said]")).to_contain_text("EGFR")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.fact') !== document.activeElement")
    context.close()


def test_a_page_is_marked_as_unreadable_and_that_is_taken_back(browser: Browser, site: FakeSite) -> None:
    _, address = patient_page(site)
    context = context_of(browser, site)
    page = opened(context, address)
    page.get_by_text("This page", exact=True).click()
    page.get_by_role("button", name="Can't be read").click()
    expect(page.locator(".unreadable")).to_have_text("Marked as unreadable")
    page.get_by_text("This page", exact=True).click()
    page.get_by_role("button", name="It can be read after all").click()
    expect(page.locator(".unreadable")).to_have_count(0)
    assert [str(d.review) for d in decisions(site, address)] == ["rejected", "machine"]
    context.close()


def test_the_patient_is_asked_and_the_answer_comes_back(browser: Browser, site: FakeSite) -> None:
    own, address = patient_page(site)
    context = context_of(browser, site)
    page = opened(context, address)
    page.keyboard.press("q")
    page.keyboard.type("Was this test done before or after your operation?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#questions")).to_contain_text("no answer yet")
    patient = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    patient.goto(own)
    asked = patient.locator(".asked")
    expect(asked).to_contain_text("EGFR p.L858R")
    assert faults(patient) == []
    asked.get_by_label("Your answer").fill("After it, in May.")
    asked.get_by_role("button", name="Send the answer").click()
    expect(patient.locator(".asked")).to_have_count(0)
    page.reload()
    expect(page.locator(".answer")).to_contain_text("After it, in May.")
    page.goto(f"{site.address}/desk")
    expect(page.locator(".cases")).to_contain_text("The patient answered")
    patient.context.close()
    context.close()


def test_everything_that_was_done_is_on_one_page(browser: Browser, site: FakeSite) -> None:
    context, address = context_of(browser, site), new_case(site, THREE)
    page = opened(context, address)
    page.keyboard.press("e")
    page.keyboard.type("p.G719S")
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    page.keyboard.type("only in a list")
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_have_text("All saved")
    page.get_by_role("link", name="History").click()
    row = page.locator(".audit tbody tr").last
    for told in ("nia@example.org", "Corrected", "EGFR p.L858R, detected", "EGFR p.G719S, detected", "by test"):
        expect(row).to_contain_text(told)
    expect(page.locator(".audit tbody tr").first).to_contain_text("only in a list")
    assert faults(page) == []
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_any_state(browser: Browser, site: FakeSite, size: dict[str, int]) -> None:
    context, address = context_of(browser, site, size=size), new_case(site, THREE)
    page = opened(context, address)
    found = {}

    def look(name: str, *keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        found[name] = faults(page)

    look("moving", "m", "ArrowDown")
    look("words", "Escape", "w", "Shift+ArrowRight")
    look("proposed", "Enter")
    look("rejecting", "Escape", "x")
    look("keys", "Escape", "Shift+?")
    page.keyboard.press("Escape")
    page.get_by_text("This page", exact=True).click()
    look("page menu")
    page.goto(f"{address}?words={page.locator('#leaf').input_value()}#add")
    look("lines")
    context.close()
    assert {name: f for name, f in found.items() if f} == {}


def test_pages_and_fields_are_both_in_view_on_desktop_and_tablet(browser: Browser, site: FakeSite) -> None:
    address = new_case(site, THREE)
    for size in (DESKTOP, {"width": 820, "height": 1180}, {"width": 1180, "height": 820}):
        context = context_of(browser, site, size=size)
        page = opened(context, address)
        for part in (".sheets", ".fields"):
            box = page.locator(part).bounding_box()
            assert box
            assert box["height"] > 200
            assert box["y"] + box["height"] <= size["height"] + 1
        context.close()


def see(page: Page) -> str:
    return page.locator("main").inner_text()


def test_a_correction_reaches_the_patient_as_what_changed(browser: Browser, site: FakeSite) -> None:
    own, address = patient_page(site)
    patient = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    patient.goto(own)
    context = context_of(browser, site)
    page = opened(context, address)
    page.keyboard.press("e")
    page.locator(".fact.on select[name=result]").select_option("not_detected")
    page.locator(".fact.on input[name=value]").press("Enter")
    expect(page.locator(SAVED)).to_have_text("All saved")
    patient.goto(own)
    assert "EGFR p.L858R" not in see(patient)
    site.work()
    page.keyboard.press("c")
    page.keyboard.press("c")
    expect(page.locator(SAVED)).to_have_text("All saved")
    site.work()
    patient.goto(own)
    patient.locator(".changes summary").click()
    expect(patient.locator(".changes")).to_contain_text(
        "EGFR p.L858R was read as detected; it is now read as not detected."
    )
    expect(patient.locator("main")).to_contain_text("Checked by a navigator")
    patient.context.close()
    context.close()

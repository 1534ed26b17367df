"""The navigators' pages beside the workbench in a real browser: flows by mouse and keyboard, and what axe says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.domain.account import Visitor
from app.domain.finding import Review
from app.services.accounts import add_account
from app.services.organisations import NOBODY
from app.services.receive_upload import Wishes
from app.services.review_case import decide, open_bench
from app.services.second_reading import answer, hand_in, open_second
from tests.e2e.browser import DESKTOP, NARROW, PHONE
from tests.e2e.fake_site import FakeSite, fake_site
from tests.e2e.test_accessible import faults
from tests.navigator.desk_kit import PASSWORD, SteeringReading, check_all
from tests.web_fakes import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    """Run a site on which what steers is read twice, with five colleagues."""
    with fake_site(tmp_path_factory.mktemp("desk"), reading=SteeringReading()) as running:
        for name, role in (("nia", "navigator"), ("bo", "navigator"), ("lea", "lead"), ("ada", "admin")):
            add_account(running.desk, f"{name}@example.org", PASSWORD, role)
        with running.desk.units() as unit:
            house = unit.organisations.get("this-site")
            assert house
            unit.organisations.save(replace(house, second_reading=True))
            unit.commit()
        yield running


def somebody(site: FakeSite, name: str) -> Visitor:
    with site.desk.units(reading=True) as unit:
        return Visitor(unit.accounts.by_email(f"{name}@example.org"))


def as_(browser: Browser, site: FakeSite, name: str, size: dict[str, int] = DESKTOP) -> BrowserContext:
    context = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.address}/sign-in")
    page.fill("input[name=email]", f"{name}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/records")
    page.close()
    return context


def new_case(site: FakeSite, *lines: str) -> str:
    site.record(report(*(lines or ("EGFR p.L858R detected", "KRAS p.G12C detected"))))
    with site.desk.units(reading=True) as unit:
        return unit.reviews.newest(500)[-1].record


def read_once(site: FakeSite) -> str:
    record, nia = new_case(site), somebody(site, "nia")
    item = open_bench(site.desk, nia, record).items[0]
    values = item.values | {"alteration": "p.L861Q"}
    decide(site.desk, nia, record, item.key, Review.CORRECTED, version=0, values=values, why="blurred")
    site.work()
    check_all(site.desk, nia, record)
    site.work()
    return record


def read_twice(site: FakeSite) -> str:
    record, bo = read_once(site), somebody(site, "bo")
    for task in open_second(site.desk, bo, record).tasks:
        answer(site.desk, bo, record, task.key, Review.CONFIRMED)
    hand_in(site.desk, bo, record)
    return record


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    assert page.goto(address)
    return page


def test_a_lead_assigns_by_boxes_and_a_navigator_takes_the_next(browser: Browser, site: FakeSite) -> None:
    first = new_case(site)
    lead = as_(browser, site, "lea")
    page = opened(lead, f"{site.address}/desk?q={first}")
    page.get_by_role("checkbox", name="Choose report-1.pdf").first.check()
    page.get_by_label("The chosen cases are for").select_option(label="bo@example.org")
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("status")).to_contain_text("1 case was assigned")
    lead.close()
    navigator = as_(browser, site, "nia")
    page = opened(navigator, f"{site.address}/desk?show=free")
    assert first not in page.content()
    new_case(site)
    page.reload()
    page.get_by_role("button", name="Take the next case").click()
    page.wait_for_url(re.compile(r"/desk/[0-9a-f]{32}"))
    navigator.close()


def test_a_case_is_read_a_second_time_by_keyboard_and_settled_by_a_lead(browser: Browser, site: FakeSite) -> None:
    record = read_once(site)
    second = as_(browser, site, "bo")
    page = opened(second, f"{site.address}/desk?q={record}")
    page.get_by_role("link", name="report-1.pdf").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second reading")
    expect(page.locator(".strip image").first).to_be_visible()
    assert "L861Q" not in page.content()
    for _ in range(2):
        button = page.get_by_role("button", name=re.compile("The page says so")).nth(_)
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("status")).to_contain_text("0 of 2 to answer")
    page.get_by_role("button", name="Hand in the second reading").click()
    page.wait_for_url("**/desk")
    second.close()
    lead = as_(browser, site, "lea")
    page = opened(lead, f"{site.address}/desk/{record}/differences")
    expect(page.get_by_role("row", name=re.compile("First: nia@example.org"))).to_contain_text("p.L861Q")
    page.get_by_label("Why").first.fill("clear on the page")
    page.get_by_role("button", name="The second is right").click()
    page.wait_for_url("**/desk")
    site.work()
    page.goto(f"{site.address}/desk/{record}")
    expect(page.locator(".fact").first).to_contain_text("p.L858R")
    lead.close()


def test_an_admin_adds_a_care_team_and_a_person_chooses_it_by_its_address(browser: Browser, site: FakeSite) -> None:
    admin = as_(browser, site, "ada")
    page = opened(admin, f"{site.address}/office")
    page.get_by_label("Another organisation").fill("Hillside Centre")
    page.get_by_role("button", name="Add organisation").click()
    address = page.locator(".team", has_text="Hillside Centre").locator("span.code").inner_text()
    page.get_by_label("E-mail address").fill("ola@example.org")
    page.get_by_label("Works for").select_option(label="Hillside Centre")
    page.get_by_role("button", name="Add colleague").click()
    password = page.get_by_role("status").locator("strong").inner_text()
    admin.close()
    person = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = opened(person, address)
    expect(page.get_by_label("Care navigators of Hillside Centre")).to_be_checked()
    sent = [{"name": "mine.pdf", "mimeType": "application/pdf", "buffer": report("MET p.D1028H detected")}]
    page.set_input_files("#files", sent)  # type: ignore[arg-type]
    page.get_by_role("button", name="Send and read").click()
    page.wait_for_url("**/r/*")
    site.work()
    person.close()
    ola = browser.new_context()
    page = opened(ola, f"{site.address}/sign-in")
    page.fill("input[name=email]", "ola@example.org")
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/records")
    page.goto(f"{site.address}/desk")
    expect(page.locator(".cases > li")).to_have_count(1)
    expect(page.locator(".cases")).to_contain_text("mine.pdf")
    ola.close()


def every_page(site: FakeSite) -> dict[str, tuple[str, str]]:
    once, twice, new = read_once(site), read_twice(site), new_case(site)
    private = site.record(report("EGFR p.L858R detected"), wishes=Wishes(checks=NOBODY))
    return {
        "queue": ("lea", "/desk"),
        "nothing": ("lea", "/desk?q=no+such+case"),
        "trust": ("lea", "/desk/trust"),
        "differences": ("lea", f"/desk/{twice}/differences"),
        "second": ("bo", f"/desk/{once}/second"),
        "not-blind": ("lea", f"/desk/{once}/second"),
        "gold": ("nia", f"/desk/{once}/gold"),
        "office": ("ada", "/office"),
        "upload": ("", "/upload"),
        "checkers": ("", private.removeprefix(site.address) + "/checkers"),
        "new": ("nia", f"/desk?q={new}"),
    }


@SIZES
def test_axe_finds_nothing_and_nothing_runs_off(browser: Browser, site: FakeSite, size: dict[str, int]) -> None:
    pages = every_page(site)
    open_bench(site.desk, somebody(site, "lea"), pages["second"][1].split("/")[2])
    found, wide = {}, {}
    folder = os.environ.get("PICTURES", "")
    for who in ("lea", "bo", "nia", "ada", ""):
        context = as_(browser, site, who, size) if who else browser.new_context(viewport=size)  # type: ignore[arg-type]
        for name, (reader, path) in pages.items():
            if reader == who:
                page = opened(context, site.address + path)
                found[name] = faults(page)
                wide[name] = page.evaluate("document.documentElement.scrollWidth") - size["width"]
                if folder:
                    page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
                page.close()
        context.close()
    assert found == {name: [] for name in pages}
    assert {name: extra for name, extra in wide.items() if extra > 0} == {}

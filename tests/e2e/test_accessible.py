"""axe-core finds nothing on any page and state, in both themes; all is reached by keyboard; targets are large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain.account import NOBODY
from app.domain.record import GuestMay, SaidKind, Showing
from app.services.invite import invite
from app.services.receive_upload import Wishes
from app.services.say_fact import say_fact
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.fake_site import FakeSite, fake_site
from tests.web_fakes import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
RUN = """async () => (await axe.run(document, {runOnly: {type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})).violations
    .map(v => [v.id, v.help, v.nodes.map(n => n.html.slice(0, 160))])"""
FULL = report("EGFR p.L858R detected", "TP53 p.R175H detected", "ALK fusion not detected", pages=3)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    with fake_site(tmp_path_factory.mktemp("fake")) as running:
        yield running


@pytest.fixture(scope="module")
def states(site: FakeSite) -> dict[str, str]:
    """Every page in every state, by name."""
    record = site.record(FULL)
    states = {
        "start": site.address,
        "upload": f"{site.address}/upload",
        "questions": f"{site.address}/answers",
        "answer": f"{site.address}/ask?q=What does ROS1 fusion mean?",
        "sign in": f"{site.address}/sign-in",
        "sign up": f"{site.address}/sign-up",
        "privacy": f"{site.address}/privacy",
        "not found": f"{site.address}/nowhere",
        "result": record,
        "clinical": f"{record}?plain=0",
        "source": f"{record}/source/f1/0",
        "page": record.replace("/r/", "/r/") + "/source/f3/0?zoom=2",
        "wrong": f"{record}/wrong/f1",
        "share": f"{record}/share",
        "invited": f"{site.address}/invited/{invited(site, record)}",
        "trail": f"{record}/trail",
        "delete": f"{record}/delete",
        "add": f"{record}/add",
        "what you know, empty": f"{site.address}/profile",
        "what you know": said(site),
        "only said": said(site).removesuffix("/profile"),
        "ready": site.record(FULL, wishes=Wishes(Showing.LATER)),
        "locked": site.record(b"LOCKED"),
        "failed": site.record(report("!refuse")),
    }
    return states | {"waiting": site.record(FULL, work=False)}


def invited(site: FakeSite, record: str) -> str:
    return invite(site.desk, NOBODY, record.rsplit("/", 1)[1], may=GuestMay.HELP, label="my sister", days=7)


def said(site: FakeSite) -> str:
    """Make a record of what a person says, without a document."""
    form = {"gene": "EGFR", "change": "mutation", "detail": "L858R", "result": "found"}
    key = say_fact(site.desk, NOBODY, "", SaidKind.MARKER, form)
    say_fact(site.desk, NOBODY, key, SaidKind.DIAGNOSIS, {"name": "AML"})
    site.work()
    return f"{site.address}/r/{key}/profile"


def faults(page: Page) -> Any:
    page.evaluate(AXE)
    return page.evaluate(RUN)


def test_axe_itself_works(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='x.png'><button></button></body></html>")
    assert {v[0] for v in faults(page)} >= {"image-alt", "button-name"}
    page.close()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone-light", "desktop-dark"])
def test_axe_finds_nothing(browser: Browser, states: dict[str, str], size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name, address in states.items():
        page.goto(address)
        if violations := faults(page):
            found[name] = violations
    context.close()
    assert found == {}


def test_axe_finds_nothing_on_an_open_sheet_and_after_a_refused_upload(
    browser: Browser, states: dict[str, str]
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(states["result"])
    page.locator(".card a.place").first.click()
    expect(page.locator("dialog[open] #mark")).to_be_visible()
    assert faults(page) == []
    page.goto(states["upload"])
    page.set_input_files("#files", [{"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3"}])
    page.get_by_role("button", name="Send and read").click()
    expect(page.locator("[data-errors] p")).to_be_visible()
    assert faults(page) == []
    context.close()


def test_axe_finds_nothing_where_a_field_is_wrong_or_a_name_must_be_chosen(
    browser: Browser, states: dict[str, str]
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(states["what you know, empty"])
    page.locator("#diagnosis-name").fill("adeno")
    page.locator("#diagnosis button").click()
    expect(page.get_by_role("radio", name="Lung Adenocarcinoma")).to_be_visible()
    assert faults(page) == []
    page.locator("#marker summary").click()
    page.locator("#marker button").click()
    expect(page.locator("#marker-change-wrong")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Choose what kind of result it is.").click()
    expect(page.locator("#marker-change")).to_be_focused()
    context.close()


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways(browser: Browser, states: dict[str, str], width: int) -> None:
    # 640 wide at 200 % zoom is 320 wide.
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    wide = {}
    for name, address in states.items():
        page.goto(address)
        if width == 640:
            page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[name] = found
    context.close()
    assert wide == {}


def test_targets_are_at_least_24_pixels(browser: Browser, states: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    small = {}
    for name, address in states.items():
        page.goto(address)
        # Links within a sentence are exempt (WCAG 2.5.8, inline).
        found = page.evaluate(
            """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
            .filter(e => !e.closest('p.said, p.small, p.lead, blockquote, sup, li > a'))
            .filter(e => !e.matches('.file, .term'))
            .filter(e => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, b]) => b.width && (b.width < 24 || b.height < 24)).map(([html]) => html)"""
        )
        if found:
            small[name] = found
    context.close()
    assert small == {}


def test_a_source_opens_and_closes_by_keyboard_and_focus_comes_back(browser: Browser, states: dict[str, str]) -> None:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(states["result"])
    link = page.locator(".card a.place").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open] #mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "place"
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with-js", "without-js"])
def test_a_word_opens_its_meaning_where_it_stands(browser: Browser, states: dict[str, str], script: bool) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(states["result"])
    meaning = page.get_by_text("Made up by somebody.")
    expect(meaning).to_be_hidden()
    page.locator("button.term").focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    assert page.url == states["result"]
    if script:
        assert faults(page) == []
        assert "Made up by somebody." in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(page.locator("button.term")).to_be_focused()
    context.close()


def test_the_first_tab_skips_to_the_content(browser: Browser, states: dict[str, str]) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(states["result"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_pages_do_not_shift_while_they_load(browser: Browser, states: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    moved = {}
    for name in ("start", "upload", "result", "answer", "source"):
        page.goto(states[name], wait_until="networkidle")
        page.wait_for_timeout(100)
        if (shift := page.evaluate("window.shift")) > 0.02:
            moved[name] = shift
    context.close()
    assert moved == {}

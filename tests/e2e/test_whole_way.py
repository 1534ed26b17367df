"""The whole way in a real browser: a report goes up, its findings come back with boxes, a question is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLES = Path(__file__).parents[2] / "app" / "data" / "samples"
WAIT = 90_000


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE if request.param == "phone" else DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on(
        "request", lambda r: elsewhere.append(r.url) if urlsplit(r.url).netloc != urlsplit(address).netloc else None
    )
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
    )
    page.on("pageerror", lambda e: complaints.append(str(e)))
    yield page
    context.close()
    assert [u for u in elsewhere if not u.startswith(("data:", "blob:"))] == []
    assert complaints == []


def upload(page: Page, address: str, *names: str) -> None:
    page.goto(f"{address}/upload")
    page.set_input_files("#files", [str(SAMPLES / name) for name in names])
    page.get_by_role("button", name="Send and read").click()


def box_is_visible_and_inside_the_page(page: Page) -> None:
    mark = page.locator("#mark").last
    expect(mark).to_be_in_viewport()
    box, paper = mark.bounding_box(), page.locator(".paper svg").last.bounding_box()
    assert box
    assert paper
    assert box["width"] > 4
    assert box["height"] > 4
    assert paper["x"] <= box["x"]
    assert box["x"] + box["width"] <= paper["x"] + paper["width"]
    page.wait_for_function(
        "() => fetch([...document.querySelectorAll('image')].at(-1).href.baseVal)"
        ".then(a => a.ok && a.headers.get('content-type').startsWith('image/'))"
    )


def test_a_report_comes_back_as_findings_that_open_their_place(page: Page, address: str) -> None:
    upload(page, address, "lung-ngs.pdf")
    page.wait_for_url("**/r/*")
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)
    card = page.locator(".card", has=page.get_by_role("heading", name="EGFR")).first
    expect(card).to_contain_text("Found")
    card.get_by_role("link", name="See it in your report").click()
    expect(page.locator("dialog[open] blockquote")).to_contain_text("EGFR")
    box_is_visible_and_inside_the_page(page)
    expect(page.locator("dialog[open]")).to_contain_text("Place 1 of")
    page.locator("dialog[open]").get_by_role("link", name="Next place").click()
    expect(page.locator("dialog[open]")).to_contain_text("Place 2 of")
    box_is_visible_and_inside_the_page(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(".short a.told").first.click()
    box_is_visible_and_inside_the_page(page)


def test_a_question_leads_to_its_answer_and_on_to_the_upload(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Your question").fill("What does ROS1 fusion mean for leukemia patients?")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/answers/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ROS1")
    expect(page.locator("article")).to_contain_text("FLT3")
    expect(page.locator("ol.sources li").first).to_be_visible()
    page.get_by_role("link", name="Get guidance specific to your case").first.click()
    page.wait_for_url("**/upload")


def test_progress_survives_a_reload(page: Page, address: str) -> None:
    upload(page, address, "aml-workup-scan.pdf")
    page.wait_for_url("**/r/*")
    page.reload()
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)


def test_a_file_that_is_no_report_is_refused_in_a_sentence_and_can_be_removed(page: Page, address: str) -> None:
    page.goto(f"{address}/upload")
    bad = {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3" + b"\0" * 5000}
    page.set_input_files("#files", [bad])  # type: ignore[list-item]
    page.get_by_role("button", name="Send and read").click()
    expect(page.get_by_role("alert")).to_contain_text("song.mp3")
    page.get_by_role("button", name="Remove song.mp3").click()
    expect(page.locator("[data-chosen] li")).to_have_count(0)


def test_a_sample_is_one_click_away_on_the_start_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Breast cancer, surgical pathology: try the PDF").click()
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)


def test_upload_and_reading_work_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/upload")
    page.set_input_files("#files", str(SAMPLES / "lung-ngs.pdf"))
    page.get_by_role("button", name="Send and read").click()
    for _ in range(40):
        if page.locator("article.result").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.get_by_role("link", name="See it in your report: EGFR").first.click()
    expect(page.locator("#mark")).to_be_visible()
    expect(page.get_by_role("link", name="Next ")).to_be_visible()
    context.close()


def test_what_a_person_writes_down_is_explained_like_a_report(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="No report at hand? Write down what you know").click()
    page.get_by_label("Name of the cancer").fill("lung adenocarcinoma")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/r/*/profile")
    page.locator("#marker summary").click()
    page.get_by_label("What kind of result").select_option("mutation")
    page.get_by_label("Gene or protein").fill("EGF")
    expect(page.locator("#marker-gene-names option[value=EGFR]")).to_have_count(1)
    page.get_by_label("Gene or protein").fill("EGFR")
    page.get_by_label("What exactly, if you know").fill("L858R")
    page.get_by_label("What came out").select_option("found")
    page.locator("#marker").get_by_role("button", name="Add it").click()
    expect(page.locator(".said-facts li")).to_have_count(2)
    page.get_by_role("link", name="Show what it means").click()
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)
    expect(page.locator("article.result")).to_contain_text("You told us this: EGFR p.L858R, found.", timeout=WAIT)
    expect(page.locator(".card", has=page.get_by_role("heading", name="EGFR")).first).to_contain_text("Said by you")
    expect(page.locator("ol.sources li").first).to_be_visible()


def test_a_helper_is_invited_and_reads_on_another_device(browser: Browser, page: Page, address: str) -> None:
    upload(page, address, "lung-ngs.pdf")
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_label("Whom you invite (only you see this)").fill("my sister")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_label("The new invitation").input_value()
    context = browser.new_context(viewport=PHONE)
    other = context.new_page()
    other.goto(link)
    other.get_by_role("link", name="Make an account").click()
    other.get_by_label("E-mail address").fill(f"sister{abs(hash(link))}@example.org")
    other.get_by_label("Password").fill("four random words")
    other.get_by_role("button", name="Make the account").click()
    other.get_by_role("button", name="Accept").click()
    expect(other.locator(".card", has=other.get_by_role("heading", name="EGFR")).first).to_be_visible()
    expect(other.get_by_role("link", name="Delete everything")).to_have_count(0)
    page.get_by_role("link", name="Back to the result").click()
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_role("button", name="Take back the invitation").click()
    assert other.reload().status == 404  # type: ignore[union-attr]
    context.close()


@pytest.mark.parametrize("path", ["/", "/upload", "/profile", "/answers", "/sign-up", "/privacy"])
def test_nothing_is_wider_than_a_narrow_phone(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_deleting_asks_first_and_then_is_final(page: Page, address: str) -> None:
    upload(page, address, "lung-ngs.pdf")
    expect(page.locator("article.result")).to_be_visible(timeout=WAIT)
    record = page.url
    page.get_by_role("link", name="Delete everything").click()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Everything is deleted")
    assert page.goto(record).status == 404  # type: ignore[union-attr]


def test_reports_of_two_persons_stop_with_a_question(page: Page, address: str) -> None:
    upload(page, address, "lung-ngs.pdf", "breast-synoptic.pdf")
    expect(page.get_by_role("heading", name="Whose reports are these?")).to_be_visible(timeout=WAIT)
    expect(page.locator(".card")).to_have_count(0)
    page.get_by_role("button", name="Remove breast-synoptic.pdf").first.click()
    expect(page.locator(".card", has=page.get_by_role("heading", name="EGFR")).first).to_be_visible(timeout=WAIT)

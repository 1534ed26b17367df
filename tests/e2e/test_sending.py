"""Sending files in a real browser: by piece, over a bad connection, over a reload, with stop and try again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.services.desk import Limits
from tests.e2e.browser import DESKTOP, PHONE
from tests.e2e.fake_site import FakeSite, fake_site
from tests.web_fakes import report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LARGE = {"name": "large.pdf", "mimeType": "application/pdf", "buffer": report("EGFR p.L858R detected", "x" * 3_500_000)}
SMALL = {"name": "small.pdf", "mimeType": "application/pdf", "buffer": report("TP53 p.R175H detected")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeSite]:
    with fake_site(tmp_path_factory.mktemp("fake"), Limits(file_mb=5)) as running:
        yield running


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, site: FakeSite) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site.address}/upload")
    yield page
    context.close()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and read").click()


def result(page: Page, site: FakeSite) -> None:
    page.wait_for_url("**/r/*")
    site.work()
    expect(page.locator("article.result")).to_be_visible(timeout=20_000)


def test_a_large_file_goes_in_pieces_over_a_connection_that_breaks(page: Page, site: FakeSite) -> None:
    seen: list[str] = []

    def bad(route: Route) -> None:
        offset = route.request.headers["upload-offset"]
        seen.append(offset)
        # The second piece breaks once on its way; of the third one the answer gets lost.
        if seen.count(offset) == 1 and offset == "1000000":
            route.abort("connectionreset")
        elif seen.count(offset) == 1 and offset == "2000000":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*", lambda route: bad(route) if route.request.method == "PATCH" else route.continue_())
    page.set_input_files("#files", [LARGE, SMALL])
    send(page)
    result(page, site)
    expect(page.locator(".card")).to_have_count(2)
    assert seen == ["0", "1000000", "1000000", "2000000", "3000000", "0"]


def test_a_reload_half_way_loses_nothing(page: Page, site: FakeSite) -> None:
    page.route(
        "**/uploads/*",
        lambda route: route.abort() if route.request.headers.get("upload-offset") == "2000000" else route.continue_(),
    )
    page.set_input_files("#files", [LARGE])
    send(page)
    expect(page.locator("[data-chosen]")).to_contain_text("The connection broke. It goes on by itself.")
    page.unroute("**/uploads/*")
    page.reload()
    expect(page.locator("[data-chosen]")).to_contain_text("57 % has arrived")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose large.pdf again, or remove it.")
    offsets: list[str] = []
    page.on("request", lambda r: offsets.append(r.headers.get("upload-offset", "")) if r.method == "PATCH" else None)
    page.set_input_files("#files", [LARGE])
    send(page)
    result(page, site)
    expect(page.locator(".card")).to_contain_text("EGFR")
    assert offsets == ["2000000", "3000000"]


def test_a_file_can_be_stopped_while_the_others_go_on(page: Page, site: FakeSite) -> None:
    page.route(
        "**/uploads/*",
        lambda route: route.abort() if route.request.headers.get("upload-offset") == "2000000" else route.continue_(),
    )
    page.set_input_files("#files", [LARGE, SMALL])
    send(page)
    page.get_by_role("button", name="Stop sending large.pdf").click()
    result(page, site)
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card")).to_contain_text("TP53")


def test_a_file_that_is_refused_on_its_way_says_why_and_can_be_sent_again(page: Page, site: FakeSite) -> None:
    down = ["yes"]

    def refuse(route: Route) -> None:
        if down:
            route.fulfill(status=400, content_type="application/json", body='{"error": "Try again in some minutes."}')
        else:
            route.continue_()

    page.route("**/uploads", refuse)
    page.set_input_files("#files", [SMALL])
    send(page)
    expect(page.locator("[data-chosen] .bad")).to_have_text("Try again in some minutes.")
    down.clear()
    page.get_by_role("button", name="Send small.pdf again").click()
    result(page, site)
    expect(page.locator(".card")).to_contain_text("TP53")


def test_a_file_over_the_limit_is_not_sent(page: Page, site: FakeSite) -> None:
    page.set_input_files("#files", [{"name": "huge.pdf", "mimeType": "application/pdf", "buffer": b"x" * 5_000_001}])
    expect(page.locator("[data-chosen] .bad")).to_contain_text("larger than 5 MB")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("No file was chosen")
    page.get_by_role("button", name="Remove huge.pdf").click()
    expect(page.locator("[data-chosen] li")).to_have_count(0)


def test_a_file_that_is_here_already_is_named_with_its_day_and_opens(page: Page, site: FakeSite) -> None:
    page.set_input_files("#files", [SMALL])
    send(page)
    result(page, site)
    page.get_by_role("link", name="Add another report").click()
    page.set_input_files("#files", [{**SMALL, "name": "again.pdf"}])
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("again.pdf is the same as your upload of")
    page.get_by_role("alert").get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("small.pdf")

"""Pictures of every page of the real product, on sample reports of our own: `scripts/screenshots [FOLDER]`.

With `--readme` also the picture that the README shows.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.browser import DESKTOP, NARROW, PHONE, chromium, product

README_PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "result.png"
SAMPLES = Path(__file__).parents[2] / "app" / "data" / "samples"
WAIT = 120_000
QUESTION = "What does ROS1 fusion mean for leukemia patients?"


def sample(page: Page, address: str, name: str) -> str:
    """Upload a sample, wait for its result, and return the record's address."""
    page.goto(f"{address}/upload")
    page.set_input_files("#files", str(SAMPLES / name))
    page.click("button.main")
    page.wait_for_selector("article.result", timeout=WAIT)
    return page.url


def fixed_pages(page: Page, address: str, shoot) -> None:  # type: ignore[no-untyped-def]
    """Take the pages that need no record."""
    for name, path in (
        ("start", "/"),
        ("upload", "/upload"),
        ("what-you-know", "/profile"),
        ("questions", "/answers"),
        ("answer", f"/ask?q={QUESTION}"),
        ("sign-in", "/sign-in"),
        ("sign-up", "/sign-up"),
        ("privacy", "/privacy"),
        ("not-found", "/nowhere"),
    ):
        page.goto(address + path)
        shoot(name)
    page.goto(f"{address}/upload")
    page.set_input_files("#files", [{"name": "holiday.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3" + b"\0" * 2000}])
    page.click("button.main")
    page.wait_for_selector("[data-errors] p")
    shoot("upload-refused")


def record_pages(page: Page, record: str, shoot) -> None:  # type: ignore[no-untyped-def]
    """Take the pages of a record."""
    page.goto(record)
    shoot("result")
    page.locator(".card a.place").first.click()
    page.wait_for_selector("dialog[open] #mark")
    page.wait_for_timeout(500)
    shoot("source-sheet", full=False)
    page.goto(record)
    page.locator("button.term").first.click()
    page.wait_for_timeout(200)
    shoot("word-explained", full=False)
    page.goto(f"{record}?plain=0")
    shoot("result-clinical")
    page.goto(f"{record}/profile")
    page.locator("#marker summary").click()
    page.locator("#marker button").click()
    shoot("what-you-know-wrong")
    page.goto(record)
    for name in ("share", "trail", "delete", "add"):
        page.goto(f"{record}/{name}")
        shoot(name)
    page.goto(f"{record}/share")
    page.get_by_role("button", name="Make the invitation").click()
    shoot("share-invited")
    page.goto(page.get_by_label("The new invitation").input_value())
    shoot("invited")


def shoot_all(browser: Browser, address: str, folder: Path, record: str) -> None:
    """Take every page in every size."""
    looks = (
        ("phone", PHONE, "light"),
        ("desktop", DESKTOP, "light"),
        ("dark", DESKTOP, "dark"),
        ("narrow", NARROW, "light"),
    )
    for look, size, scheme in looks:
        context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()

        def shoot(name: str, *, full: bool = True, look: str = look, page: Page = page) -> None:
            page.screenshot(path=folder / f"{look}-{name}.png", full_page=full)

        fixed_pages(page, address, shoot)
        record_pages(page, record, shoot)
        context.close()


def for_readme(browser: Browser, record: str) -> None:
    """Take the picture of the result page that the README shows."""
    page = browser.new_page(viewport={"width": 1480, "height": 900}, color_scheme="light")
    page.goto(record)
    page.locator(".card").first.scroll_into_view_if_needed()
    page.locator(".card a.place").first.click()
    page.wait_for_selector("dialog[open] #mark")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelector('.card').scrollIntoView({block: 'start', behavior: 'instant'})")
    page.wait_for_timeout(300)
    page.screenshot(path=README_PICTURE)
    page.close()


def main() -> None:
    """Take them."""
    arguments = [a for a in sys.argv[1:] if a != "--readme"]
    folder = Path(arguments[0] if arguments else "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, product(Path(data) / "data") as address, chromium() as browser:
        page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        record = sample(page, address, "lung-ngs.pdf")
        shoot_all(browser, address, folder, record)
        if "--readme" in sys.argv:
            for_readme(browser, record)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()

"""How fast the workbench of a document of 60 pages opens in real Chromium: python -m tests.bench.workbench_opens."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from app.services.accounts import add_account
from tests.e2e.browser import chromium
from tests.e2e.fake_site import fake_site
from tests.navigator.test_workbench_browser import PASSWORD, context_of, new_case
from tests.web_fakes import report

TIMES = 5


def main() -> None:
    """Open it several times and print the milliseconds until the first field is chosen."""
    page_of = "\f".join(
        "\n".join(["REPORT", *(f"GENE{n}X{k} p.A{k}V detected" for k in range(1, 5))]) for n in range(1, 61)
    )
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, fake_site(Path(folder)) as site:
        add_account(site.desk, "nia@example.org", PASSWORD, "navigator")
        context, address = context_of(browser, site), new_case(site, page_of.encode())
        new_case(site, report("EGFR p.L858R detected"))
        took = []
        for _ in range(TIMES):
            page = context.new_page()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(".fact.on")
            took.append(page.evaluate("performance.now()"))
            images = page.locator(".leaf image[href]").count()
            page.close()
        print(f"240 fields, 60 pages: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms")
        print(f"images asked for at once: {images}")


if __name__ == "__main__":
    main()

"""How long pages take with many documents in the store: `python -m tests.bench.web_pages [DOCUMENTS]`.

The bar: p95 of rendering at most 60 ms on the embedded stack with 1,000 documents. Real HTTP over loopback, SQLite on
disk, the fake pipeline for reading (rendering does not depend on it), analyses with 40 facts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from app.domain.document import SourceFile
from app.services.receive_upload import receive_upload
from tests.e2e.fake_site import fake_site
from tests.web_fakes import report

PAGES = ("", "/source/f1/0", "/state", "/share", "/trail")
ROUNDS = 60


def main() -> None:
    """Fill the store, then measure."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder, fake_site(Path(folder)) as site:
        keys = []
        lines = [f"GENE{n} p.A{n}V detected" for n in range(20)]
        while len(keys) * 2 < wanted:
            files = [SourceFile(f"r{n}.pdf", report(*lines, f"copy {len(keys)}-{n}", pages=3)) for n in range(2)]
            keys.append(receive_upload(site.desk, files).key)
            site.work()
        print(f"{len(keys) * 2} documents in {len(keys)} records")
        with httpx.Client(base_url=site.address) as browser:
            for page in ("/", "/upload", "/answers", *(f"/r/KEY{p}" for p in PAGES)):
                spent = []
                for n in range(ROUNDS):
                    start = time.perf_counter()
                    answer = browser.get(page.replace("KEY", keys[n % len(keys)]))
                    spent.append((time.perf_counter() - start) * 1000)
                    assert answer.status_code == 200, page
                p95 = statistics.quantiles(spent, n=20)[-1]
                middle, size = statistics.median(spent), len(answer.content)
                print(f"{page:24} median {middle:6.1f} ms   p95 {p95:6.1f} ms   {size:6} bytes")


if __name__ == "__main__":
    main()

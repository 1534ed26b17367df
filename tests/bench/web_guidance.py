"""Time from the end of the upload to guidance, on the real product: `python -m tests.bench.web_guidance`.

The bars: at most 3 s for a 10-page native PDF, at most 4 s a scanned page. Sample reports of our own, put together.
"""

from __future__ import annotations

import io
import re
import tempfile
import time
from pathlib import Path

import httpx
import pikepdf

from tests.e2e.browser import product

SAMPLES = Path(__file__).parents[2] / "app" / "data" / "samples"
WAIT_SECONDS = 120


def pages(name: str, count: int) -> bytes:
    """Return a PDF of so many pages, made of a sample's pages in turn."""
    with pikepdf.open(SAMPLES / name) as source, pikepdf.new() as made:
        for n in range(count):
            made.pages.append(source.pages[n % len(source.pages)])
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def seconds(browser: httpx.Client, name: str, content: bytes) -> float:
    """Upload a file and wait for its guidance."""
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/upload").text)
    assert token
    files = {"files": (name, content, "application/pdf")}
    answer = browser.post("/upload", data={"form_token": token[1]}, files=files)
    start = time.perf_counter()
    address = answer.headers["location"]
    while time.perf_counter() - start < WAIT_SECONDS:
        if browser.get(f"{address}/state").json()["phase"] == "ready":
            return time.perf_counter() - start
        time.sleep(0.02)
    raise TimeoutError(name)


def main() -> None:
    """Measure each a few times; the first is left out, for the worker still warms up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        product(Path(folder) / "data") as address,
        httpx.Client(base_url=address, timeout=60) as browser,
    ):
        seconds(browser, "first.pdf", pages("lung-ngs.pdf", 1))
        for name, count, what in (
            ("lung-ngs.pdf", 10, "native, 10 pages"),
            ("lung-ngs.pdf", 1, "native, 1 page"),
            ("breast-synoptic-scan.pdf", 1, "scan, 1 page"),
            ("breast-synoptic-scan.pdf", 2, "scan, 2 pages"),
        ):
            spent = [seconds(browser, f"{n}.pdf", pages(name, count)) for n in range(3)]
            print(f"{what:18} {' '.join(f'{s:5.2f}' for s in spent)} s")


if __name__ == "__main__":
    main()

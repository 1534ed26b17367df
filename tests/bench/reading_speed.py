"""Measure how fast documents are read, beside other tools on the same machine, in one run.

    python -m tests.bench.reading_speed [--pages 20] [--memory 200]

The native document is timed against pdfplumber's `extract_words`; the scan against plain Tesseract on the rendered
pages (one thread a process, all cores) and, where it is installed, OCRmyPDF. With --memory a long scan is read and the
highest resident memory of the reading process with all that it starts is told.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pdfplumber
import pikepdf
import pypdfium2 as pdfium

from app.adapters.ocr import TesseractOcr
from app.adapters.reader import SafeReader
from app.domain.document import Format
from tests.bench.reading_pages import held_out, tuned
from tests.reading import papers

PROSE = """The assay sequences the coding regions of a panel of genes and reports substitutions, small insertions and
deletions, changes of copy number and rearrangements. Results are compared with reference material and reviewed by a
pathologist. A result that is not listed was either not found or lies in a region that was not covered to the depth
that the laboratory asks for. Benign changes are not reported. The limits of detection depend on tumour content."""


def report(number: int) -> bytes:
    """Make a report of so many pages: each third is a dense table or a list of variants, the others are prose."""
    dense = [s for s in (*tuned(), *held_out()) if s]
    out = pikepdf.new()
    for page in range(number):
        if page % 3 == 0:
            content = dense[page % len(dense)].pdf
        else:
            lines = [line for _ in range(11) for line in PROSE.split("\n")]
            content = papers.pdf([(60, 70 + 13.5 * n, line) for n, line in enumerate(lines[:50])], size=9)
        with pikepdf.open(io.BytesIO(content)) as one:
            out.pages.extend(one.pages)
    made = io.BytesIO()
    out.save(made)
    return made.getvalue()


def scanned(pdf: bytes, number: int) -> bytes:
    """Make a scan of a report: 300 dpi grey JPEGs on pages."""
    made = io.BytesIO()
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(made, pagesize=(612, 792))
    with pdfium.PdfDocument(pdf) as document:
        for page in range(number):
            picture = document[page % len(document)].render(scale=300 / 72, grayscale=True).to_pil().convert("L")
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=80)
            canvas.drawImage(ImageReader(io.BytesIO(jpeg.getvalue())), 0, 0, 612, 792)
            canvas.showPage()
    canvas.save()
    return made.getvalue()


def timed(work) -> float:
    """Return the wall time of the work, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ours(content: bytes) -> None:
    """Read with our reader, processes and all."""
    SafeReader().read(papers.document(content, Format.PDF), lambda page, total: None)


def plain_tesseract(content: bytes) -> None:
    """Run Tesseract alone on the rendered pages, as many at a time as there are cores."""
    engine = TesseractOcr()
    with tempfile.TemporaryDirectory() as folder, pdfium.PdfDocument(content) as document:
        paths = []
        for number, page in enumerate(document):
            path = Path(folder) / f"{number}.png"
            page.render(scale=300 / 72, grayscale=True).to_pil().save(path)
            paths.append(path)
        options = ["--tessdata-dir", engine._data] if engine._data else []

        def one(path: Path) -> None:
            subprocess.run(
                [engine._command, str(path), "-", *options, "--dpi", "300", "tsv"],
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                capture_output=True,
                check=True,
            )

        began = time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            list(pool.map(one, paths))
        plain_tesseract.seconds = time.perf_counter() - began  # type: ignore[attr-defined]


def ocrmypdf(content: bytes) -> float | None:
    """Time OCRmyPDF; None where it is not installed."""
    program = shutil.which("ocrmypdf")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.pdf"
        source.write_bytes(content)
        command = [program, "--force-ocr", "--output-type", "pdf", str(source), str(Path(folder) / "out.pdf")]
        return timed(lambda: subprocess.run(command, check=True, capture_output=True))


def peak_memory(work) -> tuple[float, float]:
    """Return the highest resident memory in megabytes of one process that the work starts, and of all together."""
    most = [0.0, 0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            sizes = [_resident(pid) for pid in _descendants(os.getpid())]
            most[0] = max([most[0], *sizes])
            most[1] = max(most[1], sum(sizes))

    watcher = threading.Thread(target=watch)
    watcher.start()
    work()
    done.set()
    watcher.join()
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return max(most[0], own), most[1]


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return [pid for pid in found if pid != root]


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, IndexError):
        return 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--native-only", action="store_true")
    asked = parser.parse_args()
    native = report(asked.pages)

    def plumber() -> None:
        with pdfplumber.open(io.BytesIO(native)) as document:
            for page in document.pages:
                page.extract_words()

    ours(native)
    own, other = min(timed(lambda: ours(native)) for _ in range(3)), min(timed(plumber) for _ in range(3))
    told = f"ours {own:.2f} s, pdfplumber extract_words {other:.2f} s, ratio {own / other:.2f}"
    print(f"native, {asked.pages} pages: {told}")
    if asked.native_only:
        return
    scan = scanned(native, asked.pages)
    own = timed(lambda: ours(scan))
    plain_tesseract(scan)
    other = plain_tesseract.seconds  # type: ignore[attr-defined]
    third = ocrmypdf(scan)
    told = f"OCRmyPDF {third:.1f} s, ratio {own / third:.2f}" if third else "OCRmyPDF is not installed"
    print(
        f"scan, {asked.pages} pages: ours {own:.1f} s, plain Tesseract {other:.1f} s, ratio {own / other:.2f}; {told}"
    )
    if asked.memory:
        long = scanned(native, asked.memory)
        one, together = peak_memory(lambda: ours(long))
        print(f"memory, {asked.memory} scanned pages: {one:.0f} MB in one process, {together:.0f} MB with Tesseract's")


if __name__ == "__main__":
    main()

"""Measure how many gene symbols and variants are read exactly right, by condition, on tuned and held-out pages.

    python -m tests.bench.reading_accuracy [--held-out] [--only fax,photo] [--pages 4] [--wrong]

Printed: strings right, strings wrong but marked doubtful, and the number that matters most: strings that came out as
another valid variant without a mark.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence

from app.adapters.ocr import TesseractOcr
from app.domain.document import SourceFile
from app.domain.page import Page, Word
from app.ports import Ocr
from app.stages import intake, pages
from tests.bench.reading_degrade import CONDITIONS
from tests.bench.reading_pages import GENES, Sheet, held_out, tuned

VALID = re.compile(
    r"c\.[-*]?\d+(?:[+-]\d+)?(?:_\d+(?:[+-]\d+)?)?(?:[ACGT]>[ACGT]|del[ACGT]*|dup[ACGT]*|ins[ACGT]+|delins[ACGT]+)"
    r"|p\.\(?(?:[A-Z][a-z]{2}|[A-Z])\d+(?:_(?:[A-Z][a-z]{2}|[A-Z])\d+)?(?:[A-Z][a-z]{2}|[A-Z*]|Ter|del|dup|delins\w+|(?:[A-Z][a-z]{2}|[A-Z])?fs(?:\*|Ter)?\d*)\)?"
)


def read(name: str, content: bytes, ocr: Ocr) -> tuple[Page, ...]:
    """Read a file's pages in this process."""
    documents = intake.accept(SourceFile(name, content)).value
    return tuple(p for d in documents for p in pages.read(d, lambda page, total: None, ocr=ocr).value)


def score(words: Sequence[Word], strings: Sequence[str]) -> tuple[int, list[str], list[str]]:
    """Return the number of strings right, the strings missed, and other valid variants that carry no mark."""
    said = Counter(_bare(w.text) for w in words)
    missed = []
    for text, wanted in Counter(strings).items():
        missed += [text] * max(wanted - said[text], 0)
    truth = set(strings)
    wrong = [
        _bare(w.text)
        for w in words
        if not w.doubtful and _bare(w.text) not in truth and (VALID.fullmatch(_bare(w.text)) or _bare(w.text) in GENES)
    ]
    return len(strings) - len(missed), missed, wrong


def _bare(text: str) -> str:
    return text.strip(",;:")


def main() -> int:
    """Measure and print a line for each condition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--wrong", action="store_true", help="print what was read wrong")
    asked = parser.parse_args()
    sheets: list[Sheet] = held_out() if asked.held_out else tuned()
    if asked.pages:
        step = max(len(sheets) // asked.pages, 1)
        sheets = sheets[::step][: asked.pages]
    ocr = TesseractOcr()
    names = ["native", *CONDITIONS]
    failed = 0
    for name in [n for n in names if not asked.only or n in asked.only.split(",")]:
        right = total = 0
        missed: list[str] = []
        wrong: list[str] = []
        began, worked = time.perf_counter(), _cpu()
        for number, sheet in enumerate(sheets):
            content = sheet.pdf if name == "native" else CONDITIONS[name][0](sheet.pdf, number)
            words = [w for page in read(sheet.name, content, ocr) for w in page.words]
            hits, lost, other = score(words, sheet.strings)
            right, total = right + hits, total + len(sheet.strings)
            missed += lost
            wrong += other
            if asked.wrong and lost:
                near = {
                    t: [w.text + ("?" if w.doubtful else "") for w in words if _near(w.text, t)][:3] for t in lost[:12]
                }
                print(f"   {sheet.name}: {near}")
        bar = 1.0 if name == "native" else CONDITIONS[name][1]
        ok = right / total >= bar and (not wrong or bar == 0)
        failed += not ok
        seconds, work = (time.perf_counter() - began) / len(sheets), (_cpu() - worked) / len(sheets)
        print(
            f"{name:11s} {right:5d} of {total} = {100 * right / total:6.2f} %  bar {100 * bar:5.1f}"
            f"  {'ok  ' if ok else 'LOW '}"
            f" other variant, unmarked: {len(wrong)} {wrong[:6]}  {seconds:.1f} s/page, {work:.1f} CPU",
            flush=True,
        )
    return 1 if failed else 0


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(s.ru_utime + s.ru_stime for s in spent)


def _near(a: str, b: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(a, b) <= max(2, len(b) // 4)


if __name__ == "__main__":
    sys.exit(main())

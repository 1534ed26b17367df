"""How fast the extraction core alone reads: `python -m tests.bench.extraction_speed [--seconds 10]`.

The text is made by the report generator: every case differs, nothing is read twice, no model, no cache of texts.
"""

from __future__ import annotations

import argparse
import time

from app.adapters.extraction_rules import load_rules
from app.adapters.terms import load_vocabulary
from app.domain.document import ReportKind
from app.domain.section import Report, Section, SectionKind
from app.stages import mentions
from tests.bench.report_text import texts


def main() -> None:
    """Print characters a second of one core, and how long it takes to be ready."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    begun = time.perf_counter()
    lexicon = mentions.prepare(load_vocabulary(), rules=load_rules())
    ready = time.perf_counter() - begun
    reports = [
        Report(ReportKind.OTHER, (Section(SectionKind.UNKNOWN, "", text),))
        for text in texts(told.characters, told.seed)
    ]
    size = sum(len(report.sections[0].text) for report in reports)
    begun, cpu = time.perf_counter(), time.process_time()
    found = sum(len(mentions.find(report, lexicon=lexicon).value) for report in reports)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(f"ready in {ready:.2f} s; {len(reports)} reports, {size} characters, {found} mentions")
    print(f"{size / cpu:,.0f} characters a second of one core ({size / wall:,.0f} by the clock)")


if __name__ == "__main__":
    main()

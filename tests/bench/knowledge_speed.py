"""How long the knowledge base takes to open and a profile to match; run by hand: python tests/bench/knowledge_speed.py.

Prints medians in milliseconds of processor time, so that other work on the machine does not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from app.adapters.knowledge import open_knowledge
from app.adapters.terms import load_vocabulary
from app.domain.finding import Finding
from app.domain.mention import FactType, Reading
from app.domain.profile import Diagnosis, Profile
from app.stages import matching

PANEL = ["TP53", "KRAS", "NRAS", "BRAF", "PIK3CA", "ALK", "ROS1", "RET", "MET", "ERBB2", "NTRK1", "NTRK2", "NTRK3"]
PANEL += ["FGFR1", "FGFR2", "FGFR3", "KIT", "PDGFRA", "IDH1", "IDH2"]


def profile(code: str, *readings: Reading) -> Profile:
    """Return a profile of one diagnosis and the findings."""
    found = tuple(Finding(f"f{n}", reading, ()) for n, reading in enumerate(readings, start=1))
    return Profile(diagnoses=(Diagnosis("d1", code, code, code),), findings=found)


PROFILES = {
    "one fusion": profile("LUAD", Reading(FactType.FUSION, "CD74::ROS1", "fusion", "detected")),
    "EGFR with T790M and TP53": profile(
        "LUAD",
        Reading(FactType.VARIANT, "EGFR", "p.L858R", "detected"),
        Reading(FactType.VARIANT, "EGFR", "p.T790M", "detected"),
        Reading(FactType.VARIANT, "TP53", "p.R175H", "detected"),
    ),
    "panel of 20 genes, most negative": profile(
        "COAD",
        Reading(FactType.VARIANT, "KRAS", "p.G12D", "detected"),
        *(Reading(FactType.VARIANT, gene, "any mutation", "not_detected") for gene in PANEL if gene != "KRAS"),
        Reading(FactType.SIGNATURE, None, "MSI", "MSS"),
    ),
    "AML": profile(
        "AML",
        Reading(FactType.VARIANT, "FLT3", "ITD", "detected"),
        Reading(FactType.VARIANT, "NPM1", "p.W288fs", "detected"),
        Reading(FactType.VARIANT, "DNMT3A", "p.R882H", "detected"),
        Reading(FactType.CYTOGENETICS, None, "normal karyotype 46,XX", "detected"),
    ),
}


def median_ms(task: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of a task in milliseconds."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def main() -> None:
    """Print the figures."""
    open_knowledge()
    print(f"open the base: {median_ms(open_knowledge, 9):.1f} ms")
    base, vocabulary = open_knowledge(), load_vocabulary()
    for name, known in PROFILES.items():

        def task(known: Profile = known) -> object:
            return matching.match(known, knowledge=base, vocabulary=vocabulary)

        task()
        print(f"match, {name}: {median_ms(task, 60):.1f} ms")


if __name__ == "__main__":
    main()

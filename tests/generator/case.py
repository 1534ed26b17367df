"""A made-up case: who, which cancer, what was found; drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.generator.pools import (
    CANCERS,
    DOCTORS,
    FIRST,
    HOSPITALS,
    LABS,
    LAST,
    MYELOID,
    MYELOID_ABSENT,
    UNCLEAR,
    Cancer,
    Change,
)

Fact = dict[str, Any]
"""A fact in the vocabulary of gold files."""


@dataclass(frozen=True)
class Found:
    """A change that was found, with its share of reads in percent."""

    change: Change
    vaf: str


@dataclass(frozen=True)
class Case:
    """All that a report may say; each layout says the part that it has room for.

    Attributes:
        draw: For the choice of words.
    """

    draw: random.Random
    name: str
    sex: str
    born: date
    collected: date
    reported: date
    number: str
    laboratory: str
    hospital: str
    doctor: str
    cancer: Cancer
    found: tuple[Found, ...]
    unclear: tuple[Found, ...]
    fusion: str
    copies: tuple[tuple[str, str, str], ...]
    absent: tuple[str, ...]
    failed: str
    msi: str
    tmb: str
    stage: tuple[str, str]
    treatments: tuple[str, ...]


@dataclass
class Gold:
    """What a reader must find in a report, and what it must not."""

    expected: list[Fact] = field(default_factory=list)
    not_expected: list[Fact] = field(default_factory=list)
    traps: set[str] = field(default_factory=set)

    def say(self, kind: str, gene: str | None, alteration: str, result: str, **more: Any) -> None:
        """Add a fact."""
        told = {key: value for key, value in more.items() if value not in (None, "")}
        self.expected.append({"type": kind, "gene": gene, "alteration": alteration, "result": result, **told})

    def ban(self, **pattern: Any) -> None:
        """Add a pattern that no output may match."""
        self.not_expected.append(pattern)

    def variant(self, found: Found, **more: Any) -> None:
        """Add a small variant."""
        change = found.change
        origin = {"classification": change.rank if change.rank == "vus" else None}
        category = change.category or None
        self.say(
            "variant",
            change.gene,
            change.p,
            "detected",
            c=change.c,
            vaf=float(found.vaf),
            category=category,
            **origin,
            **more,
        )

    def none_in(self, gene: str) -> None:
        """Add a gene in which nothing was found."""
        fused = gene in ("ALK", "ROS1", "RET", "NTRK1", "NTRK2", "NTRK3")
        accept = [
            {"type": "fusion", "alteration": "fusion"},
            {"type": "variant", "alteration": "any mutation"},
            {"type": "cnv", "alteration": "amplification"},
        ]
        self.say(
            "fusion" if fused else "variant", gene, "fusion" if fused else "any mutation", "not_detected", accept=accept
        )

    def as_file(self, layout: str, medium: str) -> dict[str, Any]:
        """Return the content of a gold file."""
        traps = sorted(self.traps - {str(f["gene"]) for f in self.expected})
        return {
            "layout": layout,
            "medium": medium,
            "expected": self.expected,
            "not_expected": self.not_expected,
            "traps": traps,
        }


def case_of(seed: int, *, sex: str = "") -> Case:
    """Make up the case of a seed, for a person of the given sex where one is given."""
    draw = random.Random(seed)
    cancer = draw.choice([cancer for cancer in CANCERS if not sex or cancer.sex in ("", sex)])
    sex = sex or cancer.sex or draw.choice(["female", "male"])
    collected = date(2024, 1, 5) + timedelta(days=draw.randrange(600))
    genes: dict[str, Found] = {}
    for change in draw.sample(cancer.changes, len(cancer.changes)):
        if len(genes) < 3 and not ({change.gene, *genes} >= {"EGFR", "KRAS"}):
            genes.setdefault(change.gene, Found(change, f"{draw.uniform(4, 62):.1f}"))
    fusion = draw.choice(cancer.fusions) if cancer.fusions and draw.random() < 0.5 else ""
    copies = [
        (gene, event, str(draw.randint(8, 24)))
        for gene, event in cancer.copies
        if draw.random() < 0.6 and gene not in genes
    ]
    taken = {*genes, *fusion.split("::"), *(gene for gene, *_ in copies)}
    unclear = [
        Found(change, f"{draw.uniform(44, 52):.1f}") for change in draw.sample(UNCLEAR, 3) if change.gene not in taken
    ]
    absent = [gene for gene in cancer.absent if gene not in taken]
    failed = absent.pop() if len(absent) > 2 and draw.random() < 0.5 else ""
    return Case(
        draw=draw,
        name=f"{draw.choice(FIRST[sex])} {draw.choice(LAST)}",
        sex=sex,
        born=date(1940, 1, 1) + timedelta(days=draw.randrange(14000)),
        collected=collected,
        reported=collected + timedelta(days=draw.randint(6, 16)),
        number=f"{draw.choice('KNRTX')}{draw.randint(24, 25)}-{draw.randint(1000, 9999)}",
        laboratory=draw.choice(LABS),
        hospital=draw.choice(HOSPITALS),
        doctor=draw.choice(DOCTORS),
        cancer=cancer,
        found=tuple(genes.values()),
        unclear=tuple(unclear),
        fusion=fusion,
        copies=tuple(copies),
        absent=tuple(absent),
        failed=failed,
        msi=draw.choice(["MS-Stable", "MS-Stable", "MSI-High"]),
        tmb=f"{draw.uniform(1, 24):.1f}",
        stage=draw.choice(cancer.stages),
        treatments=tuple(draw.sample(cancer.treatments, 3)),
    )


def myeloid(case: Case) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """Return what a myeloid panel found in the case, and the genes in which it found nothing."""
    changes = {change.gene: change for change in case.draw.sample(MYELOID, 3)}
    found = tuple(Found(change, f"{case.draw.uniform(12, 48):.1f}") for change in changes.values())
    return found, tuple(gene for gene in MYELOID_ABSENT if gene not in changes)

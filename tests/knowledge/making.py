"""Profiles out of the short forms of the tables in `profiles/`."""

from __future__ import annotations

from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.profile import Conflict, Diagnosis, Profile, Stage, Treatment
from app.domain.provenance import Evidence, Spoken

PRESENT = {
    "v": "detected",
    "f": "detected",
    "cnv": "detected",
    "ihc": "positive",
    "cyto": "detected",
    "meth": "methylated",
}
TYPES = {
    "v": FactType.VARIANT,
    "f": FactType.FUSION,
    "cnv": FactType.CNV,
    "ihc": FactType.IHC,
    "ish": FactType.ISH,
    "sig": FactType.SIGNATURE,
    "cyto": FactType.CYTOGENETICS,
    "meth": FactType.METHYLATION,
}
FIXED = {"f": "fusion", "ihc": "protein expression", "meth": "promoter methylation"}


def reading(short: dict[str, object]) -> Reading:
    """Return the reading that a short form stands for, such as {v: "EGFR p.L858R"} or {ihc: CD274, value: "60%"}."""
    told = dict(short)
    told.pop("review", None)
    kind = next(key for key in told if key in TYPES)
    text = str(told.pop(kind))
    gene: str | None
    if kind in FIXED:
        gene, alteration = text, str(told.pop("alteration", FIXED[kind]))
    elif kind in {"sig", "cyto"}:
        gene, alteration = told.pop("gene", None), text  # type: ignore[assignment]
    else:
        gene, _, alteration = text.partition(" ")
    result = str(told.pop("r", PRESENT.get(kind, "")))
    if "class" in told:
        told["classification"] = told.pop("class")
    return Reading(TYPES[kind], gene, alteration, result, **told)  # type: ignore[arg-type]


def profile(case: dict[str, object]) -> Profile:
    """Return the profile of a case."""
    short: list[dict[str, object]] = case["findings"]  # type: ignore[assignment]
    places = (Evidence(Spoken.QUESTION, "asked"),) if case.get("asked") else ()
    found = tuple(
        Finding(f"f{n}", reading(told), places, review=Review(str(told.get("review", "machine"))))
        for n, told in enumerate(short, start=1)
    )
    cancer = str(case.get("cancer", ""))
    diagnoses = (Diagnosis("d1", cancer, cancer, cancer),) if cancer else ()
    stages = (Stage("s1", "d1", "AJCC 8", str(case["stage"])),) if "stage" in case else ()
    stages += (Stage("s2", "d1", "TNM", t=str(case["t"])),) if "t" in case else ()
    given = [(name, "given") for name in case.get("treatments", ())]  # type: ignore[attr-defined]
    given += [(name, "planned") for name in case.get("planned", ())]  # type: ignore[attr-defined]
    treatments = tuple(Treatment(f"t{n}", name, "drug", result) for n, (name, result) in enumerate(given, start=1))
    conflicts = tuple(Conflict(tuple(about), "They disagree.") for about in case.get("conflicts", ()))  # type: ignore[attr-defined]
    return Profile(diagnoses, stages, found, treatments, conflicts=conflicts)

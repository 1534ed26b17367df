"""Biomarker facts of all documents → findings: each fact once, the newest result current, contradictions named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from app.domain.finding import Finding
from app.domain.mention import FactType, Reading
from app.domain.profile import Conflict

FOUND = frozenset(
    (
        *("detected", "positive", "low_positive", "high", "msi-h", "dmmr", "mutated", "methylated", "lost", "aberrant"),
        *("present", "intact", "retained", "reported", "amplified", "expressed"),
    )
)
UNJUDGED = frozenset({"indeterminate", "equivocal", "not_evaluated"})
_OPPOSITE = (
    (
        {"detected", "positive", "low_positive", "amplified", "mutated", "methylated", "present"},
        {"not_detected", "negative", "unmutated", "unmethylated"},
    ),
    ({"high", "msi-h", "dmmr", "positive"}, {"low", "mss", "pmmr", "msi-l", "negative"}),
    ({"lost"}, {"intact", "retained", "expressed"}),
)
_TYPES = tuple(FactType)
_SCORES = ("tps", "cps", "tc", "ic", "tap")
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Dated:
    """A finding and the day of the document that says it; None where the document has none."""

    finding: Finding
    document: int
    day: date | None

    @property
    def told(self) -> str:
        """ISO day of the result: the fact's own, else its document's; "" where neither is known."""
        return self.finding.reading.date or (self.day.isoformat() if self.day else "")


def findings_of(dated: Sequence[Dated]) -> tuple[tuple[Finding, ...], tuple[Conflict, ...]]:
    """Merge the biomarkers of all documents.

    Returns:
        The findings, detected first, then not judged, then not detected, earlier results after current ones in
        each; and the conflicts between results of the same day.
    """
    merged: list[Dated] = []
    for new in dated:
        at = next((n for n, old in enumerate(merged) if says_the_same(old, new)), None)
        if at is None:
            merged.append(new)
        else:
            merged[at] = _joined(merged[at], new)
    merged, pairs = _in_time(merged)
    order = sorted(range(len(merged)), key=lambda n: (_group(merged[n].finding.reading), n))
    identity = {n: f"f{place}" for place, n in enumerate(order, start=1)}
    findings = tuple(replace(merged[n].finding, id=identity[n]) for n in order)
    conflicts = tuple(
        Conflict((identity[a], identity[b]), _message(merged[a].finding.reading, merged[b].finding.reading))
        for a, b in pairs
    )
    return findings, conflicts


def _group(reading: Reading) -> tuple[int, ...]:
    result = reading.result.lower()
    group = 0 if result in FOUND else 1 if result in UNJUDGED else 2
    past = reading.temporality == "historical"
    lab = reading.type is FactType.LAB
    return (int(lab), group, int(past), int(reading.classification == "vus"), _TYPES.index(reading.type))


def says_the_same(old: Dated, new: Dated) -> bool:
    """Tell whether two facts say the same thing, so that they become one with both evidences."""
    one, other = old.finding.reading, new.finding.reading
    if one.result != other.result or one.temporality != other.temporality or not _same_question(one, other):
        return False
    same_value = one.value in (None, other.value) or other.value is None
    if not same_value and one.type is not FactType.VARIANT:
        return False
    return old.document == new.document or not _changed_in_time(old, new)


def _changed_in_time(old: Dated, new: Dated) -> bool:
    """Tell whether a repeated measurement of a quantity was taken on another day: it is a result of its own."""
    one, other = old.finding.reading, new.finding.reading
    quantity = one.type in (FactType.LAB, FactType.SIGNATURE) and one.value is not None and other.value is not None
    return quantity and one.value != other.value and bool(old.told and new.told and old.told != new.told)


def _same_question(one: Reading, other: Reading) -> bool:
    """Tell whether two facts answer one question: the same change of the same gene in the same specimen."""
    if one.type is not other.type or one.gene != other.gene:
        return False
    if one.gene is None and (one.marker or other.marker) and (one.marker or "").lower() != (other.marker or "").lower():
        return False
    details = ((one.origin, other.origin), (one.specimen, other.specimen), (one.clone, other.clone))
    if any(a and b and a.lower() != b.lower() for a, b in (*details, (_scale(one), _scale(other)))):
        return False
    first, second = _names(one), _names(other)
    return bool(first & second) or (not first and not second)


def _scale(reading: Reading) -> str:
    """Return the scoring system, of which each has results of its own (TPS and CPS of PD-L1)."""
    word = (reading.score or "").lower()
    return next((scale for scale in _SCORES if scale in word.split()), "")


def _names(reading: Reading) -> frozenset[str]:
    told = (reading.alteration, reading.c, reading.p, reading.category, reading.alias)
    names = {_bare(text) for text in told if text}
    if reading.alteration.startswith("p.") and reading.c is None and reading.category:
        names.discard(_bare(reading.category))
    return frozenset(names)


def _bare(text: str) -> str:
    return re.sub(r"[\s()]", "", text).lower().removeprefix("p.")


def _joined(old: Dated, new: Dated) -> Dated:
    """Keep what is stated by either; the newer document's words where both state it."""
    first, second = (new, old) if new.told > old.told else (old, new)
    told = {f.name: getattr(first.finding.reading, f.name) for f in fields(Reading)}
    extra = {f.name: getattr(second.finding.reading, f.name) for f in fields(Reading)}
    reading = Reading(**{k: extra[k] if v is None else v for k, v in told.items()})
    reading = replace(reading, flags=tuple(dict.fromkeys((*old.finding.reading.flags, *new.finding.reading.flags))))
    finding = replace(
        first.finding,
        reading=reading,
        evidence=tuple(dict.fromkeys((*old.finding.evidence, *new.finding.evidence))),
        cue=first.finding.cue or second.finding.cue,
        confidence=min(old.finding.confidence, new.finding.confidence),
    )
    return Dated(finding, first.document, first.day)


def _in_time(merged: list[Dated]) -> tuple[list[Dated], list[tuple[int, int]]]:
    """Make the older of two results that disagree historical; where no day tells which is older, they conflict."""
    kept = list(merged)
    conflicts: list[tuple[int, int]] = []
    for a in range(len(kept)):
        for b in range(a + 1, len(kept)):
            one, other = kept[a], kept[b]
            if one.document == other.document or not disagree(one.finding.reading, other.finding.reading):
                continue
            if one.told and other.told and one.told != other.told:
                older = a if one.told < other.told else b
                kept[older] = _past(kept[older])
            else:
                conflicts.append((a, b))
    for at in {n for pair in conflicts for n in pair}:
        kept[at] = replace(kept[at], finding=_flagged(kept[at].finding))
    return kept, conflicts


def disagree(one: Reading, other: Reading) -> bool:
    """Tell whether two current results cannot both be so."""
    if one.temporality == "historical" or other.temporality == "historical":
        return False
    same = _same_question(one, other)
    if not same and one.type is other.type and one.gene and one.gene == other.gene:
        same = any(
            _bare(r.alteration).startswith(_ANY) and _is_negative(r) for r in (one, other)
        ) and not _specimens_differ(one, other)
    same = same or _is_fusion_denied(one, other) or _is_fusion_denied(other, one)
    if not same:
        return False
    if one.result == other.result:
        both = one.value is not None and other.value is not None
        return both and one.value != other.value and one.type is not FactType.VARIANT
    first, second = one.result.lower(), other.result.lower()
    if first in UNJUDGED or second in UNJUDGED:
        return False
    return any((first in a and second in b) or (first in b and second in a) for a, b in _OPPOSITE)


def _is_fusion_denied(bare: Reading, fusion: Reading) -> bool:
    """Tell whether the first denies any change of a gene of which the second says something as a fusion."""
    genes = (fusion.gene or "").split("::")
    about = bare.of_any_change and fusion.type is FactType.FUSION and bare.gene in genes
    return about and not _specimens_differ(bare, fusion)


def _is_negative(reading: Reading) -> bool:
    return reading.result.lower() in ("not_detected", "negative")


def _specimens_differ(one: Reading, other: Reading) -> bool:
    return bool(one.specimen and other.specimen and one.specimen.lower() != other.specimen.lower())


def _past(dated: Dated) -> Dated:
    reading = replace(dated.finding.reading, temporality="historical", date=dated.told or None)
    return replace(dated, finding=replace(dated.finding, reading=reading))


def _flagged(finding: Finding) -> Finding:
    flags = tuple(dict.fromkeys((*finding.reading.flags, "conflict")))
    return replace(finding, reading=replace(finding.reading, flags=flags))


def _message(one: Reading, other: Reading) -> str:
    """Say in plain words what disagrees."""
    name = one.marker or one.gene or one.alteration
    first, second = (_words(r) for r in (one, other))
    return (
        f"Two reports disagree about {name}: one says {first}, another says {second}, and no date tells which is "
        "newer. Ask your care team which result counts."
    )


def _words(reading: Reading) -> str:
    told = reading.result.replace("_", " ")
    return f"{told} ({reading.value})" if reading.value is not None else told

"""Turns the mentions of one report into findings: each fact once, with every place that says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from app.domain.document import ReportKind
from app.domain.finding import Finding
from app.domain.mention import FactType, Mention, Reading, Span
from app.domain.outcome import Issue, Outcome, Severity
from app.domain.provenance import Evidence
from app.domain.section import Report, SectionKind

_PREFIX = {FactType.HISTOLOGY: "d", FactType.STAGE: "s", FactType.TREATMENT: "t"}


@dataclass(slots=True)
class _Draft:
    """A finding while its places are gathered."""

    reading: Reading
    mentions: list[Mention]


def gather(report: Report, mentions: Iterable[Mention]) -> Outcome[tuple[Finding, ...]]:
    """Merge the mentions of one document that state the same fact.

    Args:
        report: The report that they were found in.
        mentions: In the order of its sections.

    Returns:
        Findings in order of their first place, ids by type. A correction replaces what it corrects; facts that
        contradict each other all stay and carry the flag `conflict`.
    """
    drafts: list[_Draft] = []
    for mention in mentions:
        for draft in drafts:
            told = _same(draft.reading, mention.reading)
            if told is not None:
                draft.reading = told
                draft.mentions.append(mention)
                break
        else:
            drafts.append(_Draft(mention.reading, [mention]))
    drafts = _answered(_corrected(report, _meant(drafts)))
    issues = _conflicts(drafts, report)
    counts: dict[str, int] = {}
    found: list[Finding] = []
    for draft in drafts:
        prefix = _PREFIX.get(draft.reading.type, "f")
        counts[prefix] = counts.get(prefix, 0) + 1
        found.append(_finding(f"{prefix}{counts[prefix]}", draft, report))
    return Outcome(tuple(found), (*issues, *_empty(report, found)))


_OF_TESTS = frozenset(
    {
        ReportKind.NGS, ReportKind.LIQUID_BIOPSY, ReportKind.GERMLINE, ReportKind.IHC, ReportKind.FISH,
        ReportKind.CYTOGENETICS, ReportKind.FLOW,
    }
)  # fmt: skip
"""Kinds of reports whose purpose is a result of a marker."""


def _empty(report: Report, found: list[Finding]) -> tuple[Issue, ...]:
    """Tell that a report of a test gave no result, so that its silence is not taken for a negative one."""
    told = any(finding.reading.type not in _PREFIX and finding.reading.type is not FactType.LAB for finding in found)
    if told or report.kind not in _OF_TESTS or not report.sections:
        return ()
    message = (
        "This looks like the report of a test, but we found no test result in it. That does not mean that the test "
        "found nothing: please look at the report, or ask your care team."
    )
    return (Issue("document.no_result", message, Severity.WARNING, report.sections[0].document),)


def _finding(identity: str, draft: _Draft, report: Report) -> Finding:
    evidence: dict[Evidence, None] = {}
    for mention in draft.mentions:
        for span in mention.spans:
            evidence.update(dict.fromkeys(_quoted(report, span)))
    cue = next((_text(report, mention.cue) for mention in draft.mentions if mention.cue is not None), "")
    sure = min(m.confidence for m in draft.mentions)
    return Finding(identity, draft.reading, tuple(evidence), cue, sure, section=_place_in(draft.mentions[0], report))


def _place_in(mention: Mention, report: Report) -> str:
    """Name the section of a mention for somebody who checks it."""
    section = report.sections[mention.spans[0].section]
    return " ".join(section.heading.split())[:80] or str(section.kind).replace("_", " ")


def _quoted(report: Report, span: Span) -> tuple[Evidence, ...]:
    return report.sections[span.section].evidence(span.start, span.end)


def _text(report: Report, span: Span) -> str:
    return " ".join(report.sections[span.section].text[span.start : span.end].split())


def _same(one: Reading, other: Reading) -> Reading | None:
    """Return what both say together where they state the same fact, else None."""
    if one.type is not other.type or (
        one.temporality != other.temporality and "historical" in (one.temporality, other.temporality)
    ):
        return None
    if one.specimen and other.specimen and one.specimen != other.specimen:
        return None
    if one.type in {FactType.HISTOLOGY, FactType.STAGE, FactType.TREATMENT, FactType.LAB}:
        same = _context_key(one) == _context_key(other)
        return _filled(one, other) if same else None
    for first, second in ((one, other), (other, one)):
        if _covers(first, second):
            return _filled(first, second)
    return None


def _context_key(reading: Reading) -> tuple[object, ...]:
    """Return what makes two diagnoses, stages, treatments or laboratory facts the same one."""
    when = (reading.date, reading.start, reading.line)
    return reading.alteration.casefold(), reading.result, reading.system, reading.experiencer, when


def _covers(one: Reading, other: Reading) -> bool:
    """Tell whether the first says all that the second says of the same marker."""
    if one.type is FactType.FUSION and one.result == other.result:
        return one.gene == other.gene or (other.gene or "?") in (one.gene or "").split("::")
    if one.gene != other.gene or (
        one.gene is None and (one.alteration, one.marker) != (other.alteration, other.marker)
    ):
        return False
    if one.result != other.result and not (
        other.result == "reported" and one.type in {FactType.IHC, FactType.SIGNATURE}
    ):
        return False
    if one.type is FactType.IHC:
        open_ = all(
            getattr(one, k) is None or getattr(other, k) is None or getattr(one, k) == getattr(other, k)
            for k in ("score", "value", "clone")
        )
        return open_ and (one.marker == other.marker or other.value is None or one.value == other.value)
    if one.type is FactType.VARIANT:
        names = {one.alteration, one.c, one.p, one.category, one.alias} - {None}
        vague = other.alteration == "any mutation" or (
            other.alteration.endswith(" mutation") and "promoter" not in other.alteration
        )
        clash = (one.c and other.c and one.c != other.c) or (one.origin and other.origin and one.origin != other.origin)
        return not clash and (other.alteration in names or (other.c is not None and other.c == one.c) or vague)
    if one.type is FactType.SIGNATURE:
        return (
            one.value in (None, other.value)
            or other.value is None
            or (one.result == other.result != "reported" and str(one.value) == str(other.value))
        )
    return one.alteration == other.alteration


def _filled(one: Reading, other: Reading) -> Reading:
    told = {
        f.name: getattr(other, f.name)
        for f in fields(one)
        if getattr(one, f.name) is None and getattr(other, f.name) is not None
    }
    return replace(one, **told, flags=tuple(sorted({*one.flags, *other.flags})))


def _corrected(report: Report, drafts: list[_Draft]) -> list[_Draft]:
    """Drop what an amended result of the same marker replaces."""
    amended = [draft for draft in drafts if "amended" in draft.reading.flags]
    if not amended:
        return drafts
    kept = []
    for draft in drafts:
        replaced = any(
            other is not draft
            and _key(other.reading) == _key(draft.reading)
            and other.reading.result != draft.reading.result
            and "amended" not in draft.reading.flags
            for other in amended
        )
        if not replaced or all(
            report.sections[s.section].kind is SectionKind.ADDENDUM for m in draft.mentions for s in m.spans
        ):
            kept.append(draft)
    return kept


def _meant(drafts: list[_Draft]) -> list[_Draft]:
    """Take a bare negative of a gene ("ALK: negative") for the fusion's where the document also says that in full."""
    full = {
        (d.reading.gene, d.reading.specimen, d.reading.temporality): d
        for d in drafts
        if d.reading.type is FactType.FUSION and d.reading.result == "not_detected"
    }
    kept = []
    for draft in drafts:
        bare = draft.reading.of_any_change and draft.reading.result == "not_detected"
        key = (draft.reading.gene, draft.reading.specimen, draft.reading.temporality)
        if bare and key in full:
            full[key].mentions += draft.mentions
        else:
            kept.append(draft)
    return kept


def _answered(drafts: list[_Draft]) -> list[_Draft]:
    """Drop "still pending" where the same document gives the result."""
    known = {
        (kind, d.reading.gene, d.reading.specimen)
        for d in drafts
        if d.reading.result != "not_evaluated"
        for kind in ({d.reading.type, FactType.FUSION} if d.reading.of_any_change else {d.reading.type})
    }
    return [
        draft
        for draft in drafts
        if draft.reading.reason != "pending"
        or (draft.reading.type, draft.reading.gene, draft.reading.specimen) not in known
    ]


def _key(reading: Reading) -> tuple[object, ...]:
    general = reading.alteration if reading.type not in {FactType.IHC, FactType.ISH} else ""
    return (
        reading.type,
        reading.gene,
        general,
        reading.specimen,
        reading.temporality,
        reading.score if reading.score in {"TPS", "CPS", "TC", "IC"} else None,
    )


def _beside(one: _Draft, other: _Draft) -> bool:
    """Tell whether two facts speak of one specimen and time."""
    a, b = one.reading, other.reading
    return (a.specimen, a.temporality) == (b.specimen, b.temporality)


_OPPOSED = (
    {"detected", "not_detected"},
    {"positive", "negative"},
    {"intact", "lost"},
    {"MSI-H", "MSS"},
    {"dMMR", "pMMR"},
    {"high", "low"},
    {"methylated", "unmethylated"},
)


def _conflicts(drafts: list[_Draft], report: Report) -> list[Issue]:
    """Flag the facts that contradict each other."""
    issues: list[Issue] = []
    document = report.sections[0].document if report.sections else None
    by_key: dict[tuple[object, ...], list[_Draft]] = {}
    for draft in drafts:
        if draft.reading.type not in _PREFIX and draft.reading.type is not FactType.LAB:
            by_key.setdefault(_key(draft.reading), []).append(draft)
    for same in list(by_key.values()):
        if same[0].reading.type is FactType.FUSION:
            genes = (same[0].reading.gene or "").split("::")
            same += [d for d in drafts if d.reading.of_any_change and d.reading.gene in genes and _beside(d, same[0])]
    for same in by_key.values():
        results = {draft.reading.result for draft in same}
        if not any(pair <= results for pair in _OPPOSED):
            continue
        for draft in same:
            if any(draft.reading.result in pair for pair in _OPPOSED):
                draft.reading = replace(draft.reading, flags=tuple(sorted({*draft.reading.flags, "conflict"})))
        name = same[0].reading.marker or same[0].reading.gene or same[0].reading.alteration
        issues.append(
            Issue(
                "finding.conflict",
                f"This report says two different things about {name}. Ask your care team which one holds.",
                Severity.WARNING,
                document,
            )
        )
    return issues

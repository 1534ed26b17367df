"""Reads every section with every kind, and says each fact of a section once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from app.biomarkers import KINDS, Hit, Passage
from app.biomarkers.boxes import without_unticked
from app.biomarkers.parts import unread_list
from app.biomarkers.spelling import UNCHOSEN_MARK, Plain, plain, without_replaced
from app.domain.mention import FactType, Mention, Reading, Span
from app.domain.outcome import Issue, Outcome, Severity
from app.domain.section import Report, Section, SectionKind
from app.stages.mentions.lexicon import Lexicon
from app.stages.mentions.proposals import unknown_names


def find(report: Report, *, lexicon: Lexicon) -> Outcome[tuple[Mention, ...]]:
    """Find the mentions of a report, in the order of its sections.

    Args:
        report: The report, divided into sections.
        lexicon: Made by `prepare`.
    """
    found: list[Mention] = []
    thin: dict[str, None] = {}
    unknown: dict[str, None] = {}
    nameless: list[str] = []
    for position, section in enumerate(report.sections):
        mentions = _section(section, position, lexicon, thin)
        found += mentions
        nameless += _without_gene(section, mentions)
        if lexicon.model and section.kind in _ABOUT_RESULTS:
            unknown.update(dict.fromkeys(unknown_names(section.text, lexicon.model, lexicon.scanner)))
    issues = (*_thinly_read(tuple(thin), report), *_unknown(tuple(unknown), report), *_nameless(nameless, report))
    return Outcome(tuple(found), issues)


_ABOUT_RESULTS = frozenset({SectionKind.RESULTS, SectionKind.VUS, SectionKind.GERMLINE, SectionKind.UNKNOWN})


def _unknown(names: tuple[str, ...], report: Report) -> tuple[Issue, ...]:
    """Tell which names look like a marker that we do not know."""
    message = f"We do not know these names and left them out: {', '.join(names[:12])}. Ask your care team about them."
    return (Issue("finding.unknown_name", message, Severity.INFO, report.sections[0].document),) if names else ()


def _without_gene(section: Section, mentions: list[Mention]) -> Iterator[str]:
    """Return the changes in rows whose cell for the gene is empty, as where one gene stands beside several rows."""
    if "gene" not in section.columns or section.kind not in _ABOUT_RESULTS:
        return
    place, start = section.columns.index("gene"), 0
    for row in section.text.split("\n"):
        end = start + len(row)
        cells = row.split("\t")
        change = _CHANGE.search(row)
        nameless = change is not None and len(cells) > place and not cells[place].strip()
        if change and nameless and not any(start <= s.start < end for m in mentions for s in m.spans):
            yield change[0]
        start = end + 1


_CHANGE = re.compile(r"\b(?:p\.\(?[A-Z]\w+|c\.[-*]?\d[\w+>_-]+|[A-Z]\d{2,4}[A-Z*])(?!\w)")


def _nameless(changes: list[str], report: Report) -> tuple[Issue, ...]:
    """Tell which changes stand in a table beside no gene."""
    named = ", ".join(changes[:6])
    message = (
        f"We could not see which gene these changes belong to, and left them out: {named}. Please look at the table."
    )
    return (Issue("finding.no_gene", message, Severity.WARNING, report.sections[0].document),) if changes else ()


def _thinly_read(genes: tuple[str, ...], report: Report) -> tuple[Issue, ...]:
    """Tell which genes the laboratory read only in part, so that their silence is no negative result."""
    if not genes:
        return ()
    named = ", ".join(genes[:12]) + (" and others" if len(genes) > 12 else "")
    message = f"Parts of these genes were read too thinly to judge: {named}. Ask whether that matters in your case."
    return (Issue("finding.thin_coverage", message, Severity.INFO, report.sections[0].document),)


def _section(section: Section, position: int, lexicon: Lexicon, thin: dict[str, None]) -> list[Mention]:
    if not section.text.strip():
        return []
    made = plain(section.text, lexicon.scanner.knows)
    told = _chosen(without_replaced(made.text), made, section)
    barred = lexicon.abbreviations.barred(told)
    statements = lexicon.composer.statements(
        told, section.kind, section.columns, section.specimen, barred, section.heading
    )
    passage = Passage(
        told, section.kind, lexicon.terms, section.heading, section.columns, section.specimen, section.date,
        tuple(statements), lexicon.rules,
    )  # fmt: skip
    hits = [hit for kind in KINDS for hit in kind.read(passage)]
    for statement in statements:
        if unread_list(passage, statement):
            thin.update(dict.fromkeys(gene for subject in statement.subjects for gene in subject.genes))
    return [_mention(hit, made, section, position) for hit in once(_one_of_family(hits))]


_SCALE = re.compile(
    r"\b(?:Stable[\t |/>]+)?(?:Equivocal|Indeterminate)[\t |/>]+High\b|\bStable[\t |/>]+(?:Equivocal"
    r"|Low[\t |/>]+High)\b"
    r"|\b(?:Low[\t |/>]+)?(?:Intermediate|Medium)[\t |/>]+High\b|\bLow[\t |/>]+(?:Intermediate|Medium|Equivocal)\b"
    r"|\bPositive[\t |]+Equivocal[\t |]+Negative\b|\bNegative[\t |]+Equivocal[\t |]+Positive\b",
    re.I,
)


def _chosen(text: str, made: Plain, section: Section) -> str:
    """Blank what was not chosen: boxes left empty, and the words of a printed scale but the one in bold."""
    text = without_unticked(text, UNCHOSEN_MARK)
    for found in _SCALE.finditer(text):
        words = [w.span() for w in re.compile(r"[A-Za-z]+").finditer(text, *found.span())]
        bold = [
            span for span in words if all(a.word.bold for a in section.words(*made.original(*span))) and section.anchors
        ]
        keep = bold[0] if len(bold) == 1 else None
        for a, b in words:
            if (a, b) != keep:
                text = text[:a] + UNCHOSEN_MARK * (b - a) + text[b:]
    return text


def _one_of_family(hits: list[Hit]) -> list[Hit]:
    """Keep one fact where the text names a gene family as changed: it does not say that every member is."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for hit in hits:
        if "doubtful" in hit.reading.flags and (hit.reading.note or "").startswith("the report names the family"):
            key = (hit.spans, hit.reading.type, hit.reading.note)
            if key in seen:
                continue
            seen.add(key)
        kept.append(hit)
    return kept


def _mention(hit: Hit, made: Plain, section: Section, position: int) -> Mention:
    """Carry the spans back to the section's own text, and flag what was read through a slip or a doubt."""
    spans = tuple(Span(position, *made.original(start, end)) for start, end in hit.spans)
    flags = set(hit.reading.flags)
    if any(made.is_mended(start, end) for start, end in hit.spans):
        flags.add("ocr_corrected")
    for span in spans:
        for anchor in section.words(span.start, span.end):
            if anchor.word.as_read is not None:
                flags.add("ocr_corrected")
            if anchor.word.doubtful:
                flags.add("doubtful")
    reading = replace(hit.reading, flags=tuple(sorted(flags))) if flags else hit.reading
    cue = Span(position, *made.original(*hit.cue)) if hit.cue and hit.cue[1] > hit.cue[0] else None
    return Mention(reading, spans, cue, hit.confidence)


_MERGED = frozenset(
    {
        FactType.VARIANT,
        FactType.FUSION,
        FactType.CNV,
        FactType.ISH,
        FactType.IHC,
        FactType.SIGNATURE,
        FactType.CYTOGENETICS,
        FactType.METHYLATION,
    }
)
_OF_ONE_GENE = _MERGED - {FactType.FUSION, FactType.SIGNATURE, FactType.CYTOGENETICS}
_CALLS = {"positive", "detected", "high", "reported"}


def once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Say each fact once: equal ones joined, a general one dropped where a specific one says the same."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.spans[0][0] if h.spans else 0):
        if hit.reading.type not in _MERGED:
            kept.append(hit)
            continue
        for at, other in enumerate(kept):
            if other.reading.type is not hit.reading.type or (
                other.reading.gene != hit.reading.gene and hit.reading.type in _OF_ONE_GENE
            ):
                continue
            told = _joined(other, hit) or _joined(hit, other)
            if told is not None:
                kept[at] = told
                break
        else:
            kept.append(hit)
    return iter(kept)


def _joined(one: Hit, other: Hit) -> Hit | None:
    """Return the first with what the second adds, where both state one fact and the first is not the less exact."""
    a, b = one.reading, other.reading
    if a.type is not b.type or not _same_place(a, b):
        return None
    if a.type is FactType.SIGNATURE:
        joins = a.alteration == b.alteration and b.result in {a.result, "reported"}
    elif a.type is FactType.FUSION:
        joins = a.result == b.result and (
            a.gene == b.gene or (b.gene in (a.gene or "").split("::") and a.result == "detected")
        )
    elif a.type is FactType.IHC:
        same = a.gene == b.gene and (a.marker == b.marker or bool(a.gene))
        scores = not (a.score and b.score and a.score != b.score)
        values = not (a.value and b.value and a.value != b.value)
        joins = (
            same
            and scores
            and values
            and (
                a.result == b.result or (b.result == "reported" and bool(b.value is None or a.value in (None, b.value)))
            )
        )
    elif a.type is FactType.CYTOGENETICS:
        joins = a.result == b.result and (a.alteration == b.alteration or _same_event(a, b))
    else:
        general = {"any mutation"}
        exact = a.alteration == b.alteration or bool(
            {a.alteration, a.c, a.category, a.alias} & {b.alteration, b.c} - {None}
        )
        vague = b.alteration in general or (
            b.type is FactType.VARIANT and b.alteration.endswith((" mutation",)) and "promoter" not in b.alteration
        )
        joins = (
            a.gene == b.gene
            and a.result == b.result
            and (exact or (vague and a.result != "not_detected") or _one_change(a, b))
        )
        if (
            a.type is FactType.CNV
            and a.gene == b.gene
            and a.result == b.result
            and {a.alteration, b.alteration} == {"loss", "homozygous deletion"}
        ):
            joins = a.alteration == "homozygous deletion"
    if not joins:
        return None
    return Hit(
        _filled(a, b),
        tuple(dict.fromkeys((*one.spans, *other.spans))),
        one.cue or other.cue,
        min(one.confidence, other.confidence),
    )


def _one_change(a: Reading, b: Reading) -> bool:
    """Tell whether the first names a class of changes and the second the same change by its coding name."""
    return bool(
        a.type is FactType.VARIANT
        and a.c is None
        and a.p is None
        and a.alteration.startswith("exon ")
        and b.alteration.startswith("c.")
    )


def _same_event(a: Reading, b: Reading) -> bool:
    """Tell whether two names of one chromosome change differ only in how exact they are ("t(9;22)" and its bands)."""
    short, long = sorted((a.alteration, b.alteration), key=len)
    if a.alteration != long:
        return False
    if short.startswith("normal karyotype"):
        return long.startswith("normal karyotype")
    arm = [f"del({m[1]}{m[2]})" for m in (_ARM.match(long), _ARM2.match(long)) if m]
    return long.startswith(short) or any(short.startswith(name[:-1]) or name.startswith(short[:-1]) for name in arm)


_ARM = re.compile(r"del\((\d{1,2})\)\(([pq])")
_ARM2 = re.compile(r"del\((\d{1,2})([pq])")


def _same_place(a: Reading, b: Reading) -> bool:
    if a.temporality != b.temporality and "historical" in (a.temporality, b.temporality):
        return False
    if a.specimen and b.specimen and a.specimen != b.specimen:
        return False
    return not (a.origin and b.origin and a.origin != b.origin)


def _filled(a: Reading, b: Reading) -> Reading:
    """Fill what the first leaves open from the second."""
    told = {
        f.name: getattr(b, f.name) for f in fields(a) if getattr(a, f.name) is None and getattr(b, f.name) is not None
    }
    if a.p is None and b.type is FactType.VARIANT and b.alteration.startswith("c.") and a.c is None:
        told["c"] = b.alteration
    flags = tuple(sorted({*a.flags, *b.flags}))
    return replace(a, **told, flags=flags)

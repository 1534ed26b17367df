"""How a text is laid out: lines, cells, wrapped prose, headings that speak for the lines below them, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.biomarkers.scan import Item
from app.domain.section import SectionKind

CELL_BREAK = re.compile(r"\t+|[ ]{2,}|[ ]*\|[ ]*|[ ]?\.{3,}[ ]?|[ ]?…+[ ]?|[ ]?_{3,}[ ]?|[ ]?(?:\. ){3,}\.?")
_SENTENCE_GAP = re.compile(r"[.;:!?]$")
_BULLET = re.compile(r"^\s*(?:[-•*·▪◦●○■]|\(?[0-9]{1,2}[.)]|\(?[a-zA-Z][.)])\s+")
_LABEL = re.compile(r"^\s*[A-Z][\w/ ().,&'-]{0,48}:")
_OPEN_LABEL = re.compile(r"\b(?:codons?|exons?|NM_\d+|gene)\b.*:\s*$")
_ENDS = re.compile(r"[.:;!?]\s*$")
CLAUSE_BREAK = re.compile(
    r"(?<![\s(](?:vs|No|Dr|cf|ca|ex|eg|ie|al|Nr|St))(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s+[A-Z(\d\"¿¡*#]|\s*$)|;(?!\d|\s*[ApqEe]\d)|(?<=\w)\.(?=\s+p\d\d\b)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the headings above a line say of it.

    Attributes:
        silent: Nothing in it is a result of the patient.
        classification: vus, pathogenic, tier I …, or "".
        origin: germline, somatic or "".
        result: not_detected, not_evaluated or "" where each line speaks for itself.
        reason: Why not evaluated.
        historical: Whether it tells earlier results.
        date: Of the result, or "".
        assay: ihc, fish, flow, ngs or "".
        specimen: Label of the specimen, or "".
        gene: Symbol that a line of its own named, for the indented lines below.
        cue: Where the words stand that say so.
    """

    silent: bool = False
    classification: str = ""
    origin: str = ""
    result: str = ""
    reason: str = ""
    historical: bool = False
    date: str = ""
    assay: str = ""
    specimen: str = ""
    gene: tuple[Item, ...] = ()
    cue: tuple[int, int] | None = None


_SILENT_KINDS = frozenset(
    {
        SectionKind.THERAPIES, SectionKind.TRIALS, SectionKind.METHOD, SectionKind.GENE_LIST, SectionKind.LITERATURE,
        SectionKind.BOILERPLATE, SectionKind.PLAN, SectionKind.FAMILY, SectionKind.PATIENT,
    }
)  # fmt: skip


def opening(kind: SectionKind) -> Context:
    """Return what the kind of a section says of its lines."""
    return {
        SectionKind.VUS: Context(classification="vus"),
        SectionKind.GERMLINE: Context(origin="germline"),
        SectionKind.NEGATIVE: Context(result="not_detected"),
        SectionKind.NOT_COVERED: Context(result="not_evaluated", reason="not_covered"),
        SectionKind.HISTORY: Context(historical=True),
    }.get(kind, Context(silent=kind in _SILENT_KINDS))


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: a row of a table, or prose put together again where it was wrapped.

    Attributes:
        start: First character in the passage.
        end: One past the last.
        breaks: (start, end) of what parts its cells; empty for prose.
        indented: Whether it starts with white space or an empty cell.
    """

    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    indented: bool = False


def lines(text: str) -> Iterator[Line]:
    """Divide a text into logical lines."""
    held: Line | None = None
    start = 0
    for end in [*(found.start() for found in re.finditer(r"\n", text)), len(text)]:
        line = _line(text, start, end)
        if line is None:
            if held is not None:
                yield held
            held = None
        elif held is not None and _goes_on(text, held, line):
            held = Line(held.start, line.end, held.breaks, held.indented)
        else:
            if held is not None:
                yield held
            held = line
        start = end + 1
    if held is not None:
        yield held


def _line(text: str, start: int, end: int) -> Line | None:
    body = text[start:end]
    stripped = body.strip()
    if not stripped:
        return None
    lead = len(body) - len(body.lstrip())
    first, last = start + lead, start + len(body.rstrip())
    if (
        "\t" not in body
        and "  " not in body
        and "|" not in body
        and "..." not in body
        and "…" not in body
        and "__" not in body
        and ". ." not in body
    ):
        return Line(first, last, (), lead > 0)
    breaks = []
    for found in CELL_BREAK.finditer(text, first, last):
        a, b = found.span()
        if a == first or b == last:
            continue
        if found[0].isspace() and "\t" not in found[0]:
            before = text[first:a]
            if _SENTENCE_GAP.search(before) and not before.endswith(":") and len(before) > 40 and len(found[0]) < 4:
                continue
            bullet = _BULLET.match(text[first:b])
            if bullet and bullet.end() >= b - first:
                continue
        if "\t" in found[0] and re.fullmatch(r"(?:[-•*·]|\(?\w{1,2}[.)])", text[first:a].strip()):
            continue
        breaks.append((a, b))
    return Line(first, last, tuple(breaks), lead > 0)


def _goes_on(text: str, held: Line, line: Line) -> bool:
    """Tell whether a line is the rest of the sentence before it."""
    if held.breaks or line.breaks:
        return False
    last_newline = text.rfind("\n", held.start, held.end)
    printed = text[last_newline + 1 if last_newline >= 0 else held.start : held.end]
    body = text[line.start : line.end]
    if _OPEN_LABEL.search(printed) and not _BULLET.match(body) and not _LABEL.match(body):
        return True
    if _ENDS.search(printed) or _BULLET.match(body) or _LABEL.match(body):
        return False
    if printed.rstrip().endswith((",", "/", "-", "(")) or re.search(
        r"\b(?:and|or|of|for|with|the|to|in|by|is|are|y|de|und|et|en|no|not)$", printed, re.I
    ):
        return True
    if body[0].islower() or body[0] in "(,;)":
        return not line.indented or len(printed) > 40
    return len(printed) >= 60 and not body[:40].isupper()


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a line within which cues reach."""

    start: int
    end: int


def clauses(text: str, line: Line) -> Iterator[Clause]:
    """Divide a line into clauses at full stops and semicolons."""
    start = line.start
    for found in CLAUSE_BREAK.finditer(text, line.start, line.end):
        if text[start : found.start()].strip():
            yield Clause(start, found.start())
        start = found.end()
    if text[start : line.end].strip():
        yield Clause(start, line.end)


# What a heading or a label says; the first that fits counts.
_HEADINGS: tuple[tuple[re.Pattern[str], Context], ...] = tuple(
    (re.compile(pattern, re.I), context)
    for pattern, context in (
        (r"family history|antecedentes familiares|familienanamnese|antécédents familiaux|familieanamnese|history of cancer in (?:the )?family", Context(silent=True)),
        (r"\b(?:clinical )?trials?\b|therap(?:y|ies) (?:with|associated|approved|in)|therapies|therapeutic (?:implications|options|associations)|fda[- ]approved|treatment options|matched? (?:drugs|therapies)", Context(silent=True)),
        (r"methodolog|^methods?\b|^método|^methodik|^méthod|assay (?:description|information|details|performance)|test (?:description|information|methodology)|limitations|about (?:the|this) test|technical (?:notes|details|information|specifications)|disclaimer|references|bibliograf|literature|appendix|glossary|analytical (?:sensitivity|validation)|quality (?:control|metrics)|limit of detection", Context(silent=True)),
        (r"genes? (?:analy[sz]ed|assayed|tested|interrogated|sequenced|covered|included|evaluated|on (?:the|this) panel)|gene list|list of genes|panel (?:content|genes|composition)|genes in (?:the|this) (?:panel|assay)|genes analizados|lista de genes|untersuchte gene|geteste genen|gènes analysés|target(?:ed)? regions?", Context(silent=True)),
        (r"eligib|inclusion criteria|exclusion criteria|indications? for|^plan\b|recommendations?|recomendaciones|empfehlung|aanbeveling", Context(silent=True)),
        (r"uncertain (?:clinical )?significance|unknown (?:clinical )?significance|undetermined significance|\bvus\b|\bvous\b|significado incierto|unklare[rn]? signifikanz|signification (?:incertaine|inconnue)|onzekere (?:klinische )?betekenis", Context(classification="vus")),
        (r"pertinent negatives?|genes? (?:with|without|having) no|no (?:reportable|clinically (?:significant|relevant)|pathogenic|actionable)?\s*(?:alterations?|variants?|mutations?) (?:were )?(?:detected|identified|found)? ?in|negative (?:results|findings|genes|for)|negative:|^not found$|^negative findings?$|tested without findings?|without (?:reportable )?findings?$|wild[- ]?type genes|genes? (?:tested )?negative|not detected|sin alteraciones|resultados negativos|negative befunde|résultats négatifs|negatieve (?:resultaten|bevindingen)|^negatives?$", Context(result="not_detected")),
        (r"(?:low|insufficient|inadequate|suboptimal|reduced) coverage|not (?:adequately )?covered|below (?:the )?(?:minimum|required) (?:depth|coverage)|failed (?:regions|genes|exons|amplicons)|cobertura insuficiente|unzureichende abdeckung|onvoldoende dekking|couverture insuffisante", Context(result="not_evaluated", reason="below_depth")),
        (r"not (?:evaluated|evaluable|assessed)|could not be (?:evaluated|assessed)|indeterminate genes", Context(result="not_evaluated", reason="failed")),
        (r"pending (?:tests?|studies|results)|tests? pending|estudios pendientes|ausstehende", Context(result="not_evaluated", reason="pending")),
        (r"\btier (?:1|i)\b|tier (?:i-?[ab]|1[ab])\b|strong clinical significance", Context(classification="tier I")),
        (r"\btier (?:2|ii)\b|tier (?:ii-?[cd]|2[cd])\b|potential clinical significance", Context(classification="tier II")),
        (r"\btier (?:3|iii)\b", Context(classification="tier III")),
        (r"\btier (?:4|iv)\b", Context(classification="tier IV")),
        (r"germ ?line|hereditary|keimbahn|línea germinal|germinal(?:e|es)?\b|kiembaan|constitution(?:al|nel)", Context(origin="germline")),
        (r"\bsomatic|somátic|somatisch|somatique", Context(origin="somatic")),
        (r"^(?:likely pathogenic|probablemente patogénica)", Context(classification="likely_pathogenic")),
        (r"^(?:pathogenic|patogénicas?)(?: variants?)?$", Context(classification="pathogenic")),
        (r"previous (?:results?|tests?|findings|molecular|biopsy|report)|prior (?:results?|tests?|testing|molecular|biopsy|report|findings)|historical|outside (?:results?|report)|earlier results|resultados previos|estudios previos|vorbefunde?|résultats antérieurs|eerdere (?:uitslagen|resultaten|bevindingen)", Context(historical=True)),
        (r"immunohisto|immunostain|\bihc\b|\bihq\b|inmunohisto|immunhisto|immunophenotyp|special stains", Context(assay="ihc")),
        (r"flow cytometry|citometría|durchflusszyto|cytométrie|flowcyto", Context(assay="flow")),
        (r"\bfish\b|in situ hybridi[sz]ation|hibridación in situ|hybridation in situ", Context(assay="fish")),
        (r"sequencing|\bngs\b|molecular (?:results|findings|pathology|analysis|testing|diagnostics)|genomic (?:findings|alterations|variants)|mutation(?:al)? analysis|secuenciación|sequenzierung", Context(assay="ngs")),
    )
)  # fmt: skip
_SPECIMEN = re.compile(
    r"^\s*(?:(?:specimen|part|muestra|material|präparat|prélèvement)\s*)?(?P<label>[A-H]|\d{1,2})\s*[.:)]\s*(?=[^:\n]{0,80}(?:breast|mama|brust|sein|borst|node|ganglio|lung|pulm|colon|liver|skin|left|right|izquierd|derech|links|rechts|biops|resection|excision|mass|tumou?r|marrow|lobe|metasta)[^:\n]{0,60}(?::|$))",
    re.I,
)
_DATED = re.compile(r"\b(?P<date>(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)\b")


def heading(text: str) -> Context | None:
    """Return what a heading says of the lines below it; None where it says nothing about results."""
    for pattern, context in _HEADINGS:
        if pattern.search(text):
            return context
    return None


def specimen(text: str) -> str:
    """Return the label of the specimen that a line opens with, or ""."""
    found = _SPECIMEN.match(text)
    return found["label"] if found else ""


def merged(base: Context, said: Context) -> Context:
    """Put what a heading says over what the section says."""
    return replace(
        base,
        silent=base.silent or said.silent,
        classification=said.classification or base.classification,
        origin=said.origin or base.origin,
        result=said.result or base.result,
        reason=said.reason or base.reason,
        historical=said.historical or base.historical,
        date=said.date or base.date,
        assay=said.assay or base.assay,
        specimen=said.specimen or base.specimen,
        gene=said.gene or base.gene,
    )

"""How a text is laid out: lines, cells, wrapped prose, headings that speak for the lines below them, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.biomarkers.item import Item
from app.domain.section import SectionKind

CELL_BREAK = re.compile(r"\t+|[ ]{2,}|[ ]*\|[ ]*|[ ]?\.{3,}[ ]?|[ ]?…+[ ]?|[ ]?_{3,}[ ]?|[ ]?(?:\. ){3,}\.?")
_MAY_PART = re.compile(r"[\t|…]|  |\.\.\.|__|\. \.")
_CSV = re.compile(r"^[^,\n]*(?:,[^,\s][^,\n]*)*,\d+(?:\.\d+)?,[^,\s]")
_SENTENCE_GAP = re.compile(r"[.;:!?]$")
_BULLET = re.compile(r"^\s*(?:[-•*·▪◦●○■]|\(?[0-9]{1,2}[.)]|\(?[a-zA-Z][.)])\s+")
_LIST_SIGN = re.compile(r"(?:[-•*·]|\(?\w{1,2}[.)])")
_LABEL = re.compile(r"^\s*[A-Z][\w/ ().,&'-]{0,48}:")
_OPEN_LABEL = re.compile(r"\b(?:codons?|exons?|NM_\d+|gene)\b.*:\s*$")
_ENDS = re.compile(r"[.:;!?]\s*$")
CLAUSE_BREAK = re.compile(
    r"(?<![\s(](?:vs|No|Dr|cf|ca|ex|eg|ie|al|Nr|St))(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s+[A-Z(\d\"¿¡*#]|\s*$)"
    r"|;(?!\d|\s*[ApqEe]\d)|(?<=\w)\.(?=\s+p\d\d\b)"
    r"|\?(?=[ \t]*[-–:=>]*[ \t]*(?:[Yy]es|[Nn]o|[Ss]í|[Nn]ein|[Jj]a|[Nn]ee|[Nn]on|[Oo]ui|YES|NO)\b)"
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
        assay_of: The only gene that the assay holds for, or "".
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
    assay_of: str = ""
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
    for printed in text.split("\n"):
        end = start + len(printed)
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
    if _MAY_PART.search(body) is None:
        if body.count(",") >= 3 and ", " not in body and _CSV.search(body):
            commas = [at for at in range(first + 1, last - 1) if text[at] == ","]
            return Line(first, last, tuple((at, at + 1) for at in commas), lead > 0)
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
        if "\t" in found[0] and a - first < 8 and _LIST_SIGN.fullmatch(text[first:a].strip()):
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
    if (
        printed.rstrip().endswith((",", "/", "("))
        or re.search(r"\w-\s*$", printed)
        or re.search(r"\b(?:and|or|of|for|with|the|to|in|by|is|are|y|de|und|et|en|no|not)$", printed, re.I)
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


_SPECIMEN = re.compile(
    r"^\s*(?:(?:specimen|part|muestra|material|präparat|prélèvement)\s*)?(?P<label>[A-H]"
    r"|\d{1,2})\s*[.:)]\s*(?=[^:\n]{0,80}(?:breast|mama|brust|sein|borst|node|ganglio|lung|pulm|colon|liver|skin|left"
    r"|right|izquierd|derech|links|rechts|biops|resection|excision|mass|tumou?r|marrow|lobe|metasta)[^:\n]{0,60}(?::"
    r"|$))",
    re.I,
)
_DATED = re.compile(r"\b(?P<date>(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)\b")


class Stems:
    """The first four letters of the words of a stretch, kept while the same stretch is asked about again.

    Most clauses hold no word that a rule is about: one look at these spares the rule's patterns.
    """

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._held: tuple[str, int, int, frozenset[str]] = ("", 0, 0, frozenset())

    def __call__(self, text: str, start: int, end: int) -> frozenset[str]:
        """Return the stems, in lower case."""
        held = self._held
        if held[0] is not text or held[1] != start or held[2] != end:
            words = _ANY_WORD.findall(text[start:end].lower())
            self._held = held = (text, start, end, frozenset([word[:4] for word in words]))
        return held[3]


_ANY_WORD = re.compile(r"[^\W_]+")
stems = Stems()


class Headings:
    """What headings and labels say of the lines below them; compiled once from the rules."""

    def __init__(self, rules: tuple[tuple[str, dict[str, str | bool]], ...]) -> None:
        """Compile pairs of a pattern and what it says; the first that fits counts."""
        self._each = tuple(
            (re.compile(pattern, re.I), _first_letters(pattern), _context(says)) for pattern, says in rules
        )
        self._by_start: dict[str, list[tuple[int, re.Pattern[str], Context]]] = {}
        for order, (pattern, start, says) in enumerate(self._each):
            self._by_start.setdefault(start, []).append((order, pattern, says))

    def says(self, text: str) -> Context | None:
        """Return what a heading says; None where it says nothing about results."""
        fits = None
        for start in {"", *(word[:3] for word in _WORDS.findall(text.lower()))}:
            for order, pattern, says in self._by_start.get(start, ()):
                if (fits is None or order < fits[0]) and pattern.search(text):
                    fits = order, says
        return fits[1] if fits else None

    def assay_above(self, heading: str, text: str) -> str:
        """Return "fish" where the heading above a section, which its text does not repeat, says so."""
        said = self.says(heading) if heading and not text.startswith(heading) else None
        return "fish" if said is not None and said.assay == "fish" else ""


_WORDS = re.compile(r"[^\W\d_]{2,}")


def _first_letters(pattern: str) -> str:
    """Return the first letters of a word that every text must hold in which the pattern is found."""
    bare = re.sub(r"\(\?:[^()]*\)\??", " ", re.sub(r"\(\?:[^()]*\)\?", " ", pattern))
    bare = re.sub(r"\\.|\[[^\]]*\]\??|\w\?", " ", bare)
    words: list[str] = _WORDS.findall(bare)
    return words[0][:3].lower() if words else ""


def _context(says: dict[str, str | bool]) -> Context:
    told = {name: str(value) for name, value in says.items() if not isinstance(value, bool)}
    return Context(
        silent=bool(says.get("silent")),
        historical=bool(says.get("historical")),
        classification=told.get("classification", ""),
        origin=told.get("origin", ""),
        result=told.get("result", ""),
        reason=told.get("reason", ""),
        assay=told.get("assay", ""),
    )


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
        assay_of=said.assay_of if said.assay else base.assay_of,
        specimen=said.specimen or base.specimen,
        gene=said.gene or base.gene,
    )

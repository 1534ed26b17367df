"""Which rows are headings, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.domain.section import SectionKind
from app.stages.sections.layouts import Layout
from app.stages.sections.rows import Row, body_size, size_of
from app.stages.sections.spelling import heading_text, squeezed

_BEFORE_COLON = re.compile(r"^(.{2,72}?)\s*[::]\s*(.*)$", re.S)
_BEFORE_DASH = re.compile(r"^([^a-z]{4,48}?)\s+[-–—]+\s+(\S.*)$", re.S)
_BULLET = re.compile(r"^[•·▪◦●○■–-]\s")
_LONG = 20
"""Letters of a heading that hardly begins a sentence by chance."""
_COUNT = re.compile(r"^\s*\d{1,3}\s+")
_INLINE_WORDING = frozenset(
    {SectionKind.NEGATIVE, SectionKind.VUS, SectionKind.NOT_COVERED, SectionKind.GENE_LIST, SectionKind.TRIALS}
)
"""What a label may say of the text on its own line, when we know its words only by their likeness."""
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]](?=\s*$|,)")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Looks:
    """What is usual in a document, against which headings stand out.

    Attributes:
        size: Size of most letters, in points.
        bold: Whether boldness tells nothing, since much of the text is bold.
        capitals: Whether capitals tell nothing, since much of the text is in capitals.
        lengths: Numbers of letters that long listed headings have, the longest first.
    """

    size: float
    bold: bool
    capitals: bool
    lengths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Attributes:
        text: As printed, without what follows its colon.
        kind: What stands under it; None where we do not know the words.
        rank: Its size in points, a little more in bold or capitals; a higher one ends what a lower one began.
        stands_out: Whether it looks like a heading, whatever its words.
        inner: Whether it only parts the section that it stands in.
        inline: Whether text follows it on its line.
        begins: Whether it begins its block of lines, or ends with a colon.
        exact: Whether its words are listed, not only like those of other headings.
        margin: How much larger than another heading it must be to stand above it.
    """

    text: str
    kind: SectionKind | None
    rank: float
    stands_out: bool
    inner: bool = False
    inline: bool = False
    begins: bool = True
    exact: bool = True
    margin: float = 1.1


def looks_of(rows: Sequence[Row], layout: Layout) -> Looks:
    """Measure what is usual in a document."""
    letters = max(sum(len(row.text) for row in rows), 1)
    bold = sum(len(row.text) for row in rows if row.bold)
    capitals = sum(len(row.text) for row in rows if _capitals(row.text))
    lengths = sorted({len(phrase) for phrase in layout.headings if len(phrase) >= _LONG}, reverse=True)
    return Looks(body_size(rows), bold > 0.5 * letters, capitals > 0.35 * letters, tuple(lengths))


def heading(row: Row, layout: Layout, looks: Looks) -> Heading | None:
    """Read a row as a heading; None where it is none."""
    stands_out = _stands_out(row, looks)
    rank = row.size + (0.4 if row.bold else 0.0) + (0.2 if _capitals(row.cells[0].text) else 0.0)
    known = _known(row, layout, looks, rank, stands_out=stands_out)
    if known is not None:
        return known
    text = row.cells[0].text if len(row.cells) > 1 else row.text
    short = len(text) <= 110 and len(text.split()) <= (14 if stands_out else 10) and not _is_tail(text)
    bare = heading_text(text)
    if not short or ":" in bare or len(_LETTERS.findall(bare)) < 3:
        return None
    if stands_out or text.rstrip().endswith(":") or (row.alone and len(row.cells) == 1):
        for pattern, kind in layout.wording:
            if pattern.search(bare) or pattern.search(squeezed(bare)):
                return Heading(bare, kind, rank, stands_out, exact=False)
    if stands_out and row.first and len(row.cells) == 1 and not any(c.isdigit() for c in bare):
        return Heading(bare, None, rank, stands_out=True, margin=1.4 if row.measured else 1.1)
    return None


def _known(row: Row, layout: Layout, looks: Looks, rank: float, *, stands_out: bool) -> Heading | None:
    first = row.cells[0].text
    texts = [row.text] if len(row.cells) == 1 else [row.text, first]
    for text in texts:
        bare = heading_text(text)
        key = "" if _is_tail(text) else _key(bare, layout)
        if key in layout.inner:
            return Heading(bare, None, rank, stands_out, inner=True)
        if key:
            inline = text is first and len(row.cells) > 1 and not stands_out and not _are_labels(row, layout)
            begins = row.first or text.rstrip().endswith(":")
            return Heading(bare, layout.headings[key], rank, stands_out, inline=inline, begins=begins)
    begun = _begun(row, layout, looks)
    if begun:
        return Heading(heading_text(row.text), layout.headings[begun], rank, stands_out)
    for pattern in (_BEFORE_COLON, _BEFORE_DASH):
        found = pattern.match(first)
        key = _key(heading_text(found[1]), layout) if found else ""
        if found and key in layout.headings and not (found[1][:1].islower() and found[2].strip() and not row.first):
            rest = bool(found[2].strip()) or len(row.cells) > 1
            distinct = stands_out or (_capitals(found[1]) and not looks.capitals)
            return Heading(
                heading_text(found[1]), layout.headings[key], rank, distinct, inline=rest, begins=row.first or not rest
            )
    found = _BEFORE_COLON.match(first)
    if found and found[2].strip():
        for wording, kind in layout.wording:
            if kind in _INLINE_WORDING and wording.search(found[1]):
                return Heading(heading_text(found[1]), kind, rank, stands_out=False, inline=True, exact=False)
    return None


def _begun(row: Row, layout: Layout, looks: Looks) -> str:
    """Return the long listed heading that a line of its own begins with, and adds to; "" where it begins with none."""
    if len(row.cells) != 1 or not row.first or len(row.text) > 110 or ":" in row.text or _is_tail(row.text):
        return ""
    key = squeezed(heading_text(row.text))
    fitting = (n for n in looks.lengths if n <= len(key) <= 2.5 * n)
    return next((key[:n] for n in fitting if key[:n] in layout.headings), "")


def _key(bare: str, layout: Layout) -> str:
    """Return the key under which a heading is listed, with or without what it adds in brackets; "" where it is not."""
    for text in (bare, _BRACKETS.sub("", bare), _COUNT.sub("", bare)):
        key = squeezed(text)
        if key in layout.headings or key in layout.inner:
            return key
    return ""


def _are_labels(row: Row, layout: Layout) -> bool:
    """Tell whether the cells beside a heading are headings too, so that none of them is its text."""
    keys = [squeezed(heading_text(cell.text)) for cell in row.cells[1:]]
    return all(key in layout.headings or key in layout.columns for key in keys)


def _is_tail(text: str) -> bool:
    """Tell whether a line is a list's entry, the end of a sentence or bracket, or goes on in the middle of one."""
    bare = text.strip()
    if _BULLET.match(bare) and not bare.endswith(":"):
        return True
    return (
        bare.endswith((".", ",", ";")) or bare.count(")") > bare.count("(") or (bare[:1].islower() and ":" not in bare)
    )


def _stands_out(row: Row, looks: Looks) -> bool:
    text = row.cells[0].text
    if len(text) > 110 or len(row.cells) > 3:
        return False
    words = [word for _, word in row.cells[0].words]
    big = median(size_of(word) for word in words) >= (1.35 if row.measured else 1.12) * looks.size
    bold = not looks.bold and 2 * sum(len(w.text) for w in words if w.bold) > sum(len(w.text) for w in words)
    capitals = _capitals(text) and not looks.capitals and not any(c.isdigit() for c in text)
    return big or bold or capitals


def _capitals(text: str) -> bool:
    letters = _LETTERS.findall(text)
    return len(letters) >= 5 and sum(1 for c in letters if c.isupper()) >= 0.9 * len(letters)

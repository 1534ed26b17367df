"""Text files without pages (plain text, RTF, HTML, Word) → rows of cells, in order.

A row of a table stays one row; what a tracked change deleted is not read; a plain text keeps its own lines and gaps.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.document import Format, SourceDocument
from app.domain.outcome import Issue
from app.errors import DamagedFileError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SKIPPED_TAGS = frozenset({"script", "style", "head", "template", "noscript", "svg", "iframe", "object", "title"})
BLOCK_TAGS = frozenset(
    tag
    for tags in (
        ("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form"),
        ("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
        ("tr", "ul"),
    )
    for tag in tags
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th", "b", "strong"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text, or one row of a table.

    Attributes:
        cells: Texts of the cells; a line of text has one. A line's own gaps are kept.
        table: Number of the table that it belongs to, from 1; 0 for a line of text.
        bold: Whether it is set as a heading.
    """

    cells: tuple[str, ...]
    table: int = 0
    bold: bool = False


def rows(document: SourceDocument) -> tuple[tuple[Row, ...], tuple[Issue, ...]]:
    """Return the rows of a document without pages, and what was noticed on the way.

    Raises:
        DamagedFileError: It does not open.
    """
    if document.format is Format.DOCX:
        return _docx(document)
    if document.format is Format.RTF:
        return _plain(_rtf(document)), ()
    text = decoded(document.content)
    if document.format is Format.HTML:
        return _html(text), ()
    return _plain(text), ()


def decoded(content: bytes) -> str:
    """Decode text by its byte order mark, else as UTF-8, UTF-16 or Windows-1252, whichever it can be."""
    for mark, name in BOMS:
        if content.startswith(mark):
            return content.decode(name, errors="replace").lstrip("\ufeff")
    if content[:2000].count(0) > len(content[:2000]) // 4:
        even, odd = content[0:2000:2].count(0), content[1:2000:2].count(0)
        return content.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _plain(text: str) -> tuple[Row, ...]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\u00a0", " ")
    return tuple(Row((line.expandtabs(8).rstrip(),)) for line in text.split("\n"))


def _rtf(document: SourceDocument) -> str:
    from striprtf import striprtf

    to_text: Callable[..., str] = striprtf.rtf_to_text

    try:
        source = document.content.decode("cp1252", errors="replace")
        # Deleted text of tracked changes stands in groups marked \deleted.
        source = re.sub(r"\{[^{}]*\\deleted\b[^{}]*\}", "", source)
        return str(to_text(source, errors="replace")).replace("|\n", "\n").replace("|", "\t")
    except (ValueError, IndexError, KeyError, TypeError, RecursionError, UnicodeError) as error:
        raise DamagedFileError(document.name) from error


def _docx(document: SourceDocument) -> tuple[tuple[Row, ...], tuple[Issue, ...]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            parts = [
                n for n in archive.namelist() if re.fullmatch(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml", n)
            ]
            ordered = [
                *sorted(n for n in parts if "header" in n),
                "word/document.xml",
                *sorted(n for n in parts if "header" not in n),
            ]
            trees = [fromstring(archive.read(name)) for name in ordered]
    except (
        KeyError,
        zipfile.BadZipFile,
        ParseError,
        DefusedXmlException,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
    ) as error:
        raise DamagedFileError(document.name) from error
    walk = _Word()
    found = tuple(row for tree in trees for row in walk.blocks(tree))
    if not walk.changes:
        return found, ()
    note = (
        "This Word file holds changes that nobody has accepted yet. We read it as if they were accepted. "
        "Ask for the signed report."
    )
    return found, (Issue("document.tracked_changes", note),)


class _Word:
    """Walks through a Word document's XML; a deletion that is only proposed counts as made."""

    def __init__(self) -> None:
        self.changes = False
        self._tables = 0

    def blocks(self, node: Any) -> Iterator[Row]:
        for child in node:
            if child.tag == W + "p":
                text = self.text(child)
                style = child.find(f"{W}pPr/{W}pStyle")
                bold = style is not None and str(style.get(W + "val", "")).lower().startswith(("heading", "title"))
                for line in text.split("\n"):
                    yield Row((line,), bold=bold)
            elif child.tag == W + "tbl":
                self._tables += 1
                yield Row(("",))
                yield from self._table(child, self._tables)
                yield Row(("",))
            elif child.tag in (W + "del", W + "moveFrom"):
                self.changes = True
            else:
                yield from self.blocks(child)

    def _table(self, table: Any, number: int) -> Iterator[Row]:
        for row in table.iter(W + "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.changes = True
                continue
            cells = [
                " ".join(" ".join(r.cells) for r in self.blocks(cell) if any(r.cells)) for cell in row.findall(W + "tc")
            ]
            yield Row(tuple(cell.replace("\n", " ") for cell in cells), table=number)

    def text(self, node: Any) -> str:
        parts: list[str] = []
        for child in node:
            if child.tag in (W + "del", W + "moveFrom"):
                self.changes = True
            elif child.tag in (W + "t", W + "noBreakHyphen"):
                parts.append(child.text or "-")
            elif child.tag == W + "tab":
                parts.append("\t")
            elif child.tag in (W + "br", W + "cr"):
                parts.append("\n")
            elif child.tag in (W + "pPr", W + "rPr", W + "instrText"):
                continue
            else:
                if child.tag in (W + "ins", W + "moveTo"):
                    self.changes = True
                if child.find(f"{W}rPr/{W}vanish") is None:
                    parts.append(self.text(child))
        return "".join(parts).expandtabs(8)


def _html(text: str) -> tuple[Row, ...]:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    page = _Html()
    page.walk(soup.body or soup, bold=False)
    page.end_line()
    return tuple(page.rows)


class _Html:
    """Walks through a web page; what its own style hides is not read."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._line: list[str] = []
        self._bold = False
        self._tables = 0

    def end_line(self) -> None:
        text = re.sub(r"[ \t\r\n\u00a0]+", " ", "".join(self._line)).strip()
        if text:
            self.rows.append(Row((text,), bold=self._bold))
        self._line = []
        self._bold = False

    def walk(self, node: Any, *, bold: bool) -> None:
        from bs4.element import Comment, NavigableString

        for child in node.children:
            if isinstance(child, Comment):
                continue
            if isinstance(child, NavigableString):
                self._line.append(str(child))
                self._bold = self._bold or (bold and bool(str(child).strip()))
                continue
            name = child.name.lower()
            if name in SKIPPED_TAGS or _hidden(child):
                continue
            if name == "br":
                self.end_line()
            elif name == "table" and not child.find("table"):
                self._table(child)
            elif name == "pre":
                self.end_line()
                self.rows.extend(_plain(child.get_text()))
            elif name in BLOCK_TAGS:
                self.end_line()
                self.walk(child, bold=name in HEADINGS)
                self.end_line()
                if name not in ("li", "tr", "dt", "dd", "div"):
                    self.rows.append(Row(("",)))
            else:
                self.walk(child, bold=bold or name in HEADINGS)

    def _table(self, table: Any) -> None:
        self.end_line()
        self._tables += 1
        self.rows.append(Row(("",)))
        for line in table.find_all("tr"):
            if _hidden(line):
                continue
            cells = [c for c in line.find_all(["td", "th"], recursive=False) if not _hidden(c)]
            texts = tuple(re.sub(r"\s+", " ", c.get_text(" ")).strip() for c in cells)
            if any(texts):
                self.rows.append(Row(texts, table=self._tables, bold=all(c.name == "th" for c in cells)))
        self.rows.append(Row(("",)))


def _hidden(tag: Any) -> bool:
    style = re.sub(r"\s", "", str(tag.get("style") or "").lower())
    return tag.has_attr("hidden") or "display:none" in style or "visibility:hidden" in style

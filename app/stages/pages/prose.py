"""Text files without pages (plain text, RTF, HTML, Word) → rows of cells, in order.

A row of a table stays one row; what is hidden, crossed out or deleted by a tracked change is not read; a plain text
keeps its own lines and gaps.
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
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What a program shows that does not know the newer form beside it: the same again."""

STRUCK_TAGS = frozenset({"s", "strike", "del"})
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
        return _rtf(document)
    text = decoded(document.content)
    if document.format is Format.HTML:
        return _html(text)
    return _plain(text), ()


def _struck() -> Issue:
    return Issue(
        "document.struck_text",
        "Some text in this file is crossed out. We left it out. Ask the laboratory for the final report if in doubt.",
    )


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


def _rtf(document: SourceDocument) -> tuple[tuple[Row, ...], tuple[Issue, ...]]:
    from striprtf import striprtf

    to_text: Callable[..., str] = striprtf.rtf_to_text

    try:
        source, struck = _shown_rtf(document.content.decode("cp1252", errors="replace"))
        text = str(to_text(source, errors="replace")).replace("|\n", "\n").replace("|", "\t")
    except (ValueError, IndexError, KeyError, TypeError, RecursionError, UnicodeError) as error:
        raise DamagedFileError(document.name) from error
    return _plain(text), (_struck(),) if struck else ()


RTF_TOKEN = re.compile(r"\\'[0-9a-fA-F]{2}|\\([a-z]{1,32})(-?\d+)? ?|\\[^a-z]|[{}]|[^\\{}]+", re.DOTALL)
RTF_HIDES = {"v": "hidden", "deleted": "hidden", "strike": "struck", "striked": "struck"}


def _shown_rtf(source: str) -> tuple[str, bool]:
    """Leave out what is hidden, deleted or crossed out, and tell whether anything was crossed out."""
    kept: list[str] = []
    states: list[frozenset[str]] = [frozenset()]
    struck = False
    for token in RTF_TOKEN.finditer(source):
        word, number = token[1], token[2]
        if token[0] == "{":
            states.append(states[-1])
        elif token[0] == "}":
            if len(states) > 1:
                states.pop()
        elif word in RTF_HIDES:
            what = {RTF_HIDES[word]}
            states[-1] = states[-1] - what if number == "0" else states[-1] | what
        elif word == "plain":
            states[-1] = frozenset()
        elif states[-1] and (word is None or word == "u"):
            struck = struck or ("struck" in states[-1] and bool(token[0].strip()))
            continue
        kept.append(token[0])
    return "".join(kept), struck


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
    note = (
        "This Word file holds changes that nobody has accepted yet. We read it as if they were accepted. "
        "Ask for the signed report."
    )
    changed = (Issue("document.tracked_changes", note),) if walk.changes else ()
    return found, (*changed, *((_struck(),) if walk.struck else ()))


class _Word:
    """Walks through a Word document's XML; a deletion that is only proposed counts as made."""

    def __init__(self) -> None:
        self.changes = False
        self.struck = False
        self._tables = 0
        self._boxes: list[Any] = []

    def blocks(self, node: Any) -> Iterator[Row]:
        for child in node:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == FALLBACK:
                continue
            elif child.tag == W + "tbl":
                self._tables += 1
                yield Row(("",))
                yield from self._table(child, self._tables)
                yield Row(("",))
            elif child.tag in (W + "del", W + "moveFrom"):
                self.changes = True
            else:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[Row]:
        """Yield the lines of a paragraph, then those of the text boxes that hang on it."""
        outer, self._boxes = self._boxes, []
        text = self.text(paragraph)
        boxes, self._boxes = self._boxes, outer
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        bold = style is not None and str(style.get(W + "val", "")).lower().startswith(("heading", "title"))
        for line in text.split("\n"):
            yield Row((line,), bold=bold)
        for box in boxes:
            yield from self.blocks(box)

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
            elif child.tag in (W + "pPr", W + "rPr", W + "instrText", FALLBACK):
                continue
            elif child.tag == W + "txbxContent":
                self._boxes.append(child)
            else:
                if child.tag in (W + "ins", W + "moveTo"):
                    self.changes = True
                if not self._left_out(child):
                    parts.append(self.text(child))
        return "".join(parts).expandtabs(8)

    def _left_out(self, run: Any) -> bool:
        """Tell whether a run is hidden or crossed out."""
        if _is_set(run, "vanish"):
            return True
        struck = _is_set(run, "strike") or _is_set(run, "dstrike")
        self.struck = self.struck or (struck and bool("".join(run.itertext()).strip()))
        return struck


def _is_set(run: Any, name: str) -> bool:
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and str(found.get(W + "val", "1")).lower() not in ("0", "false", "off", "none")


def _html(text: str) -> tuple[tuple[Row, ...], tuple[Issue, ...]]:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    crossed = [tag for tag in soup.find_all(_is_struck) if tag.get_text(strip=True) and not _hidden(tag)]
    for tag in crossed:
        tag.clear()
    page = _Html()
    page.walk(soup.body or soup, bold=False)
    page.end_line()
    return tuple(page.rows), (_struck(),) if crossed else ()


def _is_struck(tag: Any) -> bool:
    return tag.name in STRUCK_TAGS or "line-through" in str(tag.get("style") or "").lower()


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

"""Analysis → the sheet for the visit: a PDF of two pages that a person can print and take along.

The first page says in short what the reports say, shows the important results in a table, and lists the questions to
ask; the second has small pictures of the pages that the results stand on, each with its box drawn in, and the sources.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from PIL import Image as Picture
from PIL import ImageDraw
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from app.domain.document import SourceDocument
from app.domain.guidance import Part, Saying, Sentence
from app.domain.page import Page
from app.domain.provenance import Box
from app.domain.statement import Source
from app.pipeline import Analysis
from app.stages import pages, views

INK, ACCENT, SOFT, AMBER = HexColor("#1d2126"), HexColor("#0b5e63"), HexColor("#5c6670"), HexColor("#b35c00")
MOST = {"urgent": 4, "in_short": 5, "not_judged": 3, "not_in_documents": 4, "questions": 8}
MOST_RESULTS = 8
MOST_PICTURES = 6
DrawPage = Callable[[SourceDocument, Page], bytes]
WORDS = Path(__file__).parents[1] / "data" / "sheet.yaml"


def write_sheet(
    analysis: Analysis,
    sources: Sequence[SourceDocument],
    *,
    large: bool = False,
    letter: bool = True,
    draw: DrawPage = pages.picture,
) -> bytes:
    """Draw the sheet.

    Args:
        analysis: What was read and explained.
        sources: The documents of the analysis, in its order, for the page pictures; may be empty.
        large: Large print (15 point text in place of 10).
        letter: US letter paper, else A4.
        draw: Draws a page of a document.
    """
    styles = _styles(large)
    told = analysis.guidance
    words = _words(told.language)
    marks, listed = views.numbered_sources(told)
    numbers = _Numbers(marks)
    parts = {part.id: part for part in told.parts if part.sentences}
    story: list[Flowable] = [
        Paragraph(escape(words["title"]), styles["title"]),
        Paragraph(escape(_dated(analysis, words)), styles["small"]),
    ]
    for name in ("urgent", "in_short"):
        if name in parts:
            story += _part(parts[name], numbers, styles)
    if "findings" in parts:
        story += _results(analysis, parts["findings"], numbers, words, styles)
    for name in ("not_judged", "not_in_documents", "questions"):
        if name in parts:
            story += _part(parts[name], numbers, styles)
    story.append(PageBreak())
    story += _pictures(analysis, sources, words, styles, draw)
    cited = {n: source for n, source in enumerate(listed, 1) if n in numbers.used}
    story += _sources(cited, parts["sources"].heading if "sources" in parts else "", styles)
    story += [Spacer(1, 6), Paragraph(escape(told.disclaimer), styles["small"])]
    return _built(story, LETTER if letter else A4, words)


class _Numbers:
    """The numbers of the sources, and which of them stand on the sheet."""

    def __init__(self, marks: dict[str, int]) -> None:
        self._marks = marks
        self.used: set[int] = set()

    def of(self, sentence: Sentence) -> list[int]:
        """Return the numbers that the sentence cites, in order."""
        cited = sorted({self._marks[c] for c in sentence.citations if c in self._marks})
        self.used.update(cited)
        return cited


@cache
def _words(language: str) -> dict[str, str]:
    told: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return told.get(language, told["en"])


def _built(story: list[Flowable], size: tuple[float, float], words: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=size, leftMargin=50, rightMargin=50, topMargin=44, bottomMargin=44,
        title=words["title"], author="Caseguide", lang=words["lang"], invariant=1,
    )  # fmt: skip
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)

    def foot(canvas: object, _: object) -> None:
        canvas.setFont("Sans", 8)  # type: ignore[attr-defined]
        canvas.setFillColor(SOFT)  # type: ignore[attr-defined]
        canvas.drawRightString(size[0] - 50, 26, f"{words['page']} {canvas.getPageNumber()}")  # type: ignore[attr-defined]

    document.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=foot)])
    document.build(story)
    return buffer.getvalue()


@cache
def _fonts() -> None:
    folder = resources.files("app") / "data" / "fonts"
    for name, file in (("Sans", "Regular"), ("Sans-Bold", "Semibold"), ("Sans-Italic", "It")):
        with resources.as_file(folder / f"SourceSans3-{file}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily("Sans", normal="Sans", bold="Sans-Bold", italic="Sans-Italic", boldItalic="Sans-Bold")


def _styles(large: bool) -> dict[str, ParagraphStyle]:
    _fonts()
    size = 15 if large else 10
    body = ParagraphStyle("body", fontName="Sans", fontSize=size, leading=size * 1.36, textColor=INK)
    head = ParagraphStyle("head", body, fontName="Sans-Bold", textColor=ACCENT)
    return {
        "body": body,
        "title": ParagraphStyle("title", head, fontSize=size * 2, leading=size * 2.4),
        "h": ParagraphStyle("h", head, fontSize=size * 1.2, leading=size * 1.6, spaceBefore=size * 0.7),
        "item": ParagraphStyle("item", body, leftIndent=size, bulletIndent=0, spaceAfter=size * 0.15),
        "urgent": ParagraphStyle("urgent", body, fontName="Sans-Bold", textColor=AMBER),
        "small": ParagraphStyle("small", body, fontSize=size * 0.82, leading=size * 1.1, textColor=SOFT),
    }


def _dated(analysis: Analysis, words: dict[str, str]) -> str:
    dates = list(dict.fromkeys(d.report_date.isoformat() for d in analysis.documents if d.report_date))
    of = words["reports_of"].format(dates=", ".join(dates)) + " " if dates else ""
    return of + words["made_with"].format(version=analysis.knowledge_version)


def _results(
    analysis: Analysis, part: Part, numbers: _Numbers, words: dict[str, str], styles: dict[str, ParagraphStyle]
) -> list[Flowable]:
    """Show each result once: what the report says, the first thing that sources say of it, and the page."""
    findings = {f.id: f for f in analysis.profile.findings}
    said: dict[str, list[Sentence]] = {}
    for sentence in part.sentences:
        for identity in sentence.about:
            said.setdefault(identity, []).append(sentence)
    head = [Paragraph(escape(words[name]), styles["small"]) for name in ("result", "sources_say", "page")]
    rows: list[list[Flowable]] = []
    for identity, sentences in said.items():
        report = next((s for s in sentences if s.kind is Saying.REPORT), None)
        if report is None or identity not in findings:
            continue
        facts = [s for s in sentences if s.kind is Saying.FACT and not s.citations[0].startswith("card:")]
        held = next((s.text for s in sentences if s.template.startswith("rung.held_")), words["nothing"])
        page = next((e.page for e in findings[identity].evidence if e.page), None)
        rows.append(
            [
                Paragraph(escape(report.text), styles["body"]),
                Paragraph(_marked(facts[0], numbers) if facts else escape(held), styles["body"]),
                Paragraph(str(page or ""), styles["body"]),
            ]
        )
    if not rows:
        return []
    table = Table([head, *rows[:MOST_RESULTS]], colWidths=[200, 270, 42], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#d5dade")),
            ]
        )
    )
    more = len(rows) - MOST_RESULTS
    rest = [Paragraph(escape(words["more"].format(count=more)), styles["small"])] if more > 0 else []
    return [Paragraph(escape(part.heading), styles["h"]), table, *rest]


def _part(part: Part, numbers: _Numbers, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    style = styles["urgent"] if part.id == "urgent" else styles["item"]
    shown = part.sentences[: MOST.get(part.id, 6)]
    rows: list[Flowable] = [
        Paragraph(_marked(s, numbers), style, bulletText="" if part.id in ("in_short", "urgent") else _bullet(part, n))
        for n, s in enumerate(shown, 1)
    ]
    return [KeepTogether([Paragraph(escape(part.heading), styles["h"]), rows[0]]), *rows[1:]]


def _bullet(part: Part, number: int) -> str:
    return f"{number}." if part.id == "questions" else "•"


def _marked(sentence: Sentence, numbers: _Numbers) -> str:
    cited = ", ".join(map(str, numbers.of(sentence)))
    return escape(sentence.text) + (f' <font size="7" color="#5c6670">[{cited}]</font>' if cited else "")


def _sources(listed: dict[int, Source], heading: str, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    if not listed:
        return []
    rows: list[Flowable] = [
        Paragraph(escape(heading), styles["h"]),
        HRFlowable(width="100%", thickness=0.4, color=SOFT),
    ]
    for number, source in listed.items():
        text = ", ".join(filter(None, (source.title, source.date, source.url)))
        rows.append(Paragraph(f"[{number}] {escape(text)}", styles["small"]))
    return rows


def _pictures(
    analysis: Analysis,
    sources: Sequence[SourceDocument],
    words: dict[str, str],
    styles: dict[str, ParagraphStyle],
    draw: DrawPage,
) -> list[Flowable]:
    places: dict[tuple[int, int], list[Box]] = {}
    important = {i for p in analysis.guidance.parts if p.id == "findings" for s in p.sentences for i in s.about}
    for finding in analysis.profile.findings:
        if finding.id not in important:
            continue
        for evidence in finding.evidence:
            if evidence.document is not None and evidence.page is not None and evidence.box is not None:
                places.setdefault((evidence.document, evidence.page), []).append(evidence.box)
    cells: list[list[Flowable]] = []
    for (document, number), boxes in list(places.items())[:MOST_PICTURES]:
        if document >= len(sources):
            continue
        page = next(p for p in analysis.documents[document].pages if p.number == number)
        caption = f"{analysis.documents[document].name}, {words['page'].lower()} {number}"
        picture = _picture(draw(sources[document], page), page, boxes)
        cells.append([picture, Paragraph(escape(caption), styles["small"])])
    if not cells:
        return []
    rows = [cells[n : n + 3] for n in range(0, len(cells), 3)]
    rows[-1] += [[Spacer(1, 1)]] * (3 - len(rows[-1]))
    table = Table(rows, colWidths=[170] * 3)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return [Paragraph(escape(words["where"]), styles["h"]), table]


def _picture(drawn: bytes, page: Page, boxes: Sequence[Box]) -> Image:
    picture = Picture.open(io.BytesIO(drawn)).convert("RGB")
    scale = picture.width / page.width
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        edges = [v * scale for v in (box.x0 - 1.5, box.y0 - 1.5, box.x1 + 1.5, box.y1 + 1.5)]
        draw.rectangle(edges, outline=(11, 94, 99), width=max(2, round(scale * 1.2)))
    small = io.BytesIO()
    picture.thumbnail((700, 900))
    picture.save(small, "JPEG", quality=70)
    small.seek(0)
    width = picture.width * min(160 / picture.width, 200 / picture.height)
    return Image(small, width=width, height=picture.height * width / picture.width)

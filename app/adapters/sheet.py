"""Analysis → the sheet for the visit: a PDF of two pages that a person can print and take along.

The first page says in short what the reports say, lists the important findings and the questions to ask; the second has
the sources and small pictures of the pages that the findings stand on, each with its box drawn in.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib import resources
from xml.sax.saxutils import escape

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
from app.domain.guidance import Guidance, Part, Sentence
from app.domain.page import Page
from app.domain.provenance import Box
from app.domain.statement import Source
from app.pipeline import Analysis
from app.stages import pages, views

INK, ACCENT, SOFT, AMBER = HexColor("#1d2126"), HexColor("#0b5e63"), HexColor("#5c6670"), HexColor("#b35c00")
FIRST_PAGE = (
    "urgent",
    "in_short",
    "your_report",
    "findings",
    "not_judged",
    "not_in_documents",
    "questions",
    "next_steps",
)
MOST = {"findings": 14, "your_report": 6, "not_in_documents": 6, "questions": 8, "next_steps": 4, "not_judged": 4}
MOST_PICTURES = 6


def write_sheet(
    analysis: Analysis, sources: Sequence[SourceDocument], *, large: bool = False, letter: bool = True
) -> bytes:
    """Draw the sheet.

    Args:
        analysis: What was read and explained.
        sources: The documents of the analysis, in its order, for the page pictures; may be empty.
        large: Large print (15 point text in place of 10).
        letter: US letter paper, else A4.
    """
    styles = _styles(large)
    told = analysis.guidance
    story: list[Flowable] = [Paragraph("Your sheet for the visit", styles["title"])]
    story.append(Paragraph(escape(_dated(analysis)), styles["small"]))
    numbers, listed = views.numbered_sources(told)
    for part in _parts(told):
        story += _part(part, numbers, styles)
    story.append(PageBreak())
    story.append(Paragraph("Where this stands in your reports", styles["h"]))
    story += _pictures(analysis, sources, styles)
    story += _sources(listed, styles)
    story.append(Spacer(1, 6))
    story.append(Paragraph(escape(told.disclaimer), styles["small"]))
    return _built(story, LETTER if letter else A4, styles)


def _built(story: list[Flowable], size: tuple[float, float], styles: dict[str, ParagraphStyle]) -> bytes:
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=size, leftMargin=50, rightMargin=50, topMargin=44, bottomMargin=44,
        title="Your sheet for the visit", author="Caseguide", lang="en", invariant=1,
    )  # fmt: skip
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)

    def foot(canvas: object, _: object) -> None:
        canvas.setFont("Sans", 8)  # type: ignore[attr-defined]
        canvas.setFillColor(SOFT)  # type: ignore[attr-defined]
        canvas.drawRightString(size[0] - 50, 26, f"Page {canvas.getPageNumber()}")  # type: ignore[attr-defined]

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


def _dated(analysis: Analysis) -> str:
    dates = [d.report_date.isoformat() for d in analysis.documents if d.report_date]
    of = f"Reports of {', '.join(dict.fromkeys(dates))}. " if dates else ""
    made = f"Made from your documents with the facts of {analysis.knowledge_version}."
    return f"{of}{made} A machine read them; check with your care team."


def _parts(told: Guidance) -> list[Part]:
    by_id = {part.id: part for part in told.parts if part.sentences}
    return [by_id[name] for name in FIRST_PAGE if name in by_id]


def _part(part: Part, numbers: dict[str, int], styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    style = styles["urgent"] if part.id == "urgent" else styles["item"]
    shown = part.sentences[: MOST.get(part.id, 6)]
    rows: list[Flowable] = [
        Paragraph(_marked(s, numbers), style, bulletText="" if part.id in ("in_short", "urgent") else _bullet(part, n))
        for n, s in enumerate(shown, 1)
    ]
    if len(part.sentences) > len(shown):
        rows.append(Paragraph(f"{len(part.sentences) - len(shown)} more on the screen.", styles["small"]))
    return [KeepTogether([Paragraph(escape(part.heading), styles["h"]), rows[0]]), *rows[1:]]


def _bullet(part: Part, number: int) -> str:
    return f"{number}." if part.id == "questions" else "•"


def _marked(sentence: Sentence, numbers: dict[str, int]) -> str:
    cited = ", ".join(map(str, sorted({numbers[c] for c in sentence.citations if c in numbers})))
    return escape(sentence.text) + (f' <font size="7" color="#5c6670">[{cited}]</font>' if cited else "")


def _sources(listed: Sequence[Source], styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    if not listed:
        return []
    rows: list[Flowable] = [Paragraph("Sources", styles["h"]), HRFlowable(width="100%", thickness=0.4, color=SOFT)]
    for number, source in enumerate(listed, 1):
        text = ", ".join(filter(None, (source.title, source.date, source.url)))
        rows.append(Paragraph(f"[{number}] {escape(text)}", styles["small"]))
    return rows


def _pictures(
    analysis: Analysis, sources: Sequence[SourceDocument], styles: dict[str, ParagraphStyle]
) -> list[Flowable]:
    places: dict[tuple[int, int], list[Box]] = {}
    for finding in analysis.profile.findings:
        for evidence in finding.evidence:
            if evidence.document is not None and evidence.page is not None and evidence.box is not None:
                places.setdefault((evidence.document, evidence.page), []).append(evidence.box)
    cells: list[list[Flowable]] = []
    for (document, number), boxes in list(places.items())[:MOST_PICTURES]:
        if document >= len(sources):
            continue
        page = next(p for p in analysis.documents[document].pages if p.number == number)
        caption = f"{analysis.documents[document].name}, page {number}"
        cells.append([_picture(sources[document], page, boxes), Paragraph(escape(caption), styles["small"])])
    if not cells:
        return []
    rows = [cells[n : n + 3] for n in range(0, len(cells), 3)]
    rows[-1] += [[Spacer(1, 1)]] * (3 - len(rows[-1]))
    table = Table(rows, colWidths=[170] * 3)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return [table]


def _picture(source: SourceDocument, page: Page, boxes: Sequence[Box]) -> Image:
    picture = Picture.open(io.BytesIO(pages.picture(source, page, dpi=110))).convert("RGB")
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

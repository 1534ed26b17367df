"""What the sample reports are drawn with: a page frame, headings, key–value blocks and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

WIDTH, HEIGHT = letter
MARGIN = 44
INK = HexColor("#1d2430")
SOFT = HexColor("#5b6675")
LINE = HexColor("#cfd6de")
NOTICE = "Sample made for demonstration. The person, the laboratory and all results are invented."


@dataclass(frozen=True)
class Look:
    """How a laboratory's reports look.

    Attributes:
        laboratory: Name in the head of each page.
        address: Line below it.
        test: Title at the right of the head.
        accent: Colour of the head and headings.
        tint: Ground of table heads and boxes.
        repeated: Line with name and number of the case, at the foot of each page.
    """

    laboratory: str
    address: str
    test: str
    accent: Color
    tint: Color
    repeated: str


def style(size: float = 8.6, *, bold: bool = False, color: Color = INK, lead: float = 1.32) -> ParagraphStyle:
    """Return a paragraph style."""
    font = "Helvetica-Bold" if bold else "Helvetica"
    return ParagraphStyle("text", fontName=font, fontSize=size, leading=size * lead, textColor=color)


def text(words: str, size: float = 8.6, *, bold: bool = False, color: Color = INK) -> Paragraph:
    """Return a paragraph; `<b>` and `<i>` are understood."""
    return Paragraph(words, style(size, bold=bold, color=color))


def heading(words: str, look: Look) -> Flowable:
    """Return a section heading with a rule below it."""
    table = Table([[text(words, 10.5, bold=True, color=look.accent)]], colWidths=[WIDTH - 2 * MARGIN])
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.9, look.accent),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("TOPPADDING", (0, 0), (-1, -1), 9),
        ]
    )
    return table


def grid(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], look: Look, *, size: float = 8.4
) -> Table:
    """Return a table with a tinted head, if it has one, and hairlines between rows; widths are shares of the page."""
    room = WIDTH - 2 * MARGIN
    body = [[text(cell, size - 0.4, bold=True, color=look.accent) for cell in head]] if head else []
    body += [[text(cell, size) for cell in row] for row in rows]
    table = Table(body, colWidths=[room * share / sum(widths) for share in widths], repeatRows=1 if head else 0)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0 if head else -1), look.tint if head else white),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    return table


def pairs(rows: Sequence[tuple[str, str]], look: Look, *, columns: int = 2, label: float = 0.36) -> Table:
    """Return a block of labels and values, down the first column and then the next, on tinted ground."""
    room = WIDTH - 2 * MARGIN
    depth = -(-len(rows) // columns)
    body: list[list[Paragraph | str]] = []
    for i in range(depth):
        line: list[Paragraph | str] = []
        for j in range(columns):
            at = i + j * depth
            name, value = rows[at] if at < len(rows) else ("", "")
            line += [text(name, 7.8, color=SOFT), text(value, 8.6)]
        body.append(line)
    one = room / columns
    table = Table(body, colWidths=[one * label, one * (1 - label)] * columns)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), look.tint),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
            ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ]
    )
    return table


def tiles(cells: Sequence[tuple[str, str, str]], look: Look) -> Table:
    """Return boxes side by side: a small label, a large value, a line of explanation."""
    room = WIDTH - 2 * MARGIN
    body = [
        [text(label, 7.8, bold=True, color=look.accent) for label, _, _ in cells],
        [text(value, 13, bold=True) for _, value, _ in cells],
        [text(note, 7.8, color=SOFT) for _, _, note in cells],
    ]
    table = Table(body, colWidths=[room / len(cells)] * len(cells))
    edges = [("BOX", (i, 0), (i, -1), 0.8, LINE) for i in range(len(cells))]
    table.setStyle([*edges, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 8)])
    return table


def gap(points: float = 6) -> Spacer:
    """Return empty space."""
    return Spacer(1, points)


def together(*parts: Flowable) -> KeepTogether:
    """Keep parts on one page."""
    return KeepTogether(list(parts))


class _Numbered(Canvas):
    """A canvas that knows the number of pages when it draws the foot."""

    def __init__(self, *args: object, **options: object) -> None:
        options["invariant"] = True
        super().__init__(*args, **options)
        self._held: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Hold the page until all are known."""
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw the page numbers and write the file."""
        for held in self._held:
            self.__dict__.update(held)
            self.setFont("Helvetica", 7.5)
            self.setFillColor(SOFT)
            self.drawRightString(WIDTH - MARGIN, 26, f"Page {self._pageNumber} of {len(self._held)}")
            Canvas.showPage(self)
        Canvas.save(self)


def write(story: Sequence[Flowable], look: Look, target: Path) -> None:
    """Lay the story out in the laboratory's frame and write the PDF, the same bytes each time."""

    def frame(canvas: Canvas, _: object) -> None:
        canvas.setFillColor(look.accent)
        canvas.rect(0, HEIGHT - 58, WIDTH, 58, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.circle(MARGIN + 11, HEIGHT - 29, 11, stroke=0, fill=1)
        canvas.setFillColor(look.accent)
        canvas.circle(MARGIN + 14, HEIGHT - 27, 6, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(MARGIN + 30, HEIGHT - 27, look.laboratory)
        canvas.setFont("Helvetica", 7.5)
        canvas.drawString(MARGIN + 30, HEIGHT - 39, look.address)
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 32, look.test)
        canvas.setStrokeColor(LINE)
        canvas.line(MARGIN, 46, WIDTH - MARGIN, 46)
        canvas.setFillColor(SOFT)
        canvas.setFont("Helvetica", 7.5)
        canvas.drawString(MARGIN, 36, look.repeated)
        canvas.drawString(MARGIN, 26, NOTICE)

    document = BaseDocTemplate(str(target), pagesize=letter, title=look.test, author=look.laboratory, invariant=True)
    box = Frame(MARGIN, 50, WIDTH - 2 * MARGIN, HEIGHT - 50 - 68, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[box], onPage=frame)])
    document.build(list(story), canvasmaker=_Numbered)

"""What the layouts are drawn with: fonts, page frames and tables, each choice different from lab to lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

INK = HexColor("#151a20")
GREY = HexColor("#6a7380")
RULE = HexColor("#b9c0c8")
FAMILIES = {
    "sans": ("Helvetica", "Helvetica-Bold"),
    "serif": ("Times-Roman", "Times-Bold"),
    "typed": ("Courier", "Courier-Bold"),
}


@dataclass
class Paper:
    """A report in the making.

    Attributes:
        size: Page size.
        family: sans, serif or typed.
        base: Size of running text in points.
        accent: Colour of headings.
        margin: In points.
        foot: Line at the foot of each page.
        head: Line at the head of each page, or "".
        columns: Text columns on a page.
        side: Width of a bar at the left edge, with what is drawn into it; 0 for none.
    """

    size: tuple[float, float] = letter
    family: str = "sans"
    base: float = 9.0
    accent: Color = INK
    margin: float = 50
    foot: str = ""
    head: str = ""
    columns: int = 1
    side: float = 0
    draw_side: Callable[[Canvas, float, float], None] | None = None
    story: list[Flowable] = field(default_factory=list)

    def style(self, scale: float = 1.0, *, bold: bool = False, color: Color = INK, before: float = 0) -> ParagraphStyle:
        """Return a paragraph style of this paper."""
        size = self.base * scale
        font = FAMILIES[self.family][bold]
        return ParagraphStyle(
            "p", fontName=font, fontSize=size, leading=size * 1.3, textColor=color, spaceBefore=before
        )

    def title(self, words: str) -> None:
        """Write a title."""
        self.story += [Paragraph(words, self.style(1.6, bold=True, color=self.accent)), Spacer(1, 6)]

    def heading(self, words: str) -> None:
        """Write a section heading."""
        self.story += [Spacer(1, 8), Paragraph(words, self.style(1.15, bold=True, color=self.accent)), Spacer(1, 3)]

    def text(self, words: str, *, small: bool = False, bold: bool = False) -> None:
        """Write a paragraph."""
        color = GREY if small else INK
        self.story += [Paragraph(words, self.style(0.88 if small else 1.0, bold=bold, color=color)), Spacer(1, 2)]

    def lines(self, words: Sequence[str]) -> None:
        """Write lines one below the other."""
        for line in words:
            self.text(line)

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        ruled: bool = True,
        head: bool = True,
        scale: float = 0.95,
    ) -> None:
        """Write a table; with `ruled`, a grid, else only white space tells the columns."""
        room = (self.size[0] - 2 * self.margin - self.side) / self.columns - (8 if self.columns > 1 else 0)
        body = [
            [Paragraph(cell, self.style(scale, bold=head and at == 0)) for cell in row] for at, row in enumerate(rows)
        ]
        table = Table(
            body, colWidths=[room * w / sum(widths) for w in widths], hAlign="LEFT", repeatRows=1 if head else 0
        )
        rules = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
        ]
        if ruled:
            rules.append(("GRID", (0, 0), (-1, -1), 0.5, RULE))
        else:
            rules.append(("LEFTPADDING", (0, 0), (-1, -1), 0))
        table.setStyle(rules)
        self.story += [table, Spacer(1, 4)]

    def page(self) -> None:
        """Go to a new page."""
        self.story.append(PageBreak())

    def write(self, target: Path) -> None:
        """Write the PDF, the same bytes for the same story."""
        width, height = self.size

        def frame(canvas: Canvas, _: object) -> None:
            canvas.setFont(FAMILIES[self.family][0], 7.5)
            canvas.setFillColor(GREY)
            canvas.drawString(self.margin, 24, self.foot)
            canvas.drawRightString(width - self.margin, 24, f"Page {canvas.getPageNumber()}")
            if self.head:
                canvas.drawString(self.margin, height - 30, self.head)
            if self.draw_side:
                self.draw_side(canvas, width, height)

        document = BaseDocTemplate(str(target), pagesize=self.size, invariant=True)
        left = self.margin + self.side
        each = (width - left - self.margin) / self.columns
        frames = [
            Frame(left + each * at, 38, each - (8 if self.columns > 1 else 0), height - 38 - 44, 0, 0, 0, 0)
            for at in range(self.columns)
        ]
        document.addPageTemplates([PageTemplate(frames=frames, onPage=frame)])
        document.build(self.story, canvasmaker=lambda *a, **k: Canvas(*a, **{**k, "invariant": True}))


SIZES = (letter, A4)

"""Documents become words with boxes, in lines, in reading order."""

from __future__ import annotations

import io

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader

from app.domain.document import Format
from app.domain.outcome import Issue
from app.domain.page import TextSource
from app.errors import TooLargeError
from app.stages import pages
from tests.reading import papers
from tests.reading.papers import FakeOcr, word


def read(content: bytes, kind: Format = Format.PDF, ocr: FakeOcr | None = None, **limits):
    told = []
    outcome = pages.read(
        papers.document(content, kind),
        lambda page, total: told.append((page, total)),
        ocr=ocr or FakeOcr(),
        limits=pages.Limits(**limits),
    )
    assert told == [(n + 1, len(told)) for n in range(len(told))]
    return outcome


def texts(outcome) -> list[str]:
    return [line.text for page in outcome.value for line in page.lines]


def codes(outcome) -> set[str]:
    return {issue.code for issue in outcome.issues}


def test_a_row_of_a_table_is_one_line_and_the_table_one_block():
    rows = [("Gene", "Result", "VAF"), ("KRAS", "p.G12V", "31 %"), ("TP53", "p.R248W", "44 %")]
    table = [(x, 100 + 18 * n, text) for n, row in enumerate(rows) for x, text in zip((72, 220, 400), row, strict=True)]
    page = read(papers.pdf(table)).value[0]
    assert [line.text for line in page.lines] == ["Gene Result VAF", "KRAS p.G12V 31 %", "TP53 p.R248W 44 %"]
    assert {line.block for line in page.lines} == {0}


def test_two_columns_of_prose_are_read_one_after_the_other():
    left = [
        "The tumour cells are negative for",
        "ALK and ROS1 by immunostain. No",
        "EGFR mutation was found in exons",
        "18 to 21 of this specimen today.",
    ]
    right = [
        "KRAS sequencing shows a p.G12C",
        "substitution at 33 %. PD-L1 score",
        "of the tumour cells is 70 % with",
        "the antibody 22C3 as printed here.",
    ]
    page = [(60, 100 + 14 * n, t) for n, t in enumerate(left)] + [(330, 100 + 14 * n, t) for n, t in enumerate(right)]
    lines = read(papers.pdf(page)).value[0].lines
    assert [line.text for line in lines] == [*left, *right]
    assert lines[0].block != lines[4].block


def test_a_sidebar_does_not_mix_with_the_text_beside_it():
    side = ["Name", "Ann Example", "Born", "1950-01-02", "Sex", "female", "Doctor", "B. Sample", "Place", "Exampletown"]
    main = [f"Line {n} of the report says something about the tumour." for n in range(9)]
    page = [(40, 100 + 17 * n, t) for n, t in enumerate(side)] + [(220, 104 + 19.3 * n, t) for n, t in enumerate(main)]
    assert texts(read(papers.pdf(page))) == [*side, *main]


def test_boxes_hold_the_words_as_the_page_is_shown():
    page = read(papers.pdf([(72, 100, "KRAS")])).value[0]
    box = page.words[0].box
    assert box.x0 == pytest.approx(72, abs=1)
    assert box.y0 < 100 < box.y1 < 105
    assert box.y1 - box.y0 < 13


def test_a_page_turned_by_the_file_is_read_as_it_is_shown():
    def draw(canvas):
        canvas.setPageRotation(90)
        canvas.rotate(90)
        for n, (gene, result) in enumerate([("KRAS", "p.G12V"), ("TP53", "none"), ("BRAF", "none")]):
            canvas.drawString(100, -100 - 20 * n, gene)
            canvas.drawString(300, -100 - 20 * n, result)

    page = read(papers.drawn(draw)).value[0]
    assert (page.width, page.height, page.rotation) == (612, 792, 0)
    assert [line.text for line in page.lines] == ["KRAS p.G12V", "TP53 none", "BRAF none"]


def test_what_is_cut_away_or_white_on_white_is_left_out_and_told():
    def draw(canvas):
        canvas.setCropBox((0, 0, 612, 700))
        canvas.drawString(72, 740, "EGFR p.T790M detected")
        canvas.drawString(72, 600, "KRAS: no mutation detected")
        canvas.setFillGray(1.0)
        canvas.drawString(72, 560, "PIK3CA p.H1047R detected")

    outcome = read(papers.drawn(draw))
    assert texts(outcome) == ["KRAS: no mutation detected"]
    assert "page.hidden_text" in codes(outcome)


def test_white_text_on_a_dark_ground_is_read_and_marked_as_inverse():
    def draw(canvas):
        canvas.rect(60, 590, 200, 30, fill=1)
        canvas.setFillGray(1.0)
        canvas.drawString(72, 600, "Stable")

    found = read(papers.drawn(draw)).value[0].words[0]
    assert (found.text, found.inverse) == ("Stable", True)


def test_bold_made_by_drawing_twice_is_read_once():
    def draw(canvas):
        for shift in (0, 0.25, 0.5):
            canvas.drawString(72 + shift, 600, "HER2 3+")

    assert texts(read(papers.drawn(draw))) == ["HER2 3+"]


def test_a_footnote_mark_never_becomes_a_digit_of_the_number():
    def draw(canvas):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 600, "TPS: 80%")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(72 + canvas.stringWidth("TPS: 80%", "Helvetica", 12), 605, "1")

    assert texts(read(papers.drawn(draw))) == ["TPS: 80% ¹"]


def test_letter_spaced_headings_are_words():
    def draw(canvas):
        heading = canvas.beginText(72, 600)
        heading.setFont("Helvetica-Bold", 10)
        heading.setCharSpace(2.0)
        heading.textOut("GENOMIC VARIANTS")
        canvas.drawText(heading)

    page = read(papers.drawn(draw)).value[0]
    assert [w.text for w in page.words] == ["GENOMIC", "VARIANTS"]
    assert page.words[0].bold


def test_a_scan_with_a_stamp_is_read_by_ocr_and_keeps_the_stamp():
    picture = Image.new("L", (1275, 1650), 255)
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    for n in range(12):
        pen.text((150, 300 + 60 * n), "RUNX1 RUNX1T1 fusion detected in this sample", 0, font_size=34)
    scan = io.BytesIO()
    picture.save(scan, "PNG")

    def draw(canvas):
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(io.BytesIO(scan.getvalue())), 0, 0, 612, 792)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 20, "Scanned by fax server")

    ocr = FakeOcr(word("RUNX1::RUNX1T1", 300, 700), word("detected", 700, 700))
    outcome = read(papers.drawn(draw), ocr=ocr)
    assert "RUNX1::RUNX1T1" in texts(outcome)[0]
    assert texts(outcome)[-1] == "Scanned by fax server"
    assert outcome.value[0].text_source is TextSource.MIXED


def test_a_blank_page_says_that_it_holds_no_text():
    outcome = read(papers.image(800, 1000), Format.IMAGE)
    assert codes(outcome) == {"page.no_text", "document.no_text"}


def test_a_photo_keeps_its_own_points():
    ocr = FakeOcr(word("KRAS", 300, 300), word("negative", 500, 300))
    outcome = read(papers.image(1275, 1650), Format.IMAGE, ocr)
    page = outcome.value[0]
    assert (page.width, page.height) == (1275, 1650)
    assert page.words[0].box.x0 == pytest.approx(150, abs=1)
    shown = Image.open(io.BytesIO(pages.picture(papers.document(papers.image(1275, 1650), Format.IMAGE), page)))
    assert shown.size == (1275, 1650)


def test_every_page_of_a_tiff_is_read():
    frames = [Image.new("L", (600, 800), 255) for _ in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    assert len(read(out.getvalue(), Format.IMAGE, FakeOcr(word("word", 100, 100))).value) == 3


def test_too_many_points_are_refused_by_the_header():
    with pytest.raises(TooLargeError):
        read(papers.image(2000, 2000), Format.IMAGE, megapixels=1.0)


def test_too_many_pages_are_refused():
    with pytest.raises(TooLargeError):
        read(papers.pdf(*[[(72, 72, "page")]] * 4), pages=3)


def test_a_plain_text_keeps_its_lines_and_the_gaps_of_its_columns():
    text = "Gene      Result\nKRAS      p.G12C\n\nEnd of report"
    page = read(text.encode(), Format.TEXT).value[0]
    assert [line.text for line in page.lines] == ["Gene Result", "KRAS p.G12C", "End of report"]
    first = page.lines[0].words
    assert first[1].box.x0 - first[0].box.x1 > 2 * first[0].size_pt
    assert page.lines[0].block == page.lines[1].block != page.lines[2].block


def test_a_word_table_keeps_its_rows_and_a_deletion_is_not_read():
    made = Document()
    table = made.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "KRAS"
    table.rows[0].cells[1].text = "p.Q61H detected"
    paragraph = made.add_paragraph("BRAF V600E: ")
    gone = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "detected"
    run.append(text)
    gone.append(run)
    paragraph._p.append(gone)
    added = OxmlElement("w:ins")
    new = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "not detected"
    shown.set(qn("xml:space"), "preserve")
    new.append(shown)
    added.append(new)
    paragraph._p.append(added)
    out = io.BytesIO()
    made.save(out)
    outcome = read(out.getvalue(), Format.DOCX)
    assert texts(outcome) == ["KRAS p.Q61H detected", "BRAF V600E: not detected"]
    assert "document.tracked_changes" in codes(outcome)


def test_what_a_web_page_hides_is_not_read():
    page = b"<html><table><tr><td>KRAS</td><td>negative</td></tr></table><p style='display: none'>EGFR</p></html>"
    assert texts(read(page, Format.HTML)) == ["KRAS negative"]


def test_a_page_without_a_layout_of_its_own_can_be_drawn():
    document = papers.document(b"KRAS: negative", Format.TEXT)
    page = pages.read(document, lambda page, total: None, ocr=FakeOcr()).value[0]
    shown = Image.open(io.BytesIO(pages.picture(document, page, dpi=72))).convert("L")
    box = page.words[0].box
    assert min(shown.crop((int(box.x0), int(box.y0), int(box.x1), int(box.y1))).get_flattened_data()) < 100


def test_a_pdf_page_is_drawn_at_the_size_its_boxes_fit_on():
    document = papers.document(papers.pdf([(72, 100, "KRAS")]), Format.PDF)
    page = pages.read(document, lambda page, total: None, ocr=FakeOcr()).value[0]
    shown = Image.open(io.BytesIO(pages.picture(document, page, dpi=144))).convert("L")
    assert shown.size == (1224, 1584)
    box = page.words[0].box
    assert min(shown.crop(tuple(int(2 * v) for v in (box.x0, box.y0, box.x1, box.y1))).get_flattened_data()) < 100


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The tumor was not found in any of the margins and no spread is seen in the nodes.", "en"),
        ("El tumor no se encontró en los márgenes y no se observa en los ganglios de la axila.", "es"),
        ("Der Tumor wurde in den Rändern nicht gefunden und die Lymphknoten sind frei von Tumor.", "de"),
        ("KRAS p.G12C 31 %", ""),
    ],
)
def test_the_language_of_a_page_is_told(text, code):
    assert read(text.encode(), Format.TEXT).value[0].language == code


def test_issues_carry_the_position_of_their_document():
    stamped = pages.numbered((Issue("a", "One."), Issue("b", "Two.", document=5)), 2)
    assert [issue.document for issue in stamped] == [2, 5]


def test_a_broken_pdf_is_read_as_far_as_it_can_be_mended_and_says_so():
    whole = papers.pdf([(72, 72, "KRAS p.G12C detected")], [(72, 72, "BRAF not detected")])
    broken = whole.replace(b"trailer\n<<", b"trailer\n<\x7f", 1)
    assert broken != whole
    outcome = read(broken)
    assert texts(outcome) == ["KRAS p.G12C detected", "BRAF not detected"]
    assert "file.mended" in codes(outcome)
    assert "file.mended" not in codes(read(whole))


def crossed_word() -> bytes:
    made = Document()
    made.add_paragraph().add_run("BRAF p.V600E detected").font.strike = True
    made.add_paragraph().add_run("NRAS p.Q61K detected").font.hidden = True
    made.add_paragraph().add_run("KRAS: negative").font.strike = False
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (crossed_word(), Format.DOCX),
        (
            b"<html><p><s>BRAF p.V600E</s></p><p style='text-decoration: line-through'>EGFR</p>KRAS: negative",
            Format.HTML,
        ),
        (
            rb"{\rtf1\ansi {\strike BRAF p.V600E\par}{\v NRAS}\v EGFR\v0\striked1 KIT\striked0 KRAS: negative\par}",
            Format.RTF,
        ),
    ],
)
def test_what_is_crossed_out_or_hidden_is_not_read_and_told(content, kind):
    outcome = read(content, kind)
    assert [text for text in texts(outcome) if text] == ["KRAS: negative"]
    assert codes(outcome) == {"document.struck_text"}


def test_the_lines_of_a_text_box_in_a_word_file_stay_lines():
    made = Document()
    run = made.add_paragraph("Results:").add_run()._r
    box = OxmlElement("w:txbxContent")
    for line in ("KRAS: negative", "ALK: negative"):
        paragraph = OxmlElement("w:p")
        inner = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = line
        inner.append(text)
        paragraph.append(inner)
        box.append(paragraph)
    run.append(box)
    out = io.BytesIO()
    made.save(out)
    assert texts(read(out.getvalue(), Format.DOCX)) == ["Results:", "KRAS: negative", "ALK: negative"]


def test_a_filled_in_form_is_read_with_its_ticks():
    def form(canvas):
        canvas.drawString(72, 700, "EGFR result:")
        canvas.acroForm.textfield(name="egfr", value="p.L858R detected", x=160, y=690, width=250, height=22)
        canvas.drawString(72, 620, "MSI status")
        canvas.acroForm.checkbox(name="stable", checked=True, x=160, y=612)
        canvas.drawString(190, 620, "Stable")
        canvas.acroForm.checkbox(name="high", checked=False, x=260, y=612)
        canvas.drawString(290, 620, "High")

    assert texts(read(papers.drawn(form))) == ["EGFR result: p.L858R detected", "MSI status ☒ Stable ☐ High"]


def test_words_crossed_out_by_a_line_are_left_out_and_told_and_underlined_ones_stay():
    def crossed(canvas):
        canvas.drawString(72, 700, "BRAF p.V600E")
        canvas.line(72, 704, 72 + canvas.stringWidth("BRAF p.V600E"), 704)
        canvas.drawString(72, 660, "KRAS: negative")
        canvas.line(72, 658, 160, 658)

    outcome = read(papers.drawn(crossed))
    assert texts(outcome) == ["KRAS: negative"]
    assert codes(outcome) == {"page.struck_text"}


@pytest.mark.parametrize(
    ("kind", "lines"),
    [("StrikeOut", ["KRAS: negative"]), ("Highlight", ["BRAF p.V600E", "KRAS: negative"])],
)
def test_words_crossed_out_by_a_note_are_left_out(kind, lines):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf([(72, 72, "BRAF p.V600E"), (72, 100, "KRAS: negative")]))) as made:
        quad = [72, 730, 200, 730, 72, 716, 200, 716]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/" + kind), Rect=[72, 716, 200, 730], QuadPoints=quad, F=4
        )
        made.pages[0].Annots = made.make_indirect(pikepdf.Array([made.make_indirect(note)]))
        made.save(out)
    assert texts(read(out.getvalue())) == lines


def test_a_note_typed_onto_a_page_is_read():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf([(72, 72, "KRAS: negative")]))) as made:
        shown = made.make_stream(b"BT /F1 11 Tf 2 6 Td (BRAF: negative) Tj ET")
        shown.Type, shown.Subtype, shown.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 200, 20]
        shown.Resources = pikepdf.Dictionary(Font=made.pages[0].Resources.Font)
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[72, 400, 272, 420], F=4,
            AP=pikepdf.Dictionary(N=shown),
        )  # fmt: skip
        made.pages[0].Annots = made.make_indirect(pikepdf.Array([made.make_indirect(note)]))
        made.save(out)
    assert texts(read(out.getvalue())) == ["KRAS: negative", "BRAF: negative"]


def test_light_print_on_a_dark_screen_reaches_the_reader_as_dark_print_on_light():
    shown = Image.new("L", (1200, 1600), 20)
    ImageDraw.Draw(shown).text((200, 300), "KRAS: negative", 235, font_size=40)
    out = io.BytesIO()
    shown.save(out, "PNG")
    ocr = FakeOcr(word("KRAS:", 200, 300))
    seen = []
    ocr.words, words = (lambda picture, **more: seen.append(picture) or words(picture, **more)), ocr.words
    read(out.getvalue(), Format.IMAGE, ocr)
    assert seen[0][:50, :50].mean() > 200
    assert seen[0].min() < 60


def test_a_picture_of_text_beside_printed_text_is_read_to_its_edges():
    def page(canvas):
        canvas.drawString(72, 700, "Results of the panel are in the picture below.")
        scanned = Image.new("L", (1500, 300), 255)
        for line in (40, 120, 200):
            ImageDraw.Draw(scanned).text((150, line), "EGFR p.L858R (c.2573T>G) detected, VAF 31 %", 0, font_size=40)
        canvas.drawImage(ImageReader(scanned), 72, 400, 420, 84)

    ocr = FakeOcr(word("EGFR", 10, 10))
    seen = []
    ocr.words, words = (lambda picture, **more: seen.append(picture.shape) or words(picture, **more)), ocr.words
    read(papers.drawn(page), Format.PDF, ocr)
    assert seen[0][0] >= 84 * 300 / 72

"""Files at the door: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from docx import Document

from app.domain.document import Format, SourceFile
from app.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedReportError,
    InputError,
    NotADocumentError,
    TooLargeError,
)
from app.stages import intake
from tests.reading import papers

REPORT = papers.pdf([(72, 72, "KRAS p.G12C detected")])


def accept(content: bytes, name: str = "report.pdf", password: str | None = None):
    return intake.accept(SourceFile(name, content, password)).value


def locked(user: str, owner: str = "owner") -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(REPORT)) as made:
        made.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (REPORT, Format.PDF),
        (papers.image(40, 40), Format.IMAGE),
        (papers.image(40, 40, "JPEG"), Format.IMAGE),
        (papers.image(40, 40, "TIFF"), Format.IMAGE),
        (papers.image(40, 40, "WEBP"), Format.IMAGE),
        (b"{\\rtf1 KRAS: negative}", Format.RTF),
        ("BRAF: \u2265 5 %".encode("utf-16"), Format.TEXT),
        (b"KRAS: negative\n", Format.TEXT),
        (b"<html><body><p>" + b"Result of the test: KRAS negative. " * 30 + b"</p></body></html>", Format.HTML),
    ],
)
def test_the_content_says_what_a_file_is_and_not_its_name(content, kind):
    assert accept(content, "anything.bin")[0].format is kind


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        (b"\n \n", EmptyFileError),
        (REPORT[: len(REPORT) * 6 // 10], DamagedFileError),
        (b"MZ\x90\x00" + bytes(200), NotADocumentError),
        (b"\x7fELF" + bytes(200), NotADocumentError),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', NotADocumentError),
        (b"<html><body>Your session has expired. Log in to continue.</body></html>", NotADocumentError),
        (bytes(range(256)) * 20, NotADocumentError),
        (papers.archive(a__bin=b"MZ" + bytes(99)), NotADocumentError),
    ],
)
def test_what_is_no_report_is_refused(content, error):
    with pytest.raises(error):
        accept(content)


def test_a_locked_file_asks_for_the_password():
    with pytest.raises(EncryptedReportError, match="password"):
        accept(locked("secret"))


def test_the_right_password_opens_and_the_wrong_one_says_so():
    assert accept(locked("secret"), password="secret")[0].password == "secret"
    with pytest.raises(EncryptedReportError, match="does not open"):
        accept(locked("secret"), password="wrong")


def test_a_file_that_only_forbids_printing_is_read():
    assert accept(locked(""))[0].format is Format.PDF


def test_pictures_of_an_archive_come_in_the_order_of_their_numbers():
    names = ("scan10.png", "scan2.png", "scan1.png")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, papers.image(30, 30))
        made.writestr("__MACOSX/._scan1.png", b"x")
    found = accept(out.getvalue(), "scans.zip")
    assert [d.name for d in found] == ["scans.zip / scan1.png", "scans.zip / scan2.png", "scans.zip / scan10.png"]


def test_a_part_that_is_no_report_is_named_and_the_others_are_read():
    outcome = intake.accept(SourceFile("all.zip", papers.archive(a__pdf=REPORT, b__exe=b"MZ" + bytes(99))))
    assert len(outcome.value) == 1
    assert outcome.issues[0].code == "file.part_not_read"
    assert "b.exe" in outcome.issues[0].message


def test_an_archive_that_grows_too_much_is_refused_before_it_is_unpacked():
    with pytest.raises(TooLargeError):
        accept(papers.archive(zeros=bytes(50_000_000)), "bomb.zip")


def test_a_file_attached_to_a_pdf_is_a_document_of_its_own():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(REPORT)) as made:
        made.attachments["molecular.pdf"] = REPORT
        made.save(out)
    assert [d.name for d in accept(out.getvalue())] == ["report.pdf", "report.pdf / molecular.pdf"]


def test_a_form_without_pages_says_how_to_send_it():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf([(72, 72, "Please wait...")]))) as made:
        made.pages[0].Contents = made.make_stream(b"BT (Please wait...) Tj ET")
        made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"))
        made.save(out)
    with pytest.raises(InputError, match="print it to PDF"):
        accept(out.getvalue())


def test_a_scan_in_a_word_file_is_a_document_of_its_own_and_a_letterhead_is_none():
    made = Document()
    made.add_paragraph("See the scan.")
    for width, height in ((900, 1200), (300, 90)):
        made.add_picture(io.BytesIO(papers.image(width, height)))
    out = io.BytesIO()
    made.save(out)
    kinds = [(d.format, d.name) for d in accept(out.getvalue(), "letter.docx")]
    assert kinds == [(Format.DOCX, "letter.docx"), (Format.IMAGE, "letter.docx / image1.png")]

"""What a file is, by its content alone."""

from __future__ import annotations

import io
import re
import zipfile

from app.domain.document import Format

IMAGE_SIGNS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
    b"GIF87a",
    b"GIF89a",
)
JPEG2000_SIGNS = (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PROGRAM_SIGNS = {
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"#!": "a program",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"RIFF": "a sound or film file",
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or mail file",
    b"DICM": "a DICOM picture",
    b"SQLite format 3": "a database",
}


def kind(content: bytes) -> tuple[Format | None, str]:
    """Tell the format of a file that holds something.

    Returns:
        The format, or None and what the file is instead ("" where that is unknown).
    """
    head = content[:1024]
    found = _by_signature(head, len(content))
    if found is not None:
        return found, ""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(content)
    if head[4:8] == b"ftyp":
        return None, "a film"
    if head[128:132] == b"DICM":
        return None, "a DICOM picture"
    other = next((what for sign, what in PROGRAM_SIGNS.items() if head.startswith(sign)), None)
    return (None, other) if other else _text(content)


def _by_signature(head: bytes, size: int) -> Format | None:
    if b"%PDF-" in head:
        return Format.PDF
    is_image = (
        head.startswith((*IMAGE_SIGNS, *JPEG2000_SIGNS))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS)
        or (head[:2] == b"BM" and head[6:10] == bytes(4) and size > 54)
    )
    if is_image:
        return Format.IMAGE
    return Format.RTF if head.lstrip().startswith(b"{\\rtf") else None


def _archive(content: bytes) -> tuple[Format | None, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Format.ZIP, ""
    if "word/document.xml" in names:
        return Format.DOCX, ""
    for part, what in (("xl/workbook.xml", "an Excel table"), ("ppt/presentation.xml", "a PowerPoint file")):
        if part in names:
            return None, what
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return None, "a program"
    if "mimetype" in names and "content.xml" in names:
        return None, "an OpenDocument file"
    return Format.ZIP, ""


def _text(content: bytes) -> tuple[Format | None, str]:
    sample = content[:65536]
    wide = sample.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(sample)
    if not wide and _share_of_controls(sample) > 0.02:
        return None, ""
    start = (sample.decode("utf-16", "ignore") if wide else sample.decode("latin-1")).lstrip("\ufeff ï»¿\t\r\n")[:2000]
    low = start.lower()
    if re.match(r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]", low, re.DOTALL):
        return None, "an SVG drawing"
    if low.startswith("<?xml") and "<html" not in low:
        return None, "an XML data file"
    if (
        re.match(r"(<!--.*?-->\s*)*<(!doctype html|html|head|body|div|p|table|meta|h[1-6]|pre|span)\b", low, re.DOTALL)
        or "<html" in low[:600]
    ):
        return Format.HTML, ""
    return Format.TEXT, ""


def _looks_utf16(sample: bytes) -> bool:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 0.3 * max(len(sample) // 2, 1) and min(even, odd) < 0.02 * max(len(sample) // 2, 1)


def _share_of_controls(sample: bytes) -> float:
    bad = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return bad / max(len(sample), 1)

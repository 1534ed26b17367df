"""ZIP archives: what they hold, in the order in which a person would number it, within bounds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from app.domain.outcome import Issue, Outcome
from app.errors import DamagedFileError, EncryptedReportError, TooLargeError

MAX_FILES = 200
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 120
"""How many times its size an archive may grow; pictures and PDFs hardly grow at all, text about tenfold."""


LEAST_PICTURE = (500, 250)
"""Width and height in points from which a picture in a Word file may be a scanned report; a letterhead is smaller."""


def pictures(content: bytes) -> Outcome[tuple[tuple[str, bytes], ...]]:
    """Return the pictures in a Word file that are large enough to hold a report."""
    try:
        found = tuple(part for part in parts("", content, only="word/media/") if _may_hold_text(part[1]))
    except (DamagedFileError, EncryptedReportError, TooLargeError):
        told = "A picture in the Word file could not be opened. If it shows a report, send it as a file of its own."
        return Outcome((), (Issue("file.part_not_read", told),))
    return Outcome(found)


def _may_hold_text(data: bytes) -> bool:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, RuntimeError, Image.DecompressionBombError):
        return False
    return width >= LEAST_PICTURE[0] and height >= LEAST_PICTURE[1]


def parts(name: str, content: bytes, *, only: str = "") -> Iterator[tuple[str, bytes]]:
    """Unpack the files of an archive one by one, page 2 before page 10.

    Args:
        name: Of the archive.
        content: Of the archive.
        only: How the names of the wanted files begin.

    Raises:
        TooLargeError: It would grow over the bounds.
        EncryptedReportError: It asks for a password.
        DamagedFileError: It does not unpack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [
                i
                for i in archive.infolist()
                if i.filename.startswith(only) and not i.is_dir() and not _of_the_system(i.filename)
            ]
            if len(wanted) > MAX_FILES:
                raise TooLargeError(name, f"{len(wanted)} files, more than {MAX_FILES}")
            grown = sum(i.file_size for i in wanted)
            if grown > MAX_UNPACKED or grown > MAX_RATIO * max(len(content), 20_000):
                raise TooLargeError(name, f"it unpacks to {grown // 1024 // 1024} megabytes")
            if any(i.flag_bits & 1 for i in wanted):
                raise EncryptedReportError(name)
            left = MAX_UNPACKED
            for info in sorted(wanted, key=lambda i: _natural(i.filename)):
                with archive.open(info) as file:
                    read = file.read(min(info.file_size, left) + 1)  # the header may lie about the size
                if len(read) > info.file_size or len(read) > left:
                    raise TooLargeError(name, "it unpacks to more than it says")
                left -= len(read)
                yield info.filename.replace("\\", "/").rsplit("/", 1)[-1], read
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise DamagedFileError(name) from error


def _of_the_system(name: str) -> bool:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last.startswith(".") or last.lower() in ("thumbs.db", "desktop.ini")


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]

"""ZIP archives: what they hold, in the order in which a person would number it, within bounds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from app.errors import DamagedFileError, EncryptedReportError, TooLargeError

MAX_FILES = 200
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 120
"""How many times its size an archive may grow; pictures and PDFs hardly grow at all, text about tenfold."""


def parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Unpack the files of an archive one by one, page 2 before page 10.

    Raises:
        TooLargeError: It would grow over the bounds.
        EncryptedReportError: It asks for a password.
        DamagedFileError: It does not unpack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [i for i in archive.infolist() if not i.is_dir() and not _of_the_system(i.filename)]
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

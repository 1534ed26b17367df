"""PDF files at the door: locked, cut off, forms without pages, files attached to them."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from app.domain.document import SourceFile
from app.domain.outcome import Issue, Outcome
from app.errors import DamagedFileError, EncryptedReportError, InputError

MAX_ATTACHMENTS = 20
MAX_ATTACHED = 100 * 1024 * 1024


class FormWithoutPagesError(InputError):
    """The PDF is a form whose pages are made only by the program that made it."""

    code = "input.dynamic_form"

    def __init__(self, name: str) -> None:
        """Name the file and say what the sender can do."""
        super().__init__(
            f"{name} is an interactive form that only Adobe Reader can show. "
            "Open it there, print it to PDF, and send that."
        )


def check(file: SourceFile) -> Outcome[tuple[tuple[str, bytes], ...]]:
    """Check a PDF and return the files attached to it.

    Raises:
        EncryptedReportError: It asks for a password, or the given one does not open it.
        DamagedFileError: It is cut off or broken.
        FormWithoutPagesError: It is a form without pages of its own.
    """
    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # what it mends is none of the sender's business
    # A file that was sent while the browser still wrote it has no end.
    if b"%%EOF" not in file.content[-4096:] and b"startxref" not in file.content[-4096:]:
        raise DamagedFileError(file.name)
    try:
        with pikepdf.open(io.BytesIO(file.content), password=file.password or "", suppress_warnings=True) as pdf:
            if len(pdf.pages) == 0:
                raise DamagedFileError(file.name)
            if _is_dynamic_form(pdf):
                raise FormWithoutPagesError(file.name)
            return _attached(pdf)
    except pikepdf.PasswordError as error:
        raise EncryptedReportError(file.name, wrong=file.password is not None) from error
    except (
        pikepdf.PdfError,
        pikepdf.DataDecodingError,
        ValueError,
        TypeError,
        KeyError,
        RuntimeError,
        AttributeError,
        NotImplementedError,
        RecursionError,
    ) as error:
        raise DamagedFileError(file.name) from error


def _is_dynamic_form(pdf: Any) -> bool:
    """A dynamic XFA form stores one page that says "Please wait"; a static one has real pages."""
    form = pdf.Root.get("/AcroForm")
    if form is None or "/XFA" not in form or len(pdf.pages) > 1:
        return False
    content = b"".join(bytes(part.read_bytes()) for part in _streams(pdf.pages[0]))
    shown = b" ".join(re.findall(rb"\(((?:[^()\\]|\\.)*)\)", content)).lower()
    return b"please wait" in shown or b"adobe reader" in shown or len(shown) < 40


def _streams(page: Any) -> list[Any]:
    import pikepdf

    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _attached(pdf: Any) -> Outcome[tuple[tuple[str, bytes], ...]]:
    found: list[tuple[str, bytes]] = []
    issues: list[Issue] = []
    size = 0
    for name, spec in pdf.attachments.items():
        try:
            content = bytes(spec.get_file().read_bytes())
        except (ValueError, RuntimeError, KeyError, TypeError) as error:
            issues.append(
                Issue(
                    "file.part_not_read", f"One file attached to the PDF could not be opened ({type(error).__name__})."
                )
            )
            continue
        size += len(content)
        if len(found) >= MAX_ATTACHMENTS or size > MAX_ATTACHED:
            issues.append(
                Issue("file.part_not_read", "The PDF holds more attached files than we read. Send them one by one.")
            )
            break
        found.append((name, content))
    return Outcome(tuple(found), tuple(issues))

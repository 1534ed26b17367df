"""Accept a file: by its content, within bounds that are checked before anything is unpacked or decoded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from app.domain.document import Format, SourceDocument, SourceFile
from app.domain.outcome import Issue, Outcome
from app.errors import EmptyFileError, InputError, NotADocumentError, TooLargeError
from app.stages.intake import archives, portable
from app.stages.intake.sniffing import kind

MAX_BYTES = 200 * 1024 * 1024
PORTAL_SIGNS = re.compile(
    r"session (?:has )?(?:expired|timed out)|(?:sign|log) ?in to|password|access denied|page not found|forbidden"
    r"|enable javascript",
    re.IGNORECASE,
)
"""What a login or error page says that was saved in place of the report."""


def accept(file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
    """Turn a file into the documents that it holds.

    Args:
        file: As sent.

    Raises:
        InputError: The file is refused; the message says what it is and what to do.
    """
    return _accepted(file, depth=0)


def _accepted(file: SourceFile, *, depth: int) -> Outcome[tuple[SourceDocument, ...]]:
    if not file.content or not file.content.strip(b"\x00 \t\r\n"):
        raise EmptyFileError(file.name)
    if len(file.content) > MAX_BYTES:
        raise TooLargeError(file.name, f"more than {MAX_BYTES // 1024 // 1024} megabytes")
    found, what = kind(file.content)
    if found is None:
        raise NotADocumentError(file.name, what)
    if found is Format.ZIP:
        return _unpacked(file, archives.parts(file.name, file.content), depth, "file in the ZIP")
    if found is Format.PDF:
        return _with_parts(file, found, portable.check(file), depth, "file attached to the PDF")
    if found is Format.DOCX:
        return _with_parts(file, found, archives.pictures(file.content), depth, "picture in the Word file")
    if found is Format.HTML:
        _refuse_web_page(file)
    return Outcome((_document(file, found),))


def _with_parts(
    file: SourceFile, found: Format, parts: Outcome[tuple[tuple[str, bytes], ...]], depth: int, what: str
) -> Outcome[tuple[SourceDocument, ...]]:
    """Return the document, and after it the documents that it holds."""
    own = _document(file, found)
    if not parts.value:
        return Outcome((own,), parts.issues)
    inner = _unpacked(file, iter(parts.value), depth, what, refuse=False)
    return Outcome((own, *inner.value), parts.issues + inner.issues)


def _document(file: SourceFile, found: Format) -> SourceDocument:
    digest = hashlib.sha256(file.content).hexdigest()
    return SourceDocument(file.name, digest, found, file.content, file.password)


def _unpacked(
    file: SourceFile, parts: Iterator[tuple[str, bytes]], depth: int, what: str, *, refuse: bool = True
) -> Outcome[tuple[SourceDocument, ...]]:
    """Accept each part; what is no report is left out and named in an issue."""
    if depth >= 2:
        raise TooLargeError(file.name, "archives inside archives")
    documents: list[SourceDocument] = []
    issues: list[Issue] = []
    last: InputError | None = None
    for name, content in parts:
        try:
            inner = _accepted(SourceFile(f"{file.name} / {name}", content, file.password), depth=depth + 1)
        except TooLargeError:
            raise
        except InputError as error:
            last = error
            issues.append(Issue("file.part_not_read", f"One {what} was not read. {error}"))
            continue
        documents.extend(inner.value)
        issues.extend(inner.issues)
    if not documents and refuse:
        if last is not None and len(issues) == 1:
            raise last
        raise NotADocumentError(file.name, "an archive without a report in it")
    return Outcome(tuple(documents), tuple(issues))


def _refuse_web_page(file: SourceFile) -> None:
    """Refuse a login or error page, and any web page that pretends to be something else."""
    text = re.sub(r"<[^>]*>", " ", file.content[:200_000].decode("utf-8", "replace"))
    words = text.split()
    named = file.name.lower().rsplit(".", 1)[-1]
    if named in ("pdf", "jpg", "jpeg", "png", "tif", "tiff", "heic", "docx") and (
        len(words) < 400 or PORTAL_SIGNS.search(text)
    ):
        raise NotADocumentError(file.name, "a saved web page")
    if len(words) < 60 and PORTAL_SIGNS.search(text):
        raise NotADocumentError(file.name, "a saved login or error page")

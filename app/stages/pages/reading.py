"""A document → its pages, one by one, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.document import Format, SourceDocument
from app.domain.outcome import Issue, Outcome, Severity
from app.domain.page import Page, TextSource, Word
from app.errors import DamagedFileError, NotADocumentError, TooLargeError
from app.stages.pages import prose, typeset
from app.stages.pages.language import NAMES, language
from app.stages.pages.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:  # types only: the reading process starts sooner without the other nouns
    from app.ports import Ocr, OnPage


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page, read.

    Attributes:
        page: None where nothing could be read of it.
        issues: About this page; the page number is set.
        number: From 1.
        total: Number of pages of the document.
    """

    page: Page | None
    issues: tuple[Issue, ...]
    number: int
    total: int


def each(
    document: SourceDocument,
    *,
    ocr: Ocr,
    limits: Limits = DEFAULT_LIMITS,
    languages: tuple[str, ...] = ("en",),
    first: int = 1,
) -> Iterator[PageRead]:
    """Read the pages one by one, in order, from the page `first`.

    Raises:
        InputError: The document is refused.
        DependencyError: The OCR engine is missing.
    """
    if document.format is Format.PDF:
        from app.stages.pages.pdf_reading import pages_of_pdf

        reads = _in_order(document, pages_of_pdf(document, ocr, limits, languages), limits, first)
    elif document.format is Format.IMAGE:
        from app.stages.pages.image_reading import pages_of_image

        reads = _in_order(document, pages_of_image(document, ocr, limits, languages), limits, first)
    elif document.format in (Format.DOCX, Format.RTF, Format.HTML, Format.TEXT):
        reads = _set_pages(document, limits, first)
    else:
        raise NotADocumentError(document.name)
    for done in reads:
        yield _with_language(done, ocr)


@dataclass(frozen=True, slots=True)
class Source:
    """Pages that can be read in any order, several at a time.

    Attributes:
        total: Number of pages.
        read: Reads the page with this number; returns None where nothing could be read of it.
        close: Gives everything back.
        issues: About the document.
    """

    total: int
    read: Callable[[int], tuple[Page | None, tuple[Issue, ...]]]
    close: Callable[[], None]
    issues: tuple[Issue, ...] = ()


def _in_order(document: SourceDocument, source: Source, limits: Limits, first: int) -> Iterator[PageRead]:
    try:
        if source.total > limits.pages:
            raise TooLargeError(document.name, f"{source.total} pages, more than {limits.pages}")
        if limits.workers <= 1 or source.total - first < 1:
            for number in range(first, source.total + 1):
                yield _done(source, number, source.read(number))
            return
        with ThreadPoolExecutor(limits.workers) as pool:
            waiting: list[tuple[int, Future[tuple[Page | None, tuple[Issue, ...]]]]] = []
            for number in range(first, source.total + 1):
                waiting.append((number, pool.submit(source.read, number)))
                if len(waiting) > limits.workers:  # no more pages in memory than needed to keep all workers busy
                    done, future = waiting.pop(0)
                    yield _done(source, done, future.result())
            for done, future in waiting:
                yield _done(source, done, future.result())
    finally:
        source.close()


def _done(source: Source, number: int, outcome: tuple[Page | None, tuple[Issue, ...]]) -> PageRead:
    page, issues = outcome
    first = source.issues if number == 1 else ()
    return PageRead(page, (*first, *(replace(issue, page=number) for issue in issues)), number, source.total)


def _with_language(done: PageRead, ocr: Ocr) -> PageRead:
    """Name the page's language, and say so where OCR has no data for it."""
    if done.page is None:
        return done
    page = replace(done.page, language=language(done.page.words))
    if page.text_source is TextSource.NATIVE or page.language in ("", *ocr.languages):
        return replace(done, page=page)
    told = f"This page is in {NAMES[page.language]}, which our reader of pictures has not learnt. It may hold mistakes."
    return PageRead(page, (*done.issues, Issue("page.language", told, page=done.number)), done.number, done.total)


def _set_pages(document: SourceDocument, limits: Limits, first: int) -> Iterator[PageRead]:
    rows, issues = prose.rows(document)
    pages = typeset.pages(rows)
    if not pages:
        yield PageRead(None, (*issues, no_text()), 1, 1)
        return
    if len(pages) > limits.pages:
        raise TooLargeError(document.name, f"{len(pages)} pages, more than {limits.pages}")
    for page in pages[first - 1 :]:
        yield PageRead(page, issues if page.number == 1 else (), page.number, len(pages))


def no_text() -> Issue:
    """Say that a page is blank."""
    return Issue(
        "page.no_text", "We found no text on this page. If it is not blank, scan or photograph it again.", Severity.INFO
    )


def unreadable() -> Issue:
    """Say that a page could not be read."""
    message = "We could not read this page. It may hold more results. Scan or photograph it again and add it."
    return Issue("page.unreadable", message)


def about(words: Iterable[Word]) -> tuple[Issue, ...]:
    """Say that words of a page were corrected, or that a person must look at them."""
    issues: list[Issue] = []
    seen = list(words)
    doubtful = sum(1 for w in seen if w.doubtful)
    corrected = sum(1 for w in seen if w.as_read is not None and not w.doubtful)
    if doubtful:
        what = "One word on this page is" if doubtful == 1 else f"{doubtful} words on this page are"
        issues.append(Issue("page.doubtful_words", f"{what} hard to read. Compare what we read with the page."))
    if corrected:
        what = "one word" if corrected == 1 else f"{corrected} words"
        message = f"On this page we put right single letters in {what} that were misread, such as O for 0."
        issues.append(Issue("page.corrected_words", message, Severity.INFO))
    return tuple(issues)


def read(
    document: SourceDocument,
    on_page: OnPage,
    *,
    ocr: Ocr,
    limits: Limits = DEFAULT_LIMITS,
    languages: tuple[str, ...] = ("en",),
) -> Outcome[tuple[Page, ...]]:
    """Read all pages of a document.

    Args:
        document: As accepted by intake.
        on_page: Called after each page with its number and the number of pages.
        ocr: Reads pictures of text.
        limits: What one document may take.
        languages: ISO 639-1 codes of languages to expect, likeliest first.

    Raises:
        InputError: The document is refused.
        DependencyError: The OCR engine is missing.
    """
    return gathered(each(document, ocr=ocr, limits=limits, languages=languages), on_page, document.name)


def gathered(reads: Iterator[PageRead], on_page: OnPage, name: str) -> Outcome[tuple[Page, ...]]:
    """Collect pages and issues as they come."""
    pages: list[Page] = []
    issues: list[Issue] = []
    total = 0
    for done in reads:
        total = done.total
        issues.extend(done.issues)
        if done.page is not None:
            pages.append(done.page)
        on_page(done.number, done.total)
    if total == 0:
        raise DamagedFileError(name)
    if not any(page.lines for page in pages):
        note = "We found no text in this document. If it is not blank, scan or photograph it again in good light."
        issues.append(Issue("document.no_text", note))
    return Outcome(tuple(pages), tuple(issues))


def numbered(issues: tuple[Issue, ...], position: int) -> tuple[Issue, ...]:
    """Stamp the document's position in its record on issues that name none."""
    return tuple(issue if issue.document is not None else replace(issue, document=position) for issue in issues)

"""Read one document into facts, page by page, and store them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace

from app.domain.document import SourceDocument, SourceFile
from app.domain.job import Job, JobState
from app.domain.outcome import Issue
from app.domain.page import Page
from app.domain.record import DocumentState, StoredDocument, StoredPage
from app.errors import DamagedFileError
from app.services.desk import Desk
from app.services.facts import pack, unpack
from app.services.plan_jobs import next_jobs

BETWEEN_NOTES_SECONDS = 0.2


def process_document(desk: Desk, job: Job, hold: Callable[[], None]) -> tuple[Job, ...]:
    """Read the document of a job.

    Args:
        desk: Store, files, queue and pipeline.
        job: The job, taken.
        hold: Raises where the job is no longer ours; called after each page.

    Returns:
        Jobs that follow; their ids are to be rung.

    Raises:
        InputError: The document cannot be read, whoever tries.
    """
    document = _begin(desk, job)
    if document is None:
        return ()
    source, notes = open_source(desk, document)
    facts = desk.reading.read(source, _progress(desk, document, hold), notes)
    hold()
    pages = [_page(desk, document, page) for page in facts.document.pages]
    version, _ = desk.reading.versions()
    with desk.units() as unit:
        if not unit.jobs.finish(job.id, job.holder, JobState.DONE, desk.clock()):
            return ()
        unit.documents.put_pages(document.id, pages)
        unit.documents.put_facts(document.id, pack(facts))
        unit.documents.save(
            replace(
                document,
                state=DocumentState.READ,
                pages=len(pages),
                pages_read=len(pages),
                version=version,
                error_code="",
                error_message="",
            )
        )
        following = next_jobs(unit, document.record, desk)
        unit.commit()
    return following


def open_source(desk: Desk, document: StoredDocument) -> tuple[SourceDocument, tuple[Issue, ...]]:
    """Return the document as the page reader wants it, and the notes of its intake.

    The original is opened anew; what was cut out of it (a part of a ZIP) is found again by its hash.
    """
    name = document.name.split(" / ")[0]
    accepted = desk.reading.accept(SourceFile(name, desk.files.get(document.key)))
    unlocked = document.key != document.original
    for part in accepted.value:
        if part.sha256 == document.sha256 or unlocked:
            turns = tuple((int(p), int(d)) for p, d in (pair.split(":") for pair in document.turns.split()))
            return replace(part, sha256=document.sha256, name=document.name, turns=turns), accepted.issues
    raise DamagedFileError(document.name)


def page_picture(desk: Desk, document: StoredDocument, number: int) -> tuple[bytes, str] | None:
    """Return the image of a page and its media type, drawn at the first look; None where there is no such page."""
    with desk.units(reading=True) as unit:
        page = next((p for p in unit.documents.pages(document.id) if p.number == number), None)
        content = None if page is None or page.key else unit.documents.facts(document.id)
    if page is None:
        return None
    if page.key:
        return desk.files.get(page.key), page.media_type
    if content is None:
        return None
    shown = next(p for p in unpack(content).document.pages if p.number == number)
    image = desk.reading.picture(open_source(desk, document)[0], shown)
    stored = _put_image(desk, document, page, image)
    with desk.units() as unit:
        pages = [stored if p.number == number else p for p in unit.documents.pages(document.id)]
        unit.documents.put_pages(document.id, pages)
        unit.commit()
    return image, stored.media_type


def draw_record(desk: Desk, job: Job, hold: Callable[[], None]) -> tuple[Job, ...]:
    """Draw the pages of a record that nobody has looked at yet.

    Args:
        desk: Store, files and pipeline.
        job: The job, taken.
        hold: Raises where the job is no longer ours; called after each page.

    Returns:
        Jobs that follow: none.
    """
    with desk.units(reading=True) as unit:
        documents = [d for d in unit.documents.of_record(job.record) if d.state is DocumentState.READ]
        bare = [(d, p.number) for d in documents for p in unit.documents.pages(d.id) if not p.key]
    for document, number in bare:
        page_picture(desk, document, number)
        hold()
    with desk.units() as unit:
        unit.jobs.finish(job.id, job.holder, JobState.DONE, desk.clock())
        unit.commit()
    return ()


def _begin(desk: Desk, job: Job) -> StoredDocument | None:
    with desk.units() as unit:
        document = unit.documents.get(job.document or "")
        if document is None:
            unit.jobs.finish(job.id, job.holder, JobState.CANCELLED, desk.clock())
        else:
            document = replace(document, state=DocumentState.READING, pages_read=0)
            unit.documents.save(document)
        unit.commit()
    return document


def _progress(desk: Desk, document: StoredDocument, hold: Callable[[], None]) -> Callable[[int, int], None]:
    noted = 0.0

    def on_page(page: int, pages: int) -> None:
        nonlocal noted
        hold()
        # Each note is a commit: pages of a native PDF come faster than anybody could watch.
        if time.monotonic() - noted < BETWEEN_NOTES_SECONDS and page != pages:
            return
        noted = time.monotonic()
        with desk.units() as unit:
            unit.documents.progress(document.id, page, pages)
            unit.commit()

    return on_page


def _page(desk: Desk, document: StoredDocument, page: Page) -> StoredPage:
    stored = StoredPage(
        document.id, page.number, page.width, page.height, "", "", len(page.words), page.text_source.value
    )
    return _put_image(desk, document, stored, page.image) if page.image else stored


def _put_image(desk: Desk, document: StoredDocument, page: StoredPage, image: bytes) -> StoredPage:
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    # A key is written once: a page that was turned, or cut anew, has another picture and another key.
    look = hashlib.sha256(image).hexdigest()[:12]
    key = f"records/{document.record}/{document.id}/page-{page.number}-{look}.{kind}"
    desk.files.put(key, image)
    return replace(page, key=key, media_type=f"image/{kind}")

"""What a navigator does with pages and documents: turn and read again, split, set aside, and take all that back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace

from app.domain.account import Visitor
from app.domain.document import Format
from app.domain.job import Job, JobKind, JobState
from app.domain.record import DocumentState, StoredDocument
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, find, look
from app.services.desk import Desk, new_id
from app.services.facts import unpack
from app.services.plan_jobs import UNDER_WAY, next_jobs
from app.services.receive_upload import read_job

TURNS = (90, 180, 270)
MOST_PARTS = 12
PART = "part.pdf"
SPLIT = "A care navigator found {count} reports in this file. Each is read by itself; the file stays as you sent it."
COPY = "A care navigator found that this is a copy of “{name}”. It is kept, and not read twice."


def turn_page(desk: Desk, visitor: Visitor, record: str, document: str, number: int, degrees: int) -> None:
    """Turn a page and have its document read again; what was decided finds its facts again.

    Args:
        desk: The store.
        visitor: The navigator.
        record: Id of the record.
        document: Id of the document.
        number: Of the page, from 1.
        degrees: Clockwise, beyond how the page is shown now: 90, 180 or 270.

    Raises:
        RefusedError: The document has no pictures of pages, or is being read already.
    """
    if degrees not in TURNS:
        raise RefusedError("Turn a page by a quarter, a half or three quarters.")
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        unit.records.get(opened.record.id, lock=True)
        found = _document(unit, opened.record.id, document)
        if found.format not in (Format.PDF, Format.IMAGE):
            raise RefusedError("Only PDF files and pictures have pages that can be turned.")
        if found.state is not DocumentState.READ:
            raise RefusedError("This document is being read already. Wait a moment, then turn the page.")
        read = unpack(unit.documents.facts(found.id) or b"")
        page = next((p for p in read.document.pages if p.number == number), None)
        if page is None:
            raise NotFoundError
        turns = turns_of(found) | {number: (page.rotation + degrees) % 360}
        told = " ".join(f"{p}:{d}" for p, d in sorted(turns.items()))
        job = _read_again(unit, replace(found, turns=told), desk)
        look(unit, opened, "review.turn_page", desk.clock(), f"{found.id} {number} {degrees}")
        unit.commit()
    desk.queue.ring(job.id)


def read_again(desk: Desk, visitor: Visitor, record: str, document: str) -> None:
    """Read a document again that could not be read."""
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        found = _document(unit, opened.record.id, document)
        if found.state not in (DocumentState.FAILED, DocumentState.READ):
            raise RefusedError("This document cannot be read now.")
        job = _read_again(unit, found, desk)
        look(unit, opened, "review.read_again", desk.clock(), found.id)
        unit.commit()
    desk.queue.ring(job.id)


def split_document(desk: Desk, visitor: Visitor, record: str, document: str, starts: str) -> None:
    """Split a PDF that holds several reports; each part is read by itself, and the file stays as it was sent.

    Args:
        desk: The store.
        visitor: The navigator.
        record: Id of the record.
        document: Id of the document.
        starts: Pages with which the second report and further ones begin, such as "4" or "4, 9".

    Raises:
        RefusedError: It is no PDF, or a page is none of its pages.
    """
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        found = _document(unit, opened.record.id, document)
    firsts = _firsts(starts, found)
    contents = _cut(desk.files.get(found.key), firsts)
    parts = []
    for content, (first, last) in zip(contents, _ranges(firsts, found.pages), strict=True):
        identity = new_id()
        key = f"records/{found.record}/{identity}/{PART}"
        desk.files.put(key, content)
        shown = f"page {first}" if first == last else f"pages {first}–{last}"
        name = f"{found.name[:470]} ({shown})"
        sha256 = hashlib.sha256(content).hexdigest()
        turns = {p - first + 1: d for p, d in turns_of(found).items() if first <= p <= last}
        told = " ".join(f"{p}:{d}" for p, d in sorted(turns.items()))
        parts.append(
            StoredDocument(
                identity, found.record, name, sha256, found.format, key, found.original, len(content),
                found.received_at, turns=told,
            )
        )  # fmt: skip
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        unit.records.get(opened.record.id, lock=True)
        if _document(unit, opened.record.id, document).state is not DocumentState.READ:
            raise RefusedError("This document is being read or was split already. Look again.")
        unit.documents.save(replace(found, state=DocumentState.ASIDE, error_message=SPLIT.format(count=len(parts))))
        jobs: list[Job] = []
        for part in parts:
            unit.documents.add(part)
            jobs.append(read_job(part, desk))
            unit.jobs.add(jobs[-1])
        look(unit, opened, "review.split", desk.clock(), f"{found.id} {len(parts)}")
        unit.commit()
    for job in jobs:
        desk.queue.ring(job.id)


def set_aside(desk: Desk, visitor: Visitor, record: str, document: str, copy_of: str) -> None:
    """Set a document aside because it is a copy of another one of the same record; it is kept."""
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        unit.records.get(opened.record.id, lock=True)
        found = _document(unit, opened.record.id, document)
        other = _document(unit, opened.record.id, copy_of)
        if found.id == other.id or found.state is not DocumentState.READ or other.state is not DocumentState.READ:
            raise RefusedError("Choose the other document, one that was read, that this is a copy of.")
        told = COPY.format(name=other.name)
        unit.documents.save(replace(found, state=DocumentState.ASIDE, error_message=told))
        look(unit, opened, "review.set_aside", desk.clock(), f"{found.id} {other.id}")
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def take_in(desk: Desk, visitor: Visitor, record: str, document: str) -> None:
    """Read from a document again that was set aside; the parts that it was split into go."""
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        unit.records.get(opened.record.id, lock=True)
        found = _document(unit, opened.record.id, document)
        if found.state is not DocumentState.ASIDE:
            raise RefusedError("This document was not set aside.")
        for part in parts_of(found, unit.documents.of_record(opened.record.id)):
            unit.documents.delete(part.id)
            unit.trail.add_purge(f"records/{part.record}/{part.id}")
        unit.documents.save(replace(found, state=DocumentState.READ, error_message=""))
        look(unit, opened, "review.take_in", desk.clock(), found.id)
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def parts_of(document: StoredDocument, documents: Sequence[StoredDocument]) -> tuple[StoredDocument, ...]:
    """Return the documents that one was split into."""
    return tuple(
        d for d in documents
        if d.id != document.id and d.original == document.original and d.key.endswith(f"/{PART}")
    )  # fmt: skip


def turns_of(document: StoredDocument) -> dict[int, int]:
    """Return the degrees by which a person said to turn each page."""
    pairs = (pair.split(":") for pair in document.turns.split())
    return {int(page): int(degrees) for page, degrees in pairs}


def _document(unit: UnitOfWork, record: str, document: str) -> StoredDocument:
    found = unit.documents.get(document)
    if found is None or found.record != record:
        raise NotFoundError
    return found


def _read_again(unit: UnitOfWork, document: StoredDocument, desk: Desk) -> Job:
    for job in unit.jobs.of_record(document.record):
        if job.document == document.id and job.kind is JobKind.READ:
            unit.jobs.close(job.id, JobState.CANCELLED, desk.clock())
    fresh = replace(document, state=DocumentState.WAITING, pages_read=0, error_code="", error_message="")
    unit.documents.save(fresh)
    job = read_job(fresh, desk)
    unit.jobs.add(job)
    return job


def _firsts(starts: str, document: StoredDocument) -> list[int]:
    if document.format != Format.PDF:
        raise RefusedError("Only a PDF can be split.")
    if document.state in UNDER_WAY:
        raise RefusedError("This document is being read. Wait a moment, then split it.")
    try:
        firsts = sorted({int(n) for n in starts.replace(",", " ").split()})
    except ValueError:
        raise RefusedError("Write the numbers of the pages with which a new report begins, such as 4.") from None
    if not firsts or firsts[0] < 2 or firsts[-1] > document.pages or len(firsts) >= MOST_PARTS:
        raise RefusedError(f"Name pages from 2 to {document.pages}: those with which a new report begins.")
    return [1, *firsts]


def _ranges(firsts: list[int], pages: int) -> list[tuple[int, int]]:
    return [(a, b - 1) for a, b in zip(firsts, [*firsts[1:], pages + 1], strict=True)]


def _cut(content: bytes, firsts: list[int]) -> list[bytes]:
    import pikepdf

    parts = []
    with pikepdf.open(io.BytesIO(content)) as whole:
        for first, last in _ranges(firsts, len(whole.pages)):
            with pikepdf.new() as part:
                part.pages.extend(whole.pages[first - 1 : last])
                out = io.BytesIO()
                part.save(out, deterministic_id=True)
            parts.append(out.getvalue())
    return parts

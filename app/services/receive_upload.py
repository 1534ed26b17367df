"""Receive files: store and hash each original first, then look what it is, then queue its reading."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.account import NOBODY, Visitor
from app.domain.document import SourceDocument, SourceFile
from app.domain.job import Job, JobKind
from app.domain.record import DocumentState, Link, LinkPurpose, Record, Showing, StoredDocument
from app.errors import EncryptedReportError, InputError, RefusedError, TooLargeError
from app.ports import UnitOfWork
from app.services.access import Action, Opened, find, hashed, look, permitted
from app.services.desk import Desk, new_id
from app.services.organisations import give
from app.services.plan_jobs import new_job


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person chose beside the files.

    Attributes:
        showing: When to show what was read.
        language: Of the guidance.
        mail: Address that hears when the result is ready; "" for none.
        checks: Code of the organisation that may check, "nobody", or "" for the one that takes every record.
    """

    showing: Showing = Showing.NOW
    language: str = "en"
    mail: str = ""
    checks: str = ""


NO_WISHES = Wishes()
"""Nothing was chosen."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the files.

    Attributes:
        key: Opens the record; "" where no file was taken and no record was made.
        taken: Documents that will be read, or wait for a password.
        refused: One error for each file that was not taken.
        repeated: Documents that were here already, with the names under which they came again.
        unknown_code: Whether no organisation has the code that was typed; nobody checks the record then.
    """

    key: str
    taken: tuple[StoredDocument, ...]
    refused: tuple[InputError, ...]
    repeated: tuple[tuple[str, StoredDocument], ...]
    unknown_code: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file whose bytes are safe, and what it turned out to be."""

    file: SourceFile
    key: str
    sha256: str
    parts: tuple[SourceDocument, ...] = ()
    refusal: InputError | None = None


def receive_upload(
    desk: Desk,
    files: Sequence[SourceFile],
    *,
    key: str = "",
    visitor: Visitor = NOBODY,
    wishes: Wishes = NO_WISHES,
) -> Receipt:
    """Take files into a record.

    Args:
        desk: Store, files, queue and pipeline.
        files: As they were sent.
        key: Opens the record to add to; a new record is made where it is "".
        visitor: Who sends them; a new record of a signed-in account is kept by the account.
        wishes: What the person chose for a new record.

    Returns:
        What became of the files. Nothing that was stored before is touched by a file that is refused.

    Raises:
        NotFoundError: The key opens no record that the visitor may add to.
        RefusedError: There are no files, or too many.
    """
    if not files:
        raise RefusedError("No file was chosen. Choose a PDF or a photo of your report, then send it.")
    if len(files) > desk.limits.files_per_upload:
        raise RefusedError(f"Send at most {desk.limits.files_per_upload} files at a time.")
    opened, secret = open_or_make(desk, key, visitor, wishes)
    kept = [_keep(desk, file, opened.record.id) for file in files]
    receipt, jobs = _enter(desk, opened, kept, new=not key, secret=secret, checks=wishes.checks)
    for job in jobs:
        desk.queue.ring(job.id)
    return receipt


def read_job(document: StoredDocument, desk: Desk) -> Job:
    """Return a new job that reads a document."""
    return new_job(JobKind.READ, document.record, document.id, desk)


def new_link(record: str, purpose: LinkPurpose, desk: Desk, life: timedelta, label: str = "") -> tuple[str, Link]:
    """Return a new link and its secret, which is told once and stored nowhere."""
    secret = secrets.token_urlsafe(24)
    moment = desk.clock()
    return secret, Link(hashed(secret), record, purpose, moment, moment + life, label)


def open_or_make(
    desk: Desk, key: str, visitor: Visitor, wishes: Wishes, *, action: Action = Action.ADD
) -> tuple[Opened, Link | None]:
    """Open the record behind a key, or think out a new one, which `make_record` writes, with its link.

    Raises:
        NotFoundError: The key opens no record for this action.
    """
    moment = desk.clock()
    if key:
        with desk.units(reading=True) as unit:
            return find(unit, visitor, key, action, moment), None
    owner = visitor.account.id if visitor.account else None
    life = timedelta(days=desk.limits.record_days)
    expires = None if owner else moment + life
    record = Record(new_id(), moment, owner, expires, wishes.showing, wishes.language, wishes.mail)
    if owner:
        return Opened(record, record.id, permitted(visitor, None, record, moment), f"account:{owner}"), None
    secret, link = new_link(record.id, LinkPurpose.OWNER, desk, life)
    return Opened(record, secret, permitted(visitor, link, record, moment), "link:owner"), link


def _keep(desk: Desk, file: SourceFile, record: str) -> _Kept:
    sha256 = hashlib.sha256(file.content).hexdigest()
    key = f"records/{record}/{sha256}/original"
    if len(file.content) > desk.limits.file_mb * 1_000_000:
        return _Kept(file, key, sha256, refusal=TooLargeError(file.name, f"more than {desk.limits.file_mb} MB"))
    desk.files.put(key, file.content)
    try:
        return _Kept(file, key, sha256, desk.reading.accept(file).value)
    except InputError as refusal:
        return _Kept(file, key, sha256, refusal=refusal)


def _enter(
    desk: Desk, opened: Opened, kept: Sequence[_Kept], *, new: bool, secret: Link | None, checks: str
) -> tuple[Receipt, list[Job]]:
    """Write records, documents and jobs in one transaction; drop the bytes of what was refused."""
    taken: list[StoredDocument] = []
    repeated: list[tuple[str, StoredDocument]] = []
    refused: list[InputError] = []
    jobs: list[Job] = []
    known = True
    with desk.units() as unit:
        if not new:
            unit.records.get(opened.record.id, lock=True)
        present = {} if new else {d.sha256: d for d in unit.documents.of_record(opened.record.id)}
        room = desk.limits.documents_per_record - len(present)
        for one in kept:
            for document in _documents(desk, one, opened.record):
                if document.sha256 in present:
                    repeated.append((document.name, present[document.sha256]))
                elif len(taken) >= room:
                    refused.append(TooLargeError(one.file.name, "the record holds as many documents as it can"))
                else:
                    present[document.sha256] = document
                    taken.append(document)
            if one.refusal and not isinstance(one.refusal, EncryptedReportError):
                refused.append(one.refusal)
        if taken:
            if new:
                known = make_record(unit, opened.record, secret, checks)
            jobs = _queue(unit, taken, desk)
            look(unit, opened, "add.documents", desk.clock(), f"{len(taken)} documents")
        unit.commit()
    _drop(desk, kept, {d.original for d in present.values()})
    key = opened.key if taken or not new else ""
    return Receipt(key, tuple(taken), tuple(refused), tuple(repeated), unknown_code=not known), jobs


def _documents(desk: Desk, one: _Kept, record: Record) -> list[StoredDocument]:
    def document(name: str, sha256: str, kind: str) -> StoredDocument:
        return StoredDocument(
            new_id(), record.id, name[-500:], sha256, kind, one.key, one.key, len(one.file.content), desk.clock()
        )

    if isinstance(one.refusal, EncryptedReportError):
        locked = document(one.file.name, one.sha256, "pdf")
        return [
            replace(locked, state=DocumentState.LOCKED, error_code=one.refusal.code, error_message=str(one.refusal))
        ]
    return [document(part.name, part.sha256, part.format.value) for part in one.parts]


def make_record(unit: UnitOfWork, record: Record, secret: Link | None, checks: str = "") -> bool:
    """Write a new record and the link that opens it; one that an account keeps has no link.

    Args:
        unit: The unit of work to write in.
        record: The record.
        secret: Its link.
        checks: Code of the organisation that may check it, "nobody", or "" for the one that takes every record.

    Returns:
        False where no organisation has this code; nobody checks the record then.
    """
    unit.records.add(record)
    if secret:
        unit.records.add_link(secret)
    return give(unit, record.id, checks, "link:owner" if secret else f"account:{record.owner}", record.created_at)


def _queue(unit: UnitOfWork, taken: Sequence[StoredDocument], desk: Desk) -> list[Job]:
    jobs = []
    for document in taken:
        unit.documents.add(document)
        if document.state is DocumentState.WAITING:
            jobs.append(read_job(document, desk))
            unit.jobs.add(jobs[-1])
    return jobs


def _drop(desk: Desk, kept: Sequence[_Kept], needed: set[str]) -> None:
    for key in {one.key for one in kept} - needed:
        desk.files.purge(key)

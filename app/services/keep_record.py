"""What a person does with a record beside uploading: change, share, dispute, keep, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.account import Visitor
from app.domain.document import SourceFile
from app.domain.job import JobKind, JobState
from app.domain.record import DocumentState, Doubt, Link, LinkPurpose, Showing, StoredDocument
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, find, look
from app.services.desk import Desk, new_id
from app.services.keep_queue import enlist
from app.services.plan_jobs import next_jobs
from app.services.receive_upload import new_link, read_job
from app.services.sweep import remove_files


def remove_document(desk: Desk, visitor: Visitor, key: str, document: str) -> None:
    """Delete one document with its file; what is known from the others is explained anew."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, moment)
        gone = _document(unit, opened.record.id, document)
        unit.documents.delete(gone.id)
        unit.trail.add_purge(f"records/{gone.record}/{gone.id}")
        if not any(d.original == gone.original for d in unit.documents.of_record(gone.record)):
            unit.trail.add_purge(gone.original.rsplit("/", 1)[0])
        look(unit, opened, "remove.document", moment)
        if not unit.documents.of_record(gone.record):
            unit.queue.drop(gone.record)
        following = next_jobs(unit, gone.record, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)
    remove_files(desk)


def cancel_document(desk: Desk, visitor: Visitor, key: str, document: str) -> None:
    """Stop reading a document; its file stays."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, moment)
        stopped = _document(unit, opened.record.id, document)
        if stopped.state not in (DocumentState.WAITING, DocumentState.READING):
            return
        _close_jobs(unit, stopped, desk)
        unit.documents.save(replace(stopped, state=DocumentState.CANCELLED))
        look(unit, opened, "cancel.document", moment)
        following = next_jobs(unit, stopped.record, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def retry_document(desk: Desk, visitor: Visitor, key: str, document: str) -> None:
    """Read a document that failed or was stopped once more."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, moment)
        again = _document(unit, opened.record.id, document)
        if again.state not in (DocumentState.FAILED, DocumentState.CANCELLED):
            return
        job = _read_again(unit, again, desk)
        look(unit, opened, "retry.document", moment)
        unit.commit()
    desk.queue.ring(job)


def unlock_document(desk: Desk, visitor: Visitor, key: str, document: str, password: str) -> None:
    """Open a locked PDF with its password, which is used here and stored nowhere: an unlocked copy is.

    Raises:
        EncryptedReportError: The password does not open it.
    """
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, key, Action.CHANGE, desk.clock())
        locked = _document(unit, opened.record.id, document)
    if locked.state is not DocumentState.LOCKED:
        return
    content = desk.files.get(locked.original)
    desk.reading.accept(SourceFile(locked.name, content, password))
    copy = f"records/{locked.record}/{locked.id}/unlocked"
    desk.files.put(copy, desk.reading.unlock(SourceFile(locked.name, content, password)))
    with desk.units() as unit:
        job = _read_again(unit, replace(locked, key=copy), desk)
        look(unit, opened, "unlock.document", desk.clock())
        unit.commit()
    desk.queue.ring(job)


def choose_showing(desk: Desk, visitor: Visitor, key: str, showing: Showing) -> None:
    """Say when to show what was read."""
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, desk.clock())
        unit.records.save(replace(opened.record, showing=showing))
        unit.commit()


def choose_language(desk: Desk, visitor: Visitor, key: str, language: str) -> None:
    """Explain a record in another language."""
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, desk.clock())
        unit.records.save(replace(opened.record, language=language))
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def confirm_one_person(desk: Desk, visitor: Visitor, key: str) -> None:
    """Note that a person has decided: all documents are of one patient though names or birth dates differ."""
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, desk.clock())
        unit.records.save(replace(opened.record, one_person=True))
        look(unit, opened, "confirm.one_person", desk.clock())
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def say_wrong(desk: Desk, visitor: Visitor, key: str, about: str, label: str, note: str) -> None:
    """Put "this is wrong" about one fact into the reviewers' queue."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.DISPUTE, moment)
        unit.records.add_doubt(Doubt(new_id(), opened.record.id, about[:60], label[:500], note[:4000], moment))
        enlist(unit, opened.record.id)
        look(unit, opened, "dispute.fact", moment, about[:60])
        unit.commit()


def share(desk: Desk, visitor: Visitor, key: str, *, days: int, label: str) -> str:
    """Make a link that lets its holder read the record for some days.

    Returns:
        The secret of the link.
    """
    if not 1 <= days <= 90:
        raise RefusedError("A link can last from 1 to 90 days.")
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.SHARE, moment)
        secret, link = new_link(opened.record.id, LinkPurpose.SHARE, desk, timedelta(days=days), label[:200])
        unit.records.add_link(link)
        look(unit, opened, "share.record", moment, f"{days} days")
        unit.commit()
    return secret


def unshare(desk: Desk, visitor: Visitor, key: str, token_hash: str) -> None:
    """Make a shared link open nothing any more."""
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.SHARE, desk.clock())
        for link in shared_links(unit, opened.record.id):
            if link.token_hash == token_hash:
                unit.records.delete_link(token_hash)
                look(unit, opened, "unshare.record", desk.clock())
        unit.commit()


def shared_links(unit: UnitOfWork, record: str) -> Sequence[Link]:
    """Return the links that were made for others."""
    return [link for link in unit.records.links(record) if link.purpose is LinkPurpose.SHARE]


def keep(desk: Desk, visitor: Visitor, key: str) -> str:
    """Move a record from its private link into the visitor's account.

    Returns:
        The key that opens it from now on, for this account only.
    """
    if visitor.account is None:
        raise NotFoundError
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.KEEP, desk.clock())
        if opened.record.owner not in (None, visitor.account.id):
            raise NotFoundError
        unit.records.save(replace(opened.record, owner=visitor.account.id, expires_at=None))
        for link in unit.records.links(opened.record.id):
            if link.purpose is LinkPurpose.OWNER:
                unit.records.delete_link(link.token_hash)
        look(unit, opened, "keep.record", desk.clock())
        unit.commit()
    return opened.record.id


def delete_record(desk: Desk, visitor: Visitor, key: str) -> None:
    """Delete a record: its rows at once, its files right after; a crash in between is made up for by the sweeper."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.DELETE, moment)
        unit.records.delete(opened.record.id)
        unit.trail.add_purge(f"records/{opened.record.id}")
        look(unit, opened, "delete.record", moment)
        unit.commit()
    remove_files(desk)


def _document(unit: UnitOfWork, record: str, document: str) -> StoredDocument:
    found = unit.documents.get(document)
    if found is None or found.record != record:
        raise NotFoundError
    return found


def _close_jobs(unit: UnitOfWork, document: StoredDocument, desk: Desk) -> None:
    for job in unit.jobs.of_record(document.record):
        if job.document == document.id and job.kind is JobKind.READ:
            unit.jobs.close(job.id, JobState.CANCELLED, desk.clock())


def _read_again(unit: UnitOfWork, document: StoredDocument, desk: Desk) -> str:
    _close_jobs(unit, document, desk)
    fresh = replace(document, state=DocumentState.WAITING, pages_read=0, error_code="", error_message="")
    unit.documents.save(fresh)
    job = read_job(fresh, desk)
    unit.jobs.add(job)
    return job.id

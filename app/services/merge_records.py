"""Put two records of one patient together: documents, decisions and answers move; the files move with them."""

from __future__ import annotations

from dataclasses import replace

from app.domain.account import Visitor
from app.domain.record import Record, StoredDocument
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, Opened, find, look
from app.services.desk import Desk
from app.services.keep_queue import enlist
from app.services.plan_jobs import UNDER_WAY, next_jobs
from app.services.sweep import remove_files


def same_person(unit: UnitOfWork, visitor: Visitor, opened: Opened, desk: Desk) -> tuple[Record, ...]:
    """Return the other records of the same account that this navigator may check, newest first.

    Records of different holders are never put together: whoever holds the one would see the other. Their holder can
    keep both in one account; then they are listed here.
    """
    if opened.record.owner is None:
        return ()
    return tuple(
        other for other in unit.records.owned(opened.record.owner)
        if other.id != opened.record.id and _may(unit, visitor, other.id, desk)
    )  # fmt: skip


def merge_records(desk: Desk, visitor: Visitor, record: str, other: str) -> None:
    """Move everything of another record into this one, and delete what is then empty.

    Links by which others could read the other record end: they were made for less than what this one holds.

    Raises:
        RefusedError: The records are not of one account, or a document is being read.
    """
    with desk.units(reading=True) as unit:
        kept = find(unit, visitor, record, Action.REVIEW, desk.clock())
        gone = find(unit, visitor, other, Action.REVIEW, desk.clock())
        _check(unit, kept.record, gone.record)
        present = {(d.sha256, d.name) for d in unit.documents.of_record(kept.record.id)}
        old = {d.id: d for d in unit.documents.of_record(gone.record.id) if (d.sha256, d.name) not in present}
        moved = [_moved(d, kept.record.id) for d in old.values()]
    # The files are copied first: a crash leaves copies that the next try writes again, and loses nothing.
    for document in moved:
        for was, becomes in {(old[document.id].original, document.original), (old[document.id].key, document.key)}:
            desk.files.put(becomes, desk.files.get(was))
    with desk.units() as unit:
        for identity in sorted((kept.record.id, gone.record.id)):
            if unit.records.get(identity, lock=True) is None:
                raise NotFoundError
        _check(unit, kept.record, gone.record)
        for document in moved:
            unit.documents.save(document)
            # Images of pages lie with the record that goes; they are drawn anew.
            bare = [replace(p, key="", media_type="") for p in unit.documents.pages(document.id)]
            unit.documents.put_pages(document.id, bare)
        unit.questions.move_all(gone.record.id, kept.record.id)
        unit.records.delete(gone.record.id)
        unit.trail.add_purge(f"records/{gone.record.id}")
        look(unit, kept, "review.merge", desk.clock(), f"{gone.record.id} {len(moved)}")
        look(unit, gone, "review.merged_into", desk.clock(), kept.record.id)
        enlist(unit, kept.record.id)
        following = next_jobs(unit, kept.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)
    remove_files(desk)


def _may(unit: UnitOfWork, visitor: Visitor, record: str, desk: Desk) -> bool:
    try:
        find(unit, visitor, record, Action.REVIEW, desk.clock())
    except NotFoundError:
        return False
    return True


def _check(unit: UnitOfWork, kept: Record, gone: Record) -> None:
    if kept.id == gone.id or kept.owner is None or kept.owner != gone.owner:
        raise RefusedError(
            "Only records that one account keeps can be put together: whoever holds one would see the other. Ask the "
            "patient to keep both in one account."
        )
    documents = [*unit.documents.of_record(kept.id), *unit.documents.of_record(gone.id)]
    if any(d.state in UNDER_WAY for d in documents):
        raise RefusedError("A document is being read. Wait until it is done, then put the records together.")


def _moved(document: StoredDocument, record: str) -> StoredDocument:
    def there(key: str) -> str:
        return key.replace(f"records/{document.record}/", f"records/{record}/", 1)

    return replace(document, record=record, key=there(document.key), original=there(document.original))

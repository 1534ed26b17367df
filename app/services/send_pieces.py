"""Receive a file piece by piece: a piece is safe before it is acknowledged, and a lost connection loses none."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.document import SourceFile
from app.domain.record import PartialUpload
from app.errors import EmptyFileError, NotFoundError, RefusedError, TooLargeError
from app.ports import UnitOfWork
from app.services.access import hashed
from app.services.desk import Desk

AFTER_USE = timedelta(hours=1)
"""A file that was taken stays this long, so that an answer that got lost can be asked for again."""


class OffsetError(RefusedError):
    """A piece does not begin where the last one ended; the sender goes on from there."""

    code = "input.offset"

    def __init__(self, received: int) -> None:
        """Keep how much is safe."""
        self.received = received
        super().__init__("A part of the file is missing. Send it again from where it stopped.")


class IncompleteError(RefusedError):
    """A file was not sent to its end."""

    code = "input.incomplete"

    def __init__(self, name: str) -> None:
        """Name the file and say what to do."""
        super().__init__(f"{name} has not arrived completely. Choose it again, and it goes on from where it stopped.")


@dataclass(frozen=True, slots=True)
class Sending:
    """How far a file has come."""

    name: str
    received: int
    bytes_count: int


def begin(desk: Desk, name: str, bytes_count: int) -> str:
    """Announce a file.

    Returns:
        The secret of its address; it is stored nowhere.

    Raises:
        EmptyFileError: It holds nothing.
        TooLargeError: It is larger than a file may be.
        RefusedError: Too much is being sent by everybody together.
    """
    if bytes_count <= 0:
        raise EmptyFileError(name)
    if bytes_count > desk.limits.file_mb * 1_000_000:
        raise TooLargeError(name, f"more than {desk.limits.file_mb} MB")
    moment = desk.clock()
    secret = secrets.token_urlsafe(24)
    life = timedelta(hours=desk.limits.partial_hours)
    with desk.units() as unit:
        if unit.uploads.waiting() + bytes_count > desk.limits.partial_mb * 1_000_000:
            raise RefusedError("Too many files are being sent at this moment. Try again in some minutes.")
        unit.uploads.add(PartialUpload(hashed(secret), name, bytes_count, 0, moment, moment + life))
        unit.commit()
    return secret


def how_far(desk: Desk, secret: str) -> Sending:
    """Return how far a file has come.

    Raises:
        NotFoundError: There is none, or its time is over.
    """
    with desk.units(reading=True) as unit:
        found = _upload(unit, secret, desk)
    return Sending(found.name, found.received, found.bytes_count)


def append(desk: Desk, secret: str, offset: int, piece: bytes) -> Sending:
    """Store the next piece of a file.

    Args:
        desk: Store and files.
        secret: Of its address.
        offset: Where the piece begins.
        piece: The bytes.

    Returns:
        How far it has come now: so much is safe.

    Raises:
        NotFoundError: There is none, or its time is over.
        OffsetError: It begins elsewhere than where the last piece ended.
        TooLargeError: It is longer than was announced.
    """
    with desk.units() as unit:
        # The row stays locked while the bytes are written: of two senders of one piece, one is told where to go on.
        found = _upload(unit, secret, desk, lock=True)
        if offset != found.received:
            raise OffsetError(found.received)
        if offset + len(piece) > found.bytes_count:
            raise TooLargeError(found.name, "more than was announced")
        if piece:
            desk.files.put(_key(found, offset), piece)
        life = timedelta(hours=desk.limits.partial_hours)
        found = replace(found, received=offset + len(piece), expires_at=desk.clock() + life)
        unit.uploads.save(found)
        unit.commit()
    return Sending(found.name, found.received, found.bytes_count)


def drop(desk: Desk, secret: str) -> None:
    """Throw away a file that is still coming; one that is gone already is no error."""
    with desk.units() as unit:
        upload = unit.uploads.get(hashed(secret))
        if upload:
            forget(unit, upload)
        unit.commit()


def gathered(desk: Desk, sent: Sequence[str]) -> list[SourceFile]:
    """Return the files that were sent piece by piece, whole.

    Raises:
        NotFoundError: One of them is not there.
        IncompleteError: One has not come to its end.
    """
    with desk.units(reading=True) as unit:
        uploads = [_upload(unit, secret, desk) for secret in sent]
    files = []
    for upload in uploads:
        if upload.received != upload.bytes_count:
            raise IncompleteError(upload.name)
        content = bytearray()
        while len(content) < upload.bytes_count:
            content += desk.files.get(_key(upload, len(content)))
        files.append(SourceFile(upload.name, bytes(content)))
    return files


def taken(desk: Desk, sent: Sequence[str]) -> None:
    """Let go of files that are in a record now; they go with the sweep, after a while."""
    if not sent:
        return
    with desk.units() as unit:
        for secret in sent:
            upload = unit.uploads.get(hashed(secret))
            if upload:
                unit.uploads.save(replace(upload, expires_at=min(upload.expires_at, desk.clock() + AFTER_USE)))
        unit.commit()


def forget(unit: UnitOfWork, upload: PartialUpload) -> None:
    """Delete a file that is still coming; its bytes are removed after the transaction."""
    unit.uploads.delete(upload.id)
    unit.trail.add_purge(f"uploads/{upload.id}")


def _upload(unit: UnitOfWork, secret: str, desk: Desk, *, lock: bool = False) -> PartialUpload:
    found = unit.uploads.get(hashed(secret), lock=lock)
    if found is None or found.expires_at <= desk.clock():
        raise NotFoundError
    return found


def _key(upload: PartialUpload, offset: int) -> str:
    return f"uploads/{upload.id}/{offset:012d}"

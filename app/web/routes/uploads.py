"""Files that come piece by piece: announce, ask how far, go on, throw away (after the protocol of tus.io)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from app.errors import TooLargeError
from app.services import send_pieces
from app.services.send_pieces import OffsetError, Sending
from app.web.names import file_name
from app.web.security import DeskOf

router = APIRouter(prefix="/uploads")
PIECE_MB = 8
"""Largest piece; our own script sends smaller ones."""
Number = Annotated[int, Header(ge=0)]


async def piece_of(request: Request) -> bytes:
    """Return the bytes of a request; where the connection breaks, those that came until then."""
    came = bytearray()
    try:
        async for part in request.stream():
            came += part
            if len(came) > PIECE_MB * 1_000_000:
                raise TooLargeError("This part of the file", f"more than {PIECE_MB} MB")
    except ClientDisconnect:
        pass
    return bytes(came)


Piece = Annotated[bytes, Depends(piece_of)]


@router.post("", status_code=201)
def announce(desk: DeskOf, upload_length: Number, upload_name: Annotated[str, Header(max_length=3000)]) -> Response:
    """Announce a file; the answer names its address."""
    secret = send_pieces.begin(desk, file_name(unquote(upload_name)), upload_length)
    return Response(status_code=201, headers={"Location": f"/uploads/{secret}", "Upload-Offset": "0"})


@router.head("/{secret}")
def how_far(desk: DeskOf, secret: str) -> Response:
    """Say how much of a file is safe."""
    return _told(send_pieces.how_far(desk, secret), 200)


@router.patch("/{secret}")
def go_on(desk: DeskOf, secret: str, upload_offset: Number, piece: Piece) -> Response:
    """Take the next piece; the answer says how much is safe now."""
    try:
        return _told(send_pieces.append(desk, secret, upload_offset, piece), 204)
    except OffsetError as error:
        return Response(status_code=409, headers={"Upload-Offset": str(error.received)})


@router.delete("/{secret}", status_code=204)
def throw_away(desk: DeskOf, secret: str) -> Response:
    """Throw a file away."""
    send_pieces.drop(desk, secret)
    return Response(status_code=204)


def _told(sending: Sending, status: int) -> Response:
    told = {"Upload-Offset": str(sending.received), "Upload-Length": str(sending.bytes_count)}
    return Response(status_code=status, headers=told)

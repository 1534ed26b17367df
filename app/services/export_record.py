"""A record as a sheet for the visit, or as FHIR, made anew from what was read: the same facts give the same file."""

from __future__ import annotations

from typing import Any

from app.errors import NotFoundError
from app.pipeline import DocumentFacts
from app.services.access import Opened
from app.services.desk import Desk
from app.services.explain_record import read_documents
from app.services.facts import renumbered, unpack
from app.services.process_document import open_source
from app.services.review_overlay import overlaid


def export_sheet(desk: Desk, opened: Opened) -> bytes:
    """Return the sheet as PDF."""
    with desk.units(reading=True) as unit:
        documents = read_documents(unit, opened.record.id)
    facts = _facts(desk, opened)
    sources = [open_source(desk, d)[0] for d in documents]
    record = opened.record
    return desk.reading.sheet(facts, sources, language=record.language, one_person=record.one_person)


def export_bundle(desk: Desk, opened: Opened) -> dict[str, Any]:
    """Return the record as a FHIR bundle."""
    return desk.reading.bundle(_facts(desk, opened), language=opened.record.language)


def _facts(desk: Desk, opened: Opened) -> tuple[DocumentFacts, ...]:
    with desk.units(reading=True) as unit:
        documents = read_documents(unit, opened.record.id)
        contents = [unit.documents.facts(d.id) for d in documents]
        decisions = tuple(unit.reviews.of_record(opened.record.id))
    if not contents:
        raise NotFoundError
    read = [(d.id, unpack(content)) for d, content in zip(documents, contents, strict=True) if content]
    return overlaid(renumbered([facts for _, facts in read]), [identity for identity, _ in read], decisions)

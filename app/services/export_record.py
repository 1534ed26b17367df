"""A record as a sheet for the visit, or as FHIR, made anew from what was read: the same facts give the same file."""

from __future__ import annotations

from typing import Any

from app.domain.finding import Finding
from app.errors import NotFoundError
from app.pipeline import DocumentFacts
from app.services.access import Opened
from app.services.desk import Desk
from app.services.explain_record import read_documents
from app.services.facts import renumbered, unpack
from app.services.process_document import open_source
from app.services.review_overlay import overlaid
from app.services.say_fact import as_findings


def export_sheet(desk: Desk, opened: Opened, *, large: bool = False) -> bytes:
    """Return the sheet as PDF, in large print if wanted."""
    with desk.units(reading=True) as unit:
        documents = read_documents(unit, opened.record.id)
    facts, said = _facts(desk, opened)
    sources = [open_source(desk, d)[0] for d in documents]
    record = opened.record
    return desk.reading.sheet(
        facts, sources, language=record.language, one_person=record.one_person, said=said, large=large
    )


def export_bundle(desk: Desk, opened: Opened) -> dict[str, Any]:
    """Return the record as a FHIR bundle."""
    facts, said = _facts(desk, opened)
    return desk.reading.bundle(facts, language=opened.record.language, said=said)


def _facts(desk: Desk, opened: Opened) -> tuple[tuple[DocumentFacts, ...], tuple[Finding, ...]]:
    with desk.units(reading=True) as unit:
        documents = read_documents(unit, opened.record.id)
        contents = [unit.documents.facts(d.id) for d in documents]
        decisions = tuple(unit.reviews.of_record(opened.record.id))
        said = as_findings(unit.records.said(opened.record.id))
    if not (contents or said):
        raise NotFoundError
    read = [(d.id, unpack(content)) for d, content in zip(documents, contents, strict=True) if content]
    return overlaid(renumbered([facts for _, facts in read]), [identity for identity, _ in read], decisions), said

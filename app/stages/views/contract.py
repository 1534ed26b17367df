"""The JSON that other programs read (`caseguide.analysis/1`); its schema is app/data/schema/analysis-1.json.

Fields may be added, never renamed: a breaking change is a new schema number.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.domain.finding import Finding
from app.domain.guidance import Answer, Guidance
from app.domain.match import Matches
from app.domain.mention import Mention
from app.domain.outcome import Issue
from app.domain.page import Page
from app.domain.profile import Diagnosis, Profile, ReadDocument, Stage, Treatment
from app.domain.provenance import Evidence
from app.domain.section import Report
from app.domain.statement import Source

SCHEMA = "caseguide.analysis/1"
JsonObject = dict[str, Any]


def analysis(
    documents: Sequence[ReadDocument],
    known: Profile,
    matches: Matches,
    told: Guidance,
    *,
    pipeline_version: str,
    knowledge_version: str,
) -> JsonObject:
    """Return the whole analysis as one JSON object."""
    return {
        "schema": SCHEMA,
        "pipeline_version": pipeline_version,
        "knowledge_version": knowledge_version,
        "documents": [_document(d) for d in documents],
        "profile": profile(known),
        "matches": _matches(matches),
        "not_in_documents": [
            {
                "marker": missing.advice.marker,
                "reasons": list(missing.advice.reasons),
                "methods": list(missing.advice.methods),
                "statements": [missing.advice.id],
            }
            for missing in matches.missing
        ],
        "guidance": guidance(told),
    }


def profile(known: Profile) -> JsonObject:
    """Return a profile; the same object is understood by `caseguide guide`."""
    return {
        "person": {"name": known.person.name, "born": known.person.born, "sex": known.person.sex},
        "diagnoses": [_diagnosis(d) for d in known.diagnoses],
        "stages": [_stage(s) for s in known.stages],
        "findings": [_finding(f) for f in known.findings],
        "treatments": [_treatment(t) for t in known.treatments],
        "family_history": [
            {
                "relation": f.relation,
                "condition": f.condition,
                "gene": f.gene or None,
                "evidence": [_evidence(e) for e in f.evidence],
            }
            for f in known.family_history
        ],
        "conflicts": [{"about": list(c.about), "message": c.message} for c in known.conflicts],
        "issues": [_issue(i, n) for n, i in enumerate(known.issues, 1)],
    }


def guidance(told: Guidance) -> JsonObject:
    """Return an explanation with its sources."""
    return {
        "language": told.language,
        "sections": [
            {
                "id": part.id,
                "heading": part.heading,
                "folded": part.folded,
                "grade": part.grade,
                "sentences": [
                    {
                        "text": s.text,
                        "kind": str(s.kind),
                        "about": list(s.about),
                        "citations": list(s.citations),
                    }
                    for s in part.sentences
                ],
            }
            for part in told.parts
        ],
        "sources": {key: _source(source) for key, source in told.sources.items()},
        "readability": {"grade": told.grade, "raw_grade": told.raw_grade},
        "disclaimer": told.disclaimer,
        "refused": list(told.refused),
    }


def answer(given: Answer, text: str) -> JsonObject:
    """Return a public answer; `text` is the whole answer as plain text."""
    told = guidance(given.guidance)
    return {
        "question": given.question,
        "intent": given.intent,
        "markers": list(given.markers),
        "cancer": {"name": given.cancer, "oncotree": list(given.oncotree)},
        "rung": given.rung,
        "slug": given.slug,
        "sections": told["sections"],
        "sources": told["sources"],
        "readability": told["readability"],
        "disclaimer": told["disclaimer"],
        "text": text,
    }


def mention(found: Mention, report: Report) -> JsonObject:
    """Return one mention in plain text, with the characters that it was read from."""
    span = found.spans[0]
    section = report.sections[span.section].text
    told = {name: _plain(value) for name, value in found.reading.stated().items()}
    told |= {"start": span.start, "end": span.end, "text": section[span.start : span.end]}
    if found.cue:
        told["cue"] = section[found.cue.start : found.cue.end]
    return told | {"confidence": round(found.confidence, 3)}


def _matches(matches: Matches) -> list[JsonObject]:
    return [
        {
            "about": list(m.about),
            "rung": str(m.rung),
            "jurisdiction": m.jurisdiction,
            "statements": [s.id for s in m.statements],
            "therapies": sorted({t for s in m.statements for t in s.therapies}),
            "taken": list(m.taken),
            "why": m.why,
        }
        for m in matches.matches
    ]


def _document(document: ReadDocument) -> JsonObject:
    return {
        "name": document.name,
        "sha256": document.sha256,
        "kind": str(document.kind),
        "laboratory": document.laboratory,
        "test": document.test,
        "report_date": document.report_date.isoformat() if document.report_date else None,
        "specimen": document.specimen,
        "pages": [_page(p) for p in document.pages],
        "issues": [_issue(i, n) for n, i in enumerate(document.issues, 1)],
    }


def _page(page: Page) -> JsonObject:
    return {
        "number": page.number,
        "width": round(page.width, 1),
        "height": round(page.height, 1),
        "text_source": str(page.text_source),
        "rotation": page.rotation,
        "words": len(page.words),
        "ocr_confidence": None if page.ocr_confidence is None else round(page.ocr_confidence, 3),
        "language": page.language,
    }


def _issue(issue: Issue, number: int) -> JsonObject:
    return {
        "id": f"i{number}",
        "code": issue.code,
        "page": issue.page,
        "message": issue.message,
        "severity": str(issue.severity),
    }


def _evidence(place: Evidence) -> JsonObject:
    told: JsonObject = {"source": str(place.source), "text": place.text}
    if place.document is not None:
        told["document"] = place.document
    if place.page is not None:
        told["page"] = place.page
    if place.box is not None:
        told["box"] = [round(v, 2) for v in (place.box.x0, place.box.y0, place.box.x1, place.box.y1)]
    return told


def _finding(finding: Finding) -> JsonObject:
    told = {name: _plain(value) for name, value in finding.reading.stated().items()}
    told |= {
        "id": finding.id,
        "confidence": round(finding.confidence, 3),
        "review": str(finding.review),
        "evidence": [_evidence(e) for e in finding.evidence],
    }
    if finding.cue:
        told["cue"] = finding.cue
    return told


def _diagnosis(diagnosis: Diagnosis) -> JsonObject:
    return {
        "id": diagnosis.id,
        "text": diagnosis.text,
        "name": diagnosis.name,
        "oncotree": diagnosis.oncotree or None,
        "ncit": diagnosis.ncit or None,
        "temporality": diagnosis.temporality,
        "grade": diagnosis.grade or None,
        "certainty": diagnosis.certainty or None,
        "evidence": [_evidence(e) for e in diagnosis.evidence],
    }


def _stage(stage: Stage) -> JsonObject:
    return {
        "id": stage.id,
        "diagnosis": stage.diagnosis or None,
        "system": stage.system,
        "value": stage.value or None,
        "t": stage.t or None,
        "n": stage.n or None,
        "m": stage.m or None,
        "evidence": [_evidence(e) for e in stage.evidence],
    }


def _treatment(treatment: Treatment) -> JsonObject:
    return {
        "id": treatment.id,
        "name": treatment.name,
        "kind": treatment.kind,
        "result": treatment.result,
        "start": treatment.start or None,
        "end": treatment.end or None,
        "line": treatment.line,
        "dose": treatment.dose or None,
        "cycles": treatment.cycles,
        "reason": treatment.reason or None,
        "evidence": [_evidence(e) for e in treatment.evidence],
    }


def _source(source: Source) -> JsonObject:
    return {
        "title": source.title,
        "url": source.url,
        "date": source.date,
        "kind": source.kind,
        "licence": source.licence,
        "trust": str(source.trust),
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value

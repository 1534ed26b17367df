"""Findings of all documents of a record → one profile, in which each fact stands once with every place that says it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.document import SourceDocument
from app.domain.finding import Finding
from app.domain.mention import FactType
from app.domain.outcome import Issue, Outcome
from app.domain.page import Page, TextSource
from app.domain.profile import FamilyHistory, Profile, ReadDocument
from app.domain.section import Report
from app.domain.term import Vocabulary
from app.stages.profile.diagnoses import Names, diagnoses_of
from app.stages.profile.markers import Dated, findings_of
from app.stages.profile.people import between, confirmed, merged, within
from app.stages.profile.said import with_said
from app.stages.profile.stages import stages_of
from app.stages.profile.treatments import treatments_of

__all__ = ["confirmed", "document", "merge", "with_said"]

_CONTEXT = frozenset({FactType.HISTOLOGY, FactType.STAGE, FactType.TREATMENT})


def document(source: SourceDocument, pages: Sequence[Page], report: Report, issues: Sequence[Issue]) -> ReadDocument:
    """Put together what is known of a document after reading.

    Args:
        source: As it was received.
        pages: As they were read.
        report: What its head says, and its sections.
        issues: All that went less than well with it.

    Returns:
        The document; with a blocking issue of its own where its pages name different persons.
    """
    position = report.sections[0].document if report.sections else None
    return ReadDocument(
        name=source.name,
        sha256=source.sha256,
        kind=report.kind,
        pages=tuple(pages),
        issues=(*issues, *within(report.people, position)),
        laboratory=report.laboratory,
        test=report.test,
        report_date=report.report_date,
        specimen=report.specimen,
        person=report.person,
    )


def merge(records: Sequence[tuple[ReadDocument, tuple[Finding, ...]]], *, vocabulary: Vocabulary) -> Outcome[Profile]:
    """Merge the documents of one record.

    Args:
        records: Each document with its findings, in the order of the record.
        vocabulary: Names diagnoses and treatments.

    Returns:
        The profile. Its issues (also in the profile) say which documents seem to be about somebody else.
    """
    everything = [finding for _, findings in records for finding in findings]
    names = Names(vocabulary)
    diagnoses, keys = diagnoses_of(everything, names)
    dated = [
        Dated(finding, position, read.report_date)
        for position, (read, findings) in enumerate(records)
        for finding in findings
        if finding.reading.type not in _CONTEXT and finding.reading.experiencer != "family"
    ]
    findings, conflicts = findings_of(dated)
    inside = tuple(i for read, _ in records for i in read.issues if i.code == "document.other_person")
    issues = inside + between([(n, read.name, read.person, _scanned(read)) for n, (read, _) in enumerate(records)])
    profile = Profile(
        diagnoses=diagnoses,
        stages=stages_of(everything, diagnoses, keys),
        findings=findings,
        treatments=treatments_of(everything, vocabulary),
        family_history=_family(everything),
        conflicts=conflicts,
        issues=issues,
        person=merged([read.person for read, _ in records]),
    )
    return Outcome(profile, issues)


def _scanned(read: ReadDocument) -> bool:
    return any(page.text_source is not TextSource.NATIVE for page in read.pages)


def _family(findings: Sequence[Finding]) -> tuple[FamilyHistory, ...]:
    """Collect what is said of relatives, each relation and condition once."""
    told: dict[tuple[str, str, str], FamilyHistory] = {}
    for finding in findings:
        reading = finding.reading
        if reading.experiencer != "family":
            continue
        relation, gene = reading.relation or "relative", reading.gene or ""
        condition = reading.alteration if not gene else f"{gene} {reading.alteration}".strip()
        key = (relation.lower(), condition.lower(), gene)
        old = told.get(key)
        evidence = (*(old.evidence if old else ()), *finding.evidence)
        told[key] = FamilyHistory(relation, condition, gene, tuple(dict.fromkeys(evidence)))
    return tuple(told.values())

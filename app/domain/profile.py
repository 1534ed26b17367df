"""What a person's whole record says, ready to be matched and explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.document import ReportKind
from app.domain.finding import Finding
from app.domain.outcome import Issue
from app.domain.page import Page
from app.domain.provenance import Evidence
from app.domain.section import NOBODY, Person


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document after reading: what it is, its pages, and what went wrong."""

    name: str
    sha256: str
    kind: ReportKind
    pages: tuple[Page, ...]
    issues: tuple[Issue, ...] = ()
    laboratory: str = ""
    test: str = ""
    report_date: date | None = None
    specimen: str = ""
    person: Person = NOBODY


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis.

    Attributes:
        id: "d1" …
        text: As printed.
        name: Preferred name of the OncoTree type; as printed where there is no code.
        oncotree: Code, or "" where the text names none that OncoTree has.
        ncit: NCI Thesaurus code, or "".
        temporality: "current" or "historical".
        grade: As printed, or "".
        certainty: "favored", "suspected", or "" where the text is plain.
        evidence: Where it stands.
    """

    id: str
    text: str
    name: str
    oncotree: str = ""
    ncit: str = ""
    temporality: str = "current"
    grade: str = ""
    certainty: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, grade group or risk class.

    Attributes:
        id: "s1" …
        diagnosis: Identity of its diagnosis, or "" where that is not clear.
        system: "AJCC 8", "FIGO", "Rai", "Gleason" …
        value: Such as "IVA"; "" where only TNM is stated.
        t: Such as "pT2a", or "".
        n: Such as "pN1", or "".
        m: Such as "cM1b", or "".
        evidence: Where it stands.
    """

    id: str
    diagnosis: str
    system: str
    value: str = ""
    t: str = ""
    n: str = ""
    m: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment of this person.

    Attributes:
        id: "t1" …
        name: Generic name, in lower case; a regimen as it is usually written.
        kind: drug, regimen, surgery, radiation, transplant or other.
        result: given, ongoing, completed, stopped, planned, declined, held, recommended or not_given.
        start: ISO date or part of one, or "".
        end: ISO date or part of one, or "".
        line: Line of therapy; None where not stated.
        reason: Why it stopped, or "".
        dose: As printed, or "".
        cycles: Cycles given; None where not stated.
        evidence: Where it stands.
    """

    id: str
    name: str
    kind: str
    result: str
    start: str = ""
    end: str = ""
    line: int | None = None
    reason: str = ""
    dose: str = ""
    cycles: int | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyHistory:
    """A condition of a relative, which is no finding of the person."""

    relation: str
    condition: str
    gene: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that cannot both be true."""

    about: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a record says of one person.

    Attributes:
        diagnoses: Current ones first.
        stages: In order of their diagnoses.
        findings: Biomarkers and laboratory facts: detected first, then not judged, then not detected.
        treatments: In order of start.
        family_history: Conditions of relatives.
        conflicts: Facts that disagree, for a person to settle.
        issues: What concerns the whole record, such as "document.other_person".
        person: Whom the record is about, as far as its documents agree.
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    stages: tuple[Stage, ...] = ()
    findings: tuple[Finding, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    family_history: tuple[FamilyHistory, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[Issue, ...] = ()
    person: Person = NOBODY

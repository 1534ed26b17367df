"""A profile given as JSON (the `profile` of the analysis, only the fields that are known) → Profile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.profile import Conflict, Diagnosis, FamilyHistory, Profile, Stage, Treatment
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.section import Person
from app.errors import InputError


class ProfileError(InputError):
    """The profile is not of the form that docs/vocabulary.md describes."""

    code = "input.profile"

    def __init__(self, where: str, what: str) -> None:
        """Name the field and what it needs."""
        super().__init__(f"The profile can't be used: {where}: {what}. Put that field right and try again.")


class _Open(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Evidence(_Open):
    source: Spoken = Spoken.PERSON
    text: str = ""
    document: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    def noun(self) -> Evidence:
        return Evidence(self.source, self.text, self.document, self.page, Box(*self.box) if self.box else None)


class _Diagnosis(_Open):
    id: str = ""
    text: str = ""
    name: str = ""
    oncotree: str | None = None
    ncit: str | None = None
    temporality: str | None = "current"
    grade: str | None = None
    certainty: str | None = None
    evidence: list[_Evidence] = Field(default_factory=list)


class _Stage(_Open):
    id: str = ""
    diagnosis: str | None = None
    system: str | None = ""
    value: str | None = None
    t: str | None = None
    n: str | None = None
    m: str | None = None
    evidence: list[_Evidence] = Field(default_factory=list)


class _Treatment(_Open):
    id: str = ""
    name: str
    kind: str = "drug"
    result: str = "given"
    start: str | None = None
    end: str | None = None
    line: int | None = None
    reason: str | None = None
    dose: str | None = None
    cycles: int | None = None
    evidence: list[_Evidence] = Field(default_factory=list)


class _Finding(_Open):
    model_config = ConfigDict(extra="allow")

    id: str = ""
    type: FactType
    gene: str | None = None
    alteration: str = ""
    result: str
    confidence: float = 1.0
    review: Review = Review.ADDED
    cue: str = ""
    evidence: list[_Evidence] = Field(default_factory=list)


class _Family(_Open):
    relation: str = ""
    condition: str = ""
    gene: str | None = None
    evidence: list[_Evidence] = Field(default_factory=list)


class _Conflict(_Open):
    about: list[str] = Field(default_factory=list)
    message: str = ""


class _Person(_Open):
    name: str = ""
    born: str = ""
    sex: str = ""


class _Profile(_Open):
    diagnoses: list[_Diagnosis] = Field(default_factory=list)
    stages: list[_Stage] = Field(default_factory=list)
    findings: list[_Finding] = Field(default_factory=list)
    treatments: list[_Treatment] = Field(default_factory=list)
    family_history: list[_Family] = Field(default_factory=list)
    conflicts: list[_Conflict] = Field(default_factory=list)
    person: _Person = Field(default_factory=_Person)

    @field_validator("diagnoses", "stages", "findings", "treatments", "family_history", "conflicts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [] if value is None else value


NUMBERS = frozenset({"vaf", "ratio", "copies"})
WHOLE = frozenset({"line", "cycles"})
READING = frozenset(Reading.__dataclass_fields__) - {"type", "gene", "alteration", "result", "flags"}


def read_profile(given: object) -> Profile:
    """Turn parsed JSON into a profile.

    Args:
        given: A JSON object of the form of the analysis' `profile`; unknown fields are passed over.

    Raises:
        ProfileError: A field has the wrong form.
    """
    try:
        told = _Profile.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(".".join(str(step) for step in first["loc"]) or "profile", first["msg"]) from None
    return Profile(
        diagnoses=tuple(_diagnosis(d, n) for n, d in enumerate(told.diagnoses, 1)),
        stages=tuple(
            Stage(
                s.id or f"s{n}",
                s.diagnosis or "",
                s.system or "",
                s.value or "",
                s.t or "",
                s.n or "",
                s.m or "",
                _evidence(s.evidence, s.value or ""),
            )
            for n, s in enumerate(told.stages, 1)
        ),
        findings=tuple(_finding(f, n) for n, f in enumerate(told.findings, 1)),
        treatments=tuple(_treatment(t, n) for n, t in enumerate(told.treatments, 1)),
        family_history=tuple(
            FamilyHistory(f.relation, f.condition, f.gene or "", _evidence(f.evidence, f.condition))
            for f in told.family_history
        ),
        conflicts=tuple(Conflict(tuple(c.about), c.message) for c in told.conflicts),
        person=Person(told.person.name, told.person.born, told.person.sex),
    )


def _evidence(given: list[_Evidence], text: str) -> tuple[Evidence, ...]:
    return tuple(e.noun() for e in given) or (Evidence(Spoken.PERSON, text),)


def _diagnosis(d: _Diagnosis, number: int) -> Diagnosis:
    return Diagnosis(
        d.id or f"d{number}",
        d.text or d.name,
        d.name or d.text,
        d.oncotree or "",
        d.ncit or "",
        d.temporality or "current",
        d.grade or "",
        d.certainty or "",
        _evidence(d.evidence, d.text or d.name),
    )


def _treatment(t: _Treatment, number: int) -> Treatment:
    return Treatment(
        t.id or f"t{number}",
        t.name,
        t.kind,
        t.result,
        t.start or "",
        t.end or "",
        t.line,
        t.reason or "",
        t.dose or "",
        t.cycles,
        _evidence(t.evidence, t.name),
    )


def _finding(f: _Finding, number: int) -> Finding:
    extra = {k: v for k, v in (f.model_extra or {}).items() if k in READING and v is not None}
    told: dict[str, Any] = {}
    for name, value in extra.items():
        if name in NUMBERS:
            told[name] = _number(name, value)
        elif name in WHOLE:
            told[name] = int(_number(name, value))
        elif name == "value":
            told[name] = Decimal(str(value)) if isinstance(value, int | float) else str(value)
        else:
            told[name] = str(value)
    flags = (f.model_extra or {}).get("flags") or ()
    reading = Reading(f.type, f.gene, f.alteration, f.result, flags=tuple(map(str, flags)), **told)
    text = " ".join(filter(None, (f.gene, f.alteration, f.result)))
    return Finding(f.id or f"f{number}", reading, _evidence(f.evidence, text), f.cue, f.confidence, f.review)


def _number(name: str, value: object) -> Decimal:
    try:
        return Decimal(str(value).strip().rstrip("%"))
    except ArithmeticError:
        raise ProfileError(f"findings.{name}", "a number is needed") from None

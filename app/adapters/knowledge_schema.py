"""Curated knowledge files: what a curator may write, checked field by field, and turned into nouns.

Each folder under `app/data/statements` holds YAML files; each file is a list of mappings whose keys are the field names
of the nouns in `app/domain/statement.py`. docs/knowledge.md says what the words mean.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.domain.statement import (
    Change,
    Condition,
    Direction,
    DiseaseCard,
    Frequency,
    Level,
    MarkerCard,
    Method,
    Source,
    Statement,
    TestAdvice,
    Trust,
)
from app.errors import DataFileError

DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
PERCENT = re.compile(
    r"(positive|negative|low|ultralow|3\+|2\+|1\+|0|(>=|<|>)\d+(\.\d+)?( ?(%|H))?( (TPS|CPS|IC|TC|TAP))?)"
)
VARIANT = re.compile(
    r"p\.[A-Z]\d+([A-Z*]|fs\*?\d*|(_[A-Z]\d+)?(delins[A-Z*]+|del[A-Z]*|dup[A-Z]*|ins[A-Z*]*)|_[A-Z]\d+)?|c\.\S+"
)


def _date(text: str) -> str:
    if text and not DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no ISO date or part of one")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Free = Annotated[str, StringConstraints(strip_whitespace=True)]
IsoDate = Annotated[str, AfterValidator(_date)]
Identity = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*(:[A-Za-z0-9_.:-]+)?$")]
SourceId = Annotated[
    str,
    StringConstraints(
        pattern=r"^(pmid|fda|ema|label|guideline|abstract|civic|cgi|oncoref|web|doi):[A-Za-z0-9_./:()-]+$"
    ),
]
Cited = Annotated[tuple[SourceId, ...], Field(min_length=1)]
DiseaseCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9-]*$")]
Stage = Literal[
    "",
    "early",
    "resected",
    "locally_advanced",
    "unresectable",
    "advanced",
    "metastatic",
    "recurrent",
    "newly_diagnosed",
    "relapsed_refractory",
    "castration_resistant",
    "castration_sensitive",
    "chronic_phase",
    "low_risk",
    "high_risk",
]
Line = Literal["", "first", "later", "any", "neoadjuvant", "adjuvant", "perioperative", "maintenance", "consolidation"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConditionRow(_Row):
    """A `Condition` as written; `or_genes` lists further genes that meet it just as well."""

    gene: Symbol | None = None
    change: Change
    detail: Free = ""
    negated: bool = False
    origin: Literal["", "germline", "somatic"] = ""
    or_genes: tuple[Symbol, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> ConditionRow:
        if self.gene is None and self.change not in {Change.SIGNATURE, Change.CYTOGENETIC}:
            raise ValueError(f"a condition on {self.change} needs a gene")
        needs = {Change.VARIANT, Change.CATEGORY, Change.EXPRESSION, Change.SIGNATURE, Change.CYTOGENETIC}
        if self.change in needs and not self.detail:
            raise ValueError(f"a condition on {self.change} needs a detail")
        forms = {Change.VARIANT: VARIANT, Change.EXPRESSION: PERCENT}
        for part in self.detail.split("|") if self.change in forms else ():
            if not forms[self.change].fullmatch(part):
                raise ValueError(f"{part!r} is no detail of {self.change}; docs/knowledge.md lists the forms")
        return self

    def noun(self) -> Condition:
        """Return the condition."""
        return Condition(self.gene, self.change, self.detail, self.negated, self.origin, self.or_genes)


class SourceRow(_Row):
    """A `Source` as written."""

    id: SourceId
    title: Text
    url: Free = ""
    date: IsoDate = ""
    licence: Free = "facts only"
    kind: Literal["approval", "label", "guideline", "article", "database", "abstract", "web"] = "article"
    trust: Trust = Trust.UNVERIFIED

    def noun(self) -> Source:
        """Return the source."""
        return Source(self.id, self.title, self.url, self.date, self.licence, self.kind, self.trust)


class StatementRow(_Row):
    """A `Statement` as written."""

    id: Identity
    conditions: Annotated[tuple[ConditionRow, ...], Field(min_length=1)]
    disease: DiseaseCode
    direction: Direction
    level: Level
    therapies: tuple[Text, ...] = ()
    jurisdiction: Literal["", "US", "EU", "UK", "JP", "CN", "CA", "AU"] = ""
    status: Literal["", "current", "accelerated", "withdrawn"] = ""
    stage: Stage = ""
    line: Line = ""
    after: tuple[Text, ...] = ()
    sources: Cited
    date: IsoDate = ""
    trust: Trust = Trust.UNVERIFIED
    note: Free = ""
    not_in: tuple[DiseaseCode, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> StatementRow:
        if self.level is Level.APPROVED and not (self.jurisdiction and self.status and self.therapies and self.date):
            raise ValueError("an approval needs jurisdiction, status, therapies and date")
        if self.level is not Level.APPROVED and self.status:
            raise ValueError("only an approval has a status")
        return self

    def noun(self) -> Statement:
        """Return the statement."""
        told = {name: getattr(self, name) for name in type(self).model_fields}
        return Statement(**{**told, "conditions": tuple(c.noun() for c in self.conditions)})


class TestAdviceRow(_Row):
    """A `TestAdvice` as written."""

    id: Identity
    disease: DiseaseCode
    marker: Text
    conditions: Annotated[tuple[ConditionRow, ...], Field(min_length=1)]
    reasons: Annotated[tuple[Literal["treatment", "prognosis", "diagnosis", "inherited"], ...], Field(min_length=1)]
    methods: tuple[Text, ...] = ()
    when: Free = ""
    sources: Cited
    trust: Trust = Trust.UNVERIFIED

    def noun(self) -> TestAdvice:
        """Return the advice."""
        told = {name: getattr(self, name) for name in type(self).model_fields}
        return TestAdvice(**{**told, "conditions": tuple(c.noun() for c in self.conditions)})


class LookAlikeRow(_Row):
    """A name that is taken for the marker's, and how it differs."""

    name: Text
    how: Text


class MarkerCardRow(_Row):
    """A `MarkerCard` as written."""

    id: Identity
    marker: Text
    gene: Symbol | None = None
    change: Change | None = None
    normal_job: Text
    change_meaning: Text
    tested_by: tuple[Text, ...] = ()
    usual_in: tuple[DiseaseCode, ...] = ()
    look_alikes: tuple[LookAlikeRow, ...] = ()
    names: tuple[Text, ...] = ()
    sources: Cited
    trust: Trust = Trust.UNVERIFIED

    def noun(self) -> MarkerCard:
        """Return the card."""
        told = {name: getattr(self, name) for name in type(self).model_fields}
        return MarkerCard(**{**told, "look_alikes": tuple((a.name, a.how) for a in self.look_alikes)})


class FrequencyRow(_Row):
    """A `Frequency` as written."""

    id: Identity
    condition: ConditionRow
    disease: DiseaseCode
    found: Annotated[float, Field(ge=0)]
    among: Annotated[float, Field(gt=0)]
    sources: Cited
    trust: Trust = Trust.UNVERIFIED
    note: Free = ""

    @model_validator(mode="after")
    def _fits(self) -> FrequencyRow:
        if self.found > self.among:
            raise ValueError("found is more than among")
        return self

    def noun(self) -> Frequency:
        """Return the frequency."""
        told = {name: getattr(self, name) for name in type(self).model_fields}
        return Frequency(**{**told, "condition": self.condition.noun()})


class MethodRow(_Row):
    """A `Method` as written."""

    id: Identity
    name: Text
    finds: Text
    misses: Text
    sources: Cited
    trust: Trust = Trust.UNVERIFIED

    def noun(self) -> Method:
        """Return the method."""
        return Method(self.id, self.name, self.finds, self.misses, self.sources, self.trust)


class DiseaseCardRow(_Row):
    """A `DiseaseCard` as written."""

    disease: DiseaseCode
    plain_name: Text
    what: Text
    urgent: Free = ""
    sources: Cited
    trust: Trust = Trust.UNVERIFIED

    def noun(self) -> DiseaseCard:
        """Return the card."""
        return DiseaseCard(self.disease, self.plain_name, self.what, self.urgent, self.sources, self.trust)


Rowed = SourceRow | StatementRow | TestAdviceRow | MarkerCardRow | FrequencyRow | MethodRow | DiseaseCardRow
FOLDERS: dict[str, type[Rowed]] = {
    "sources": SourceRow,
    "statements": StatementRow,
    "advice": TestAdviceRow,
    "cards": MarkerCardRow,
    "frequencies": FrequencyRow,
    "methods": MethodRow,
    "diseases": DiseaseCardRow,
}
"""Folder of `app/data/statements` → what a row in it is."""


class _TextLoader(yaml.CSafeLoader):
    """A safe loader that leaves dates as the text that stands there."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_file(path: Path, row: type[Rowed]) -> list[Rowed]:
    """Read one YAML file of rows.

    Raises:
        DataFileError: The file cannot be read or a row does not fit; names file, row and field.
    """
    try:
        written = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 - derived from the safe one
    except yaml.YAMLError as error:
        raise DataFileError(f"{path.parent.name}/{path.name}: is no YAML: {error}") from error
    if not isinstance(written, list):
        raise DataFileError(f"{path.parent.name}/{path.name}: must be a list of rows")
    rows: list[Rowed] = []
    for number, entry in enumerate(written, start=1):
        name = entry.get("id") or entry.get("disease") if isinstance(entry, dict) else None
        try:
            rows.append(row.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "row"
            where = f"{path.parent.name}/{path.name}: row {number} ({name or 'no id'}), field {field}"
            raise DataFileError(f"{where}: {first['msg']}") from error
    return rows


def read_folder(root: Path) -> dict[str, list[Rowed]]:
    """Read all curated files under the folder, by kind, in order of file name."""
    return {
        kind: [found for path in sorted((root / kind).glob("*.yaml")) for found in read_file(path, row)]
        for kind, row in FOLDERS.items()
    }

"""What one place in a text says of one marker, diagnosis, stage or treatment."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

ANY_ALTERATION = "any alteration"
"""Alteration of a variant that a report leaves open: no change of the gene, of whatever sort, was found."""


class FactType(StrEnum):
    """The types of facts that a report states."""

    VARIANT = "variant"
    FUSION = "fusion"
    CNV = "cnv"
    IHC = "ihc"
    SIGNATURE = "signature"
    ISH = "ish"
    CYTOGENETICS = "cytogenetics"
    METHYLATION = "methylation"
    LAB = "lab"
    HISTOLOGY = "histology"
    STAGE = "stage"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact as read and normalised. `None` means "not stated".

    Attributes:
        type: Kind of fact.
        gene: Current HGNC symbol; "FIVE::THREE" for a fusion with both partners; None where no gene applies.
        alteration: One-letter protein HGVS where the text gives or allows it, else coding HGVS, else a category;
            for histology, stage, treatment and lab what the fact is about.
        result: The word for the outcome that belongs to the type (see docs/vocabulary.md).
        marker: The name as printed, such as "HER2" or "CK7".
        c: Coding HGVS, such as "c.2573T>G".
        p: Further protein HGVS of the same change.
        category: Further category of the same change, such as "exon 20 insertion".
        alias: Another spelling of the same change, such as "K27M".
        variant: Breakpoint or transcript, such as "E13;A20".
        vaf: Variant allele fraction in percent.
        value: As printed: a number, a percentage with its sign, or words.
        score: Scoring system or score, such as "TPS", "CPS", "3+".
        unit: Such as "mut/Mb".
        ratio: ISH ratio of target to control.
        copies: Gene copies.
        clone: Antibody clone, such as "22C3".
        origin: germline or somatic.
        zygosity: heterozygous, homozygous or hemizygous.
        classification: pathogenic, likely_pathogenic, vus, likely_benign, benign, oncogenic, tier I … tier IV.
        specimen: Label or name of the specimen.
        diagnosis: Identity of the diagnosis that it belongs to, where several are present.
        date: ISO date or part of one.
        temporality: "historical" for an earlier result of the patient; None for the current one.
        experiencer: "family" where it is about a relative; None for the patient.
        relation: Which relative.
        reason: Why a test has no result (failed, insufficient, below_depth, not_covered, pending, not_done), or why a
            treatment stopped.
        system: Staging or grading system.
        grade: As printed.
        certainty: "favored" or "suspected" where the text hedges.
        line: Line of therapy.
        cycles: Cycles given.
        dose: As printed.
        start: ISO date or part of one.
        end: ISO date or part of one.
        note: What else the text says of it, such as "probable clonal haematopoiesis".
        code: OncoTree code of a diagnosis.
        flags: ocr_corrected, ambiguous_date, amended, conflict, doubtful.
    """

    type: FactType
    gene: str | None
    alteration: str
    result: str
    marker: str | None = None
    c: str | None = None
    p: str | None = None
    category: str | None = None
    alias: str | None = None
    variant: str | None = None
    vaf: Decimal | None = None
    value: Decimal | str | None = None
    score: str | None = None
    unit: str | None = None
    ratio: Decimal | None = None
    copies: Decimal | None = None
    clone: str | None = None
    origin: str | None = None
    zygosity: str | None = None
    classification: str | None = None
    specimen: str | None = None
    diagnosis: str | None = None
    date: str | None = None
    temporality: str | None = None
    experiencer: str | None = None
    relation: str | None = None
    reason: str | None = None
    system: str | None = None
    grade: str | None = None
    certainty: str | None = None
    line: int | None = None
    cycles: int | None = None
    dose: str | None = None
    start: str | None = None
    end: str | None = None
    note: str | None = None
    code: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def of_any_change(self) -> bool:
        """Tell whether it speaks of changes of the gene in general, mutations and fusions alike."""
        return self.type is FactType.VARIANT and self.alteration == ANY_ALTERATION

    def stated(self) -> dict[str, object]:
        """Return only what is stated, by field name; gene always, even where it is None."""
        told = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in told.items() if k == "gene" or v not in (None, ())}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a section's text, half open.

    Attributes:
        section: Position of the section in its report, from 0.
        start: First character.
        end: One past the last character.
    """

    section: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A reading and the places that it was read from.

    Attributes:
        reading: The fact.
        spans: Where it stands: the name of the marker or change first, then its result, value and the rest.
        cue: The words that made it negative, uncertain, historical and so on; None where the text is plain.
        confidence: 0 to 1; 1 where grammar and structure leave no doubt.
    """

    reading: Reading
    spans: tuple[Span, ...]
    cue: Span | None = None
    confidence: float = 1.0

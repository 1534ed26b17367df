"""What is known: cited facts about markers, cancers, treatments and tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """How a row of knowledge came to be: read by a curator in its source, compiled by machine, or not verified."""

    CURATED = "curated"
    MACHINE = "machine"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be cited.

    Attributes:
        id: Such as "pmid:31566309", "fda:crizotinib-2016-03-11", "civic:EID1234", "guideline:eln-aml-2022".
        title: As the publisher gives it.
        url: Public address, or "".
        date: ISO date or part of one.
        licence: Under which facts are used, such as "CC0-1.0" or "facts only".
        kind: approval, label, guideline, article, database or abstract.
        trust: Whether somebody checked that it exists and says this.
    """

    id: str
    title: str
    url: str = ""
    date: str = ""
    licence: str = ""
    kind: str = "article"
    trust: Trust = Trust.UNVERIFIED


class Change(StrEnum):
    """Classes of change that a statement can be about (GA4GH Cat-VRS categories, in one word each)."""

    MUTATION = "mutation"
    VARIANT = "variant"
    CATEGORY = "category"
    FUSION = "fusion"
    AMPLIFICATION = "amplification"
    GAIN = "gain"
    LOSS = "loss"
    EXPRESSION = "expression"
    LOST_EXPRESSION = "lost_expression"
    SIGNATURE = "signature"
    METHYLATION = "methylation"
    CYTOGENETIC = "cytogenetic"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be true of the profile.

    Attributes:
        gene: HGNC symbol; None for signatures and for cytogenetic events without a gene.
        change: Class of change. MUTATION is any pathogenic small variant of the gene.
        detail: What exactly, by class: "p.V600E" (variant); "exon 19 deletion", "ITD" (category); the partner's
            symbol or "" for any (fusion); "3+", ">=50% TPS" (expression); "MSI-H", "TMB >=10" (signature);
            "t(8;21)" (cytogenetic).
        negated: The marker must be tested and not found ("without EGFR or ALK"); silence does not meet it.
        origin: "germline" or "somatic" where it matters, else "".
        or_genes: Further genes any of which meets the condition just as well (ESR1 or PGR; BRCA1 or BRCA2).
    """

    gene: str | None
    change: Change
    detail: str = ""
    negated: bool = False
    origin: str = ""
    or_genes: tuple[str, ...] = ()

    @property
    def genes(self) -> tuple[str | None, ...]:
        """Return all genes that it is about; (None,) for signatures and cytogenetic events without a gene."""
        return (self.gene, *self.or_genes)


class Direction(StrEnum):
    """What a statement says that the marker does."""

    SENSITIVE = "sensitive"
    RESISTANT = "resistant"
    FAVORABLE = "favorable"
    ADVERSE = "adverse"
    DIAGNOSTIC = "diagnostic"
    DIAGNOSTIC_NEGATIVE = "diagnostic_negative"
    PREDISPOSING = "predisposing"
    NO_EFFECT = "no_effect"


class Level(StrEnum):
    """How strong the evidence is; mapped from CIViC, AMP/ASCO/CAP, ESCAT and approvals in docs/knowledge.md."""

    APPROVED = "approved"
    GUIDELINE = "guideline"
    CLINICAL = "clinical"
    CASE = "case"
    PRECLINICAL = "preclinical"


@dataclass(frozen=True, slots=True)
class Statement:
    """One cited fact.

    Attributes:
        id: Permanent, such as "civic:EID1234" or "cg:ros1-fusion-nsclc-crizotinib".
        conditions: All must hold.
        disease: OncoTree code, or a curated group such as "leukemia" or "solid_tumor".
        direction: What the marker does.
        level: How strong the evidence is.
        therapies: Generic names given together; empty where no therapy is concerned.
        jurisdiction: "US", "EU" … for approvals, else "".
        status: "current", "accelerated" or "withdrawn" for approvals, else "".
        stage: Stage or setting that it is limited to, such as "metastatic", or "".
        line: "first", "later", "adjuvant", "maintenance" … or "".
        after: Treatments that must have been given before (generic names or classes).
        sources: Ids of sources, at least one.
        date: ISO date or part of one on which it became true or was published.
        trust: Curated, machine or unverified.
        note: What a reader must know in our own plain words, or "".
        not_in: OncoTree codes or groups below `disease` for which it does not hold.
    """

    id: str
    conditions: tuple[Condition, ...]
    disease: str
    direction: Direction
    level: Level
    therapies: tuple[str, ...] = ()
    jurisdiction: str = ""
    status: str = ""
    stage: str = ""
    line: str = ""
    after: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    date: str = ""
    trust: Trust = Trust.MACHINE
    note: str = ""
    not_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestAdvice:
    """A guideline's word that a marker is tested in a cancer.

    Attributes:
        id: Permanent, such as "cg:test-nsclc-ros1".
        disease: OncoTree code or group.
        marker: Name for people, such as "ROS1 fusion".
        conditions: What a result on this marker would be about; any of them counts as tested.
        reasons: treatment, prognosis, diagnosis, inherited.
        methods: Ids of methods, such as "ngs_tissue", "fish", "ihc".
        when: Setting that it is limited to ("advanced"), or "".
        sources: Ids of sources.
        trust: Curated, machine or unverified.
    """

    id: str
    disease: str
    marker: str
    conditions: tuple[Condition, ...]
    reasons: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    when: str = ""
    sources: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED


@dataclass(frozen=True, slots=True)
class MarkerCard:
    """What a marker is, in plain words.

    Attributes:
        id: Permanent slug, such as "ros1-fusion".
        marker: Name for people, such as "ROS1 fusion".
        gene: HGNC symbol, or None.
        change: Class of change that the card is about; None for the gene as a whole.
        normal_job: What the gene or protein does, one plain sentence.
        change_meaning: What this change is and does, one plain sentence.
        tested_by: Ids of methods.
        usual_in: OncoTree codes or groups where it is usual.
        look_alikes: (name, how it differs) pairs, such as ("ROR1", "another gene with a similar name").
        names: Other names that people use.
        sources: Ids of sources.
        trust: Curated, machine or unverified.
    """

    id: str
    marker: str
    gene: str | None
    change: Change | None
    normal_job: str
    change_meaning: str
    tested_by: tuple[str, ...] = ()
    usual_in: tuple[str, ...] = ()
    look_alikes: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a marker is found in a cancer.

    Attributes:
        id: Permanent.
        condition: The marker.
        disease: OncoTree code or group.
        found: People with the marker.
        among: People studied; 100 where only a percentage is published.
        sources: Ids of sources.
        trust: Curated, machine or unverified.
        note: In our own plain words, or "".
    """

    id: str
    condition: Condition
    disease: str
    found: float
    among: float
    sources: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED
    note: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A way of testing, what it finds and what it can miss, one plain sentence each."""

    id: str
    name: str
    finds: str
    misses: str
    sources: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED


@dataclass(frozen=True, slots=True)
class DiseaseCard:
    """A cancer in plain words.

    Attributes:
        disease: OncoTree code or group.
        plain_name: Such as "a fast-growing blood cancer called acute myeloid leukemia".
        what: What it is, one plain sentence.
        urgent: Why it can't wait, one plain sentence, or "".
        sources: Ids of sources.
        trust: Curated, machine or unverified.
    """

    disease: str
    plain_name: str
    what: str
    urgent: str = ""
    sources: tuple[str, ...] = ()
    trust: Trust = Trust.UNVERIFIED

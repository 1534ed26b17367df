"""A public question, understood: what is asked, about which marker, in which cancer."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.mention import FactType
from app.domain.profile import Profile


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the made-up profile that holds only what it names.

    Attributes:
        text: The question, cleaned.
        intent: meaning, testing, treatment, prognosis, inherited, compare, clarify or out_of_scope.
        markers: Names for people, such as "ROS1 fusion".
        cancer: Name of the cancer or group as people say it, or "".
        codes: OncoTree codes or groups that the name covers, main readings first.
        profile: Holds the markers as findings and the cancer as diagnosis, with evidence from the question.
        refusal: Why it is out of scope: dose, stop_start, survival, other_disease, emergency, despair or
            instructions; "" where it is in scope.
        uncertain: Other readings of a misspelt or ambiguous name, for "did you mean".
        drugs: Generic names of drugs that it names.
        slug: Stable last part of its page's address, such as "ros1-fusion-leukemia"; "" where it has no page.
    """

    text: str
    intent: str
    markers: tuple[str, ...]
    cancer: str
    codes: tuple[str, ...]
    profile: Profile
    refusal: str = ""
    uncertain: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    slug: str = ""


@dataclass(frozen=True, slots=True)
class LayCancer:
    """How people name a cancer or a group of cancers.

    Attributes:
        name: As an answer names it, such as "leukemia".
        words: Ways of saying it, in lower case, in any language.
        codes: OncoTree codes or groups that it covers, main readings first.
    """

    name: str
    words: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayMarker:
    """How people name a marker.

    Attributes:
        name: As an answer names it, such as "Philadelphia chromosome (BCR::ABL1)".
        words: Ways of saying it, in lower case, in any language.
        type: Type of the fact that it is about.
        gene: HGNC symbol, "FIVE::THREE", or None.
        alteration: As a finding has it, such as "fusion".
        result: As a finding has it, such as "detected".
        also: What else it says, as (gene, result) of the same type: "triple negative" is about three stains.
    """

    name: str
    words: tuple[str, ...]
    type: FactType
    gene: str | None
    alteration: str
    result: str = "detected"
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words by which a question is understood.

    Attributes:
        cancers: Lay names of cancers.
        markers: Lay names of markers.
        changes: Words for a class of change ("fusion", "amplification" …), as (class, words) pairs.
        usual_change: What a gene named without its change is about, as (gene, class or result) pairs.
        intents: Patterns by intent, the first that fits wins.
        refusals: Patterns by reason for refusing, the first that fits wins.
        common: Words that are never a misspelt name.
        not_markers: Spellings that name no marker in a question although a gene or alias has them.
    """

    cancers: tuple[LayCancer, ...] = ()
    markers: tuple[LayMarker, ...] = ()
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    usual_change: tuple[tuple[str, str], ...] = ()
    intents: tuple[tuple[str, tuple[str, ...]], ...] = ()
    refusals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    common: frozenset[str] = frozenset()
    not_markers: frozenset[str] = frozenset()

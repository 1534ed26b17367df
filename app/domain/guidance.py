"""The explanation: sentences that each carry their source or their place in the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.statement import Source


class Saying(StrEnum):
    """What a sentence is: it repeats the report, states a cited fact, asks, or frames the page."""

    REPORT = "report"
    FACT = "fact"
    QUESTION = "question"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        text: The words.
        kind: What it is. REPORT has `about`, FACT has `citations`; QUESTION and FRAME come from reviewed wording.
        about: Ids of findings, diagnoses, stages, treatments.
        citations: Ids of statements (keys of the guidance's sources).
        template: Id of the wording that made it.
        clinical: The same for a reader with medical training; "" where the plain words serve both.
    """

    text: str
    kind: Saying
    about: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    template: str = ""
    clinical: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the explanation.

    Attributes:
        id: in_short, urgent, your_report, findings, not_found, not_judged, not_in_documents, treatments, inherited,
            questions, next_steps, unread, sources; answers have more (docs/answers.md).
        heading: In words.
        sentences: In order.
        folded: Of low importance: shown only when opened.
        grade: Reading grade of its sentences; None where there are too few to grade.
    """

    id: str
    heading: str
    sentences: tuple[Sentence, ...]
    folded: bool = False
    grade: float | None = None


@dataclass(frozen=True, slots=True)
class Guidance:
    """An explanation.

    Attributes:
        parts: In reading order.
        sources: By citation id; every citation of every sentence is in it.
        grade: Flesch–Kincaid grade with gene and drug names counted as two-syllable words.
        raw_grade: The same without that allowance.
        disclaimer: What the page is not.
        language: "en" or "es".
        refused: Template ids of sentences that the checker refused and that a printed value replaced.
    """

    parts: tuple[Part, ...]
    sources: dict[str, Source] = field(default_factory=dict)
    grade: float | None = None
    raw_grade: float | None = None
    disclaimer: str = ""
    language: str = "en"
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a public question.

    Attributes:
        question: As asked, cleaned.
        intent: What is asked for: meaning, testing, treatment, prognosis, inherited, compare, clarify or out_of_scope.
        markers: Names for people, such as "ROS1 fusion".
        cancer: Name of the cancer or group, or "".
        oncotree: Codes that the name covers.
        rung: Word of the ladder (`Rung`).
        guidance: The parts and sources.
        slug: Stable last part of its page's address, such as "ros1-fusion-leukemia".
    """

    question: str
    intent: str
    markers: tuple[str, ...]
    cancer: str
    oncotree: tuple[str, ...]
    rung: str
    guidance: Guidance
    slug: str = ""

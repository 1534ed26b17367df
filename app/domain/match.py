"""What is known about the facts of one profile, and what its documents lack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.statement import Statement, TestAdvice


class Rung(StrEnum):
    """The ladder of a match, strongest first, and the readings beside it."""

    APPROVED_HERE = "approved_here"
    GUIDELINE_HERE = "guideline_here"
    CLINICAL_EVIDENCE_HERE = "clinical_evidence_here"
    ELSEWHERE_ONLY = "elsewhere_only"
    NONE = "none"
    RESISTANCE = "resistance"
    PROGNOSTIC = "prognostic"
    DIAGNOSTIC = "diagnostic"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Match:
    """Facts of the profile and the statements that speak of them.

    Attributes:
        about: Ids of the findings.
        rung: How close and how strong.
        statements: The statements, strongest first; empty on the rung NONE.
        why: Reason that a person can read, such as "exact variant, your cancer type".
        jurisdiction: Of an approval, such as "US"; "" otherwise.
        taken: Therapies among them that the person already had.
        held: On the rung NONE, what keeps approvals in this cancer from this result: "results" where others are
            needed or speak against it, "value" or "change" where they ask for another; "" where there are none.
    """

    about: tuple[str, ...]
    rung: Rung
    statements: tuple[Statement, ...]
    why: str
    jurisdiction: str = ""
    taken: tuple[str, ...] = ()
    held: str = ""


@dataclass(frozen=True, slots=True)
class MissingTest:
    """A test that guidelines name for this cancer and that the documents do not show."""

    advice: TestAdvice


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches of a profile.

    Attributes:
        matches: In the order of the profile's findings, strongest rung first for each.
        missing: Tests that guidelines expect and the documents lack.
        diseases: OncoTree codes and groups that were matched against, the person's own first.
    """

    matches: tuple[Match, ...] = ()
    missing: tuple[MissingTest, ...] = ()
    diseases: tuple[str, ...] = ()

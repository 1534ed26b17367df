"""A public question, understood: what is asked, about which marker, in which cancer."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    text: str
    intent: str
    markers: tuple[str, ...]
    cancer: str
    codes: tuple[str, ...]
    profile: Profile
    refusal: str = ""
    uncertain: tuple[str, ...] = ()

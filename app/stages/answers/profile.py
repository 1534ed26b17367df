"""The made-up profile that holds only what a question names."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.finding import Finding
from app.domain.mention import Reading
from app.domain.profile import Diagnosis, Profile, Stage
from app.domain.provenance import Evidence, Spoken
from app.stages.answers.reading import Found


def made_up(found: Found, text: str, further: Sequence[Reading] = ()) -> Profile:
    """Turn what was named into findings and diagnoses whose evidence is the question.

    Args:
        found: What the question names; its markers come first among the findings.
        text: The question.
        further: Findings that a general question takes in.
    """
    said = Evidence(Spoken.QUESTION, text)
    findings = [
        Finding(f"f{n}", reading, (Evidence(Spoken.QUESTION, said_as),))
        for n, (reading, said_as) in enumerate(
            [*((m.reading, m.text) for m in found.markers), *((r, text) for r in further)], start=1
        )
    ]
    codes = [(cancer.name, code) for cancer in found.cancers for code in cancer.codes]
    diagnoses = [
        Diagnosis(f"d{n}", name, name, oncotree=code, evidence=(said,)) for n, (name, code) in enumerate(codes, start=1)
    ]
    stages = [Stage("s1", "d1", "", found.stage, evidence=(said,))] if found.stage and diagnoses else []
    return Profile(diagnoses=tuple(diagnoses), stages=tuple(stages), findings=tuple(findings))

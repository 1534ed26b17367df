"""The made-up profile that holds only what a question names."""

from __future__ import annotations

from dataclasses import replace

from app.domain.finding import Finding
from app.domain.profile import Diagnosis, Profile, Stage
from app.domain.provenance import Evidence, Spoken
from app.stages.answers.reading import Found


def made_up(found: Found, text: str) -> Profile:
    """Turn what was named into findings and diagnoses whose evidence is the question."""
    said = Evidence(Spoken.QUESTION, text)
    findings = [
        Finding(f"f{n}", replace(m.reading, marker=m.reading.marker), (Evidence(Spoken.QUESTION, m.text),))
        for n, m in enumerate(found.markers, start=1)
    ]
    codes = [(cancer.name, code) for cancer in found.cancers for code in cancer.codes]
    diagnoses = [
        Diagnosis(f"d{n}", name, name, oncotree=code, evidence=(said,)) for n, (name, code) in enumerate(codes, start=1)
    ]
    stages = [Stage("s1", "d1", "", found.stage, evidence=(said,))] if found.stage and diagnoses else []
    return Profile(diagnoses=tuple(diagnoses), stages=tuple(stages), findings=tuple(findings))

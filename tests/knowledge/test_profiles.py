"""What the matcher says about a profile, by tables: each finding's rung, what must and what must never be named."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.adapters.knowledge import CompiledKnowledge, in_memory
from app.adapters.terms import load_vocabulary
from app.domain.match import Matches, Rung
from app.domain.term import Vocabulary
from app.stages import matching
from tests.knowledge.making import profile

FOLDER = Path(__file__).parent / "profiles"
CASES: list[dict[str, Any]] = [
    {**case, "file": path.stem}
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
HERE = {Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.CLINICAL_EVIDENCE_HERE}
ORDER = list(Rung)


@cache
def base() -> CompiledKnowledge:
    return in_memory()


@cache
def terms() -> Vocabulary:
    return load_vocabulary()


def matched(case: dict[str, Any]) -> Matches:
    return matching.match(profile(case), knowledge=base(), vocabulary=terms())


def drugs(found: Matches, rungs: set[Rung]) -> set[str]:
    return {drug for m in found.matches if m.rung in rungs for said in m.statements for drug in said.therapies}


def rung(found: Matches, identity: str) -> str:
    about = [m.rung for m in found.matches if identity in m.about]
    return min(about, key=ORDER.index).value if about else "-"


def whys(found: Matches) -> str:
    return " / ".join(m.why for m in found.matches)


KEYS = {"name", "cancer", "findings", "rungs", "must", "never", "elsewhere", "resists", "why", "first", "taken", "file"}
KEYS |= {
    "t",
    "first_of",
    "asked",
    "regions",
    "not_rungs",
    "missing",
    "shown",
    "treatments",
    "planned",
    "stage",
    "conflicts",
}


def test_every_key_of_the_tables_is_known() -> None:
    assert {key for case in CASES for key in case} <= KEYS


def test_the_tables_hold_at_least_150_profiles_of_different_names() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) >= 150
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}: {case['name']}")
def test_a_profile_gets_its_rungs_and_treatments(case: dict[str, Any]) -> None:
    found = matched(case)
    here, away = drugs(found, HERE), drugs(found, {Rung.ELSEWHERE_ONLY})
    if "rungs" in case:
        assert [rung(found, f"f{n}") for n in range(1, len(case["findings"]) + 1)] == case["rungs"], whys(found)
    assert set(case.get("must", ())) <= drugs(found, HERE - {Rung.CLINICAL_EVIDENCE_HERE}), sorted(here)
    assert not set(case.get("never", ())) & _leading(found), sorted(here)
    assert set(case.get("elsewhere", ())) <= away, sorted(away)
    assert set(case.get("resists", ())) <= drugs(found, {Rung.RESISTANCE})
    assert case.get("why", "") in whys(found)
    if "regions" in case:
        assert {m.jurisdiction for m in found.matches if m.jurisdiction} == set(case["regions"])
    assert not {m.rung.value for m in found.matches} & set(case.get("not_rungs", ()))
    if "first" in case:
        assert found.matches[0].statements[0].therapies == (case["first"],)
    if "first_of" in case:
        identity, told = case["first_of"]
        (leading, *_) = [m for m in found.matches if identity in m.about]
        assert "+".join(leading.statements[0].therapies) == told
    if "taken" in case:
        assert {name for m in found.matches for name in m.taken} == set(case["taken"])
    _missing(found, case)


def _leading(found: Matches) -> set[str]:
    """Return drugs that lead a statement; a partner in a combination of another drug is not offered for itself."""
    return {said.therapies[0] for m in found.matches if m.rung in HERE for said in m.statements if said.therapies}


def _missing(found: Matches, case: dict[str, Any]) -> None:
    lacking = " / ".join(test.advice.marker for test in found.missing)
    assert all(marker in lacking for marker in case.get("missing", ())), lacking
    assert not any(marker in lacking for marker in case.get("shown", ())), lacking

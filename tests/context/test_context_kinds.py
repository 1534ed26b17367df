"""Diagnoses, stages, treatments, laboratory facts and family history: what is read, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.terms import load_vocabulary
from app.biomarkers import KINDS, diagnosis, family, pathology_lab, stage, treatment
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.names import Terms
from app.biomarkers.prose import NEVER
from app.biomarkers.word_lists import Phrases, strings, word_list
from app.domain.section import SectionKind
from app.errors import DataFileError

HERE = Path(__file__).parent
KINDS_HERE = {
    "diagnosis": diagnosis,
    "stage": stage,
    "treatment": treatment,
    "pathology_lab": pathology_lab,
    "family": family,
}


@cache
def terms() -> Terms:
    return Terms.of(load_vocabulary())


def table(name: str) -> dict[str, list[Any]]:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def cases(name: str, key: str) -> list[Any]:
    return [
        pytest.param(case, id=str(case["text"] if isinstance(case, dict) else case)[:60]) for case in table(name)[key]
    ]


def hits(name: str, case: Any) -> list[Hit]:
    told = case if isinstance(case, dict) else {"text": case}
    kind = SectionKind(told.get("kind", "unknown"))
    found: Iterable[Hit] = KINDS_HERE[name].read(Passage(told["text"], kind, terms(), told.get("heading", "")))
    return list(found)


@pytest.mark.parametrize("case", cases("diagnosis", "reads"))
def test_a_diagnosis_is_read(case: dict[str, Any]) -> None:
    readings = [hit.reading for hit in hits("diagnosis", case)]
    assert len(readings) == 1
    told = readings[0]
    assert told.alteration == case["name"]
    if not case.get("skip_code"):
        assert told.code == case.get("code")
    for key in ("grade", "certainty", "temporality", "note"):
        if not case.get(f"skip_{key}"):
            assert getattr(told, key) == case.get(key), key


@pytest.mark.parametrize("case", cases("stage", "reads"))
def test_a_stage_is_read(case: dict[str, Any]) -> None:
    readings = [hit.reading for hit in hits("stage", case)]
    told = [f"{reading.system}: {reading.alteration}" for reading in readings]
    if case.get("any_system"):
        assert [t.split(": ")[1] for t in told] == [s.split(": ")[1] for s in case["stages"]]
    elif case.get("any_order"):
        assert sorted(told) == sorted(case["stages"])
    else:
        assert told == case["stages"]
    assert any("doubtful" in reading.flags for reading in readings) is bool(case.get("doubtful"))
    if "temporality" in case:
        assert [reading.temporality for reading in readings] == case["temporality"]
    assert readings[0].certainty == case.get("certainty")


@pytest.mark.parametrize("case", cases("stage", "mended"))
def test_a_stage_that_a_scan_garbled_is_put_right_and_says_so(case: dict[str, Any]) -> None:
    readings = [hit.reading for hit in hits("stage", case)]
    assert [f"{reading.system}: {reading.alteration}" for reading in readings] == case["stages"]
    assert all("ocr_corrected" in reading.flags for reading in readings)


@pytest.mark.parametrize("case", cases("treatment", "reads"))
def test_a_treatment_is_read(case: dict[str, Any]) -> None:
    readings = [hit.reading for hit in hits("treatment", case)]
    assert [(r.alteration, r.result) for r in readings] == [(t["name"], t["result"]) for t in case["treatments"]]
    for reading, told in zip(readings, case["treatments"], strict=True):
        for key, value in told.items():
            if key != "name":
                assert str(getattr(reading, key)) == str(value), (reading.alteration, key)


@pytest.mark.parametrize("case", cases("pathology_lab", "reads"))
def test_a_laboratory_fact_is_read(case: dict[str, Any]) -> None:
    told = sorted(f"{hit.reading.alteration}: {hit.reading.result}" for hit in hits("pathology_lab", case))
    assert told == sorted(case["facts"])


@pytest.mark.parametrize("case", cases("family", "reads"))
def test_a_relatives_condition_is_read_as_such(case: dict[str, Any]) -> None:
    readings = [hit.reading for hit in hits("family", case)]
    assert readings
    assert {reading.experiencer for reading in readings} == {"family"}
    told = [f"{r.relation}: {r.alteration}" + (f" ({r.gene})" if r.gene else "") for r in readings]
    assert told == case["told"]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in KINDS_HERE for text in table(name)["refuses"]])
def test_what_says_nothing_of_the_person_is_refused(name: str, text: str) -> None:
    assert [hit.reading for hit in hits(name, text)] == []


@pytest.mark.parametrize("name", KINDS_HERE)
def test_each_kind_has_a_table_of_both_sorts_and_is_listed(name: str) -> None:
    assert table(name)["reads"]
    assert table(name)["refuses"]
    assert KINDS_HERE[name] in KINDS


@pytest.mark.parametrize("name", KINDS_HERE)
@pytest.mark.parametrize("kind", sorted(NEVER))
def test_pages_about_therapies_trials_and_methods_give_nothing(name: str, kind: str) -> None:
    for case in table(name)["reads"]:
        assert hits(name, {**case, "kind": kind}) == []


@pytest.mark.parametrize("name", KINDS_HERE)
def test_every_span_holds_text_of_the_passage(name: str) -> None:
    for case in table(name)["reads"]:
        for hit in hits(name, case):
            for start, end in hit.spans:
                quoted = case["text"][start:end]
                assert quoted == quoted.strip()
                assert quoted
            if hit.cue:
                assert case["text"][slice(*hit.cue)].strip()


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([case["text"] for name in KINDS_HERE for case in table(name)["reads"]]), min_size=1, max_size=4
    )
)
def test_no_text_breaks_a_kind(parts: list[str]) -> None:
    text = "\n".join(parts)
    for name in KINDS_HERE:
        for hit in hits(name, text):
            assert all(0 <= start < end <= len(text) for start, end in hit.spans)


@settings(deadline=None)
@given(st.sampled_from([case["text"] for case in table("diagnosis")["reads"] if not case.get("certainty")]))
def test_a_denial_before_a_diagnosis_never_adds_one(text: str) -> None:
    name = text.rsplit(": ", maxsplit=1)[-1]
    assert len(hits("diagnosis", f"No evidence of {name[0].lower()}{name[1:]}")) <= len(hits("diagnosis", name))


@pytest.mark.parametrize("name", ["diagnosis", "stage", "treatment", "pathology_lab", "family", "voice"])
def test_every_word_list_can_be_read(name: str) -> None:
    assert word_list(name)


def test_a_wrong_word_list_names_its_file_and_field() -> None:
    with pytest.raises(DataFileError, match=r"stage\.yaml: systems must be a list"):
        strings("stage", "systems")


def test_a_phrase_must_begin_with_a_word() -> None:
    with pytest.raises(DataFileError, match="letter or digit"):
        Phrases(["- present"])

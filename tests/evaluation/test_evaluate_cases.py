"""Scoring: what counts as found, as too much, and as one of the errors that matter most."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.errors import UsageError
from app.services.evaluate_cases import Scores, evaluate

EGFR = {"type": "variant", "gene": "EGFR", "alteration": "p.L858R", "result": "detected"}
KRAS_CLEAR = {"type": "variant", "gene": "KRAS", "alteration": "any mutation", "result": "not_detected"}


def _scored(tmp_path: Path, gold: Mapping[str, Any], profile: Mapping[str, Any]) -> Scores:
    case = tmp_path / "one"
    case.mkdir()
    (case / "report.pdf").write_bytes(b"%PDF")
    (case / "gold.json").write_text(json.dumps(gold))
    seen: list[list[Path]] = []

    def analyse(files: list[Path]) -> Mapping[str, Any]:
        seen.append(files)
        return {"profile": profile}

    scores = evaluate(tmp_path, analyse)
    assert [[file.name for file in files] for files in seen] == [["report.pdf"]]
    return scores


def _figures(scores: Scores, medium: str = "native") -> tuple[int, int, int]:
    whole = scores.total(medium)
    return whole.right, whole.extra, whole.missed


def test_a_finding_that_is_said_counts_as_found(tmp_path: Path) -> None:
    scores = _scored(tmp_path, {"expected": [EGFR]}, {"findings": [EGFR]})
    assert _figures(scores) == (1, 0, 0)
    assert scores.total("native").f1 == 1


def test_the_wrong_change_is_missed_and_too_much(tmp_path: Path) -> None:
    scores = _scored(tmp_path, {"expected": [EGFR]}, {"findings": [{**EGFR, "alteration": "p.T790M"}]})
    assert _figures(scores) == (0, 1, 1)
    assert len(scores.wrong_positives) == 1


def test_a_negative_called_positive_is_a_wrong_positive(tmp_path: Path) -> None:
    scores = _scored(tmp_path, {"expected": [KRAS_CLEAR]}, {"findings": [{**KRAS_CLEAR, "result": "detected"}]})
    assert scores.wrong_positives == ["one: variant KRAS any mutation -> detected"]


def test_a_found_gene_whose_change_was_lost_is_no_wrong_positive(tmp_path: Path) -> None:
    scores = _scored(tmp_path, {"expected": [EGFR]}, {"findings": [{**EGFR, "alteration": "any mutation"}]})
    assert _figures(scores) == (0, 1, 1)
    assert scores.wrong_positives == []


def test_an_earlier_result_given_as_current_is_not_the_same(tmp_path: Path) -> None:
    scores = _scored(tmp_path, {"expected": [{**EGFR, "temporality": "historical"}]}, {"findings": [EGFR]})
    assert _figures(scores) == (0, 1, 1)


def test_optional_facts_are_neither_rewarded_nor_punished(tmp_path: Path) -> None:
    gold = {"expected": [{**EGFR, "optional": True}]}
    assert _figures(_scored(tmp_path, gold, {"findings": [EGFR]})) == (0, 0, 0)


def test_another_accepted_form_counts(tmp_path: Path) -> None:
    gold = {"expected": [{**KRAS_CLEAR, "accept": [{"type": "fusion"}]}]}
    assert _figures(_scored(tmp_path, gold, {"findings": [{**KRAS_CLEAR, "type": "fusion"}]})) == (1, 0, 0)


def test_a_trap_gene_and_a_forbidden_pattern_are_named(tmp_path: Path) -> None:
    gold = {"expected": [], "traps": ["EGFR"], "not_expected": [{"type": "treatment", "alteration": "sotorasib"}]}
    profile = {"findings": [EGFR], "treatments": [{"name": "sotorasib", "result": "given"}]}
    assert _scored(tmp_path, gold, profile).forbidden == [
        "one: variant EGFR p.L858R -> detected",
        "one: treatment sotorasib -> given",
    ]


def test_diagnosis_stage_and_treatment_are_compared_by_words(tmp_path: Path) -> None:
    gold = {
        "medium": "scan",
        "expected": [
            {"type": "histology", "gene": None, "alteration": "adenocarcinoma of the lung", "result": "present"},
            {"type": "stage", "gene": None, "alteration": "cT2a cN2 cM1b", "result": "stated", "system": "TNM"},
            {"type": "stage", "gene": None, "alteration": "IVA", "result": "stated", "system": "AJCC"},
            {"type": "treatment", "gene": None, "alteration": "osimertinib", "result": "ongoing"},
        ],
    }
    profile = {
        "diagnoses": [{"text": "Lung adenocarcinoma", "name": "Lung Adenocarcinoma", "oncotree": "LUAD"}],
        "stages": [{"system": "AJCC 8", "value": "IVA", "t": "cT2a", "n": "cN2", "m": "cM1b"}],
        "treatments": [{"name": "osimertinib", "result": "stopped"}],
    }
    scores = _scored(tmp_path, gold, profile)
    assert _figures(scores, "scan") == (3, 1, 1)
    assert "extra  treatment osimertinib -> stopped" in "\n".join(scores.notes)


def test_a_case_that_breaks_the_reader_is_named_and_the_rest_is_scored(tmp_path: Path) -> None:
    for name, raises in (("bad", True), ("good", False)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.pdf").write_bytes(b"%PDF")
        (tmp_path / name / "gold.json").write_text(json.dumps({"expected": [EGFR], "raises": raises}))

    def analyse(files: list[Path]) -> Mapping[str, Any]:
        if files[0].name == "bad.pdf":
            raise RuntimeError
        return {"profile": {"findings": [EGFR]}}

    scores = evaluate(tmp_path, analyse)
    assert scores.failed == ["bad: RuntimeError"]
    assert _figures(scores) == (1, 0, 1)


def test_an_empty_folder_is_a_usage_error(tmp_path: Path) -> None:
    nothing: Callable[[list[Path]], Mapping[str, Any]] = lambda files: {}  # noqa: E731
    with pytest.raises(UsageError):
        evaluate(tmp_path, nothing)


def test_the_table_shows_media_apart_and_the_worst_errors(tmp_path: Path) -> None:
    told = _scored(tmp_path, {"medium": "photo", "expected": [KRAS_CLEAR]}, {"findings": [EGFR]}).text()
    assert "photo" in told
    assert "wrong positives 1, forbidden outputs 0" in told
    assert "EGFR p.L858R" in told

"""The derivation of machine rows from public tables: on rows of our own and, where at hand, on the real tables."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from app.adapters.knowledge_import import Import
from app.adapters.terms import load_vocabulary
from app.domain.term import Vocabulary

COLUMNS = ["gene", "alteration", "disease", "direction", "therapy", "evidence_level", "source", "source_id", "citation"]
COLUMNS += ["date", "licence", "oncotree"]
MAPPING = Path(__file__).resolve().parents[2] / "app" / "data" / "statements" / "machine" / "mapping.yaml"
TABLES = Path(__file__).resolve().parents[3] / "shared" / "knowledge"


@cache
def terms() -> Vocabulary:
    return load_vocabulary()


def derive(tmp_path: Path, *rows: dict[str, str]) -> tuple[list[dict[str, str]], dict[str, int]]:
    usual = {
        "disease": "Lung Adenocarcinoma",
        "direction": "sensitivity",
        "evidence_level": "CIViC B (4 stars)",
        "source": "CIViC",
        "citation": "PMID:7",
        "date": "2026-04-25",
        "licence": "CC0-1.0",
        "oncotree": "LUAD",
    }
    with (tmp_path / "statements.tsv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, delimiter="\t", restval="")
        writer.writeheader()
        writer.writerows([{**usual, **row} for row in rows])
    (tmp_path / "typicality.tsv").write_text("gene\tcancer\tevent\trole\tfrequency_pct\tpan_pct\tcitation\tsource\n")
    run = Import(tmp_path, MAPPING, terms())
    target = tmp_path / "out"
    target.mkdir()
    run.write(target)
    text = (target / "statements.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t")), dict(run.left_out)


def test_alternatives_become_rows_of_their_own_and_combinations_stay_whole(tmp_path: Path) -> None:
    either = {"gene": "EGFR", "alteration": "L858R", "therapy": "Erlotinib | Gefitinib", "source_id": "EID1"}
    both = {"gene": "EGFR", "alteration": "L858R", "therapy": "Amivantamab + Lazertinib", "source_id": "EID2"}
    rows, _ = derive(tmp_path, either, both)
    assert sorted(json.loads(row["therapies"]) for row in rows) == [
        ["amivantamab", "lazertinib"],
        ["erlotinib"],
        ["gefitinib"],
    ]


def test_what_a_disease_name_implies_becomes_a_condition(tmp_path: Path) -> None:
    row = {
        "gene": "PIK3CA",
        "alteration": "Mutation",
        "therapy": "Trastuzumab",
        "source_id": "EID1",
        "direction": "resistance",
    }
    rows, _ = derive(tmp_path, {**row, "disease": "Her2-receptor Positive Breast Cancer", "oncotree": "BREAST"})
    assert {c["gene"] for c in json.loads(rows[0]["conditions"])} == {"PIK3CA", "ERBB2"}


def test_wild_type_is_negated(tmp_path: Path) -> None:
    rows, _ = derive(tmp_path, {"gene": "KRAS", "alteration": "Wildtype", "therapy": "Cetuximab", "source_id": "EID1"})
    assert json.loads(rows[0]["conditions"])[0]["negated"] is True


def test_rows_that_say_the_same_merge_and_their_sources_add_up(tmp_path: Path) -> None:
    row = {"gene": "EGFR", "alteration": "L858R", "therapy": "Erlotinib"}
    rows, _ = derive(tmp_path, {**row, "source_id": "EID1"}, {**row, "source_id": "EID2", "citation": "PMID:8"})
    assert len(rows) == 1
    assert set(json.loads(rows[0]["sources"])) == {"civic:EID1", "civic:EID2", "pmid:7", "pmid:8"}


def test_rows_that_contradict_each_other_are_both_kept(tmp_path: Path) -> None:
    row = {"gene": "EGFR", "alteration": "L858R", "therapy": "Erlotinib"}
    rows, _ = derive(tmp_path, {**row, "source_id": "EID1"}, {**row, "source_id": "EID2", "direction": "resistance"})
    assert {r["direction"] for r in rows} == {"sensitive", "resistant"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"evidence_level": "CIViC D (4 stars)"}, "cells, animals or inference only"),
        ({"direction": "not_resistant"}, "not_resistant"),
        ({"disease": "Odd Disease", "oncotree": ""}, "disease not understood"),
        ({"alteration": "SERUM LEVELS"}, "alteration not understood"),
        ({"therapy": "EGFR inhibitor 1st gen"}, "names a class or a drug"),
        ({"therapy": ""}, "no therapy"),
        ({"source": "PMKB-2018", "direction": "clinical_relevance_unspecified"}, "clinical_relevance_unspecified"),
        ({"source": "oncoref", "direction": "targeted_by"}, "targeted_by"),
    ],
)
def test_a_row_that_cannot_be_used_whole_is_left_out_and_counted(
    tmp_path: Path, row: dict[str, str], reason: str
) -> None:
    usual = {"gene": "EGFR", "alteration": "L858R", "therapy": "Erlotinib", "source_id": "EID1"}
    kept = {**usual, "source_id": "EID9", "alteration": "G719A"}
    rows, left_out = derive(tmp_path, {**usual, **row}, kept)
    assert len(rows) == 1
    assert any(reason in why for why in left_out), left_out


def test_no_table_row_becomes_an_approval(tmp_path: Path) -> None:
    row = {"gene": "EGFR", "alteration": "L858R", "therapy": "Erlotinib", "source_id": ""}
    rows, _ = derive(tmp_path, {**row, "source": "CGI-2017", "evidence_level": "CGI FDA guidelines", "citation": "FDA"})
    assert [r["level"] for r in rows] == ["guideline"]


@pytest.mark.skipif(not TABLES.is_dir(), reason="the source tables are not at hand")
def test_the_shipped_machine_rows_are_what_the_tables_give(tmp_path: Path) -> None:
    Import(TABLES, MAPPING, terms()).write(tmp_path)
    for name in ("statements.tsv", "frequencies.tsv", "sources.tsv"):
        assert (tmp_path / name).read_bytes() == (MAPPING.parent / name).read_bytes(), name

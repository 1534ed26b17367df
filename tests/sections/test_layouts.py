"""Look-alikes of each laboratory's report are divided as a pathologist would divide them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.adapters.labs import load_layouts
from app.domain.section import Report, Section, SectionKind
from app.stages.sections import Layouts, divide
from tests.sections.paper import pages

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
LABS = Path(__file__).parents[2] / "app" / "data" / "labs"
SILENT = {"therapies", "trials", "method", "gene_list", "literature", "boilerplate"}


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    return load_layouts()


def case(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def report(told: dict[str, Any], layouts: Layouts) -> Report:
    return divide(pages(told["text"], language=told.get("language", "en")), 0, layouts=layouts).value


def flat(text: str) -> str:
    return " ".join(text.split())


def holders(divided: Report, words: str) -> list[Section]:
    return [section for section in divided.sections if flat(words) in flat(section.text)]


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_each_stretch_of_a_look_alike_is_known_for_what_it_is(path: Path, layouts: Layouts) -> None:
    told = case(path)
    divided = report(told, layouts)
    wrong = []
    for kind, stretches in told["sections"].items():
        for words in stretches:
            found = [section.kind.value for section in holders(divided, words)]
            if kind not in found or (kind not in SILENT and set(found) & SILENT):
                wrong.append((words, kind, found))
    assert wrong == []


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_head_of_a_look_alike_is_read(path: Path, layouts: Layouts) -> None:
    told = case(path)
    divided = report(told, layouts)
    read = {
        "laboratory": divided.laboratory,
        "test": divided.test,
        "kind": divided.kind.value,
        "report_date": divided.report_date.isoformat() if divided.report_date else None,
        "specimen": divided.specimen,
        "name": divided.person.name,
        "born": divided.person.born,
        "sex": divided.person.sex,
    }
    assert {key: read[key] for key in told["head"]} == told["head"]


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_rows_of_tables_keep_their_cells(path: Path, layouts: Layouts) -> None:
    told = case(path)
    rows = [row for section in report(told, layouts).sections for row in section.text.split("\n")]
    assert [row for row in told.get("rows", ()) if row not in rows] == []


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_no_word_of_a_look_alike_is_lost(path: Path, layouts: Layouts) -> None:
    drawn = pages(case(path)["text"])
    divided = divide(drawn, 0, layouts=layouts).value
    held = {id(anchor.word) for section in divided.sections for anchor in section.anchors}
    assert [word.text for page in drawn for word in page.words if id(word) not in held] == []


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_anchor_spells_its_word(path: Path, layouts: Layouts) -> None:
    for section in report(case(path), layouts).sections:
        assert all(section.text[a.start : a.end] == a.word.text for a in section.anchors)


def test_every_laboratory_has_a_look_alike() -> None:
    tested = {case(path)["layout"] for path in CASES}
    assert {path.stem for path in LABS.glob("[!_]*.yaml")} - tested == set()


def test_plain_text_is_one_section_and_untouched() -> None:
    from app.stages.sections import plain

    text = "EGFR  L858R\n\n\tdetected"
    assert [(s.kind, s.text) for s in plain(text).sections] == [(SectionKind.UNKNOWN, text)]

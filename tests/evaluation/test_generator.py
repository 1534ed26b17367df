"""The made-up reports: many layouts, the same for the same seed, and gold that the page bears out."""

from __future__ import annotations

import json
from pathlib import Path

import pdfplumber
import pytest

from tests.generator.case import Gold, case_of
from tests.generator.write import LAYOUTS, MEDIA, write_case, write_cases


def _text(pdf: Path) -> str:
    with pdfplumber.open(pdf) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def test_there_are_at_least_fifteen_layouts() -> None:
    assert len(LAYOUTS) >= 15


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_what_the_gold_expects_stands_on_the_page(layout: str, tmp_path: Path) -> None:
    gold = write_case(tmp_path / layout, layout, "native", seed=7)
    text = " ".join(_text(tmp_path / layout / "report.pdf").split())
    assert gold.expected
    for fact in gold.expected:
        if fact["type"] == "variant" and fact["result"] == "detected":
            assert str(fact["alteration"]).removeprefix("p.") in text.replace("- ", "-"), fact
        if fact["type"] == "stage":
            assert all(part in text for part in str(fact["alteration"]).split()), fact


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_no_trap_is_also_expected(layout: str) -> None:
    for seed in range(12):
        gold = Gold()
        LAYOUTS[layout](case_of(seed), gold)
        content = gold.as_file(layout, "native")
        detected = {fact["gene"] for fact in content["expected"] if fact["result"] in ("detected", "positive")}
        assert not detected & set(content["traps"])


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_case(tmp_path / folder, "letter", "scan", seed=3)
    assert (tmp_path / "a" / "report.pdf").read_bytes() == (tmp_path / "b" / "report.pdf").read_bytes()
    assert (tmp_path / "a" / "gold.json").read_text() == (tmp_path / "b" / "gold.json").read_text()


def test_a_scan_has_no_text_and_a_photo_is_a_picture(tmp_path: Path) -> None:
    assert write_cases(tmp_path, ["portal"], MEDIA) == 3
    assert "Test Results" in _text(tmp_path / "portal-native-1" / "report.pdf")
    assert not _text(tmp_path / "portal-scan-1" / "report.pdf").strip()
    assert [f.name for f in (tmp_path / "portal-photo-1").glob("*.jpg")] == ["report-1.jpg"]
    gold = json.loads((tmp_path / "portal-photo-1" / "gold.json").read_text())
    assert (gold["layout"], gold["medium"]) == ("portal", "photo")


def test_different_seeds_tell_different_stories() -> None:
    assert len({case_of(seed).name for seed in range(20)}) > 10

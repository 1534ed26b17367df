"""The sample reports: all that the index lists is there, made by the script, and says that it is invented."""

from __future__ import annotations

import sys
from pathlib import Path

import pdfplumber
import pytest
import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "app" / "data" / "samples"


def listed() -> list[dict[str, str]]:
    index = yaml.safe_load((SAMPLES / "index.yaml").read_text(encoding="utf-8"))
    return [file for sample in index for file in sample["files"]]


def text_of(pdf: Path) -> list[str]:
    with pdfplumber.open(pdf) as document:
        return [page.extract_text() or "" for page in document.pages]


def test_the_index_lists_every_file_and_no_other() -> None:
    names = {file["name"] for file in listed()}
    assert names == {path.name for path in SAMPLES.iterdir()} - {"index.yaml"}


def test_each_sample_comes_as_pdf_and_as_scan() -> None:
    for sample in yaml.safe_load((SAMPLES / "index.yaml").read_text(encoding="utf-8")):
        assert {file["kind"] for file in sample["files"]} >= {"native", "scan"}
        assert sample["title"]
        assert sample["description"]


@pytest.mark.parametrize("name", [file["name"] for file in listed() if file["kind"] == "native"])
def test_each_page_says_that_the_person_is_invented(name: str) -> None:
    pages = text_of(SAMPLES / name)
    assert pages
    assert all("all results are invented" in page for page in pages)


def test_a_scan_has_pictures_only_and_a_photo_can_be_opened() -> None:
    for file in listed():
        if file["kind"] == "scan":
            assert not "".join(text_of(SAMPLES / file["name"])).strip()
        if file["kind"] == "photo":
            with Image.open(SAMPLES / file["name"]) as picture:
                assert min(picture.size) > 1000


def test_the_script_makes_the_same_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    try:
        from samples import aml, breast, kit, lung
    finally:
        sys.path[:] = [path for path in sys.path if path != str(ROOT / "scripts")]
    for name, report in (("lung-ngs", lung), ("aml-workup", aml), ("breast-synoptic", breast)):
        kit.write(report.story(), report.LOOK, tmp_path / f"{name}.pdf")
        assert text_of(tmp_path / f"{name}.pdf") == text_of(SAMPLES / f"{name}.pdf")

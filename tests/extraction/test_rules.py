from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.adapters.extraction_rules import DATA, load_rules
from app.adapters.terms import load_vocabulary
from app.errors import DataFileError


def _copy(folder: Path) -> Path:
    for part in ("biomarkers", "terms"):
        shutil.copytree(DATA / part, folder / part)
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("biomarkers/genes.yaml", "  LKB1: STK11", "  LKB1: [STK11]", "names: LKB1"),
        ("biomarkers/headings.yaml", "classification: vus", "classified: vus", "headings: rule"),
        ("terms/cues.yaml", '"no",', "no,", "en"),
        ("biomarkers/genes.yaml", "19: [729, 761]", "19: [761, 729]", "exons: EGFR"),
    ],
)
def test_a_mistake_in_a_file_names_file_and_field(file: str, old: str, new: str, named: str, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_rules(folder)
    assert Path(file).name in str(caught.value)
    assert named in str(caught.value)


def test_every_symbol_that_the_rules_name_is_a_current_one() -> None:
    rules, genes = load_rules(), load_vocabulary().genes
    named = {entry.means for entry in rules.entries if entry.sort in {"gene", "marker"} and entry.means}
    named |= {gene for members in rules.families.values() for gene in members}
    named |= set(rules.five_prime) | {gene for partners in rules.five_prime.values() for gene in partners}
    named |= {gene for joined in rules.translocations.values() for gene in joined.split("::")}
    named |= set(rules.exons) | set(rules.fusion_genes)
    assert sorted(named - set(genes)) == []


def test_a_word_is_never_both_guarded_and_refused() -> None:
    rules = load_rules()
    assert sorted(rules.guarded & rules.words) == []

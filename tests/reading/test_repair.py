"""Characters put right by the grammar of their field."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.stages.pages.repair import AMINO, ONE_LETTER, agrees, repair

CASES = yaml.safe_load((Path(__file__).parent / "repair.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["reads"], ids=lambda c: c["read"])
def test_a_misread_field_has_one_reading(case):
    found = repair(case["read"], after_gene=case.get("after_gene", False))
    assert found is not None
    assert (found.text, found.sure) == (case["text"], True)


@pytest.mark.parametrize("case", CASES["doubts"], ids=lambda c: c["read"])
def test_where_two_readings_are_possible_a_person_must_look(case):
    found = repair(case["read"], after_gene=case.get("after_gene", False))
    assert found is not None
    assert not found.sure


@pytest.mark.parametrize("word", CASES["refuses"])
def test_an_ordinary_word_is_left_alone(word):
    assert repair(word) is None or repair(word).text == word


@given(st.integers(1, 9999), st.sampled_from(AMINO[:20]), st.sampled_from(AMINO[:20]))
def test_a_well_read_protein_change_is_never_altered(codon, before, after):
    text = f"p.({before}{codon}{after})"
    found = repair(text)
    assert found is not None
    assert found.text == text


@given(st.integers(1, 9999), st.sampled_from("ACGT"), st.sampled_from("ACGT"))
def test_a_well_read_coding_change_is_never_altered(place, old, new):
    text = f"c.{place}{old}>{new}"
    assert repair(text).text == text
    assert repair(text).sure


@given(st.integers(1, 9999), st.sampled_from(ONE_LETTER), st.sampled_from(ONE_LETTER))
def test_a_repair_never_changes_a_digit_that_was_read_as_one(codon, before, after):
    found = repair(f"p.{before}{codon}{after}")
    assert found is not None
    assert "".join(c for c in found.text if c.isdigit()) == str(codon)


def test_a_coding_and_a_protein_change_must_name_the_same_codon():
    assert agrees("c.2573T>G", "p.(Leu858Arg)")
    assert agrees("c.1735C>T", "p.L579F")
    assert agrees("c.1736C>T", "p.L578F") is False
    assert agrees("c.2519+1T>A", "p.?") is None

"""Words of reports open their meaning where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.stages.guidance.wordings import GlossaryTerm
from app.web.words import Glossary, PageWords
from tests.web.conftest import Site

TERMS = (
    GlossaryTerm("fusion", "fusion", "Two genes joined.", ("gene fusion",)),
    GlossaryTerm("gene", "gene", "A plan for a protein."),
    GlossaryTerm("met", "MET", "A gene."),
    GlossaryTerm("adc", "antibody-drug conjugate", "A drug.", ("ADC",)),
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("A gene fusion was found.", ["fusion"]),
        ("The Gene and its fusion", ["gene", "fusion"]),
        ("They met the doctor.", []),
        ("MET is one.", ["met"]),
        ("Fusions are not fusion, genes no gene", ["fusion", "gene"]),
        ("An antibody-drug conjugate (ADC) is a drug.", ["adc", "adc"]),
        ("", []),
    ],
)
def test_terms_are_found_as_whole_words_and_the_longest_first(text: str, terms: list[str]) -> None:
    assert [identity for _, _, identity in Glossary(TERMS).places(text)] == terms


def test_a_term_is_marked_once_on_a_page() -> None:
    words = PageWords(Glossary(TERMS))
    first, second = words.marked("A fusion & a <gene>"), words.marked("another fusion")
    assert first == (
        'A <button type="button" class="term" popovertarget="word-fusion">fusion</button> &amp; a &lt;'
        '<button type="button" class="term" popovertarget="word-gene">gene</button>&gt;'
    )
    assert second == "another fusion"
    assert [t.id for t in words.used] == ["fusion", "gene"]


@given(st.text(alphabet="gene fusion MET<>&\"' \n", max_size=60))
def test_whatever_is_marked_everything_else_stays_and_is_escaped(text: str) -> None:
    import re

    marked = PageWords(Glossary(TERMS)).marked(text)
    assert re.sub(r"<button[^>]*>|</button>", "", marked) == str(escape(text))


def test_the_result_page_explains_the_words_that_it_marks(site: Site) -> None:
    page = site.browser.get(site.record()).text
    assert page.count('popovertarget="word-invented">invented</button>') == 1
    assert 'popover id="word-invented"' in page
    assert "Made up by somebody." in page

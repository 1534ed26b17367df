"""Everything that the knowledge base says in English has its Spanish text, with the same facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.adapters.knowledge import KnowledgeFiles
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Statement, TestAdvice
from app.stages.guidance.grade import NAMED, fernandez_huerta
from app.stages.guidance.lexicon import drugs_in, genes_in, lexicon, numbers_in, without_genes, without_names
from app.stages.guidance.writing import Writer
from tests.answers.teller import Teller

LETTERS = {"ADN": "DNA", "ARN": "RNA", "LMA": "AML", "LMC": "CML", "LLA": "ALL", "LPA": "APL", "IHQ": "IHC"}
"""Short forms that a Spanish reader knows by other letters."""
RECEPTORS = {"RE": "ER", "RP": "PR"}
WORDS = {"fluorouracilo": "fluorouracil", "tiopurinas": "thiopurine", "E-cadherina": "E-cadherin"}
ENGLISH = re.compile(
    r"\b(?:the|and|or|with|of|mutation|loss|gain|stain|other|others|type|inherited|positive|negative|high|low|exon|unmutated|stable)\b"
)


@pytest.fixture(scope="module")
def nouns() -> list[object]:
    return [row.noun for row in KnowledgeFiles().rows()]


def _texts(nouns: list[object]) -> Iterator[str]:
    for noun in nouns:
        match noun:
            case MarkerCard():
                yield from (noun.normal_job, noun.change_meaning, *(how for _, how in noun.look_alikes))
            case Method():
                yield from (noun.name, noun.finds, noun.misses)
            case DiseaseCard():
                yield from (noun.what, noun.urgent)
            case Frequency():
                yield noun.note


def _names(nouns: list[object]) -> Iterator[str]:
    for noun in nouns:
        match noun:
            case MarkerCard():
                yield from (noun.marker, *(name for name, _ in noun.look_alikes))
            case TestAdvice():
                yield noun.marker


def _writer(teller: Teller) -> Writer:
    return Writer(teller.wording.tongue("es"), teller.vocabulary, teller.knowledge)


def test_every_text_of_the_knowledge_base_has_a_spanish_one(teller: Teller, nouns: list[object]) -> None:
    told = teller.wording.tongue("es").texts
    assert sorted({text for text in _texts(nouns) if text and text not in told}) == []


def test_no_spanish_text_is_left_over(teller: Teller, nouns: list[object]) -> None:
    known = {*_texts(nouns), *_names(nouns), *(marker.name for marker in teller.wording.questions.markers)}
    assert sorted(set(teller.wording.tongue("es").texts) - known) == []


def test_a_spanish_text_names_the_same_genes_drugs_and_numbers(teller: Teller) -> None:
    names = lexicon(teller.vocabulary, teller.wording.not_genes, teller.wording.not_drugs)
    different = []
    for english, spanish in teller.wording.tongue("es").texts.items():
        same = spanish
        for word, letters in (*LETTERS.items(), *RECEPTORS.items(), *WORDS.items()):
            same = re.sub(rf"\b{word}\b", letters, same)
        said = [
            (
                genes_in(text, names),
                drugs_in(text, names),
                numbers_in(without_genes(text.replace("-low", " low"), names)),
            )
            for text in (english, same)
        ]
        if said[0] != said[1]:
            different.append((english, spanish, said))
    assert different == []


def test_spanish_texts_are_easy_to_read(teller: Teller, nouns: list[object]) -> None:
    names = lexicon(teller.vocabulary, teller.wording.not_genes, teller.wording.not_drugs)
    told = teller.wording.tongue("es").texts
    sentences = {told[text] for text in _texts(nouns) if text[:1].isupper() and text.endswith(".") and text in told}
    eases = {text: fernandez_huerta(without_names(text, names, NAMED)) for text in sentences}
    assert len(sentences) > 700
    assert {text: ease for text, ease in eases.items() if ease < 60} == {}
    assert sum(eases.values()) / len(eases) >= 85


def test_every_marker_and_test_has_a_name_without_english_words(teller: Teller, nouns: list[object]) -> None:
    writer = _writer(teller)
    lay = [marker.name for marker in teller.wording.questions.markers]
    named = {name: writer.marker(name) for name in (*_names(nouns), *lay)}
    assert {name: told for name, told in named.items() if ENGLISH.search(told)} == {}


def test_every_cancer_that_the_knowledge_base_names_has_a_spanish_name(teller: Teller, nouns: list[object]) -> None:
    known = teller.wording.tongue("es").diseases
    codes = {n.disease for n in nouns if isinstance(n, Statement | TestAdvice | Frequency | DiseaseCard)}
    codes |= {code for n in nouns if isinstance(n, MarkerCard) for code in n.usual_in}
    codes |= {code for code in teller.vocabulary.diseases if code.islower()}
    assert sorted(codes - set(known)) == []

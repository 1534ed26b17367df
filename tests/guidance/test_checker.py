"""The checker: a sentence that says more than its source or the report is refused, and never just vanishes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.guidance import Part, Saying, Sentence
from app.domain.profile import Profile
from app.domain.statement import Change, Condition, Direction, Level, Source, Statement, Trust
from app.stages.guidance.checker import Checker, holds
from app.stages.guidance.lexicon import lexicon
from app.stages.guidance.writing import Writer
from tests.answers.teller import shipped
from tests.guidance.fakes import FakeKnowledge
from tests.guidance.profiles import diagnosis, found, variant

STATEMENT = Statement(
    "cg:test-approval",
    (Condition("EGFR", Change.VARIANT, "p.L858R"),),
    "NSCLC",
    Direction.SENSITIVE,
    Level.APPROVED,
    therapies=("osimertinib",),
    jurisdiction="US",
    sources=("fda:osimertinib",),
    date="2018-04-18",
    trust=Trust.CURATED,
)
SOURCE = Source("fda:osimertinib", "Label of a medicine", date="2018-04-18", trust=Trust.CURATED)
KNOWN = Profile(diagnoses=(diagnosis("Melanoma", "SKCM"),), findings=found(variant("BRAF", "p.V600E")))


@pytest.fixture
def checker() -> Checker:
    teller = shipped()
    writer = Writer(teller.wording.tongue("en"), teller.vocabulary, FakeKnowledge((STATEMENT,), (SOURCE,)))
    writer.cite(STATEMENT)
    names = lexicon(teller.vocabulary, teller.wording.not_genes, teller.wording.not_drugs)
    return Checker(writer, names, KNOWN)


def fact(text: str) -> Sentence:
    return Sentence(text, Saying.FACT, citations=("cg:test-approval",), template="rung.approved_here")


def test_a_sentence_that_its_source_holds_passes(checker: Checker) -> None:
    assert checker.fault(fact("In the US, osimertinib is approved for lung cancer with EGFR L858R.")) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("In the US, gefitinib is approved for this.", "gefitinib"),
        ("In the US, Iressa is approved for this.", "gefitinib"),
        ("In the US, osimertinib is approved for KRAS.", "KRAS"),
        ("Osimertinib works in 80 of 100 people.", "80"),
        ("Osimertinib will work.", "forbidden"),
        ("You should take osimertinib.", "forbidden"),
        ("  ", "empty"),
    ],
)
def test_a_fact_that_says_more_than_its_source_is_refused(checker: Checker, text: str, why: str) -> None:
    assert why in checker.fault(fact(text))


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("Osimertinib is approved.", Saying.FACT, template="rung.approved_here"),
        Sentence("Osimertinib is approved.", Saying.FACT, citations=("cg:unknown",), template="rung.approved_here"),
        Sentence("Your report shows BRAF.", Saying.REPORT, template="finding.shows"),
        Sentence("Your report shows BRAF.", Saying.REPORT, about=("f9",), template="finding.shows"),
        Sentence("Everything is fine.", Saying.FRAME, template="urgent.call"),
        Sentence("Is it fine?", Saying.QUESTION, template="no.such.template"),
    ],
)
def test_a_sentence_without_what_its_kind_must_carry_is_refused(checker: Checker, sentence: Sentence) -> None:
    assert checker.fault(sentence)


def test_a_report_sentence_may_only_name_its_own_finding(checker: Checker) -> None:
    right = Sentence(
        "Your report shows a change in the BRAF gene (p.V600E).", Saying.REPORT, ("f1",), template="finding.shows"
    )
    assert checker.fault(right) == ""
    assert "NRAS" in checker.fault(replace(right, text="Your report shows a change in the NRAS gene (p.V600E)."))
    assert "601" in checker.fault(replace(right, text="Your report shows a change in the BRAF gene (p.V601E)."))


def test_clinical_words_are_checked_too(checker: Checker) -> None:
    good = fact("In the US, osimertinib is approved for this.")
    assert "gefitinib" in checker.fault(replace(good, clinical="Approved: gefitinib."))


def test_what_is_refused_is_replaced_by_the_printed_value(checker: Checker) -> None:
    wrong = Sentence("Your report shows NRAS.", Saying.REPORT, ("f1",), template="finding.shows")
    parts, refused = checker.check([Part("findings", "Findings", (wrong,))])
    assert refused == ("finding.shows",)
    assert parts[0].sentences[0].text == "BRAF p.V600E, found: we cannot explain this yet."
    assert parts[0].sentences[0].about == ("f1",)


def test_a_refused_fact_without_a_finding_still_leaves_a_word(checker: Checker) -> None:
    parts, refused = checker.check([Part("findings", "Findings", (fact("Gefitinib is approved."),))])
    assert refused == ("rung.approved_here",)
    assert [s.text for s in parts[0].sentences] == ["We cannot explain this yet."]


def test_a_number_may_be_rounded_to_whole_and_nothing_else() -> None:
    carried = frozenset({"23.5", "7"})
    assert holds(carried, "24")
    assert holds(carried, "7")
    assert not holds(carried, "23.4")
    assert not holds(carried, "25")
    assert not holds(carried, "70")


GENES = sorted(s for s in shipped().vocabulary.genes if shipped().vocabulary.genes[s].cancer and len(s) > 3)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(GENES),
    st.sampled_from(["{} matters.", "A change in {} was found.", "With {}-mutant cells.", "({})"]),
)
def test_any_gene_that_the_source_does_not_name_is_seen(gene: str, shape: str) -> None:
    teller = shipped()
    if gene in teller.wording.not_genes or gene == "EGFR":
        return
    writer = Writer(teller.wording.tongue("en"), teller.vocabulary, FakeKnowledge((STATEMENT,), (SOURCE,)))
    writer.cite(STATEMENT)
    names = lexicon(teller.vocabulary, teller.wording.not_genes, teller.wording.not_drugs)
    assert "not in its source" in Checker(writer, names, KNOWN).fault(fact(shape.format(gene)))


@pytest.mark.parametrize("text", ["EGFR V600K was found.", "EGFR p.L858Q was found.", "With t(9;22) in the cells."])
def test_another_change_of_the_same_gene_is_refused(checker: Checker, text: str) -> None:
    assert "not in its source" in checker.fault(fact(text))

"""What was read comes back from the store exactly, whatever was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.finding import Finding
from app.domain.mention import Reading
from app.domain.outcome import Issue
from app.domain.page import Page, Word
from app.domain.profile import ReadDocument
from app.domain.provenance import Box, Evidence
from app.pipeline import DocumentFacts
from app.services.facts import pack, renumbered, unpack

numbers = st.floats(0, 5000, allow_nan=False)
st.register_type_strategy(float, numbers)
st.register_type_strategy(Decimal, st.decimals(0, 1000, places=2))
st.register_type_strategy(date, st.dates())
st.register_type_strategy(bytes, st.none())
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
st.register_type_strategy(Box, boxes)
findings = st.builds(Finding, evidence=st.lists(st.from_type(Evidence), max_size=2).map(tuple))
documents = st.builds(
    ReadDocument,
    pages=st.lists(st.builds(Page, image=st.none()), max_size=2).map(tuple),
    issues=st.lists(st.from_type(Issue), max_size=2).map(tuple),
)
everything = st.builds(DocumentFacts, documents, st.lists(findings, max_size=2).map(tuple))


@settings(max_examples=60, deadline=None)
@given(everything)
def test_what_is_packed_is_unpacked(facts: DocumentFacts) -> None:
    assert unpack(pack(facts)) == facts


@settings(max_examples=40, deadline=None)
@given(st.from_type(Reading))
def test_a_number_and_the_same_characters_as_words_stay_apart(reading: Reading) -> None:
    document = ReadDocument("a", "b", "ngs", ())  # type: ignore[arg-type]
    for value in (Decimal("12.60"), "12.60", None):
        facts = DocumentFacts(document, (Finding("f1", replace(reading, value=value), ()),))
        kept = unpack(pack(facts)).findings[0].reading.value
        assert (kept, type(kept)) == (value, type(value))


@settings(max_examples=40, deadline=None)
@given(st.lists(everything, max_size=3))
def test_every_place_counts_its_document_by_its_present_position(records: list[DocumentFacts]) -> None:
    for position, facts in enumerate(renumbered(records)):
        places = [e.document for f in facts.findings for e in f.evidence] + [i.document for i in facts.document.issues]
        assert {p for p in places if p is not None} <= {position}


def test_page_images_are_left_to_the_file_store() -> None:
    page = Page(1, 10.0, 10.0, (), image=b"\x89PNG")
    facts = DocumentFacts(ReadDocument("a", "b", "ngs", (page,)), ())  # type: ignore[arg-type]
    assert unpack(pack(facts)).document.pages[0].image is None


def test_a_word_keeps_its_confidence() -> None:
    word = Word("EGFR", Box(0.0, 0.0, 1.0, 1.0), 0.5, "EGER", 9.0, True, True)
    from app.domain.page import Line

    page = Page(1, 10.0, 10.0, (Line((word,)),))
    facts = DocumentFacts(ReadDocument("a", "b", "ngs", (page,)), ())  # type: ignore[arg-type]
    assert unpack(pack(facts)).document.pages[0].words == (word,)

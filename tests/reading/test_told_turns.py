"""A page is turned as a person said, and no guess turns it back."""

from __future__ import annotations

import dataclasses

import pytest

from app.adapters.reader import SafeReader
from app.domain.document import Format
from app.stages.pages import reading
from tests.reading import papers


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_is_turned_as_told_and_read_once(turn):
    ocr = papers.FakeOcr(papers.word("dim", 100, 100, confidence=0.2))
    picture = papers.document(papers.image(1700, 2200), Format.IMAGE)
    told = dataclasses.replace(picture, turns=((1, turn),))
    page = reading.read(told, lambda page, total: None, ocr=ocr).value[0]
    assert page.rotation == turn
    assert (page.width > page.height) == (turn in (90, 270))
    free = papers.FakeOcr(papers.word("dim", 100, 100, confidence=0.2))
    reading.read(picture, lambda page, total: None, ocr=free)
    assert ocr.asked < free.asked


def test_only_the_named_page_of_a_pdf_is_turned_also_through_the_reading_process():
    content = papers.pdf([(72, 72, "first page")], [(72, 72, "second page")])
    told = dataclasses.replace(papers.document(content, Format.PDF), turns=((2, 90),))
    first, second = SafeReader().read(told, lambda page, total: None).value
    assert (first.rotation, second.rotation) == (0, 90)
    assert (second.width, second.height) == (first.height, first.width)

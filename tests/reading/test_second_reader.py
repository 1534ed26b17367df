"""The words that matter are read twice, and doubt is told."""

from __future__ import annotations

import numpy as np

from app.stages.pages.second import confirmed
from tests.reading.papers import FakeOcr, word

PAPER = np.full((400, 2000), 255, np.uint8)


def settled(text: str, second: str, confidence: float = 0.4, sure: float = 0.99, others: float = 0.96):
    words = [word(text, 100, 100, confidence), *(word("plain", 100, 200 + 50 * n, others) for n in range(3))]
    return confirmed(words, PAPER, ocr=FakeOcr(second=((second, sure),)), most=10)[0]


def test_where_both_readers_agree_the_word_stands():
    found = settled("c.1735C>T", "c.1735C>T")
    assert (found.text, found.as_read, found.doubtful) == ("c.1735C>T", None, False)


def test_a_repair_keeps_what_was_read():
    found = settled("¢.1735C>T", "c.1735C>T")
    assert (found.text, found.as_read, found.doubtful) == ("c.1735C>T", "¢.1735C>T", False)


def test_two_valid_readings_that_differ_are_doubtful():
    found = settled("c.1736C>T", "c.1735C>T")
    assert found.doubtful
    assert found.text in ("c.1736C>T", "c.1735C>T")


def test_a_change_is_never_made_that_neither_reader_read():
    for first, second in (("VGOOE", "VGOOK"), ("p.S14921", "p.S1492L"), ("c.l7350>T", "c.1735C>T")):
        found = settled(first, second)
        assert found.text in (first, second)


def test_without_a_second_reader_an_unsure_repair_is_not_made():
    words = [word("p.S14921", 100, 100, 0.9), word("plain", 100, 200)]
    found = confirmed(words, PAPER, ocr=FakeOcr(), most=10)[0]
    assert (found.text, found.doubtful) == ("p.S14921", True)


def test_a_change_that_was_cut_in_two_is_one_word():
    words = [word("p.(Ala1", 100, 100, 0.9), word("006Pro)", 245, 100, 0.9)]
    assert [w.text for w in confirmed(words, PAPER, ocr=FakeOcr(), most=10)] == ["p.(Ala1006Pro)"]


def test_positions_that_do_not_fit_together_are_doubtful():
    words = [word("c.2573T>G", 100, 100), word("p.L859R", 400, 100)]
    assert all(w.doubtful for w in confirmed(words, PAPER, ocr=FakeOcr(), most=10))


def test_a_change_whose_first_letters_were_lost_is_looked_for_further_to_the_left():
    found = settled("-G1224E", "p.G1224E")
    assert (found.text, found.as_read, found.doubtful) == ("p.G1224E", "-G1224E", False)

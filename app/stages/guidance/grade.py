"""Reading grade of plain text: Flesch–Kincaid for English, Fernández Huerta for Spanish.

Counted as textstat 0.7.4 counts (syllables by pyphen's hyphenation, sentences of two words or fewer left out, averages
rounded to tenths), but every word is counted once and remembered, since a page repeats its words.

Source: Kincaid 1975 (0.39, 11.8, 15.59); Fernández Huerta 1959 in its corrected form (206.84, 60, 1.02).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pyphen import Pyphen

SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
MARK = re.compile(r"[^\w\s]")
NAMED = "marker"
"""Two syllables: what a gene symbol or a drug name counts as."""


@lru_cache(maxsize=4)
def _hyphenation(language: str) -> Pyphen:
    return Pyphen(lang={"en": "en_US", "es": "es_ES"}[language])


@lru_cache(maxsize=20_000)
def _syllables(word: str, language: str) -> int:
    return len(_hyphenation(language).positions(word)) + 1


def _tenths(number: float, points: int = 1) -> float:
    """Round half away from zero, as textstat does at each step."""
    power = 10**points
    return float(math.floor(number * power + math.copysign(0.5, number)) / power)


def _averages(text: str, language: str) -> tuple[float, float] | None:
    """Return words a sentence and syllables a word; None for a text without words."""
    words = MARK.sub("", text).split()
    if not words:
        return None
    syllables = sum(_syllables(word.lower(), language) for word in words)
    sentences = sum(len(MARK.sub("", piece).split()) > 2 for piece in SENTENCE.findall(text))
    return _tenths(len(words) / max(1, sentences)), _tenths(syllables / len(words))


def flesch_kincaid(text: str) -> float:
    """Return the school grade of an English text, to one decimal."""
    averages = _averages(text, "en")
    if averages is None:
        return 0.0
    return _tenths(0.39 * averages[0] + 11.8 * averages[1] - 15.59)


def fernandez_huerta(text: str) -> float:
    """Return the ease of a Spanish text, 0 (hard) to 100 (easy), to two decimals."""
    averages = _averages(text, "es")
    if averages is None:
        return 100.0
    return _tenths(206.84 - 60 * averages[1] - 1.02 * averages[0], 2)


def grade(text: str, language: str) -> float:
    """Return a school grade for either language.

    Spanish ease is put on the scale of grades so that an ease of 70 is grade 8 and each ten points are one grade:
    sections of grade 8 or less have a Fernández Huerta ease of 70 or more.
    """
    if language == "es":
        return max(0.0, round(15.0 - fernandez_huerta(text) / 10, 1))
    return flesch_kincaid(text)

"""How a report's prose is cut: sentences, and the voice that each is written in.

A sentence about cancers in general, a condition or a question says nothing of this person; nor does a section that
lists therapies, trials or methods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from app.biomarkers.kind import Passage
from app.biomarkers.word_lists import Phrases, folded, strings
from app.domain.section import SectionKind

NEVER = frozenset(
    {
        SectionKind.THERAPIES,
        SectionKind.TRIALS,
        SectionKind.METHOD,
        SectionKind.GENE_LIST,
        SectionKind.LITERATURE,
        SectionKind.BOILERPLATE,
        SectionKind.NOT_COVERED,
    }
)
"""Sections of which no diagnosis, stage or treatment of the person is read."""

_END = re.compile(r"\n+|[.!?](?=\s)|;|\s[•·●▪|]\s")
_ABBREVIATED = frozenset(
    [
        "dr",
        "drs",
        "mr",
        "ms",
        "mrs",
        "st",
        "vs",
        "no",
        "nr",
        "e.g",
        "eg",
        "i.e",
        "ie",
        "approx",
        "ca",
        "cf",
        "fig",
        "al",
        "inc",
        "pt",
        "pts",
        "resp",
        "incl",
        "ad",
        "dx",
        "hx",
    ]
)
_GOES_ON = re.compile(r"[ \t]*[a-zà-ÿ(]")
_HANGING = frozenset(
    "and or of with for the to in by on from a an de del y und et avec von mit".split()  # noqa: SIM905 - reads best as words
)
"""Words after which a sentence goes on, on the next line."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line that stands for one.

    Attributes:
        start: First character in the passage.
        end: One past the last.
        text: The characters between.
    """

    start: int
    end: int
    text: str


class Prose:
    """A text and its sentences, found where they are asked for."""

    def __init__(self, text: str, *, clauses: bool = True) -> None:
        """Take a text; a semicolon ends a sentence only where `clauses` is set."""
        self.text = text
        self._clauses = clauses
        self._last = Sentence(0, 0, "")

    def around(self, position: int) -> Sentence:
        """Return the sentence that holds the character."""
        if not self._last.start <= position < self._last.end:
            self._last = self._cut(position)
        return self._last

    def _cut(self, position: int) -> Sentence:
        """Find the ends around a place, from the end of the last sentence where that is near."""
        text, start, reach = self.text, 0, position
        known = self._last.end
        if 0 < known <= position < known + 500:
            start = reach = known
        else:
            while reach > 0 and not start:
                reach = max(0, reach - 200)
                for mark in _END.finditer(text, reach, position):
                    if _is_end(text, mark, self._clauses):
                        start = mark.end()
        end = len(text)
        for mark in _END.finditer(text, max(start, reach)):
            if mark.end() <= start or not _is_end(text, mark, self._clauses):
                continue
            if mark.end() > position:
                end = mark.end()
                break
            start = mark.end()
        return Sentence(start, end, text[start:end])

    def line(self, position: int) -> Sentence:
        """Return the printed line that holds the character."""
        start = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return Sentence(start, end, self.text[start:end])


def _is_end(text: str, mark: re.Match[str], clauses: bool) -> bool:
    sign = mark[0]
    if sign[0] == "\n":
        if len(sign) > 1:
            return True
        return not (_GOES_ON.match(text, mark.end()) or _hangs(text[max(0, mark.start() - 12) : mark.start()]))
    if sign == ";":
        return clauses
    if sign == ".":
        word = text[max(0, mark.start() - 8) : mark.start()].rsplit(None, 1)
        last = word[-1].lower().lstrip("(") if word else ""
        following = text[mark.end() : mark.end() + 3].lstrip()
        return not (last in _ABBREVIATED or (following[:1].islower() and len(last) < 5))
    return True


def _hangs(end: str) -> bool:
    """Tell whether a line whose last characters these are goes on in the next."""
    words = end.split()
    return bool(words) and (words[-1][-1] in ",(/+-" or words[-1].lower() in _HANGING)


@cache
def _general() -> Phrases:
    return Phrases(strings("voice", "general"))


@cache
def _hypothetical() -> Phrases:
    return Phrases(strings("voice", "hypothetical"))


@cache
def _relatives() -> Phrases:
    return Phrases(strings("family", "cues"))


@cache
def _headings() -> Phrases:
    return Phrases(strings("voice", "headings"))


def plain_letters(passage: Passage) -> Passage:
    """Return the passage with accents taken off, every letter in its place."""
    plain = folded(passage.text)
    return passage if plain is passage.text else replace(passage, text=plain)


def is_of_others(passage: Passage) -> bool:
    """Tell whether a section is about therapies, trials, methods or published work, by its kind or its heading."""
    return passage.kind in NEVER or (bool(passage.heading) and _headings().search(passage.heading) is not None)


def speaks_generally(sentence: str) -> bool:
    """Tell whether a sentence is about cancers, patients or drugs in general, or about a trial or an assay."""
    return _general().search(sentence) is not None


@cache
def _about_drugs() -> tuple[Phrases, Phrases]:
    return Phrases(strings("voice", "about_drugs")), Phrases(strings("voice", "personal"))


def speaks_of_drugs(sentence: str) -> bool:
    """Tell whether a sentence is about what drugs do rather than about what this person was given."""
    drugs, personal = _about_drugs()
    return drugs.search(sentence) is not None and personal.search(sentence) is None


def is_hypothetical(sentence: str) -> bool:
    """Tell whether a sentence only considers something."""
    return _hypothetical().search(sentence) is not None


def mentions_relative(text: str) -> bool:
    """Tell whether a text speaks of any relative."""
    return _relatives().search(text) is not None


_PATIENT = re.compile(r"\b(?:she|he|patient|pt|who)\s+(?:has|had|was|is|herself|himself)\b", re.IGNORECASE)


@cache
def _others() -> Phrases:
    return Phrases(strings("family", "others"))


def names_other(before: str) -> bool:
    """Tell whether the words before make what follows be about a spouse, a friend or another who is no relative."""
    back = max((match.end() for match in _PATIENT.finditer(before)), default=0)
    return any(found.start() >= back for found in _others().finditer(before))


def names_relative(before: str) -> re.Match[str] | None:
    """Return the word that makes what follows be about the family, unless the text has come back to the patient."""
    back = 0
    for match in _PATIENT.finditer(before):
        back = match.end()
    return next((found for found in _relatives().finditer(before) if found.start() >= back), None)

"""Lists of names and how they are found in a text: the longest name wins, and each is a whole word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.term import Vocabulary

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A known name in a text.

    Attributes:
        start: First character.
        end: One past the last character.
        printed: The name as it stands there.
        identity: Symbol, generic name or code of what it names.
    """

    start: int
    end: int
    printed: str
    identity: str


@dataclass(slots=True)
class _Entry:
    """What follows a first word: further words → identity, the longest first."""

    tails: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)


class Names:
    """Names by their words, compiled once.

    Hyphens, slashes and spaces between the words of a name are the same ("non-small cell" = "non small-cell"). Names of
    up to three letters are matched with their capitals ("ER" is no "er"), longer ones in any case.
    """

    def __init__(self, spelled: Iterable[tuple[str, str]]) -> None:
        """Compile pairs of a name and the identity that it stands for; the first pair of a name counts."""
        self._by_first: dict[str, _Entry] = {}
        seen: set[tuple[str, ...]] = set()
        for name, identity in spelled:
            words = tuple(word.lower() for word in WORD.findall(name))
            if not words or words in seen:
                continue
            seen.add(words)
            exact = name if len("".join(words)) <= 3 else ""
            self._by_first.setdefault(words[0], _Entry()).tails.append((words[1:], identity, exact))
        for entry in self._by_first.values():
            entry.tails.sort(key=lambda tail: -len(tail[0]))

    def find(self, text: str) -> tuple[Name, ...]:
        """Return the names in the text, in order, none inside another."""
        by_first = self._by_first
        whole = text.isascii()
        lows = WORD.findall(text.lower()) if whole else [word.lower() for word in WORD.findall(text)]
        places = [at for at, low in enumerate(lows) if low in by_first]
        return tuple(self._walk(text, lows, places)) if places else ()

    def _walk(self, text: str, lows: list[str], places: list[int]) -> Iterator[Name]:
        words, upto = list(WORD.finditer(text)), 0
        for at in places:
            if at < upto:
                continue
            for tail, identity, exact in self._by_first[lows[at]].tails:
                if tail and (at + 1 >= len(lows) or lows[at + 1] != tail[0]):
                    continue
                length = self._fits(text, words, at, tail)
                if not length:
                    continue
                start, end = words[at].start(), words[at + length - 1].end()
                if exact and text[start:end].replace("-", "") != exact.replace("-", ""):
                    continue
                yield Name(start, end, text[start:end], identity)
                upto = at + length
                break

    @staticmethod
    def _fits(text: str, words: list[re.Match[str]], at: int, tail: tuple[str, ...]) -> int:
        """Return how many words the name takes, 0 where it does not stand here."""
        if at + len(tail) >= len(words):
            return 0
        for step, word in enumerate(tail, start=at + 1):
            gap = text[words[step - 1].end() : words[step].start()]
            if words[step][0].lower() != word or len(gap) > 2 or gap.strip(" -/,'’\n"):
                return 0
        return len(tail) + 1


@dataclass(frozen=True)
class Terms:
    """The vocabulary as the kinds look names up.

    Attributes:
        vocabulary: All terms, by their preferred name.
        drugs: Generic and brand names and synonyms of drugs and regimens → generic name.
        diseases: Names and synonyms of cancers → OncoTree code or group.
        symbols: Every symbol, alias and previous symbol of a gene, in capitals → current symbol; the current symbol
            wins over an alias, a cancer gene over another.
    """

    vocabulary: Vocabulary
    drugs: Names
    diseases: Names
    symbols: dict[str, str]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Terms:
        """Compile a vocabulary."""
        drugs = [
            (name, drug.generic)
            for drug in vocabulary.drugs.values()
            for name in (drug.generic, *drug.brands, *drug.synonyms)
        ]
        diseases = [
            (name, disease.code)
            for disease in vocabulary.diseases.values()
            for name in (disease.name, *disease.synonyms)
        ]
        return cls(vocabulary, Names(drugs), Names(diseases), _symbols(vocabulary))


def _symbols(vocabulary: Vocabulary) -> dict[str, str]:
    symbols = {symbol.upper(): symbol for symbol in vocabulary.genes}
    by_weight = sorted(vocabulary.genes.values(), key=lambda gene: not gene.cancer)
    for gene in by_weight:
        for name in gene.previous:
            symbols.setdefault(name.upper(), gene.symbol)
    for gene in by_weight:
        for name in gene.aliases:
            symbols.setdefault(name.upper(), gene.symbol)
    return symbols

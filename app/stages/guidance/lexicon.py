"""The genes and drugs that a sentence names, by their current names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.term import Vocabulary

T = TypeVar("T")
WORD = re.compile(r"[A-Za-z0-9][\w./+*-]*[\w*]|[A-Za-z0-9]", re.UNICODE)
HGVS = re.compile(r"\b[cpgmnr]\.\(?[A-Za-z0-9_*?+>=-]+\)?|\b(?:NM|NP|ENST|NC|NG)_?[0-9.]+")
ISCN = re.compile(r"\b(?:t|inv|del|dup|der|ins|add|i|dic)\([0-9XYpq;,.?]+\)(?:\([0-9pqter;.,]+\))?")
PIECES = re.compile(r"([-/:+.]+)")
PROTEIN = re.compile(
    r"(?<![A-Za-z0-9:])(?:p\.\(?)?(?P<change>[A-Z]\d{1,4}(?:_[A-Z]\d{1,4})?(?:[A-Z](?![a-z0-9])|\*|fs|del|dup|ins))"
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST_DRUG = 4
"""Words in the longest drug name that is looked up."""


@dataclass(slots=True)
class Lexicon:
    """Names by spelling.

    Attributes:
        genes: Current symbol by spelling; case matters, since genes are printed in capitals.
        drugs: Generic name by spelling in lower case.
        ancestry: Ancestors and groups by disease, as far as they were asked for.
        read: Genes by word, as far as words were read: a page repeats its words.
        graded: Text with stand-ins by sentence, as far as sentences were graded.
    """

    genes: dict[str, str]
    drugs: dict[str, str]
    ancestry: dict[str, tuple[str, ...]] = field(default_factory=dict)
    read: dict[str, frozenset[str]] = field(default_factory=dict)
    graded: dict[str, str] = field(default_factory=dict)

    def genes_of(self, word: str) -> frozenset[str]:
        """Return the genes that one word names."""
        known = self.read.get(word)
        if known is None:
            known = remember(self.read, word, frozenset(self._inside(word)))
        return known

    def _inside(self, word: str) -> Iterator[str]:
        """Find genes in a word of several parts, the longest name at each part: HLA-A in "HLA-A-mutant"."""
        parts = PIECES.split(word)
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -2):
                symbol = self.genes.get("".join(parts[start:end]))
                if symbol:
                    yield symbol
                    start = end - 1
                    break
            start += 2


KEPT = 50_000
"""Words and sentences that are remembered at most."""


def remember(known: dict[str, T], key: str, found: T) -> T:
    """Keep what was found; forget everything when too much was kept."""
    if len(known) >= KEPT:
        known.clear()
    known[key] = found
    return found


_KEPT: list[tuple[Vocabulary, frozenset[str], frozenset[str], Lexicon]] = []
"""Lexicons by the vocabulary that they were made from: a vocabulary is large and never changes."""


def lexicon(vocabulary: Vocabulary, not_genes: frozenset[str], not_drugs: frozenset[str]) -> Lexicon:
    """Return the names of a vocabulary, made once."""
    for kept, genes_out, drugs_out, made in _KEPT:
        if kept is vocabulary and genes_out == not_genes and drugs_out == not_drugs:
            return made
    made = Lexicon(_genes(vocabulary, not_genes), _drugs(vocabulary, not_drugs))
    _KEPT.append((vocabulary, not_genes, not_drugs, made))
    del _KEPT[:-4]
    return made


def _genes(vocabulary: Vocabulary, out: frozenset[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for gene in vocabulary.genes.values():
        others = (*gene.previous, *gene.aliases) if gene.cancer else ()
        for name in others:
            if len(name) > 2 and any(c.isupper() for c in name):
                names.setdefault(name, gene.symbol)
    names.update({symbol: symbol for symbol in vocabulary.genes})
    return {name: symbol for name, symbol in names.items() if name not in out}


def _drugs(vocabulary: Vocabulary, out: frozenset[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for drug in vocabulary.drugs.values():
        if drug.kind not in ("drug", "regimen"):
            continue
        for name in (drug.generic, *drug.brands, *drug.synonyms):
            lower = name.lower()
            if len(lower) > 3 and not lower.isdigit() and lower not in out:
                names.setdefault(lower, drug.generic)
    return names


def genes_in(text: str, names: Lexicon) -> set[str]:
    """Return the current symbols of the genes that a text names."""
    return set().union(*(names.genes_of(word) for word in WORD.findall(text)))


def drugs_in(text: str, names: Lexicon) -> set[str]:
    """Return the generic names of the drugs that a text names."""
    words = [w.strip(".") for w in WORD.findall(text.lower())]
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_DRUG, len(words) - at), 0, -1):
            generic = names.drugs.get(" ".join(words[at : at + length]))
            if generic:
                found.add(generic)
                at += length - 1
                break
        at += 1
    return found


def numbers_in(text: str) -> set[str]:
    """Return the numbers that a text holds, as printed, with a decimal point."""
    return {number.replace(",", ".") for number in NUMBER.findall(text)}


def variants_in(text: str) -> set[str]:
    """Return the protein changes and chromosome changes that a text holds, each without "p." and brackets."""
    proteins = {found["change"] for found in PROTEIN.finditer(text)}
    return proteins | {found.split(")(")[0].rstrip(")") for found in ISCN.findall(text)}


def without_genes(text: str, names: Lexicon) -> str:
    """Take out gene names, whose digits are no numbers."""
    return WORD.sub(lambda found: " " if found.group() in names.genes else found.group(), text)


def without_names(text: str, names: Lexicon, stand_in: str) -> str:
    """Put a stand-in word for every gene, drug, variant and chromosome change, for grading."""
    key = f"{stand_in} {text}"
    if key in names.graded:
        return names.graded[key]

    def swap(found: re.Match[str]) -> str:
        word = found.group()
        printed = any(c.isdigit() for c in word) and any(c.isupper() for c in word)
        return stand_in if printed or names.genes_of(word) or word.lower() in names.drugs else word

    return remember(names.graded, key, WORD.sub(swap, ISCN.sub(stand_in, HGVS.sub(stand_in, text))))

"""OncoTree codes for the names of diagnoses, by their words in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from app.biomarkers.diagnosis_names import site_of
from app.biomarkers.word_lists import mapping
from app.domain.term import Disease, Vocabulary

_SAME = {
    "leukaemia": "leukemia", "tumour": "tumor", "tumors": "tumor", "infiltrating": "invasive",
    "infiltrative": "invasive", "cancer": "carcinoma", "cancers": "carcinoma", "carcinomas": "carcinoma",
    "adenocarcinomas": "adenocarcinoma", "wild": "wildtype", "myelogenous": "myeloid", "classical": "classic",
    "hodgkin's": "hodgkin", "lymphomas": "lymphoma", "sarcomas": "sarcoma", "neoplasms": "neoplasm",
    "syndromes": "syndrome", "mammary": "breast", "nonsmall": "non",
}  # fmt: skip
_SAYS_NOTHING = frozenset(
    [
        "of",
        "the",
        "with",
        "and",
        "or",
        "nos",
        "not",
        "otherwise",
        "specified",
        "type",
        "primary",
        "metastatic",
        "recurrent",
        "relapsed",
        "refractory",
        "residual",
        "malignant",
        "advanced",
        "stage",
        "poorly",
        "moderately",
        "well",
        "differentiated",
        "minimally",
        "incidental",
        "multifocal",
        "unresectable",
        "left",
        "right",
        "upper",
        "lower",
        "middle",
        "lobe",
        "bilateral",
        "gland",
        "to",
        "a",
        "in",
        "cells",
        "pattern",
        "features",
        "usual",
        "conventional",
    ]
)
_GENERIC = frozenset({"carcinoma", "adenocarcinoma", "melanoma", "tumor", "neoplasm", "sarcoma", "lymphoma", "adenoma"})
_NO_PLACE = frozenset({"Lymphoid", "Myeloid", "Soft Tissue", "CNS/Brain", "Skin", "Bone", "Other", ""})

_FEATURES = re.compile(r" with (?:\w+ ){1,3}(?:differentiation|features|cells|pattern)$")
"""What a tumor has of another type: "with squamous differentiation" makes no squamous cell carcinoma of it."""
Bag = frozenset[str]
_TOO_LITTLE = (frozenset({"carcinoma"}), frozenset({"tumor"}), frozenset({"neoplasm"}), frozenset({"sarcoma"}))


def bag(name: str, *, also: Iterable[str] = ()) -> Bag:
    """Return the words of a name that tell it from others, places by their noun."""
    found: set[str] = set(also)
    for word in re.findall(r"[^\W_]+", name.lower()):
        plain = _SAME.get(word, word)
        if plain not in _SAYS_NOTHING:
            found.add(site_of(plain) or plain)
    return frozenset(found)


def _drop_place(disease: Disease, words: Bag) -> bool:
    """Tell whether a name would be taken for a tumor of a place that it does not name ("mucinous carcinoma")."""
    if disease.tissue in _NO_PLACE:
        return False
    placed = any(site_of(word) or word in ("invasive", "ductal") for word in words)
    return not placed and bool(words & _GENERIC)


class Codes:
    """All names of a vocabulary, by their bags of words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Compile the curated names first, then those of OncoTree."""
        self.vocabulary = vocabulary
        self._above: dict[str, tuple[str, ...]] = {}
        known: dict[Bag, str] = {}
        for name, code in mapping("diagnosis", "codes").items():
            known.setdefault(bag(name), code)
        for disease in sorted(vocabulary.diseases.values(), key=lambda d: (len(d.name), d.code)):
            if not disease.code.isupper() and not disease.code[:1].isupper():
                continue
            for name in (disease.name, *disease.synonyms):
                words = bag(name)
                if words and words not in _TOO_LITTLE and not _drop_place(disease, words):
                    known.setdefault(words, disease.code)
        often = Counter(word for words in known for word in words)
        self._by_rarest: dict[str, list[tuple[Bag, str, str]]] = {}
        for words, code in known.items():
            if words:
                rarest = min(words, key=lambda word: (often[word], word))
                self._by_rarest.setdefault(rarest, []).append((words, min(words), code))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the types above a code, nearest first, without the code itself."""
        if code not in self._above:
            self._above[code] = self.vocabulary.ancestors(code)[1:]
        return self._above[code]

    def of(self, name: str, sites: Iterable[str] = ()) -> str:
        """Return the code of the most specific type whose words all stand in the name, or "".

        The places, such as that of the specimen, only count where the name has none of its own; a type that the name
        alone makes out goes before one of the same length that needs a place.
        """
        own = words = bag(_FEATURES.sub("", name))
        if not any(site_of(word) == word for word in words):
            words |= frozenset(sites)
        found = (
            (-len(candidate), -len(candidate & own), first, code)
            for word in words
            for candidate, first, code in self._by_rarest.get(word, ())
            if candidate <= words and candidate & _heads(words)
        )
        return min(found, default=("",))[-1]


@cache
def _heads_of(words: Bag) -> Bag:
    return frozenset(word for word in words if not site_of(word)) or words


def _heads(words: Bag) -> Bag:
    return _heads_of(words)


_made: list[Codes] = []


def codes(vocabulary: Vocabulary) -> Codes:
    """Return the compiled codes of a vocabulary; they are made once."""
    if not _made or _made[0].vocabulary is not vocabulary:
        _made[:] = [Codes(vocabulary)]
    return _made[0]

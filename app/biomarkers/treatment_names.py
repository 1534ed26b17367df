"""The names of treatments: drugs, regimens, operations, radiation and what people call them for short."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.biomarkers.names import Name, Names, Terms
from app.biomarkers.word_lists import alternation, mapping, strings
from app.domain.term import Vocabulary

_FILE = "treatment"
_SEVEN_THREE = re.compile(r"(?<![\d.+/])(?:7\s?\+\s?3|3\s?\+\s?7)(?![\d.+/=]|\s*=)")
"""Cytarabine for seven days with an anthracycline for three; the names' words don't reach across a plus sign."""
_KINDS = {
    "radiotherapy": "radiation", "chemotherapy": "other", "hormone therapy": "other", "immunotherapy": "other",
    "autologous stem cell transplant": "transplant", "BCG": "drug", "platinum doublet": "other",
    "chemoimmunotherapy": "other", "endocrine therapy": "other", "hormonal therapy": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Treated:
    """A treatment in a text.

    Attributes:
        start: First character.
        end: One past the last.
        name: Generic name, or as usually written.
        kind: drug, regimen, surgery, radiation, transplant or other.
        guarded: The name is also an ordinary word or another abbreviation.
    """

    start: int
    end: int
    name: str
    kind: str
    guarded: bool = False


@dataclass(slots=True)
class _Lexicon:
    vocabulary: Vocabulary
    names: Names
    beside: frozenset[str]
    guarded: frozenset[str]


_made: list[_Lexicon] = []


def _lexicon(terms: Terms) -> _Lexicon:
    """Compile the names of a vocabulary with the shorthand; they are made once."""
    if not _made or _made[0].vocabulary is not terms.vocabulary:
        drugs = terms.vocabulary.drugs
        shorthand, also = mapping(_FILE, "shorthand"), mapping(_FILE, "also")
        single = {
            name.lower() for d in drugs.values() if d.kind == "drug" for name in (d.generic, *d.brands, *d.synonyms)
        }
        single |= set(shorthand) | {"5-fu"}
        spelled = [(name.upper() if len(name) <= 4 else name, named) for name, named in also.items()]
        spelled += [
            (name, drug.generic)
            for drug in drugs.values()
            for name in (drug.generic, *drug.brands, *drug.synonyms)
            if drug.kind != "regimen" or not _is_pair(name, single)
        ]
        spelled += [
            (name, drug.generic) for drug in drugs.values() if drug.kind == "drug" for name in _abroad(drug.generic)
        ]
        spelled += [(name.upper() if len(name) <= 3 else name, generic) for name, generic in shorthand.items()]
        spelled += [(name, generic) for name, generic in shorthand.items()]
        guarded = frozenset(name.lower() for name in strings(_FILE, "guarded"))
        _made[:] = [_Lexicon(terms.vocabulary, Names(spelled), frozenset(strings(_FILE, "shorthand_beside")), guarded)]
    return _made[0]


_ENDINGS = (
    ("ole", ("ol",)), ("ine", ("ina", "in")), ("platin", ("platino", "platine")), ("in", ("ina", "ine")),
    ("en", ("eno", "ene")), ("ide", ("ida", "id")), ("ate", ("ato", "at")), ("one", ("ona", "on")),
)  # fmt: skip


def _abroad(generic: str) -> Iterator[str]:
    """Give the names that a drug has in Spanish, German and French, where they follow the usual endings."""
    if len(generic) < 7 or " " in generic:
        return
    for ending, others in _ENDINGS:
        if generic.endswith(ending):
            for other in others:
                name = generic[: -len(ending)] + other
                yield name
                yield name.replace("cyclo", "ciclo").replace("ph", "f").replace("th", "t").replace("y", "i")
            return


def _is_pair(name: str, single: set[str]) -> bool:
    """Tell whether a regimen's name is only its drugs, as "carboplatin/pemetrexed": each is a treatment of its own."""
    parts = [part.strip().lower() for part in re.split(r"[/+-]", name)]
    return len(parts) > 1 and all(part in single for part in parts)


def treatments_in(text: str, terms: Terms) -> Iterator[Treated]:
    """Find the treatments that a text names, in order."""
    lexicon = _lexicon(terms)
    drugs = terms.vocabulary.drugs
    plus = [Name(m.start(), m.end(), m[0], "7+3") for m in _SEVEN_THREE.finditer(text)]
    for found in heapq.merge(lexicon.names.find(text), plus, key=lambda name: name.start):
        low = found.printed.lower()
        drug = drugs.get(found.identity)
        kind = drug.kind if drug else _KINDS.get(found.identity, "other" if "therapy" in found.identity else "surgery")
        if kind == "regimen" and found.identity.isupper() and sum(c.isupper() for c in found.printed) < 2:
            continue
        if low in lexicon.beside and not _has_neighbour(text, found):
            continue
        guarded = low in lexicon.guarded
        start = _with_qualifier(text, found.start) if kind not in ("drug", "regimen") else found.start
        qualifier = re.sub(r"\s+", " ", text[start : found.start]).lower()
        yield Treated(start, found.end, qualifier + _shown(found, kind), kind, guarded)


def _has_neighbour(text: str, found: Name) -> bool:
    """Tell whether shorthand stands beside another drug: "cis/etoposide", "carbo-pem"."""
    before, after = text[: found.start][-1:], text[found.end : found.end + 1]
    return bool(before and before in "/+-&") or bool(after and after in "/+-&")


def _shown(found: Name, kind: str) -> str:
    """Return the name of a treatment: an operation as printed, anything else by its generic name."""
    printed = re.sub(r"\s+", " ", found.printed).lower()
    if found.identity.startswith("sentinel"):
        return found.identity
    if (
        kind == "surgery"
        and not found.printed.isupper()
        and len(printed) > 4
        and re.search(r"(?:tomy|tion|sion|biopsy)$", printed)
    ):
        return printed
    if kind == "radiation" and found.identity == "radiation":
        return "radiotherapy"
    return found.identity


def _with_qualifier(text: str, start: int) -> int:
    """Take in the words before a name that belong to it, as in "adjuvant chemotherapy"."""
    for _ in range(2):
        found = _qualifiers().search(text, max(0, start - 30), start)
        if found is None:
            return start
        start = found.start(1)
    return start


@cache
def _qualifiers() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])((?:{alternation(strings(_FILE, 'qualifiers'))})[\s-]+)\Z", re.IGNORECASE)

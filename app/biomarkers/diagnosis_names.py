"""The words of a diagnosis: a head such as "carcinoma" with the describing words around it.

The grammar finds names that no list holds ("poorly differentiated adenocarcinoma of the sigmoid colon") and turns
Spanish, German, French and Dutch ones into English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.biomarkers.word_lists import alternation, lists, mapping, strings

TOKEN = re.compile(r"[^\W_]+(?:[-/'’][^\W_]+)*")
_WORD = re.compile(r"[^\W_]+")
_REACH = 180
"""Characters before a head in which its describing words are looked for."""
_FILE = "diagnosis"
_GAPS = re.compile(r"[\s-]+")
_COMPOUND = re.compile(r"[-/]")
_JOINERS = frozenset({"and", "to", "or", "/", "-"})
_NUMBERED = re.compile(r"[\s-]*\d")
_ASIDE = re.compile(r"\(\s*[^()\n]{3,30}\)\s*\Z")
"""Describing words in brackets: "urothelial (transitional cell) carcinoma"."""
_ALWAYS_LARGE = re.compile(r"\b(?:[bt](?=[- ](?:cell|lymphoblastic))|nk(?=[-/])|idh|npm1|her2|hpv)\b")
_ORDER = re.compile(r"\b(differentiated|myeloid|lymphoblastic|lymphocytic) (well|moderately|poorly|acute|chronic)\b")
"""Describing words that stand the other way round in Spanish or French."""
_EPONYMS = ("Hodgkin", "Burkitt", "Ewing", "Merkel", "Kaposi", "Wilms", "Langerhans", "Waldenstrom", "Philadelphia")


@dataclass(frozen=True, slots=True)
class Named:
    """A diagnosis in a text.

    Attributes:
        start: First character.
        end: One past the last.
        name: In English, in lower case but for letters that are always large.
        code: OncoTree code where the name is an abbreviation that says it, else "".
        bare: It is too little by itself.
        pattern: Growth pattern named beside it, which is no part of the name.
        extended: The code is that of the abbreviation alone, without the words before it.
    """

    start: int
    end: int
    name: str
    code: str = ""
    bare: bool = False
    pattern: str = ""
    extended: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    heads: frozenset[str]
    translated: dict[str, str]
    long_heads: dict[str, tuple[str, ...]]
    modifiers: frozenset[str]
    modifiers_translated: dict[str, str]
    sites: dict[str, str]
    bare: frozenset[str]
    never_first: frozenset[str]
    abbreviations: dict[str, tuple[str, ...]]
    doubtful: frozenset[str]
    triggers: frozenset[str]
    watched: frozenset[str]
    tail: re.Pattern[str]
    after: re.Pattern[str]
    place: re.Pattern[str]
    foreign: re.Pattern[str]
    phrases: dict[str, str]
    types: dict[str, str]
    primary: re.Pattern[str]
    not_followed: re.Pattern[str]


@cache
def _words() -> _Words:
    heads = frozenset(strings(_FILE, "heads"))
    translated = mapping(_FILE, "heads_translated")
    long_heads: dict[str, tuple[str, ...]] = {}
    for head in strings(_FILE, "long_heads"):
        last = head.split()[-1]
        long_heads[last] = (*long_heads.get(last, ()), head)
    sites = mapping(_FILE, "sites")
    phrases, types = mapping(_FILE, "phrases"), mapping(_FILE, "after_translated")
    abbreviations = lists(_FILE, "abbreviations")
    of, between = alternation(strings(_FILE, "of")), alternation(strings(_FILE, "site_words"))
    place = rf"\s+(?P<of>{of})\s+(?P<where>(?:(?:{between})\s+)*(?:{alternation(sites)}))"
    return _Words(
        heads=heads,
        translated=translated,
        long_heads=long_heads,
        modifiers=frozenset(strings(_FILE, "modifiers")),
        modifiers_translated=mapping(_FILE, "modifiers_translated"),
        sites=sites,
        bare=frozenset(strings(_FILE, "bare")),
        never_first=frozenset(strings(_FILE, "never_first")),
        abbreviations=abbreviations,
        doubtful=frozenset(strings(_FILE, "doubtful_abbreviations")),
        triggers=frozenset({*heads, *translated, *long_heads}),
        watched=frozenset(
            {*heads, *translated, *long_heads, "ca", *(_COMPOUND.split(a)[-1].lower() for a in abbreviations)}
        ),
        tail=re.compile(rf"[\s]+(?:{alternation(strings(_FILE, 'tails'))})", re.IGNORECASE),
        after=re.compile(
            rf"(?:,\s*|\s*\(\s*|\s+[-–]\s+)((?:{alternation([*strings(_FILE, 'after'), *types])}))\)?", re.IGNORECASE
        ),
        place=re.compile(place, re.IGNORECASE),
        foreign=re.compile(rf"\s+,?({alternation(phrases)})", re.IGNORECASE),
        phrases=phrases,
        types=types,
        primary=re.compile(
            r",?\s*(?:c/w|consistent with|compatible with|favou?r(?:ing|s)?|suggestive of|in keeping with|of|from)\s+"
            rf"(?:an?\s+)?(?:known\s+)?({alternation(sites)})\s+(?:primary|origin|source)\b",
            re.IGNORECASE,
        ),
        not_followed=re.compile(rf"[\s-]+(?:{alternation(strings(_FILE, 'not_followed_by'))})", re.IGNORECASE),
    )


def names_in(text: str) -> Iterator[Named]:
    """Find the diagnoses that a text names, in order, none inside another."""
    words = _words()
    taken = -1
    for place in _places(text.lower(), words.watched):
        if place < taken:
            continue
        tokens = list(TOKEN.finditer(text, max(0, text.rfind(" ", 0, max(0, place - _REACH)) + 1), place + _REACH))
        at = next(n for n, token in enumerate(tokens) if token.end() > place)
        printed = tokens[at][0]
        low = printed.lower()
        if low in words.triggers or _names_a_cancer(low, text, tokens, at, words):
            found = _phrase(text, tokens, at, words)
        elif printed in words.abbreviations:
            found = _abbreviation(text, tokens, at, words)
        else:
            continue
        if found is None or found.start < taken or words.not_followed.match(text, found.end):
            continue
        taken = found.end
        yield found


def _places(low: str, watched: frozenset[str]) -> list[int]:
    """Return where words stand that a diagnosis could have as its head, in order."""
    places: list[int] = []
    for word in watched.intersection(_WORD.findall(low)):
        at = low.find(word)
        while at >= 0:
            end = at + len(word)
            if not (low[at - 1 : at].isalnum() or low[end : end + 1].isalnum()):
                places.append(at)
            at = low.find(word, end)
    return sorted(places)


def _names_a_cancer(low: str, text: str, tokens: list[re.Match[str]], at: int, words: _Words) -> bool:
    """Tell whether a word is a head in another dress: "leukemia/lymphoma", "cancer-breast", "breast ca"."""
    if low == "ca":
        return at > 0 and tokens[at - 1][0].lower() in words.sites and not _NUMBERED.match(text, tokens[at].end())
    if "-" not in low and "/" not in low:
        return False
    first, last = _COMPOUND.split(low)[0], _COMPOUND.split(low)[-1]
    paired = first in words.heads and ("/" in low or last in words.sites)
    return paired or last in words.heads or last in words.translated


def _abbreviation(text: str, tokens: list[re.Match[str]], at: int, words: _Words) -> Named:
    """Name what an abbreviation stands for, with the describing words before it ("clear cell RCC")."""
    token = tokens[at]
    name, code = words.abbreviations[token[0]]
    first, before = _leftwards(text, tokens, at, words)
    if first < at:
        name = " ".join([*(word.lower() for word in before), name])
        return Named(
            tokens[first].start(), token.end(), _ALWAYS_LARGE.sub(lambda m: m[0].upper(), name), code, extended=True
        )
    return Named(token.start(), token.end(), name, code, token[0] in words.doubtful)


def _phrase(text: str, tokens: list[re.Match[str]], at: int, words: _Words) -> Named | None:
    """Build the name around a head word."""
    head = tokens[at]
    first, spoken = _head(text, tokens, at, words)
    if first < 0:
        return None
    first, before = _leftwards(text, tokens, first, words)
    start = tokens[first].start()
    end, behind, place, pattern = _rightwards(text, head.end(), words)
    name = _english(before, spoken, behind, place)
    return Named(start, end, name, "", name in words.bare, pattern)


def _head(text: str, tokens: list[re.Match[str]], at: int, words: _Words) -> tuple[int, str]:
    """Return the first token of the head and the head in English; -1 where the word is no head here."""
    low = tokens[at][0].lower()
    if low in words.long_heads:
        for phrase in words.long_heads[low]:
            count = len(phrase.split())
            first = at - count + 1
            if first < 0 or text[tokens[first].start()].lower() != phrase[0]:
                continue
            if _GAPS.sub(" ", text[tokens[first].start() : tokens[at].end()]).lower() == phrase:
                return first, phrase.replace("tumour", "tumor")
        if low not in words.heads:
            return -1, ""
    opening, last = _COMPOUND.split(low)[0], _COMPOUND.split(low)[-1]
    if opening == "cancer" and last in words.sites:
        return at, f"{last} cancer"
    spoken = words.translated.get(low) or words.translated.get(last) or low
    return at, "cancer" if spoken == "ca" else spoken.replace("leukaemia", "leukemia")


def _leftwards(text: str, tokens: list[re.Match[str]], first: int, words: _Words) -> tuple[int, list[str]]:
    """Take in describing words before the head; return the first token and the words in English."""
    at, seen = first, first - 1
    if aside := _ASIDE.search(text, max(0, tokens[first].start() - 40), tokens[first].start()):
        inside = [word for word in tokens[max(0, first - 5) : first] if word.start() >= aside.start()]
        before = first - len(inside) - 1
        if inside and before >= 0 and all(_describes(w[0].lower(), words) for w in (*inside, tokens[before])):
            at = before
            seen = before - 1
    while seen >= 0 and at - seen <= 2:
        gap = text[tokens[seen].end() : tokens[seen + 1].start()]
        low = tokens[seen][0].lower()
        if len(gap) > 2 or gap.strip(" -/\n,") or ("," in gap and low not in words.modifiers):
            break
        if _describes(low, words):
            at = seen
        elif low not in _JOINERS or seen + 1 != at:
            break
        seen -= 1
    while at < first and (tokens[at][0].lower() in words.never_first or tokens[at][0].lower() in _JOINERS):
        at += 1
    spoken = [
        words.modifiers_translated.get(t[0].lower(), t[0]) if t[0].lower() not in words.modifiers else t[0]
        for t in tokens[at:first]
    ]
    return at, spoken


def _describes(word: str, words: _Words) -> bool:
    if word in words.modifiers or word in words.modifiers_translated or word in words.sites:
        return True
    parts = re.split(r"[-/]", word)
    return len(parts) > 1 and all(part in words.modifiers or part in words.sites for part in parts)


def _rightwards(text: str, end: int, words: _Words) -> tuple[int, list[str], str, str]:
    """Take in what follows the head: describing words, place, subtype; return also what they are in English."""
    behind: list[str] = []
    place = pattern = ""
    for _ in range(6):
        if found := words.foreign.match(text, end):
            behind.insert(0, words.phrases[re.sub(r"\s+", " ", found[1].lower())])
        elif found := words.primary.match(text, end):
            behind.append(f"\1{found[1].lower()} primary")
        elif (found := words.place.match(text, end)) and not place:
            place = re.sub(r"\s+", " ", found["where"].lower())
            if not re.match(r"of|in|at", found["of"], re.IGNORECASE):
                place = words.sites.get(place, place)
        elif found := words.tail.match(text, end):
            behind.append("\0" + found[0].strip().lower())
        elif found := words.after.match(text, end):
            said = re.sub(r"\s+", " ", found[1].lower())
            if said.endswith("predominant"):
                pattern = said
            elif said in words.types:
                behind.append("\1" + words.types[said])
            elif said not in ("nos", "not otherwise specified", "tipo nos"):
                behind.append("\1" + said)
        elif (found := TOKEN.match(text, end + 1)) and text[end : end + 1] == " ":
            low = found[0].lower()
            if low not in words.modifiers_translated:
                break
            behind.insert(0, words.modifiers_translated[low])
        else:
            break
        end = found.end()
    return end, behind, place, pattern


def _english(before: list[str], head: str, behind: list[str], place: str) -> str:
    """Put the words in their English order."""
    front = [
        word for word in behind if word[0] not in "\0\1" and word not in ("in situ",) and not word.startswith("of ")
    ]
    rest = [word.lstrip("\0") for word in behind if word[0] == "\0" or word == "in situ" or word.startswith("of ")]
    commas = [word[1:] for word in behind if word[0] == "\1"]
    singular = re.sub(r"(carcinoma|sarcoma)s$", r"\1", head)
    if singular == "melanoma" and commas:
        front += [re.sub(r" type$", "", word) for word in commas]
        before, commas = [word for word in before if word.lower() != "malignant"], []
    name = " ".join([*(word.lower() for word in before), *front, singular, *rest])
    name = _ORDER.sub(r"\2 \1", name)
    if place:
        noun = re.sub(r"^(?:the )?", "", place)
        name += f" of the {noun}"
    name += "".join(f", {word}" for word in commas)
    name = _ALWAYS_LARGE.sub(lambda m: m[0].upper(), name)
    for eponym in _EPONYMS:
        name = name.replace(eponym.lower(), eponym)
    return re.sub(r"\s+", " ", name)


_ALSO_ENGLISH = frozenset({"long", "rein", "head", "neck"})
"""Words for a place that mean something else where they stand alone."""


def site_of(word: str) -> str:
    """Return the place that a word names ("renal" → "kidney"), or ""."""
    return "" if word in _ALSO_ENGLISH else _words().sites.get(word, "")

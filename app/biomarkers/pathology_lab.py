"""Facts of the laboratory and the pathologist: blood values, sizes, margins, nodes, invasion of vessels and nerves.

Source: CAP cancer protocol templates (elements of synoptic reports); the names of blood tests follow LOINC's usage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from app.biomarkers.kind import Hit, Passage
from app.biomarkers.names import Name, Names
from app.biomarkers.prose import Prose, Sentence, is_of_others, plain_letters, speaks_generally
from app.biomarkers.word_lists import Phrases, alternation, folded, lists, strings, word_list
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind
from app.errors import DataFileError

NAME = "lab"

_FILE = "pathology_lab"
_NUMBER = (
    r"(?P<value>(?:[<>≤≥~]\s?)?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|(?:[<>≤≥~]\s?)?\d+(?:[.,]\d+)?(?:\s?[-–]\s?\d+(?:[.,]\d+)?)?)"
)
_LINK = (
    r"(?:\s*\([^)\n]{0,30}\))?(?:\s|[:=\t.|]|,\s|\b(?:of|is|was|at|level|value|count|index|estimated|approximately"
    r"|about|up to|result|make up|account for|represent|comprise|low|high|elevated|normal)\b){0,8}"
)
_SIZE = re.compile(
    rf"{_LINK}(?P<value>\d+(?:[.,]\d+)?(?:\s?[x×]\s?\d+(?:[.,]\d+)?){{0,2}})\s?(?P<unit>mm|cm)\b", re.IGNORECASE
)
_COUNTS = (
    re.compile(r"(?<![\d/.])(?P<p>\d{1,3})\s?/\s?(?P<n>\d{1,3})(?![\d/%])"),
    re.compile(
        r"(?<![\d/.])(?P<n>\d{1,3})\s+(?:nodes?\s+)?(?:examined|sampled|removed|identified)[,;:]?\s+(?:with\s+)?"
        r"(?P<p>\d{1,3}|none|no|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:nodes?\s+)?(?:positive"
        r"|involved|with)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\d.])(?P<p>\d{1,3}|no|none|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:positive\s+)?"
        r"(?:out\s+)?of\s+(?:the\s+)?(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
        r"|twelve)\b",
        re.IGNORECASE,
    ),
)
_SPLIT_COUNT = re.compile(
    r"number\s+of\s+(?:regional\s+)?(?:lymph\s+)?nodes?\s+(?:with\s+(?:tumor|metastas[ie]s|macrometastases)"
    r"|involved|positive)\s*[:\t]?\s*(?P<p>\d{1,3})\b|number\s+of\s+(?:regional\s+|sentinel\s+)?"
    r"(?:lymph\s+)?nodes?\s+(?:examined|sampled|removed)\s*(?:\([^)]*\))?\s*[:\t]?\s*(?P<n>\d{1,3})\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"[^.;:\n\t]{0,50}[:?\t]\s*\n?\s*(?P<answer>yes|no|not|none|absent|present)\b", re.IGNORECASE)
"""The answer to a form's question: "Margins involved by carcinoma: No"."""
_PERCENT_BEFORE = re.compile(r"(?P<value>(?<![\d.])(?:[<>]\s?)?\d+(?:[.,]\d+)?)\s?(?P<unit>%)\s*(?:\w+\s+)?\Z")
_RESIDUAL = re.compile(
    r"(?<![\w])L(?P<l>[01])[\s,]*V(?P<v>[012])(?:[\s,]*Pn(?P<p>[01]))?(?:[\s,]*R(?P<r>[012]))?(?!\w)"
)
"""Invasion and rest in the European short form: L0 V0 Pn0 R0."""
_RIGHT_BEHIND = re.compile(r"[\s:=\t,()–-]*(?:(?:is|are|was|were|also|definitely)\s+)*", re.IGNORECASE)
_WORDS = {
    w: i
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    "no": 0,
    "none": 0,
}
_SHARED = re.compile(
    r"(?P<first>(?:lympho-?)?vascular|angiolymphatic|lymphatic|perineural|extranodal)\s*(?:/|or|and|nor|and/or)\s*\Z",
    re.IGNORECASE,
)
"""The first of two findings that share a noun: "lymphovascular or perineural invasion"."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Which name was found: its sort and how findings call it."""

    sort: str
    name: str


class _Lexicon:
    """All names of the file, compiled once."""

    def __init__(self) -> None:
        self.meanings: dict[str, _Found] = {}
        self.units: dict[str, re.Pattern[str]] = {}
        spelled: list[tuple[str, str]] = []
        for name, entry in _analytes().items():
            self._add(spelled, "analyte", name, entry["names"])
            bare = "" in entry["units"]
            units = alternation(unit for unit in entry["units"] if unit)
            self.units[name] = re.compile(
                rf"{_LINK}{_NUMBER}\s*\(?(?P<unit>{units}){'?' if bare else ''}", re.IGNORECASE
            )
        for name, names in lists(_FILE, "sizes").items():
            self._add(spelled, "size", name, names)
        for name, names in lists(_FILE, "present_or_absent").items():
            self._add(spelled, "finding", name, names)
        self._add(spelled, "margins", "margins", strings(_FILE, "margins"))
        self._add(spelled, "nodes", "lymph nodes", strings(_FILE, "nodes"))
        self.names = Names(spelled)

    def _add(self, spelled: list[tuple[str, str]], sort: str, name: str, names: Iterable[str]) -> None:
        key = f"{sort}:{name}"
        self.meanings[key] = _Found(sort, name)
        spelled += [(folded(written), key) for written in names]


def _analytes() -> dict[str, Any]:
    found = word_list(_FILE).get("analytes")
    if not isinstance(found, dict):
        raise DataFileError(f"{_FILE}.yaml: analytes must map names to their spellings and units")
    for name, entry in found.items():
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), list) for key in ("names", "units")):
            raise DataFileError(f"{_FILE}.yaml: analytes.{name} needs lists `names` and `units`")
    return found


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()


def read(passage: Passage) -> Iterable[Hit]:
    """Read the laboratory and pathology facts of a section, each once."""
    passage = plain_letters(passage)
    if is_of_others(passage) or passage.kind in (SectionKind.FAMILY, SectionKind.VUS):
        return ()
    kept: dict[tuple[str, str], Hit] = {}
    prose = Prose(passage.text)
    for hit in (*_read(passage, prose, _lexicon().names.find(passage.text)), *_short_form(passage.text)):
        kept.setdefault((hit.reading.alteration, hit.reading.result), hit)
    return _settled(list(kept.values()), passage.text)


def _read(passage: Passage, prose: Prose, names: tuple[Name, ...]) -> Iterator[Hit]:
    for name in names:
        found = _lexicon().meanings[name.identity]
        sentence = prose.around(name.start)
        if name.printed.isupper() is False and len(name.printed) <= 4 and found.sort == "finding":
            continue
        yield from _READERS[found.sort](passage, sentence, name, found.name)
        if found.sort == "finding" and (shared := _SHARED.search(passage.text, 0, name.start)):
            first = _lexicon().names.find(f"{shared['first']} {name.printed.split()[-1]}")
            if first:
                both = Name(shared.start("first"), name.end, name.printed, first[0].identity)
                yield from _finding(passage, sentence, both, _lexicon().meanings[first[0].identity].name)


def _analyte(passage: Passage, sentence: Sentence, name: Name, called: str) -> Iterator[Hit]:
    if len(name.printed) <= 4 and name.printed not in _analytes()[called]["names"]:
        return
    line_end = passage.text.find("\n", name.end)
    found = _lexicon().units[called].match(passage.text, name.end, line_end if line_end >= 0 else len(passage.text))
    before = passage.text[max(0, name.start - 14) : name.start]
    offset = 0
    if found is None and called in ("blasts", "plasma cells"):
        found, offset = _PERCENT_BEFORE.search(before), name.start - len(before)
    if found is None or re.search(r"[-/+]\Z", before) or speaks_generally(sentence.text):
        return
    value = re.sub(r"\s|,(?=\d{3}(?!\d))", "", found["value"])
    at = (offset + found.start("value"), offset + found.end("value"))
    yield _hit(called, value, value, found["unit"], (name.start, name.end), at)


def _size(passage: Passage, sentence: Sentence, name: Name, called: str) -> Iterator[Hit]:
    if name.printed.lower() == "size" and passage.text[max(0, name.start - 2) : name.start].strip(" \n\t"):
        return
    found = _SIZE.match(passage.text, name.end)
    if found is None or "meta" in passage.text[max(0, name.start - 16) : name.start].lower():
        return
    value = f"{re.sub(chr(44), '.', found['value'])} {found['unit'].lower()}"
    yield _hit(called, value, value, None, (name.start, name.end), (found.start("value"), found.end("unit")))


def _finding(passage: Passage, sentence: Sentence, name: Name, called: str) -> Iterator[Hit]:
    """Judge a finding by the nearest word for present or absent in its clause."""
    if speaks_generally(sentence.text):
        return
    before, after = _clause(sentence, name)
    result, cue = _presence(before, after)
    if result is None or cue is None:
        return
    side, start, end = cue
    offset = name.start - len(before) if side == "before" else name.end
    yield _hit(called, result, None, None, (name.start, name.end), None, (offset + start, offset + end))


def _clause(sentence: Sentence, name: Name) -> tuple[str, str]:
    """Return the words of a clause before and behind a name; "but", "however" and commas with a verb end it."""
    before = sentence.text[: name.start - sentence.start]
    after = sentence.text[name.end - sentence.start :]
    cut = None
    for match in re.finditer(r"\b(?:but|however|although|while|pero|aber|mais)\b|\.\s", before):
        cut = match
    before = before[cut.end() :] if cut else before
    stop = re.search(r"\b(?:but|however|although|while|pero|aber|mais)\b|\.\s|\n", after)
    return before[-70:], after[: stop.start()] if stop else after


def _presence(before: str, after: str) -> tuple[str | None, tuple[str, int, int] | None]:
    """Find the word that settles it: a denial before the name, a word right behind it, then others near by."""
    words, meaning = _presence_words(), _presence_meanings()
    ahead = None
    for match in words.finditer(before):
        ahead = match
    if ahead and (len(before[ahead.end() :].split()) > 5 or re.search(r"\A\s*,|[;:.]", before[ahead.end() :])):
        ahead = None
    if ahead and meaning[_plain(ahead[0])] == "not_detected":
        return "not_detected", ("before", *ahead.span())
    behind = words.search(after)
    if behind and _RIGHT_BEHIND.fullmatch(after[: behind.start()]):
        return meaning[_plain(behind[0])], ("after", *behind.span())
    if plus := re.match(r"\s*[:=(]?\s*(\+|-)(?!\w)", after):
        return ("present" if plus[1] == "+" else "not_detected"), ("after", *plus.span(1))
    if ahead and _plain(ahead[0]) not in ("low", "intermediate", "high", "yes"):
        return meaning[_plain(ahead[0])], ("before", *ahead.span())
    if behind and len(after[: behind.start()].split()) <= 6 and "," not in after[: behind.start()]:
        return meaning[_plain(behind[0])], ("after", *behind.span())
    return None, None


def _margins(passage: Passage, sentence: Sentence, name: Name, called: str) -> Iterator[Hit]:
    before, after = sentence.text[: name.start - sentence.start][-40:], sentence.text[name.end - sentence.start :]
    if speaks_generally(sentence.text):
        return
    behind = re.split(r"[.;\n](?:\s|$)", after, maxsplit=1)[0][:70]
    word, offset = _margin_words().search(behind), name.end
    if word is None:
        word = next((m for m in _margin_words().finditer(before) if len(before[m.end() :].split()) <= 2), None)
        offset = name.start - len(before)
    if word is not None:
        cue = (offset + word.start(), offset + word.end())
        result = _margin_meanings()[_plain(word[0])]
        answer = _ANSWER.match(passage.text, cue[1])
        if answer and result != "close":
            asked = result == "positive"
            result = "positive" if asked == (answer["answer"].lower() in ("yes", "present")) else "negative"
            cue = answer.span("answer")
        yield _hit(called, result, None, None, (name.start, name.end), None, cue)


def _nodes(passage: Passage, sentence: Sentence, name: Name, called: str) -> Iterator[Hit]:
    """Read how many nodes are involved: "0/14", "two of ten", or the two numbers of a synoptic report."""
    line_start = passage.text.rfind("\n", 0, name.start) + 1
    for words, offset in (
        (sentence.text[name.end - sentence.start :][:90], name.end),
        (
            passage.text[max(line_start, sentence.start, name.start - 40) : name.start],
            max(line_start, sentence.start, name.start - 40),
        ),
    ):
        for pattern in _COUNTS:
            found = pattern.search(words)
            if found is None:
                continue
            positive, examined = (_count(found[group]) for group in ("p", "n"))
            if positive is None or examined is None or positive > examined or not examined:
                continue
            said = f"{positive}/{examined}"
            yield _hit(called, said, said, None, (name.start, name.end), (offset + found.start(), offset + found.end()))
            return
    if "umber of" not in passage.text and "UMBER OF" not in passage.text:
        return
    numbers = {group: m for m in _SPLIT_COUNT.finditer(passage.text) for group in ("p", "n") if m[group]}
    if len(numbers) == 2 and int(numbers["p"]["p"]) <= int(numbers["n"]["n"]):
        said = f"{numbers['p']['p']}/{numbers['n']['n']}"
        yield _hit(called, said, said, None, (name.start, name.end), numbers["p"].span("p"))


def _count(word: str) -> int | None:
    return int(word) if word.isdigit() else _WORDS.get(word.lower())


def _hit(
    called: str, result: str, value: str | None, unit: str | None, name: tuple[int, int], at: tuple[int, int] | None,
    cue: tuple[int, int] | None = None,
) -> Hit:  # fmt: skip
    number: Decimal | str | None = value
    if value is not None and re.fullmatch(r"\d+(?:\.\d+)?", value):
        number = Decimal(value)
    reading = Reading(FactType.LAB, None, called, result, value=number, unit=unit or None)
    spans = tuple(span for span in (name, at) if span)
    return Hit(reading, spans, cue)


def _settled(hits: list[Hit], text: str) -> list[Hit]:
    """Keep one answer about a finding: the first, unless a part of it is there ("vascular absent, lymphatic present").

    Args:
        hits: In reading order.
        text: What they were read from.
    """
    kept: dict[str, Hit] = {}
    for hit in hits:
        first = kept.setdefault(hit.reading.alteration, hit)
        names = {text[slice(*h.spans[0])].lower() for h in (first, hit)}
        if hit.reading.result == "present" and first.reading.result == "not_detected" and len(names) > 1:
            kept[hit.reading.alteration] = hit
    return list(kept.values())


def _short_form(text: str) -> Iterator[Hit]:
    if "L0" not in text and "L1" not in text:
        return
    for found in _RESIDUAL.finditer(text):
        invaded = "present" if "1" in (found["l"], found["v"]) or found["v"] == "2" else "not_detected"
        yield _hit("lymphovascular invasion", invaded, None, None, (found.start(), found.end("v")), None)
        if found["p"]:
            result = "present" if found["p"] == "1" else "not_detected"
            yield _hit("perineural invasion", result, None, None, (found.start("p") - 2, found.end("p")), None)
        if found["r"]:
            result = "negative" if found["r"] == "0" else "positive"
            yield _hit("margins", result, None, None, (found.start("r") - 1, found.end("r")), None)


_READERS = {"analyte": _analyte, "size": _size, "finding": _finding, "margins": _margins, "nodes": _nodes}


@cache
def _presence_words() -> Phrases:
    return Phrases(_presence_meanings())


@cache
def _presence_meanings() -> dict[str, str]:
    keys = {"present": "present", "absent": "not_detected", "unknown": "not_evaluated"}
    return {_plain(word): result for key, result in keys.items() for word in strings(_FILE, key)}


@cache
def _margin_words() -> Phrases:
    return Phrases(_margin_meanings())


@cache
def _margin_meanings() -> dict[str, str]:
    keys = {"margins_clear": "negative", "margins_involved": "positive", "margins_close": "close"}
    return {_plain(word): result for key, result in keys.items() for word in strings(_FILE, key)}


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower())

"""Stages, grade groups and risk classes: TNM with prefixes and suffixes, and the systems of single cancers.

A value that its system does not have ("T5", "N4") is kept as printed and marked doubtful; it is never made to fit.

Source: AJCC Cancer Staging Manual, 8th edition (TNM, prognostic stage groups); FIGO 2018–2023; Lugano classification
2014; Rai 1975, Binet 1981; ISS 2005, R-ISS 2015, R2-ISS 2022; ISUP grade groups 2014; WHO CNS5 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from app.biomarkers.kind import Hit, Passage
from app.biomarkers.prose import Prose, Sentence, is_of_others, names_relative, plain_letters, speaks_generally
from app.biomarkers.stage_repair import repaired
from app.biomarkers.stage_scales import SCALES
from app.biomarkers.word_lists import alternation, mapping, strings
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind

NAME = "stage"

_SUFFIX = (
    r"(?:\s?\((?:i[+-]|mol[+-]?|sn|f|m|\d+|DCIS|LCIS|LAMN|Paget|los|cy[+-]?)(?:,\s?(?:i[+-]|mol[+-]?|sn|f|m"
    r"|\d+))*\)){0,3}"
)
_PREFIX = r"(?:m?[yra]{0,2}[cpu]|y|r|a|m)"
_T = r"T\s?(?P<t>is|a(?![a-z])|1mi(?:c)?|[0-9]\d?[a-e]?(?:\d|i{1,2})?(?![\da-z])|[xX])"
_N = r"N\s?(?P<n>1mi|[0-9]\d?[a-d]?(?![\da-z])|[xXO](?![a-z]))"
_M = r"M\s?(?P<m>[0-9][a-e]?(?![\da-z])|[xX])"
_BETWEEN = r"[\s,;/]{0,2}"
TNM = re.compile(
    rf"(?<![\w.+-])(?:"
    rf"(?P<tp>{_PREFIX})?{_T}(?P<ts>{_SUFFIX})(?:{_BETWEEN}(?P<np>{_PREFIX})?{_N}(?P<ns>{_SUFFIX}))?(?:{_BETWEEN}"
    rf"(?P<mp>{_PREFIX})?{_M}(?P<ms>{_SUFFIX}))?"
    rf"|(?P<np2>{_PREFIX})?{_N.replace('<n>', '<n2>')}(?P<ns2>{_SUFFIX})(?:{_BETWEEN}"
    rf"(?P<mp2>{_PREFIX})?{_M.replace('<m>', '<m2>')}(?P<ms2>{_SUFFIX}))?"
    rf"|(?P<mp3>{_PREFIX}){_M.replace('<m>', '<m3>')}(?P<ms3>{_SUFFIX}))(?!\w)"
)
_EDITION = re.compile(
    r"(?:AJCC|UICC|TNM)[^.;\n]{0,40}?\b(?P<number>[6-9])(?:th|\.|\s?ed|e\b|[ªº])|(?P<before>[6-9])th\s+"
    r"(?:ed\w*\W+)?(?:AJCC|UICC)"
)
_GROUP_VALUE = (
    r"(?P<value>(?:0|IV|I{1,3})(?:-?[A-Ea-e](?![a-z])(?:[1-3i]{1,2})?|[ABESX]{1,3}(?![a-z])|\d(?!\d))?|[0-4](?:[A-Ea-e]"
    r"(?![a-z])[1-3]?)?)(?!\w|\.\d|%)"
)
_BEHIND_TNM = re.compile(rf"\s*[,(]\s*(?P<system>)(?P<inside>)(?=[IV0-4]){_GROUP_VALUE}\s*[),]")
"""A group in brackets behind the categories: "T4 N3 M1a (IVA)"."""
_SYSTEM_BEFORE = re.compile(r"(?<!\w)(?:FIGO|AJCC|UICC|Ann\s+Arbor|Lugano)\s+\Z", re.IGNORECASE)
_LETTER = re.compile(r"[TNM](?=\s?[0-9xXOia])")
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|prior|initial(?:ly)?|original(?:ly)?|history of|h/o)\W+(?:(?!now\b"
    r"|currently\b)\w+\W+){0,4}$",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:likely|probable|presumed|suspected|at least|possible|appears to have|consistent with)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)


def read(passage: Passage) -> Iterable[Hit]:
    """Read the stages of the person from a section."""
    passage = plain_letters(passage)
    text, mended = repaired(passage.text)
    passage = passage if text is passage.text else replace(passage, text=text)
    if is_of_others(passage) or passage.kind is SectionKind.FAMILY:
        return ()
    return [_marked(hit, mended) for hit in _unique(_read(passage))]


def _read(passage: Passage) -> Iterator[Hit]:
    text = passage.text
    low = text.lower()
    marks = list(_marks(text))
    groups = list(_groups(text, low))
    scales = [
        (scale, match)
        for scale in SCALES
        if any(word in (low if word.islower() else text) for word in scale.words)
        for match in scale.pattern.finditer(text)
    ]
    if not (marks or groups or scales):
        return
    prose = Prose(text, clauses=False)
    categories: list[Hit] = []
    behind: list[Hit] = []
    for match in marks:
        sentence = prose.around(match.start())
        if _is_tnm(match, text, sentence) and _is_meant(passage, sentence, match.start()):
            categories.append(_tnm_hit(match, text, sentence))
            if found := _BEHIND_TNM.match(text, match.end()):
                behind.append(_group_hit(found, text, sentence))
    yield from _gathered(categories)
    yield from behind
    taken = [match.span() for _, match in scales]
    for match in groups:
        sentence = prose.around(match.start())
        inside = any(start <= match.start("value") < end for start, end in taken)
        if not inside and _is_group(match, sentence) and _is_meant(passage, sentence, match.start()):
            yield _group_hit(match, text, sentence)
    for scale, match in scales:
        sentence = prose.around(match.start())
        if _is_meant(passage, sentence, match.start()):
            value, doubtful = scale.value(match)
            yield _hit(value, scale.system, match.span(), sentence, doubtful)


def _marked(hit: Hit, mended: frozenset[int]) -> Hit:
    """Say of a stage that letters in it were put right."""
    if not any(start <= place < end for place in mended for start, end in hit.spans):
        return hit
    return replace(hit, reading=replace(hit.reading, flags=(*hit.reading.flags, "ocr_corrected")), confidence=0.8)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Find the TNM categories, starting at each T, N or M that a value follows."""
    end = 0
    for letter in _LETTER.finditer(text):
        start = letter.start()
        if start < end:
            continue
        while start > end and letter.start() - start < 4 and text[start - 1] in "cpuyram":
            start -= 1
        found = TNM.match(text, start)
        if found:
            end = found.end()
            yield found


def _gathered(categories: list[Hit]) -> Iterator[Hit]:
    """Put together T, N and M that stand apart, as in the lines of a synoptic report."""
    held: Hit | None = None
    for hit in categories:
        near = held is not None and hit.spans[0][0] - held.spans[-1][1] < 160
        if held is not None and near and _follows(held.reading, hit.reading):
            said = f"{held.reading.alteration} {hit.reading.alteration}"
            flags = tuple(dict.fromkeys((*held.reading.flags, *hit.reading.flags)))
            reading = replace(held.reading, alteration=said, flags=flags)
            held = Hit(reading, held.spans + hit.spans, held.cue, min(held.confidence, hit.confidence))
            continue
        if held is not None:
            yield held
        held = hit
    if held is not None:
        yield held


def _follows(first: Reading, second: Reading) -> bool:
    """Tell whether the second names only categories that come after those of the first, in the same manner."""
    letters = ["".join(re.findall(r"[TNM](?=[\dXia])", r.alteration)) for r in (first, second)]
    later = bool(letters[0] and letters[1]) and "TNM".index(letters[0][-1]) < "TNM".index(letters[1][0])
    manner = [bool(re.search(r"\b[ymra]{0,2}p", r.alteration)) for r in (first, second)]
    same_time = (first.temporality, first.certainty) == (second.temporality, second.certainty)
    return later and same_time and (manner[0] == manner[1] or letters[1] == "M")


def _unique(hits: Iterator[Hit]) -> Iterator[Hit]:
    seen: set[tuple[str, str | None, str | None]] = set()
    for hit in hits:
        key = (hit.reading.alteration, hit.reading.system, hit.reading.temporality)
        if key not in seen:
            seen.add(key)
            yield hit


def _is_meant(passage: Passage, sentence: Sentence, position: int) -> bool:
    """Tell whether a sentence gives the stage of this person."""
    before = sentence.text[: position - sentence.start]
    if names_relative(before) or re.search(
        r"\b(?:if|versus|vs\.?|rule out|r/o|for)\s+(?:\w+\s+)?$", before, re.IGNORECASE
    ):
        return (
            not names_relative(before)
            and before.rstrip().lower().endswith("for")
            and not speaks_generally(sentence.text)
        )
    starts = passage.text.rfind("\n", 0, position) + 1 == position
    return starts or not speaks_generally(sentence.text)


def _is_tnm(match: re.Match[str], text: str, sentence: Sentence) -> bool:
    """Tell a TNM category from an MRI sequence, a vertebra, a cell or a leukemia type."""
    kinds = sum(bool(match[a] or match[b]) for a, b in (("t", "t"), ("n", "n2"), ("m", "m2")))
    prefixed = any(match[group] for group in ("tp", "np", "mp", "np2", "mp2", "mp3"))
    if match["m3"]:
        return True
    if kinds > 1:
        return True
    if _not_after().match(text, match.end()):
        return False
    if prefixed:
        return True
    before = text[max(0, match.start() - 30) : match.start()]
    if _not_before().search(before) or re.match(r"\s?[-–]\s?[TLCS]?\d", text[match.end() :]):
        return False
    staged = re.search(
        r"\b(?:TNM|AJCC|UICC|stag\w*|categor\w+|primary tumou?r|estadi\w+|stadium|stade)\b",
        sentence.text,
        re.IGNORECASE,
    )
    small = (match["t"] or match["n2"] or "").lower()
    return staged is not None and len(re.match(r"\d*", small)[0]) < 2  # type: ignore[index]


def _tnm_hit(match: re.Match[str], text: str, sentence: Sentence) -> Hit:
    parts, doubtful = [], False
    for letter, value, prefix, suffix in (
        ("T", match["t"], match["tp"], match["ts"]),
        ("N", match["n"] or match["n2"], match["np"] or match["np2"], match["ns"] or match["ns2"]),
        (
            "M",
            match["m"] or match["m2"] or match["m3"],
            match["mp"] or match["mp2"] or match["mp3"],
            match["ms"] or match["ms2"] or match["ms3"],
        ),
    ):
        if not value:
            continue
        shown = "X" if value in "xX" else "0" if value == "O" else value
        parts.append(f"{prefix or ''}{letter}{shown}{(suffix or '').replace(' ', '')}")
        doubtful |= not _possible(letter, shown)
    return _hit(" ".join(parts), "TNM", match.span(), sentence, doubtful)


def _possible(letter: str, value: str) -> bool:
    """Tell whether the AJCC manual has such a category for any cancer."""
    if value in ("X", "is", "a", "1mi", "1mic"):
        return True
    number = int(re.match(r"\d+", value)[0])  # type: ignore[index]
    return number <= {"T": 4, "N": 3, "M": 1}[letter]


def _groups(text: str, low: str) -> Iterator[re.Match[str]]:
    """Find the stage groups: a word for stage with a value behind it, and a system before it."""
    starts = {at for word in _stage_words() for at in _places(low, word)}
    end = 0
    for at in sorted(starts):
        named = _SYSTEM_BEFORE.search(text, max(end, at - 12), at)
        found = _group().match(text, named.start() if named else at) if at >= end else None
        if found:
            end = found.end()
            yield found


def _places(low: str, word: str) -> Iterator[int]:
    at = low.find(word)
    while at >= 0:
        if not at or not (low[at - 1].isalnum() or low[at - 1] in "-_"):
            yield at
        at = low.find(word, at + len(word))


@cache
def _stage_words() -> tuple[str, ...]:
    return strings("stage", "stage_words")


@cache
def _group() -> re.Pattern[str]:
    lead = r"(?:anatomic(?:al)?|prognostic|pathologic(?:al)?|clinical|overall|group|tnm|ajcc|uicc|figo)"
    return re.compile(
        rf"(?:(?P<system>FIGO|AJCC|UICC|Ann\s+Arbor|Lugano)\s+)?(?:{alternation(_stage_words())})\s*"
        rf"(?:{lead}\s*){{0,2}}"
        rf"(?:\((?P<inside>[^)\n]{{1,40}})\)\s*)?(?:is|was|of)?\s*[:=–-]?\s*{_GROUP_VALUE}",
        re.IGNORECASE,
    )


def _is_group(match: re.Match[str], sentence: Sentence) -> bool:
    value = match["value"]
    if value[0].isalpha() and value[0] not in "IV":
        return False
    before, after = sentence.text[: match.start() - sentence.start], sentence.text[match.end() - sentence.start :]
    if _other_disease_before().search(before[-60:]) or _other_disease_after().match(after):
        return False
    return not re.match(r"\s?(?:%|mm|cm|mg|hours|trial|study|/\d|to\s+(?:I|\d)|[-–]\s?(?:I|\d)|or\s+(?:I|\d))", after)


def _group_hit(match: re.Match[str], text: str, sentence: Sentence) -> Hit:
    raw = match["value"]
    head = re.match(r"0|IV|I{1,3}|\d", raw)[0]  # type: ignore[index]
    tail = raw[len(head) :].replace("i", "1") if head.isdigit() or len(raw) > len(head) else ""
    value = _ROMAN.get(head, head) + tail.upper().lstrip("-")
    named = match["system"] or ""
    system = re.sub(r"\s+", " ", named).title() if named.lower().startswith(("ann", "lug")) else named.upper()
    inside = (match["inside"] or "") + sentence.text
    if not system or system in ("AJCC", "UICC"):
        system = "FIGO" if re.search(r"\bFIGO\b", inside[:60]) else _system(sentence, text)
    return _hit(
        value,
        system,
        (match.start() + len(match[0]) - len(match[0].lstrip(" (,")), match.end("value")),
        sentence,
        False,
    )


def _system(sentence: Sentence, text: str) -> str:
    """Return the system of a stage that names none: of the lymphoma or myeloma beside it, else the AJCC's."""
    low = sentence.text.lower()
    for cancer, system in mapping("stage", "systems").items():
        if re.search(rf"\b{cancer}\b", low):
            return system
    found = _EDITION.search(text)
    return f"AJCC {found['number'] or found['before']}" if found else "AJCC"


def _hit(value: str, system: str, span: tuple[int, int], sentence: Sentence, doubtful: bool) -> Hit:
    before = sentence.text[: span[0] - sentence.start]
    earlier, hedge = _EARLIER.search(before), _HEDGE.search(before)
    cue = earlier or hedge
    reading = Reading(
        FactType.STAGE,
        None,
        value,
        "stated",
        system=system,
        temporality="historical" if earlier else None,
        certainty="suspected" if hedge and not earlier else None,
        flags=("doubtful",) if doubtful else (),
    )
    marks = (sentence.start + cue.start(), sentence.start + cue.start() + len(cue[0].split()[0])) if cue else None
    return Hit(reading, (span,), marks, 0.5 if doubtful else 1.0)


@cache
def _not_after() -> re.Pattern[str]:
    return re.compile(rf"[\s]*(?:{alternation(strings('stage', 'not_after'))})", re.IGNORECASE)


@cache
def _not_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternation(strings('stage', 'not_before'))})\s*$", re.IGNORECASE)


@cache
def _other_disease_before() -> re.Pattern[str]:
    names = alternation(strings("stage", "other_diseases"))
    return re.compile(rf"(?<!\w)(?:{names})\W+(?:(?:is|of|class|score|at|currently)\W+)?$", re.IGNORECASE)


@cache
def _other_disease_after() -> re.Pattern[str]:
    return re.compile(
        rf"\W*(?:[ab]\W+)?(?:of\s+)?(?:chronic\s+)?(?:{alternation(strings('stage', 'other_diseases'))})", re.IGNORECASE
    )

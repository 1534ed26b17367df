"""Diagnoses: how they are written, what hedges or denies them, and their OncoTree code.

Source: OncoTree 2025-10 (codes); WHO Classification of Tumours, 5th edition (names).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from app.biomarkers.diagnosis_codes import bag, codes
from app.biomarkers.diagnosis_names import Named, names_in, site_of
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.prose import (
    Prose,
    is_hypothetical,
    is_of_others,
    names_other,
    names_relative,
    plain_letters,
    speaks_generally,
)
from app.biomarkers.word_lists import alternation, strings
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind

NAME = "histology"

_EXPECTED = frozenset({SectionKind.DIAGNOSIS, SectionKind.SYNOPTIC, SectionKind.PATIENT})
_GRADE = re.compile(
    r"(?:[\s,(:–-]|\b(?:final|overall|histologic(?:al)?|nottingham|figo|fnclcc|sbr|combined|nuclear|fuhrman|isup"
    r"|who/isup|who)\b)*"
    r"(?:(?:grade|grado|grad|graad)\s*(?:histol\w+|nuclear)?\s*[:=]?\s*"
    r"(?P<number>[1-4](?:[ab]|\s?[-–/]\s?[1-4])?(?!\d|\.\d)|I{1,3}V?(?!\w)|IV(?!\w))|(?P<letter>G[1-4](?!\w))"
    r"|(?P<words>(?:well|moderately|poorly)(?:\s+to\s+(?:moderately|poorly))?\s+differentiated"
    r"|(?:high|low|intermediate)[ -]grade))",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:nodes?|margins?)\b[^:;.,]{0,40}(?:positive for|involved by|involved with)\s*\Z", re.IGNORECASE
)
_HEDGED_BEHIND = re.compile(
    r"\s*,?\s*(?:is\s+|was\s+)?(?:suspected|favou?red|likely|probable|possible|presumed)\s*(?:[.;,)\n]|by\b|\Z)",
    re.IGNORECASE,
)
_LINE_HEAD = re.compile(r"^[\s•*·●–\-]*(?:(?:[A-Z]|\d{1,2}|part\s+\w+)[.):]\s*)*$", re.IGNORECASE)
_WORDS_BETWEEN = r"(?:[^\W_][\w'’/-]*[\s,/-]+){0,%d}$"
_NOT_BETWEEN = re.compile(
    r"\b(?:diagnosed|shows?|showed|with|is|was|has|had|who|which|confirmed|presented|found|only|now|but|however"
    r"|except|type|doubt)\b|[:.]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """How a sentence means a diagnosis: certainty, time and the words that say so; `meant` is False for none."""

    meant: bool
    certainty: str | None = None
    temporality: str | None = None
    cue: tuple[int, int] | None = None


_UNMEANT = _Claim(False)


def read(passage: Passage) -> Iterable[Hit]:
    """Read the diagnoses of the person from a section, each once."""
    passage = plain_letters(passage)
    if is_of_others(passage) or passage.kind is SectionKind.FAMILY:
        return ()
    text = passage.text
    prose: Prose | None = None
    found: list[tuple[Named, _Claim, frozenset[str], str]] = []
    for named in names_in(text):
        prose = prose or Prose(text)
        claim = _claim(passage, prose, named)
        if claim.meant:
            name = named.name
            known = "" if named.extended else named.code
            code = known or codes(passage.terms.vocabulary).of(name, _places(passage, prose, named)) or named.code
            found.append((named, claim, bag(name), code))
    return [_hit(text, *kept) for kept in _without_echoes(found, passage)] if found else ()


def _claim(passage: Passage, prose: Prose, named: Named) -> _Claim:
    """Judge a name by the words around it."""
    sentence = prose.around(named.start)
    before = passage.text[sentence.start : named.start]
    after = passage.text[named.end : sentence.end]
    starts_line = _LINE_HEAD.match(before) is not None
    relative = re.match(r"[^.,;:\n]{0,24}?\b(?:in|of)\s+(?:(?:his|her|the|a|one|several)\s+)?", after)
    if (
        names_relative(before)
        or names_other(before)
        or _denied_after().match(after)
        or (relative and names_relative(after[: relative.end() + 24]))
    ):
        return _UNMEANT
    if passage.kind not in _EXPECTED and (speaks_generally(sentence.text) or is_hypothetical(before)):
        return _UNMEANT
    if _cue(_denied(), before, 6) or _cue(_ruled_out(), before, 5) or re.match(r"\s*(?:\?|vs\b|versus\b)", after):
        return _UNMEANT
    favored, suspected = _cue(_favored(), before, 4), _cue(_suspected(), before, 4)
    earlier = _cue(_earlier(), before, 5)
    if named.bare and not (starts_line or favored or suspected or earlier or _is_expected(passage, before)):
        return _UNMEANT
    behind = _HEDGED_BEHIND.match(after)
    hedge = favored or suspected
    cue = hedge or earlier
    return _Claim(
        meant=True,
        certainty="favored" if favored else "suspected" if suspected or behind else None,
        temporality="historical" if earlier else None,
        cue=(sentence.start + cue.start(1), sentence.start + cue.end(1)) if cue else None,
    )


def _is_expected(passage: Passage, before: str) -> bool:
    """Tell whether even a bare "carcinoma" is a diagnosis here; what a node or margin holds is none."""
    if _HELD.search(before):
        return False
    return passage.kind in _EXPECTED or bool(_labelled().search(before)) or bool(_cue(_affirming(), before, 2))


def _cue(pattern: re.Pattern[str], before: str, words: int) -> re.Match[str] | None:
    """Return the last cue before a name, if nothing between cuts it off."""
    found = None
    for match in pattern.finditer(before[-160:]):
        found = match
    if found is None:
        return None
    offset = max(0, len(before) - 160)
    between = before[offset + found.end() :]
    if len(between.split()) > words or _NOT_BETWEEN.search(between):
        return None
    return pattern.search(before, offset + found.start())


def _places(passage: Passage, prose: Prose, named: Named) -> tuple[str, ...]:
    """Return the places that the line, the heading or the specimen names; none for a metastasis."""
    line = prose.line(named.start)
    if "metasta" in line.text.lower():
        return ()
    for words in (line.text, passage.heading, passage.text[max(0, line.start - 120) : line.start]):
        places = tuple({site for word in re.findall(r"[^\W_]+", words.lower()) if (site := site_of(word))})
        if places:
            return places
    return ()


def _without_echoes(
    found: list[tuple[Named, _Claim, frozenset[str], str]], passage: Passage
) -> Iterator[tuple[Named, _Claim, str]]:
    """Keep each diagnosis once, and no vaguer name for one that is named in full."""
    ancestors = codes(passage.terms.vocabulary).ancestors
    above = {higher for *_, code in found if code for higher in ancestors(code)}
    kept: list[tuple[frozenset[str], _Claim]] = []
    for named, claim, words, code in sorted(found, key=lambda f: (f[1].certainty is not None, f[0].start)):
        if any(words <= seen and claim.temporality == other.temporality for seen, other in kept):
            continue
        vaguer = any(
            words < other and claim.temporality == told.temporality and not told.certainty
            for _, told, other, _ in found
        )
        if vaguer or (code in above and named.bare):
            continue
        kept.append((words, claim))
        yield named, claim, code


def _hit(text: str, named: Named, claim: _Claim, code: str) -> Hit:
    spans = [(named.start, named.end)]
    found = _GRADE.match(text, named.end)
    grade = None
    if found:
        group = next(name for name in ("number", "letter", "words") if found[name])
        grade = found[group].lstrip("Gg") if group == "letter" else found[group].lower()
        grade = grade.upper() if group == "number" else grade
        spans.append(found.span(group))
    reading = Reading(
        FactType.HISTOLOGY,
        None,
        named.name,
        "present",
        grade=grade,
        certainty=claim.certainty,
        temporality=claim.temporality,
        code=code or None,
        note=named.pattern or None,
    )
    return Hit(reading, tuple(spans), claim.cue, 0.8 if claim.certainty or named.bare else 1.0)


def _cues(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])({alternation(strings('diagnosis', key))})", re.IGNORECASE)


@cache
def _denied() -> re.Pattern[str]:
    return _cues("denied")


@cache
def _ruled_out() -> re.Pattern[str]:
    return _cues("ruled_out")


@cache
def _favored() -> re.Pattern[str]:
    return _cues("favored")


@cache
def _suspected() -> re.Pattern[str]:
    return _cues("suspected")


@cache
def _earlier() -> re.Pattern[str]:
    return _cues("earlier")


@cache
def _affirming() -> re.Pattern[str]:
    return _cues("affirming")


@cache
def _denied_after() -> re.Pattern[str]:
    denials = alternation(strings("diagnosis", "denied_after"))
    return re.compile(rf"[\s,:–\-\t]*(?:is|are|was|were|has been)?\s*(?:{denials})", re.IGNORECASE)


@cache
def _labelled() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W_])(?:{alternation(strings('diagnosis', 'labels'))})\s*(?:\([^)]*\))?\s*[:\t–-]", re.IGNORECASE
    )

"""Stages and grades that a system of their own names: Gleason, Rai, ISS, Breslow and their like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_LINK = (
    r"\s*(?:stage|stadium|estadio|stade|score|risk|group|class|level|grade)?\s*(?:\([^)\n]{0,20}\)\s*)?(?:is|was"
    r"|of)?\s*[:=–\t-]?\s*"
)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}


@dataclass(frozen=True, slots=True)
class Scale:
    """A system with its own name.

    Attributes:
        system: As findings name it.
        pattern: Finds it; the group "value" holds the value.
        value: Gives the value as findings hold it, and whether the system has no such value.
        words: A text without any of these does not hold it; those in lower case may stand in any case.
    """

    system: str
    pattern: re.Pattern[str]
    value: Callable[[re.Match[str]], tuple[str, bool]]
    words: tuple[str, ...]


def _plain(match: re.Match[str]) -> tuple[str, bool]:
    return match["value"].upper(), False


def _roman(match: re.Match[str]) -> tuple[str, bool]:
    value = match["value"].upper()
    return _ROMAN.get(value, value), False


def _gleason(match: re.Match[str]) -> tuple[str, bool]:
    """Give the two patterns and their sum; a sum that is wrong is doubtful."""
    first, second, total = match["first"], match["second"], match["total"]
    if first is None:
        return match["only"], not 6 <= int(match["only"]) <= 10
    added = int(first) + int(second)
    wrong = total is not None and int(total) != added
    return f"{first}+{second}={total or added}", wrong or not (1 <= int(first) <= 5 and 1 <= int(second) <= 5)


def _grade_group(match: re.Match[str]) -> tuple[str, bool]:
    value = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}.get(match["value"].upper(), match["value"])
    return value, not 1 <= int(value) <= 5


def _cns(match: re.Match[str]) -> tuple[str, bool]:
    value = {"I": "1", "II": "2", "III": "3", "IV": "4"}.get(match["value"].upper(), match["value"])
    return value, not 1 <= int(value) <= 4


def _breslow(match: re.Match[str]) -> tuple[str, bool]:
    return f"{match['value'].replace(',', '.')} mm", False


def _nottingham(match: re.Match[str]) -> tuple[str, bool]:
    value = {"I": "1", "II": "2", "III": "3"}.get(match["value"].upper(), match["value"])
    return value, not 1 <= int(value) <= 3


def _ann_arbor(match: re.Match[str]) -> tuple[str, bool]:
    value = match["value"].upper()
    head = re.match(r"IV|I{1,3}|\d", value)[0]  # type: ignore[index]
    return _ROMAN.get(head, head) + value[len(head) :], False


_WORDS = {
    "Grade Group": ("grade group", "ISUP"), "CNS WHO grade": ("WHO",), "R2-ISS": ("ISS",), "Durie-Salmon": ("durie",),
    "R-ISS": ("ISS", "international staging"), "ISS": ("ISS", "international staging"), "Ann Arbor": ("arbor",),
    "FIGO grade": ("figo",), "Nottingham": ("nottingham", "elston", "bloom", "SBR"), "Fuhrman": ("fuhrman", "ISUP"),
    "IPSS-R": ("IPSS",), "VALG": ("limited", "extensive"), "ELN 2022": ("ELN",), "Rai": ("Rai", "RAI"),
    "INRG": ("INRG",), "BCLC": ("BCLC",),
}  # fmt: skip


def _scale(system: str, pattern: str, value: Callable[[re.Match[str]], tuple[str, bool]] = _plain) -> Scale:
    return Scale(system, re.compile(pattern, re.IGNORECASE), value, _WORDS.get(system, (system.lower(),)))


_ROMAN_123 = r"(?P<value>I{1,3}|[1-3])(?![\w+.])"
_ROMAN_1234 = r"(?P<value>IV|I{1,3}|[0-4])(?![\w+.])"

SCALES: tuple[Scale, ...] = (
    _scale(
        "Gleason",
        r"\bGleason(?:'s)?\s*(?:score|grade|pattern|sum)?s?\s*(?:is|was|of)?\s*[:=\t]?\s*\(?(?:"
        r"(?P<first>\d)\s*\+\s*(?P<second>\d)(?:\s*(?:=|\()\s*(?P<total>\d{1,2})(?:\s*/\s*10)?)?"
        r"|(?P<only>[6-9]|10)(?![\d.+])(?!\s*\())",
        _gleason,
    ),
    _scale(
        "Gleason",
        r"\bGleason(?:'s)?\s*(?:score|grade|sum)?\s*[:=]?\s*(?P<total>\d{1,2})\s*\(\s*(?P<first>\d)\s*\+\s*"
        r"(?P<second>\d)\s*\)",
        _gleason,
    ),
    _scale(
        "Grade Group",
        r"\b(?:(?:ISUP|prognostic|WHO/ISUP)\s+)?grade\s+group\s*[:=\t]?\s*\(?(?P<value>[0-9]|IV|V|I{1,3})(?![\w+])",
        _grade_group,
    ),
    _scale("Grade Group", r"\bISUP\s*(?:grade\s*)?[:=\t]?\s*(?P<value>[0-9])(?![\w+])(?!\s*nuc)", _grade_group),
    _scale(
        "CNS WHO grade",
        r"\b(?:CNS\s+WHO|WHO\s+CNS|WHO)\s*(?:\(?20\d\d\)?\s*)?(?:CNS5?\s*)?,?\s*grade\s*[:=\t]?\s*(?P<value>IV"
        r"|I{1,3}|[0-9])(?![\w+.])",
        _cns,
    ),
    _scale(
        "CNS WHO grade",
        r"\bgrade\s+(?P<value>IV|I{1,3}|[1-4])\s*\(\s*(?:CNS\s+)?WHO(?:\s+CNS)?(?:\s*\d{4})?\s*\)",
        _cns,
    ),
    _scale("Rai", rf"\b(?:modified\s+)?Rai{_LINK}(?P<value>IV|I{{1,3}}|[0-4])(?![\w+.])", _roman),
    _scale("Binet", rf"\bBinet{_LINK}(?P<value>[ABC])(?!\w)"),
    _scale("R2-ISS", rf"\bR2-?ISS{_LINK}{_ROMAN_1234}", _roman),
    _scale(
        "R-ISS",
        rf"(?:\bR-?ISS|\brevised\s+(?:ISS|international\s+staging\s+system)(?:\s*\(R-?ISS\))?){_LINK}{_ROMAN_123}",
        _roman,
    ),
    _scale(
        "ISS",
        r"(?:(?<![-\w])(?<!revised )ISS|(?<!revised )\binternational\s+staging\s+system"
        rf"(?:\s*\(ISS\))?){_LINK}{_ROMAN_123}",
        _roman,
    ),
    _scale("Durie-Salmon", rf"\bDurie[- ]Salmon{_LINK}(?P<value>I{{1,3}}[AB]?)(?!\w)"),
    _scale(
        "Breslow",
        r"\bBreslow(?:'s|s)?\s*(?:thickness|depth|index|(?:tumou?r\s+)?thickness)?\s*(?:\([^)\n]{0,20}\)\s*)?(?:is"
        r"|was|of|at least)?\s*[:=\t]?\s*(?P<value>\d{1,2}(?:[.,]\d{1,2})?)\s*mm",
        _breslow,
    ),
    _scale("Clark", r"\bClark(?:'s)?\s*(?:anatomic\s*)?(?:level)?\s*[:=\t]?\s*(?P<value>IV|V|I{1,3})(?!\w)"),
    _scale(
        "Ann Arbor",
        r"\bAnn[- ]Arbor\s*(?:stage|stadium|estadio|stade)?\s*[:=\t]?\s*(?P<value>(?:IV|I{1,3}|[1-4])"
        r"(?:[ABES]{1,3}(?![a-z]))?)(?!\w)",
        _ann_arbor,
    ),
    _scale(
        "Lugano",
        r"\bLugano\s*(?:stage|stadium|estadio|stade)?\s*[:=\t]?\s*(?P<value>(?:IV|I{1,3}|[1-4])(?:[ABES]{1,3}"
        r"(?![a-z]))?)(?!\w)",
        _ann_arbor,
    ),
    _scale(
        "Nottingham",
        r"\b(?:modified\s+)?(?:Nottingham|Elston(?:[- ]Ellis)?|Scarff[- ]Bloom[- ]Richardson|Bloom[- ]Richardson"
        r"|SBR)\s*(?:combined\s*)?(?:histologic(?:al)?\s*)?(?:grade|grado|grad)\s*"
        r"(?:\([^)\n]{0,20}\)\s*)?[:=\t]?\s*(?:grade\s*)?(?P<value>I{1,3}|[1-9])(?![\w/])",
        _nottingham,
    ),
    _scale("FIGO grade", r"\bFIGO\s+grade\s*[:=\t]?\s*(?P<value>[1-3])(?!\w)"),
    _scale("Fuhrman", r"\b(?:Fuhrman|WHO/ISUP)\s*(?:nuclear\s*)?grade\s*[:=\t]?\s*(?P<value>[1-4])(?!\w)"),
    _scale("INRG", r"\bINRG(?:SS)?\s*(?:stage)?\s*[:=\t]?\s*(?P<value>L1|L2|MS|M)(?!\w)"),
    _scale("BCLC", rf"\bBCLC{_LINK}(?P<value>0|[A-D])(?!\w)"),
    _scale("Masaoka", rf"\bMasaoka(?:-Koga)?{_LINK}(?P<value>IV[AB]?|I{{1,3}}[AB]?)(?!\w)"),
    _scale(
        "VALG",
        r"\b(?P<value>limited|extensive)[- ](?:stage|disease)(?=\s+(?:small|SCLC|disease\b))",
        lambda m: (m["value"].lower(), False),
    ),
    _scale(
        "VALG",
        r"(?:\bsmall[- ]cell\b|\bSCLC\b)[^\n.;]{0,60}?[\s,(]"
        r"(?P<value>limited|extensive)[- ](?:stage\b(?!\s+(?:small|SCLC|disease))|disease\b)",
        lambda m: (m["value"].lower(), False),
    ),
    _scale(
        "IPSS-R",
        r"\b(?:IPSS-R|R-IPSS)\s*(?:risk|category|score)?\s*[:=\t]?\s*(?P<value>very\s+low|very\s+high|low"
        r"|intermediate|high)",
        lambda m: (re.sub(r"\s+", " ", m["value"].lower()), False),
    ),
    _scale(
        "ELN 2022",
        r"\bELN\s*(?:\(?2022\)?)?\s*(?:risk)?\s*(?:group|category|stratification|classification)?\s*[:=\t]?\s*"
        r"(?P<value>favou?rable|intermediate|adverse)",
        lambda m: (m["value"].lower().replace("ou", "o"), False),
    ),
)

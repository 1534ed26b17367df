"""Whether two documents can be about one person, as their names, birth dates and sexes stand on them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from app.domain.outcome import Issue, Severity
from app.domain.section import NOBODY, Person

CODE = "document.other_person"

_LEFT_OUT = re.compile(
    r"\b(?:mrs?|ms|miss|dr|prof|sir|herr|frau|sr|sra|srta|don|dona|mme|mlle|dhr|mevr|mw|jr|i{2,3}|iv|md|phd"
    r"|de|del|la|las|los|y|e|da|do|dos|das|van|von|der|den|ten|ter|le|du|di|zu|zur|st)\b"
)
"""Titles and particles, which come and go in one person's name."""
_PAIRS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))


def confirmed(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Turn "seems to be about somebody else" into information: a person has confirmed that all are of one patient."""
    message = "Names or birth dates on these documents differ; you confirmed that all are about the same person."
    return tuple(
        Issue("document.one_person_confirmed", message, Severity.INFO, i.document, i.page) if i.code == CODE else i
        for i in issues
    )


def agree(one: Person, other: Person) -> bool:
    """Tell whether two documents may be about one person; what is not stated never disagrees.

    Equal birth dates outweigh a surname that changed as long as a given name is shared.
    """
    if one.born and other.born and one.born != other.born:
        return False
    if one.sex and other.sex and one.sex != other.sex:
        return False
    if not one.name or not other.name:
        return True
    if names_agree(one.name, other.name):
        return True
    return bool(one.born and one.born == other.born and _shared(_words(one.name), _words(other.name)))


def names_agree(one: str, other: str) -> bool:
    """Tell whether two names can be one person's: order, initials, middle names, accents and case do not count."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return True
    short, long = sorted((first, second), key=len)
    left = list(long)
    full = 0
    for word in sorted(short, key=len, reverse=True):
        found = next((w for w in left if _same(word, w)), None)
        if found is None:
            return False
        left.remove(found)
        full += len(word) > 1 and len(found) > 1
    return full >= 1


def merged(people: Sequence[Person]) -> Person:
    """Return what the documents say together: the longest name, the first birth date and sex."""
    name = max((p.name for p in people), key=len, default="")
    return Person(name, next((p.born for p in people if p.born), ""), next((p.sex for p in people if p.sex), ""))


def within(people: Sequence[tuple[int, Person]], document: int | None) -> tuple[Issue, ...]:
    """Return the issue of a document whose pages name two persons, on the first page that names another."""
    known: list[Person] = []
    for page, person in people:
        if any(not agree(person, other) and not _misread(person, other) for other in known):
            told = (
                "Pages of this file seem to belong to different people: the name, birth date or sex changes. "
                "Please send each person's report as its own file."
            )
            return (Issue(CODE, told, Severity.BLOCKING, document, page),)
        known.append(person)
    return ()


def between(people: Sequence[tuple[int, str, Person, bool]]) -> tuple[Issue, ...]:
    """Return an issue for each document that cannot be about the person of the documents before it.

    Args:
        people: (position of the document, its name, whom it is about, whether a scan may have garbled that), in order.
    """
    issues: list[Issue] = []
    known: list[Person] = []
    rough: list[bool] = []
    for position, name, person, scanned in people:
        if person == NOBODY:
            continue
        pairs = zip(known, rough, strict=True)
        if all(agree(person, other) or ((scanned or before) and _misread(person, other)) for other, before in pairs):
            known.append(person)
            rough.append(scanned)
            continue
        told = (
            f"{name} seems to be about another person: {_difference(person, known)} differs. "
            "Remove the file if it is not yours, or tell us that it is."
        )
        issues.append(Issue(CODE, told, Severity.BLOCKING, position))
    return tuple(issues)


def _difference(person: Person, known: Sequence[Person]) -> str:
    what: list[str] = []
    if any(p.name and person.name and not names_agree(p.name, person.name) for p in known):
        what.append("the name")
    if any(p.born and person.born and p.born != person.born for p in known):
        what.append("the birth date")
    if any(p.sex and person.sex and p.sex != person.sex for p in known):
        what.append("the sex")
    return " and ".join(what) or "the name"


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.findall(r"[a-z]+", _LEFT_OUT.sub(" ", re.sub(r"['’`]", "", plain)))


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return any(one.replace(pair, letter) == other.replace(pair, letter) for pair, letter in _PAIRS)


def _misread(one: Person, other: Person) -> bool:
    """Tell whether two pages of one file differ by no more than a few letters that a scan may have garbled."""
    if one.sex and other.sex and one.sex != other.sex:
        return False
    births = sum(a != b for a, b in zip(one.born, other.born, strict=False)) if one.born and other.born else 0
    first, second = ("".join(sorted(_words(p.name))) for p in (one, other))
    if not first or not second:
        return False
    return births <= 1 and SequenceMatcher(None, first, second).ratio() >= 0.75


def _shared(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(len(a) > 1 and len(b) > 1 and _same(a, b) for a in one for b in other)

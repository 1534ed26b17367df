"""Word lists of the kinds: data that a curator can edit, read once, when a kind first needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from app.errors import DataFileError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """Read `app/data/biomarkers/<name>.yaml`.

    Raises:
        DataFileError: The file is no mapping, or can't be parsed.
    """
    path = f"app/data/biomarkers/{name}.yaml"
    try:
        content = files("app").joinpath("data", "biomarkers", f"{name}.yaml").read_text("utf-8")
        read = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise DataFileError(f"{path}: {error}") from error
    if not isinstance(read, dict):
        raise DataFileError(f"{path}: the top must be a mapping of list names to lists")
    return read


def strings(name: str, key: str) -> tuple[str, ...]:
    """Return a list of strings of a file.

    Raises:
        DataFileError: The field is missing or holds something else.
    """
    found = word_list(name).get(key)
    if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
        raise DataFileError(f"app/data/biomarkers/{name}.yaml: {key} must be a list of words in quotes")
    return tuple(folded(entry) for entry in found)


def mapping(name: str, key: str) -> dict[str, str]:
    """Return a mapping of strings of a file; None stands for "".

    Raises:
        DataFileError: The field is missing or holds something else.
    """
    found = word_list(name).get(key)
    if not isinstance(found, dict) or not all(
        isinstance(k, str) and isinstance(v, str | None) for k, v in found.items()
    ):
        raise DataFileError(f"app/data/biomarkers/{name}.yaml: {key} must map words to words")
    return {folded(k): v or "" for k, v in found.items()}


def lists(name: str, key: str) -> dict[str, tuple[str, ...]]:
    """Return a mapping of lists of strings of a file.

    Raises:
        DataFileError: The field is missing or holds something else.
    """
    found = word_list(name).get(key)
    if not isinstance(found, dict):
        raise DataFileError(f"app/data/biomarkers/{name}.yaml: {key} must map names to lists")
    for group, entries in found.items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise DataFileError(f"app/data/biomarkers/{name}.yaml: {key}.{group} must be a list of words in quotes")
    return {group: tuple(folded(entry) for entry in entries) for group, entries in found.items()}


_ACCENTED = "áàâäãåéèêëíìîïóòôöõúùûüýñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÝÑÇ"
_PLAIN = "aaaaaaeeeeiiiiooooouuuuyncAAAAAAEEEEIIIIOOOOOUUUUYNC"
_FOLD = str.maketrans(_ACCENTED, _PLAIN)


def folded(text: str) -> str:
    """Return a text with accents taken off, each letter in its place: readers of scans often misread them."""
    if text.isascii():
        return text
    held = _LAST[0]
    if held[0] is not text:
        held = (text, text.translate(_FOLD) if _HAS_ACCENT.search(text) else text)
        _LAST[0] = held
    return held[1]


_HAS_ACCENT = re.compile(f"[{_ACCENTED}]")
_LAST: list[tuple[str, str]] = [("", "")]
"""The last text and its folded form: every kind asks for the same one."""


class Phrases:
    """Phrases that are looked for only where a word stands that one of them begins with."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Compile phrases; see `alternation` for how they are written."""
        phrases = tuple(phrases)
        self._pattern = re.compile(alternation(phrases), re.IGNORECASE)
        starts = {phrase: _WORD.match(phrase.lower()) for phrase in phrases}
        if wrong := [phrase for phrase, word in starts.items() if word is None]:
            raise DataFileError(f"app/data/biomarkers: phrases must begin with a letter or digit: {wrong}")
        open_ended = [p for p, word in starts.items() if word and word.end() == len(p) - 1 and p.endswith("*")]
        self._stems = tuple(p[:-1].lower() for p in open_ended)
        self._firsts = frozenset(word[0] for p, word in starts.items() if word and p not in open_ended)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find the phrases in order, the longest at each place, none inside another."""
        firsts, stems, taken = self._firsts, self._stems, 0
        if not stems and firsts.isdisjoint(_WORD.findall(text.lower())):
            return
        for word in _WORD.finditer(text):
            low = word[0].lower()
            if (low in firsts or (stems and low.startswith(stems))) and word.start() >= taken:
                found = self._pattern.match(text, word.start())
                if found:
                    taken = found.end()
                    yield found

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in a text."""
        return next(self.finditer(text), None)


_WORD = re.compile(r"[^\W_]+")


def alternation(phrases: Iterable[str]) -> str:
    """Return the inside of a pattern that finds the longest of some phrases as whole words.

    A space in a phrase stands for any white space; "*" at its end for any further letters.
    """
    parts = []
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        stem = phrase.removesuffix("*")
        part = re.escape(stem).replace(r"\ ", r"\s+")
        if phrase.endswith("*"):
            part += r"\w*"
        elif stem[-1].isalnum():
            part += r"(?![^\W_])"
        parts.append(part)
    return "|".join(parts)

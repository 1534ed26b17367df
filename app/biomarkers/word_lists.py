"""Word lists of the kinds: data that a curator can edit, read once, when a kind first needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
    return tuple(found)


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
    return {k: v or "" for k, v in found.items()}


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
    return {group: tuple(entries) for group, entries in found.items()}


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Compile phrases into one pattern that finds the longest as whole words, in any case.

    A space in a phrase stands for any white space; "*" at its end for any further letters.
    """
    return re.compile(rf"(?<![^\W_])(?:{alternation(phrases)})", re.IGNORECASE)


def alternation(phrases: Iterable[str]) -> str:
    """Return the inside of such a pattern."""
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

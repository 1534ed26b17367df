"""The pages in another language: text between tags is looked up in a data file when a template is loaded.

Templates stay plain English and are the list of what there is to say; app/data/web/<language>.yaml maps each text to
its translation. Jinja expressions inside a text are written {} there, in their order. A test fails where a translation
is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import yaml
from jinja2 import BaseLoader, Environment, FileSystemLoader

from app.errors import DataFileError

WORDS = Path(__file__).parents[1] / "data" / "web"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SPOKEN = re.compile(r'((?:aria-label|(?<=name="description" )content)=")([^"]*)(")')
TONGUES = {"en": "English", "es": "Español"}
"""Languages of pages and guidance, each in its own words."""
FIRST = 0xE000
LETTER = re.compile(r"[A-Za-z]{2}")


@cache
def words_of(language: str) -> dict[str, str]:
    """Read the translations of a language; none for English.

    Raises:
        DataFileError: The file is missing or is no mapping of texts.
    """
    return {} if language == "en" else _mapping(WORDS / f"{language}.yaml")


def _mapping(path: Path) -> dict[str, str]:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name} cannot be read: {type(error).__name__}") from error
    if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
        raise DataFileError(f"{path.name} must map English texts to texts")
    return {str(k): v for k, v in told.items()}


@cache
def _messages(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Read what the code itself says, as patterns; longer ones first, for they say more."""
    told = _mapping(WORDS / f"{language}_messages.yaml")
    ordered = sorted(told.items(), key=lambda pair: -len(pair[0]))
    return tuple((re.compile(re.escape(k).replace(r"\{\}", "(.+?)"), re.DOTALL), v) for k, v in ordered)


def message(text: str, language: str) -> str:
    """Return a sentence of the code in a language; what stood in it (a name, a number, a limit) stays in it.

    A sentence that has no translation stays as it is.
    """
    if language == "en" or not text:
        return text
    for pattern, told in _messages(language):
        found = pattern.fullmatch(text)
        if found:
            parts = told.split("{}")
            inside = [message(group, language) for group in found.groups()]
            return "".join(part + value for part, value in zip(parts, [*inside, ""], strict=True))
    return text


def listed(text: str, language: str) -> str:
    """Return values that are joined by commas in a language, each by itself."""
    return ", ".join(message(part, language) for part in text.split(", "))


def texts_of(source: str) -> tuple[str, ...]:
    """Return every text of a template that a person sees or hears."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _changed(source, note)
    return tuple(dict.fromkeys(found))


def translated(source: str, words: dict[str, str]) -> str:
    """Return a template with its texts in another language; what has no translation stays as it is."""
    return _changed(source, lambda text: words.get(text, text)) if words else source


class TongueLoader(BaseLoader):
    """Loads templates in one language."""

    def __init__(self, folder: Path, language: str) -> None:
        self._files = FileSystemLoader(folder)
        self._words = words_of(language)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a template."""
        source, name, fresh = self._files.get_source(environment, template)
        return translated(source, self._words), name, fresh


def _changed(source: str, change: Callable[[str], str]) -> str:
    """Change every text of a template: between tags, and in attributes that are read aloud."""
    pieces = JINJA.findall(source)
    signs = iter(range(len(pieces)))
    flat = JINJA.sub(lambda _: chr(FIRST + next(signs)), source)
    parts: list[str] = []
    end = 0
    for tag in TAG.finditer(flat):
        parts.append(_text(flat[end : tag.start()], pieces, change))
        parts.append(SPOKEN.sub(lambda m: m[1] + _text(m[2], pieces, change) + m[3], tag[0]))
        end = tag.end()
    parts.append(_text(flat[end:], pieces, change))
    return "".join(_restored("".join(parts), pieces))


def _text(text: str, pieces: list[str], change: Callable[[str], str]) -> str:
    """Change a stretch between tags: statements divide it, expressions belong to it."""
    changed, run = [], ""
    for character in [*text, ""]:
        number = ord(character) - FIRST if character else 0
        divides = not character or (0 <= number < len(pieces) and not pieces[number].startswith("{{"))
        if not divides:
            run += character
            continue
        changed.append(_run(run, change))
        changed.append(character)
        run = ""
    return "".join(changed)


def _run(run: str, change: Callable[[str], str]) -> str:
    bare = " ".join(run.split())
    expressions = [c for c in bare if ord(c) >= FIRST and ord(c) < 0xF900]
    key = "".join("{}" if c in expressions else c for c in bare)
    if not LETTER.search(key):
        return run
    told = change(key)
    if told == key:
        return run
    lead = run[: len(run) - len(run.lstrip())]
    tail = run[len(run.rstrip()) :]
    for expression in expressions:
        told = told.replace("{}", expression, 1)
    return lead + told + tail


def _restored(flat: str, pieces: list[str]) -> Iterator[str]:
    for character in flat:
        number = ord(character) - FIRST
        yield pieces[number] if 0 <= number < len(pieces) else character

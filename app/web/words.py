"""Words of reports that open their meaning where they stand: found in a sentence, each marked once on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from app.stages.guidance.wordings import GlossaryTerm

WORD = re.compile(r"[^\W_]+(?:[-’'/][^\W_]+)*")
MOST_WORDS = 5
SHORT = 4
"""Up to so many letters a name in capitals is an abbreviation, and only its capitals mean it."""


class Glossary:
    """The terms of one language, by every name.

    Args:
        terms: As the wording has them.
    """

    def __init__(self, terms: Iterable[GlossaryTerm]) -> None:
        self.terms = {term.id: term for term in terms}
        self._names: dict[str, str] = {}
        for term in self.terms.values():
            for name in (term.term, *term.names):
                self._names.setdefault(_key(name), term.id)

    def places(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Return where terms stand in a text: start, end and id; of two that overlap the longer one."""
        words = [(m.start(), m.end()) for m in WORD.finditer(text)]
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(words):
            for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
                start, end = words[at][0], words[at + length - 1][1]
                identity = self._names.get(_key(text[start:end]))
                if identity:
                    found.append((start, end, identity))
                    at += length
                    break
            else:
                at += 1
        return tuple(found)


def _key(name: str) -> str:
    return name if len(name) <= SHORT and name.isupper() else name.lower()


@lru_cache(maxsize=4096)
def _places(glossary: Glossary, text: str) -> tuple[tuple[int, int, str], ...]:
    return glossary.places(text)


class PageWords:
    """The terms of one page: each is marked where it stands first, and explained once.

    Args:
        glossary: Of the page's language.
    """

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._used: dict[str, GlossaryTerm] = {}

    @property
    def used(self) -> tuple[GlossaryTerm, ...]:
        """What was marked so far, in that order."""
        return tuple(self._used.values())

    def marked(self, text: str) -> Markup:
        """Return a text as HTML; a term becomes a button that opens its meaning. Everything else is escaped."""
        parts: list[Markup] = []
        done = 0
        for start, end, identity in _places(self._glossary, text):
            if identity in self._used:
                continue
            self._used[identity] = self._glossary.terms[identity]
            parts.append(escape(text[done:start]))
            button = '<button type="button" class="term" popovertarget="word-{}">{}</button>'
            parts.append(Markup(button).format(identity, text[start:end]))  # noqa: S704 -- our own constant; values escaped
            done = end
        parts.append(escape(text[done:]))
        return Markup("").join(parts)

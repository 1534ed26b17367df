"""Pages drawn from text: one character is five points wide, "# " is a large heading, "## " a smaller one in bold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.page import Page, Word
from app.domain.provenance import Box
from app.stages.pages.layout import lines

PAGE_BREAK = "=== page ==="
_STYLES = {"# ": (16.0, True), "## ": (12.0, True), "* ": (9.0, True)}


def pages(text: str, *, language: str = "en") -> tuple[Page, ...]:
    """Set a text on pages, each column of characters at its place, and put the words into lines as the reader does."""
    return tuple(
        Page(number, 612.0, 792.0, lines(list(_words(part))), language=language)
        for number, part in enumerate(text.split(PAGE_BREAK), start=1)
    )


def _words(text: str) -> Iterator[Word]:
    y = 40.0
    for line in text.strip("\n").split("\n"):
        mark = next((m for m in _STYLES if line.startswith(m)), "")
        size, bold = _STYLES.get(mark, (9.0, False))
        y += 0.4 * size if mark else 0.0
        for found in re.finditer(r"\S+", line[len(mark) :]):
            x = 40.0 + 5.0 * found.start() * size / 9.0
            box = Box(x, y, x + 5.0 * len(found[0]) * size / 9.0, y + size)
            yield Word(found[0], box, size_pt=size, bold=bold)
        y += 1.25 * size if line.strip() else 11.0

"""Pages and issues ↔ JSON, short, for the pipe between the reading process and us."""

from __future__ import annotations

import base64
from typing import Any

from app.domain.outcome import Issue, Severity
from app.domain.page import Line, Page, TextSource, Word
from app.domain.provenance import Box


def page_to(page: Page) -> dict[str, Any]:
    """Turn a page into JSON values."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "lines": [[line.block, [_word_to(w) for w in line.words]] for line in page.lines],
        "text_source": page.text_source.value,
        "rotation": page.rotation,
        "ocr_confidence": page.ocr_confidence,
        "image": base64.b64encode(page.image).decode() if page.image else None,
        "language": page.language,
    }


def page_from(values: dict[str, Any]) -> Page:
    """Turn JSON values into a page."""
    return Page(
        number=int(values["number"]),
        width=float(values["width"]),
        height=float(values["height"]),
        lines=tuple(Line(tuple(_word_from(w) for w in words), int(block)) for block, words in values["lines"]),
        text_source=TextSource(values["text_source"]),
        rotation=int(values["rotation"]),
        ocr_confidence=values["ocr_confidence"],
        image=base64.b64decode(values["image"]) if values["image"] else None,
        language=str(values["language"]),
    )


def _word_to(word: Word) -> list[Any]:
    box = word.box
    flags = word.bold + 2 * word.doubtful + 4 * word.inverse
    return [word.text, box.x0, box.y0, box.x1, box.y1, word.confidence, word.as_read, word.size_pt, flags]


def _word_from(values: list[Any]) -> Word:
    text, x0, y0, x1, y1, confidence, as_read, size, flags = values
    box = Box(x0, y0, x1, y1)
    return Word(text, box, confidence, as_read, size, bool(flags & 1), bool(flags & 2), bool(flags & 4))


def issue_to(issue: Issue) -> dict[str, Any]:
    """Turn an issue into JSON values."""
    return {"code": issue.code, "message": issue.message, "severity": issue.severity.value, "page": issue.page}


def issue_from(values: dict[str, Any]) -> Issue:
    """Turn JSON values into an issue."""
    return Issue(str(values["code"]), str(values["message"]), Severity(values["severity"]), None, values["page"])

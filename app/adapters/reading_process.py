"""The process that reads one document: the document on standard input, pages as JSON lines on standard output."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from app.adapters.ocr import LANGUAGES, TesseractOcr
from app.adapters.page_json import issue_to, page_to
from app.adapters.reader import limit_memory
from app.domain.document import Format, SourceDocument
from app.errors import AppError
from app.stages.pages.limits import Limits
from app.stages.pages.reading import each


def main() -> None:
    """Read the order and the document, and answer page by page."""
    limit_memory(int(sys.argv[1]))
    # Libraries may print; only answers may reach the pipe.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    order: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(order["size"])
    if len(content) < order["size"]:
        return  # whoever asked has gone
    turns = tuple((int(page), int(turn)) for page, turn in order["turns"])
    document = SourceDocument(
        order["name"], order["sha256"], Format(order["format"]), content, order["password"], turns
    )
    languages = tuple(LANGUAGES[name] for name in order["languages"] if name in LANGUAGES) or ("en",)
    limits = Limits(workers=order["workers"], page_seconds=order["page_seconds"])
    try:
        for done in each(document, ocr=LazyOcr(), limits=limits, languages=languages, first=order["first"]):
            answer = {
                "number": done.number,
                "total": done.total,
                "page": page_to(done.page) if done.page else None,
                "issues": [issue_to(i) for i in done.issues],
            }
            print(json.dumps(answer), file=answers, flush=True)
    except AppError as error:
        print(json.dumps({"error": error.code, "message": str(error)}), file=answers, flush=True)
        return
    print(json.dumps({"end": True}), file=answers, flush=True)


class LazyOcr:
    """Finds the OCR engine when the first picture has to be read, so that documents without pictures need none."""

    def __init__(self) -> None:
        self._engine: TesseractOcr | None = None

    def __getattr__(self, name: str) -> Any:
        if self._engine is None:
            self._engine = TesseractOcr()
        return getattr(self._engine, name)


if __name__ == "__main__":
    main()

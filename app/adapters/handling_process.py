"""The process that opens files on behalf of another one: orders on standard input, answers on standard output.

An order is a line of JSON with the length of the bytes that follow it, and so is an answer. The process does one thing
at a time and ends when its standard input does.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

from app.adapters.page_json import issue_to, page_from
from app.adapters.reader import limit_memory
from app.domain.document import Format, SourceDocument, SourceFile
from app.errors import AppError

Answer = tuple[dict[str, Any], bytes]


def main() -> None:
    """Answer orders until there are no more."""
    limit_memory(int(sys.argv[1]))
    # Libraries may print; only answers may reach the pipe.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    orders = sys.stdin.buffer
    while line := orders.readline():
        order: dict[str, Any] = json.loads(line)
        content = orders.read(order["size"])
        if len(content) < order["size"]:
            return  # whoever asked has gone
        try:
            told, blob = DOES[order["do"]](order, content)
        except AppError as error:
            told, blob = {"error": error.code, "message": str(error)}, b""
        answers.write(json.dumps(told | {"size": len(blob)}).encode() + b"\n")
        answers.write(blob)
        answers.flush()


def _accept(order: dict[str, Any], content: bytes) -> Answer:
    from app.stages import intake

    accepted = intake.accept(SourceFile(order["name"], content, order["password"]))
    documents, parts = [], []
    for document in accepted.value:
        own = document.content is not content and document.content != content
        documents.append([document.name, document.sha256, document.format.value, len(document.content) if own else -1])
        parts.append(document.content if own else b"")
    return {"documents": documents, "issues": [issue_to(i) for i in accepted.issues]}, b"".join(parts)


def _unlock(order: dict[str, Any], content: bytes) -> Answer:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content), password=order["password"]) as pdf:
        pdf.save(out)
    return {}, out.getvalue()


def _draw(order: dict[str, Any], content: bytes) -> Answer:
    from app.stages import pages

    source = SourceDocument(order["name"], "", Format(order["format"]), content, order["password"])
    return {}, pages.picture(source, page_from(order["page"]), dpi=order["dpi"])


DOES = {"accept": _accept, "unlock": _unlock, "draw": _draw}

if __name__ == "__main__":
    main()

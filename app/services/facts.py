"""What was read from a document, as bytes for the store and back again."""

from __future__ import annotations

import json
import types
import zlib
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.domain.mention import Reading
from app.domain.outcome import Issue
from app.domain.provenance import Evidence
from app.pipeline import DocumentFacts


def pack(facts: DocumentFacts) -> bytes:
    """Turn facts into bytes; page images are left out, for they are files of their own."""
    pages = tuple(replace(page, image=None) for page in facts.document.pages)
    shapes: dict[str, list[str]] = {}
    told = {"facts": _plain(replace(facts, document=replace(facts.document, pages=pages)), shapes), "shapes": shapes}
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(content: bytes) -> DocumentFacts:
    """Turn bytes back into facts."""
    told = json.loads(zlib.decompress(content))
    facts: DocumentFacts = _noun(DocumentFacts, told["facts"], told["shapes"])
    return facts


def pack_readings(readings: Sequence[Reading]) -> str:
    """Turn readings into text; a field that is added later does not matter to it."""
    told = [{name: _plain(value, {}) for name, value in r.stated().items()} for r in readings]
    return json.dumps(told, ensure_ascii=False)


def unpack_readings(content: str) -> tuple[Reading, ...]:
    """Turn text back into readings."""
    hints = _hints(Reading)
    return tuple(
        Reading(**{name: _typed(hints[name], value, {}) for name, value in told.items() if name in hints})
        for told in json.loads(content)
    )


def renumbered(records: Sequence[DocumentFacts]) -> tuple[DocumentFacts, ...]:
    """Give each document's evidence and issues its place in this sequence, whatever it was when it was read."""
    return tuple(_moved(facts, position) for position, facts in enumerate(records))


def _moved(value: Any, position: int) -> Any:
    if isinstance(value, Evidence | Issue):
        return replace(value, document=position) if value.document is not None else value
    if isinstance(value, tuple):
        return tuple(_moved(part, position) for part in value)
    if isinstance(value, DocumentFacts):
        # The pages hold neither evidence nor issues, and they are most of the facts.
        document = replace(value.document, issues=_moved(value.document.issues, position))
        return DocumentFacts(document, _moved(value.findings, position))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _moved(getattr(value, f.name), position) for f in fields(value)}
        return replace(value, **changed)
    return value


def _plain(value: Any, shapes: dict[str, list[str]]) -> Any:
    # A noun becomes the list of its values; the names of its fields are told once, in `shapes`, for all of its kind.
    if is_dataclass(value) and not isinstance(value, type):
        names = shapes.setdefault(type(value).__name__, [f.name for f in fields(value)])
        return [_plain(getattr(value, name), shapes) for name in names]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        # A number stays apart from the same characters as words ("2" and 2 differ in `Reading.value`).
        return {"d": str(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part, shapes) for part in value]
    return value


@cache
def _hints(noun: type) -> dict[str, Any]:
    return get_type_hints(noun)


def _noun(noun: type, values: Sequence[Any], shapes: dict[str, list[str]]) -> Any:
    # A field that has gone since is left out; one that was added since takes its default.
    hints = _hints(noun)
    named = zip(shapes[noun.__name__], values, strict=True)
    return noun(**{name: _typed(hints[name], value, shapes) for name, value in named if name in hints})


def _typed(kind: Any, value: Any, shapes: dict[str, list[str]]) -> Any:
    if value is None or kind in (str, int, float, bool, bytes):
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), value, shapes)
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_typed(k, part, shapes) for k, part in zip(kinds, value, strict=True))
    if is_dataclass(kind):
        return _noun(kind, value, shapes)  # type: ignore[arg-type]
    if kind is Decimal:
        return Decimal(value["d"])
    return date.fromisoformat(value) if kind is date else kind(value)


def _one_of(kinds: tuple[Any, ...], value: Any, shapes: dict[str, list[str]]) -> Any:
    wanted = [k for k in kinds if k is not types.NoneType]
    if isinstance(value, dict) and Decimal in wanted:
        return Decimal(value["d"])
    if isinstance(value, str) and str in wanted:
        return value
    return _typed(wanted[0], value, shapes)

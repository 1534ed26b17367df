"""How the nouns of the knowledge base are written into the compiled file and read back."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import StrEnum

from app.domain.statement import (
    Change,
    Condition,
    Direction,
    DiseaseCard,
    Frequency,
    Level,
    MarkerCard,
    Method,
    Source,
    Statement,
    TestAdvice,
    Trust,
)

Noun = Statement | TestAdvice | MarkerCard | Frequency | Method | DiseaseCard | Source


def written(noun: Noun) -> str:
    """Write a noun as one line of JSON: a list of its fields in order."""
    return json.dumps(_plain(noun), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Noun | Condition):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value


def _condition(row: list[object]) -> Condition:
    gene, change, detail, negated, origin, others = row
    return Condition(gene, Change(change), detail, negated, origin, tuple(others))  # type: ignore[arg-type]


def statement(line: str) -> Statement:
    """Read a statement."""
    row = json.loads(line)
    return Statement(
        row[0],
        tuple(_condition(c) for c in row[1]),
        row[2],
        Direction(row[3]),
        Level(row[4]),
        tuple(row[5]),
        row[6],
        row[7],
        row[8],
        row[9],
        tuple(row[10]),
        tuple(row[11]),
        row[12],
        Trust(row[13]),
        row[14],
        tuple(row[15]),
    )


def advice(line: str) -> TestAdvice:
    """Read a test advice."""
    row = json.loads(line)
    conditions = tuple(_condition(c) for c in row[3])
    return TestAdvice(
        row[0], row[1], row[2], conditions, tuple(row[4]), tuple(row[5]), row[6], tuple(row[7]), Trust(row[8])
    )


def card(line: str) -> MarkerCard:
    """Read a marker card."""
    row = json.loads(line)
    change = Change(row[3]) if row[3] else None
    return MarkerCard(
        row[0],
        row[1],
        row[2],
        change,
        row[4],
        row[5],
        tuple(row[6]),
        tuple(row[7]),
        tuple((name, how) for name, how in row[8]),
        tuple(row[9]),
        tuple(row[10]),
        Trust(row[11]),
    )


def frequency(line: str) -> Frequency:
    """Read a frequency."""
    row = json.loads(line)
    return Frequency(row[0], _condition(row[1]), row[2], row[3], row[4], tuple(row[5]), Trust(row[6]), row[7])


def method(line: str) -> Method:
    """Read a method."""
    row = json.loads(line)
    return Method(row[0], row[1], row[2], row[3], tuple(row[4]), Trust(row[5]))


def disease_card(line: str) -> DiseaseCard:
    """Read a disease card."""
    row = json.loads(line)
    return DiseaseCard(row[0], row[1], row[2], row[3], tuple(row[4]), Trust(row[5]))


def source(line: str) -> Source:
    """Read a source."""
    row = json.loads(line)
    return Source(row[0], row[1], row[2], row[3], row[4], row[5], Trust(row[6]))

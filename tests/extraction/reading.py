"""Reads a line of plain text as the product does, for the tests of the extraction core."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from app.domain.document import ReportKind
from app.domain.mention import Mention
from app.domain.section import Report, Section, SectionKind
from app.stages import mentions

KINDS = Path(__file__).parent / "kinds"


def read(text: str, lexicon: mentions.Lexicon, kind: SectionKind = SectionKind.UNKNOWN) -> tuple[Mention, ...]:
    report = Report(ReportKind.OTHER, (Section(kind, "", text),))
    return mentions.find(report, lexicon=lexicon).value


def facts(text: str, lexicon: mentions.Lexicon, type_: str) -> list[dict[str, Any]]:
    """Facts of one type, with plain numbers."""
    return [
        {name: _plain(value) for name, value in mention.reading.stated().items()}
        for mention in read(text, lexicon)
        if mention.reading.type == type_
    ]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def table(kind: str) -> dict[str, Any]:
    return yaml.safe_load((KINDS / f"{kind}.yaml").read_text(encoding="utf-8"))

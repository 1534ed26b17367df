from __future__ import annotations

from typing import Any

import pytest

from app.biomarkers import copy_number, cytogenetics, fusion, ihc, ish, methylation, signature, variant
from app.domain.mention import FactType
from app.stages import mentions
from tests.extraction.reading import KINDS, facts, read, table

MODULES = (variant, fusion, copy_number, ish, ihc, signature, methylation, cytogenetics)
NAMES = [module.NAME for module in MODULES]


def _reads() -> list[tuple[str, str, list[dict[str, Any]]]]:
    return [(kind, case["text"], case["says"]) for kind in NAMES for case in table(kind)["reads"]]


def _refuses() -> list[tuple[str, str]]:
    return [(kind, text) for kind in NAMES for text in table(kind)["refuses"]]


@pytest.mark.parametrize(("kind", "text", "says"), _reads())
def test_a_kind_reads_what_its_table_says(
    kind: str, text: str, says: list[dict[str, Any]], lexicon: mentions.Lexicon
) -> None:
    found = facts(text, lexicon, kind)
    told = [{name: fact.get(name) for name in wanted} for fact, wanted in zip(found, says, strict=False)]
    assert told == says
    assert len(found) == len(says)


@pytest.mark.parametrize(("kind", "text"), _refuses())
def test_a_kind_refuses_what_its_table_says(kind: str, text: str, lexicon: mentions.Lexicon) -> None:
    assert facts(text, lexicon, kind) == []


@pytest.mark.parametrize("module", MODULES, ids=NAMES)
def test_every_kind_has_a_table_of_what_it_reads_and_refuses(module: Any) -> None:
    assert (KINDS / f"{module.NAME}.yaml").exists()
    held = table(module.NAME)
    assert len(held["reads"]) >= 5
    assert len(held["refuses"]) >= 4
    assert callable(module.read)
    assert callable(module.show)


def test_every_table_belongs_to_a_kind() -> None:
    assert {path.stem for path in KINDS.glob("*.yaml")} == set(NAMES)


@pytest.mark.parametrize("text", sorted({case[1] for case in _reads()}))
def test_every_span_lies_in_the_text_and_starts_with_what_it_names(text: str, lexicon: mentions.Lexicon) -> None:
    for mention in read(text, lexicon):
        assert mention.spans
        for span in mention.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip()
        if mention.cue:
            assert text[mention.cue.start : mention.cue.end].strip()
        if mention.reading.type is FactType.VARIANT and mention.reading.vaf is not None:
            quoted = " ".join(text[s.start : s.end] for s in mention.spans)
            assert any(c.isdigit() for c in quoted)

"""How the curated rows speak: short plain sentences, no orders, no promises, each with a source that was checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.adapters.knowledge_schema import read_folder
from app.domain.statement import Trust
from app.stages.guidance.grade import NAMED, flesch_kincaid

FOLDER = Path(__file__).parents[2] / "app" / "data" / "statements"
LONGEST = 16
ORDERS = re.compile(
    r"\b(should|must|need to|have to|stop taking|don't|never|always|guarantee\w*|unfortunately)\b", re.I
)
FATES = re.compile(r"\b(cure[sd]?|survival|life expectancy|months to live|die[sd]?|death|\d+-year)\b", re.I)
SYMBOL = re.compile(r"\b[A-Za-z]*[A-Z0-9][A-Z0-9:;()./-]*[A-Za-z0-9)]*\b")


@cache
def written() -> dict[str, list[Any]]:
    return {kind: list(found) for kind, found in read_folder(FOLDER).items()}


def rows(kind: str) -> list[Any]:
    return written()[kind]


def told() -> Iterator[tuple[str, str]]:
    """Every sentence that a reader may see, with where it stands."""
    fields = {
        "cards": ("normal_job", "change_meaning"),
        "methods": ("finds", "misses"),
        "diseases": ("what", "urgent"),
        "frequencies": ("note",),
    }
    for kind, names in fields.items():
        for row in rows(kind):
            for name in names:
                where = f"{kind} {getattr(row, 'id', '') or getattr(row, 'disease', '')} {name}"
                for sentence in re.split(r"(?<=[.!?])\s+", getattr(row, name)):
                    if sentence:
                        yield where, sentence
    for row in rows("cards"):
        for name in row.look_alikes:
            yield f"cards {row.id} look-alike", name.how


def test_every_sentence_is_short_and_ends() -> None:
    long = [(w, s) for w, s in told() if len(s.split()) > LONGEST]
    open_ended = [(w, s) for w, s in told() if not s.endswith((".", "?"))]
    assert not long
    assert not open_ended


def test_no_sentence_orders_or_promises_or_counts_lives() -> None:
    assert not [(w, s) for w, s in told() if ORDERS.search(s) or FATES.search(s)]


def test_all_sentences_together_read_like_a_sixth_grade_text() -> None:
    text = " ".join(SYMBOL.sub(NAMED, s[0].lower() + s[1:]) for _, s in told())
    assert flesch_kincaid(text) <= 7.0


def test_a_curated_row_names_a_source_that_was_read() -> None:
    read = {s.id for s in rows("sources") if s.trust is Trust.CURATED}
    kinds = ("cards", "methods", "diseases", "frequencies", "advice", "statements")
    claimed = [r for kind in kinds for r in rows(kind) if r.trust is Trust.CURATED]
    assert len(claimed) > 500
    assert not [r for r in claimed if not set(r.sources) & read]


def test_no_two_cards_answer_to_one_name() -> None:
    plain = [{re.sub(r"[^a-z0-9]", "", n.lower()) for n in (c.id, c.marker, *c.names)} for c in rows("cards")]
    counts = Counter(name for names in plain for name in names)
    assert not [name for name, count in counts.items() if count > 1]


def test_a_card_and_an_advice_name_only_tests_that_are_explained() -> None:
    known = {m.id for m in rows("methods")}
    used = {m for c in rows("cards") for m in c.tested_by} | {m for a in rows("advice") for m in a.methods}
    assert used <= known


def test_a_new_acute_leukemia_says_why_it_cannot_wait() -> None:
    urgent = {d.disease for d in rows("diseases") if d.urgent}
    assert {"AML", "APLPMLRARA", "BLL", "TLL", "acute_leukemia", "BL"} <= urgent


def test_each_helpline_says_country_kind_and_number() -> None:
    lines = yaml.safe_load((FOLDER / "helplines.yaml").read_text(encoding="utf-8"))
    assert {line["kind"] for line in lines} == {"cancer", "crisis", "emergency"}
    assert all(re.fullmatch(r"[A-Z]{2}", line["country"]) for line in lines)
    assert all(re.search(r"\d", str(line["contact"])) for line in lines)
    assert not [line["name"] for line in lines if line["trust"] == "curated" and not line.get("source")]

"""Addresses of answer pages: every marker in every cancer that the knowledge base calls standard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from app.domain.question import QuestionWords
from app.domain.statement import Change, Condition, Level
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.answers.names import names
from app.stages.answers.reading import Found, read

ASK = "What does {marker} mean in {cancer}?"


def slug(name: str) -> str:
    """Write a name as part of an address."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", bare.replace("+", " plus ")).strip("-")


def slug_of(markers: Sequence[str], cancer: str) -> str:
    """Return the address of the page about these markers in this cancer; "" where nothing is named."""
    return "-".join(part for part in (*(slug(m) for m in markers[:3]), slug(cancer)) if part)


def address_of(found: Found) -> tuple[tuple[str, ...], str, str]:
    """Return the markers and the cancer that were found by name, and the address of their page."""
    markers = tuple(dict.fromkeys(marker.name for marker in found.markers))
    cancer = " / ".join(dict.fromkeys(c.name for c in found.cancers))
    return markers, cancer, slug_of(markers, cancer)


def question_of(address: str) -> str:
    """Return a question that names what an address names."""
    return f"What does {address.replace('-', ' ')} mean?"


SETTLING = 4
"""Times that a question is put in the words in which it was understood, until it stays the same."""

_KEPT: list[tuple[KnowledgeBase, Vocabulary, tuple[tuple[str, str], ...]]] = []


def answer_index(knowledge: KnowledgeBase, vocabulary: Vocabulary, words: QuestionWords) -> tuple[tuple[str, str], ...]:
    """Return (address, question) pairs in order of address."""
    for base, terms, made in _KEPT:
        if base is knowledge and terms is vocabulary:
            return made
    known = names(knowledge, vocabulary, words)
    pages: dict[str, str] = {}
    for marker, cancer in _standard(knowledge, vocabulary):
        question = ASK.format(marker=marker, cancer=cancer)
        for _ in range(SETTLING):
            markers, named, address = address_of(read(question, known))
            if len(markers) != 1 or not named:
                break
            shown = ASK.format(marker=markers[0], cancer=named)
            if shown == question:
                if address_of(read(question_of(address), known))[2] == address:
                    pages.setdefault(address, question)
                break
            question = shown
    made = tuple(sorted(pages.items()))
    _KEPT.append((knowledge, vocabulary, made))
    del _KEPT[:-2]
    return made


def _standard(knowledge: KnowledgeBase, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """List marker and cancer by name, for every test that guidelines name and every approval or guideline statement."""
    cards = {(c.gene, c.change): c.marker for c in reversed(list(knowledge.cards()))}
    pairs: dict[tuple[str, str], None] = {}
    genes: set[str | None] = {c.gene for c in knowledge.cards()} | {None}
    for row in knowledge.advice(list(vocabulary.diseases)):
        for condition in row.conditions[:1]:
            genes.add(condition.gene)
            pairs[_marker(condition, cards), _cancer(row.disease, vocabulary)] = None
    for statement in knowledge.about(sorted(genes, key=str)):
        if statement.level in (Level.APPROVED, Level.GUIDELINE):
            for condition in [c for c in statement.conditions if not c.negated][:1]:
                pairs[_marker(condition, cards), _cancer(statement.disease, vocabulary)] = None
    return [pair for pair in pairs if all(pair)]


def _cancer(code: str, vocabulary: Vocabulary) -> str:
    disease = vocabulary.diseases.get(code)
    return disease.name if disease else ""


def _marker(condition: Condition, cards: dict[tuple[str | None, Change | None], str]) -> str:
    detail = condition.detail.split("|")[0].strip()
    if condition.gene is None:
        return detail
    if condition.change in (Change.VARIANT, Change.CATEGORY) and detail:
        return f"{condition.gene} {detail.removeprefix('p.')}"
    known = cards.get((condition.gene, condition.change))
    if known:
        return known.split(",")[0]
    word = {Change.EXPRESSION: "expression", Change.LOST_EXPRESSION: "loss", Change.CYTOGENETIC: detail}
    return f"{condition.gene} {word.get(condition.change, condition.change.value)}".strip()

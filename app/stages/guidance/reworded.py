"""Takes a rewording where the checker passes it sentence by sentence; otherwise the reviewed sentence stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from app.domain.guidance import Part, Saying, Sentence
from app.stages.guidance.checker import UNGRADED, Checker
from app.stages.guidance.lexicon import drugs_in, genes_in, numbers_in, variants_in

END = re.compile(r"[.!?](?:\s|$)")
NEGATIONS = re.compile(
    r"\b(?:no|not|never|without|nothing|nobody|none|cannot|neither|nor|less|fewer|missing|may|might|can|"
    r"sin|nunca|nada|nadie|ni|menos|falta|puede|pueden|quizá)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that turn or soften what is said: a rewording has as many of each kind as the sentence, or it is refused."""


class Reworder(Protocol):
    """Says a sentence in other words."""

    def reword(self, sentence: str, language: str) -> str:
        """Return the sentence in other words; "" where there are none."""
        ...


def reworded(parts: Sequence[Part], checker: Checker, reworder: Reworder) -> list[Part]:
    """Reword what can be reworded: sentences about the report and cited facts, never questions and frames."""
    told = []
    for part in parts:
        if part.id in UNGRADED:
            told.append(part)
            continue
        sentences = tuple(_one(sentence, checker, reworder) for sentence in part.sentences)
        grade = checker.grade(part.id, sentences)
        easier = grade is not None and part.grade is not None and grade <= max(part.grade, 8.0)
        told.append(replace(part, sentences=sentences, grade=grade) if easier else part)
    return told


def _one(sentence: Sentence, checker: Checker, reworder: Reworder) -> Sentence:
    if sentence.kind not in (Saying.REPORT, Saying.FACT):
        return sentence
    text = reworder.reword(sentence.text, checker.writer.tongue.code).strip().strip('"“”').strip()
    return replace(sentence, text=text) if is_faithful(sentence, text, checker) else sentence


def is_faithful(sentence: Sentence, text: str, checker: Checker) -> bool:
    """Tell whether other words say no more and no less than the sentence."""
    if not text or text == sentence.text or len(END.findall(text)) != 1 or not END.search(text[-1:]):
        return False
    names = checker.names
    said = sentence.text
    same_names = all(find(text, names) == find(said, names) for find in (genes_in, drugs_in))
    same_values = (numbers_in(text), variants_in(text)) == (numbers_in(said), variants_in(said))
    turned = sorted(w.lower() for w in NEGATIONS.findall(text)) == sorted(
        w.lower() for w in NEGATIONS.findall(sentence.text)
    )
    short_enough = len(text.split()) <= 2 * len(sentence.text.split()) + 4
    return same_names and same_values and turned and short_enough and not checker.fault(replace(sentence, text=text))

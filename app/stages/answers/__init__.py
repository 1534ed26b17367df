"""A question in free words → what is asked, about which marker, in which cancer."""

from __future__ import annotations

from app.domain.question import Question, QuestionWords
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.answers.expand import widen
from app.stages.answers.index import address_of, answer_index, question_of
from app.stages.answers.intent import cleaned, intent_of, refusal_of
from app.stages.answers.names import names
from app.stages.answers.profile import made_up
from app.stages.answers.reading import read


def understand(question: str, *, knowledge: KnowledgeBase, vocabulary: Vocabulary, words: QuestionWords) -> Question:
    """Understand a question.

    Args:
        question: As asked; only its first 500 characters count.
        knowledge: Names of markers.
        vocabulary: Names of genes, drugs and cancers.
        words: Lay names, intents and what is out of scope.
    """
    text = cleaned(question)
    refusal = refusal_of(text, words)
    known = names(knowledge, vocabulary, words)
    found = read(text, known)
    if refusal == "other_disease" and (found.markers or found.cancers):
        refusal = ""
    markers, cancer, address = address_of(found)
    codes = tuple(dict.fromkeys(code for c in found.cancers for code in c.codes))
    intent = "out_of_scope" if refusal else intent_of(text, words, named=bool(markers or codes))
    if intent == "meaning" and found.drugs and markers:
        intent = "treatment"
    return Question(
        text=text,
        intent=intent,
        markers=markers,
        cancer=cancer,
        codes=codes,
        profile=made_up(found, text, () if refusal else widen(found.markers, codes, knowledge, vocabulary)),
        refusal=refusal,
        uncertain=found.uncertain,
        drugs=found.drugs,
        slug="" if refusal else address,
    )


def understand_slug(
    slug: str, *, knowledge: KnowledgeBase, vocabulary: Vocabulary, words: QuestionWords
) -> Question | None:
    """Return the question that a page's address stands for; None where it stands for none."""
    asked = understand(question_of(slug), knowledge=knowledge, vocabulary=vocabulary, words=words)
    if asked.slug == slug:
        return asked
    for known, question in answer_index(knowledge, vocabulary, words):
        if known == slug:
            return understand(question, knowledge=knowledge, vocabulary=vocabulary, words=words)
    return None


__all__ = ["answer_index", "understand", "understand_slug"]

"""Asks and explains with the knowledge, terms and wording that we ship, with no document read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.adapters.knowledge import open_knowledge
from app.adapters.terms import load_vocabulary
from app.adapters.wording import load_wording
from app.domain.guidance import Answer, Guidance
from app.domain.profile import Profile, ReadDocument
from app.domain.question import Question
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages import answers, guidance, matching


@dataclass(frozen=True, eq=False)
class Teller:
    """Asks and explains with the data that we ship."""

    knowledge: KnowledgeBase
    vocabulary: Vocabulary
    wording: guidance.Wordings

    def understand(self, question: str) -> Question:
        words = self.wording.questions
        return answers.understand(question, knowledge=self.knowledge, vocabulary=self.vocabulary, words=words)

    def ask(self, question: str, language: str = "en") -> Answer:
        asked = self.understand(question)
        matches = matching.match(asked.profile, knowledge=self.knowledge, vocabulary=self.vocabulary)
        return guidance.answer(
            asked,
            matches,
            knowledge=self.knowledge,
            wording=self.wording,
            vocabulary=self.vocabulary,
            language=language,
        )

    @cache  # noqa: B019  (one teller lives as long as the tests)
    def explain(self, known: Profile, documents: tuple[ReadDocument, ...] = (), language: str = "en") -> Guidance:
        matches = matching.match(known, knowledge=self.knowledge, vocabulary=self.vocabulary)
        return guidance.compose(
            known,
            matches,
            documents,
            knowledge=self.knowledge,
            wording=self.wording,
            vocabulary=self.vocabulary,
            language=language,
        )


def words(told: Guidance) -> str:
    """All sentences of an explanation, with its disclaimer."""
    return " ".join([*(s.text for p in told.parts for s in p.sentences), told.disclaimer])


@cache
def shipped() -> Teller:
    """The data that we ship, loaded once a process."""
    return Teller(open_knowledge(), load_vocabulary(), load_wording())

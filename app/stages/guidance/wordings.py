"""The wording that the composer fills: templates, headings, words and names, one set a language."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.guidance import Saying
from app.domain.question import QuestionWords
from app.domain.statement import Trust


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots.

    Attributes:
        id: Dotted name, such as "finding.fusion.detected".
        kind: What its sentences are.
        text: Plain words; slots in braces.
        clinical: The same for a reader with medical training; "" where the plain words serve both.
    """

    id: str
    kind: Saying
    text: str
    clinical: str = ""


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A word of reports and what it means.

    Attributes:
        id: Permanent slug.
        term: As reports print it.
        meaning: One or two plain sentences.
        names: Other spellings that open the same entry.
    """

    id: str
    term: str
    meaning: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Helpline:
    """Whom to call.

    Attributes:
        country: ISO code of the country, such as "US".
        kind: cancer, crisis or emergency.
        name: As it calls itself.
        contact: Telephone number or address, as printed.
        hours: When it answers, or "".
        trust: Whether somebody read the number on a page of theirs.
    """

    country: str
    kind: str
    name: str
    contact: str
    hours: str = ""
    trust: Trust = Trust.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Tongue:
    """The wording of one language.

    Attributes:
        code: "en" or "es".
        templates: By id.
        headings: By part id.
        words: Small words by dotted key, such as "result.not_detected".
        diseases: Names of cancers in running text by OncoTree code or group.
        texts: What the knowledge base says in English (cards, tests, remarks, names of markers), in this language, by
            the English text; empty for English. A text that changes has no translation until somebody writes it.
        disclaimer: What the page is not.
        forbidden: Patterns that no sentence may hold.
        glossary: Terms with their meaning.
    """

    code: str
    templates: dict[str, Template]
    headings: dict[str, str]
    words: dict[str, str]
    diseases: dict[str, str]
    disclaimer: str
    forbidden: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    glossary: tuple[GlossaryTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Wordings:
    """All wording.

    Attributes:
        tongues: By language code; "en" is always there.
        questions: Words by which a question is understood.
        not_genes: Capital words that are no gene although a gene once had the name, such as "CT".
        not_drugs: Words of drug lists that mean something else in a sentence, such as "water".
        helplines: Whom to call, the own country first.
        country: ISO code of the own country, or "".
    """

    tongues: dict[str, Tongue]
    questions: QuestionWords
    not_genes: frozenset[str] = frozenset()
    not_drugs: frozenset[str] = frozenset()
    helplines: tuple[Helpline, ...] = ()
    country: str = ""

    def tongue(self, language: str) -> Tongue:
        """Return the wording of a language, or English where we have none."""
        return self.tongues.get(language, self.tongues["en"])

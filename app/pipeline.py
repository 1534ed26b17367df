"""The stages in order: intake → pages → sections → mentions → findings → profile → matching → guidance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.document import SourceDocument, SourceFile
from app.domain.finding import Finding
from app.domain.guidance import Answer, Guidance
from app.domain.match import Matches
from app.domain.mention import Mention
from app.domain.outcome import Issue, Outcome
from app.domain.profile import Profile, ReadDocument
from app.domain.section import Report
from app.domain.term import Vocabulary
from app.ports import DocumentReader, KnowledgeBase, OnPage
from app.stages import answers, findings, guidance, intake, matching, mentions, pages, profile, sections


@dataclass(frozen=True, slots=True)
class Tools:
    """What the stages need, made once by bootstrap; `version` names the code and data files that read and explain."""

    reader: DocumentReader
    vocabulary: Vocabulary
    layouts: sections.Layouts
    lexicon: mentions.Lexicon
    knowledge: KnowledgeBase
    wording: guidance.Wordings
    version: str
    reworder: guidance.Reworder | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A read document and what it says."""

    document: ReadDocument
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole record, read, matched and explained."""

    documents: tuple[ReadDocument, ...]
    profile: Profile
    matches: Matches
    guidance: Guidance
    pipeline_version: str
    knowledge_version: str


def accept(file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
    """Turn a file into the documents that it holds, or refuse it (InputError)."""
    return intake.accept(file)


def read(
    source: SourceDocument, position: int, tools: Tools, on_page: OnPage, *, notes: tuple[Issue, ...] = ()
) -> DocumentFacts:
    """Read one document, the one at this position in its record, into findings; `notes` are issues of its intake."""
    read_pages = tools.reader.read(source, on_page)
    report = sections.divide(read_pages.value, position, layouts=tools.layouts)
    found = mentions.find(report.value, lexicon=tools.lexicon)
    facts = findings.gather(report.value, found.value)
    issues = pages.numbered(notes + read_pages.issues + report.issues + found.issues + facts.issues, position)
    return DocumentFacts(profile.document(source, read_pages.value, report.value, issues), facts.value)


def explain(
    records: Sequence[DocumentFacts],
    tools: Tools,
    *,
    language: str = "en",
    one_person: bool = False,
    said: Sequence[Finding] = (),
) -> Analysis:
    """Merge the documents of one record, match them and explain them.

    With `one_person`, a person has confirmed that all are of one patient though names or birth dates differ. `said` are
    facts that the person told without a document; they stay apart from what was read.
    """
    merged = profile.merge([(r.document, r.findings) for r in records], vocabulary=tools.vocabulary)
    known, documents = (
        profile.with_said(merged.value, said, vocabulary=tools.vocabulary),
        tuple(r.document for r in records),
    )
    if one_person:
        known = replace(known, issues=profile.confirmed(known.issues))
        documents = tuple(replace(d, issues=profile.confirmed(d.issues)) for d in documents)
    return explain_profile(known, tools, documents=documents, language=language)


def explain_profile(
    known: Profile, tools: Tools, *, documents: tuple[ReadDocument, ...] = (), language: str = "en"
) -> Analysis:
    """Match and explain a profile, whether read, typed in or asked about."""
    matches = matching.match(known, knowledge=tools.knowledge, vocabulary=tools.vocabulary)
    told = guidance.compose(
        known,
        matches,
        documents,
        knowledge=tools.knowledge,
        wording=tools.wording,
        vocabulary=tools.vocabulary,
        language=language,
        reworder=tools.reworder,
    )
    return Analysis(documents, known, matches, told, tools.version, tools.knowledge.version)


def extract(text: str, lexicon: mentions.Lexicon) -> tuple[Report, tuple[Mention, ...]]:
    """Run the extraction core alone on plain text; the spans of the mentions are offsets into that text."""
    report = sections.plain(text)
    return report, mentions.find(report, lexicon=lexicon).value


def ask(question: str, tools: Tools, *, language: str = "en") -> Answer:
    """Answer a public question: the guidance for the profile that the question names."""
    asked = answers.understand(
        question, knowledge=tools.knowledge, vocabulary=tools.vocabulary, words=tools.wording.questions
    )
    matches = matching.match(asked.profile, knowledge=tools.knowledge, vocabulary=tools.vocabulary)
    return guidance.answer(
        asked,
        matches,
        knowledge=tools.knowledge,
        wording=tools.wording,
        vocabulary=tools.vocabulary,
        language=language,
    )


__all__ = [
    "Analysis",
    "DocumentFacts",
    "Issue",
    "Tools",
    "accept",
    "ask",
    "explain",
    "explain_profile",
    "extract",
    "read",
]

"""What every use case gets: store, files, queue, pipeline, limits and clock."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from app import pipeline
from app.domain.document import SourceDocument, SourceFile
from app.domain.finding import Finding
from app.domain.guidance import Answer
from app.domain.mention import Reading as Fact
from app.domain.outcome import Issue, Outcome
from app.domain.page import Page
from app.domain.term import Vocabulary
from app.pipeline import Analysis, DocumentFacts, Tools
from app.ports import FileStore, JobQueue, Mailer, OnPage, Units
from app.services.answer_pages import answer_pages
from app.stages.guidance.wordings import GlossaryTerm


@dataclass(frozen=True, slots=True)
class Explained:
    """An analysis ready to be stored.

    Attributes:
        json: The analysis as `caseguide.analysis/1`.
        pipeline_version: Of the code that read.
        knowledge_version: Of the facts that explained.
    """

    json: dict[str, Any]
    pipeline_version: str
    knowledge_version: str


class Reading(Protocol):
    """The pipeline, as the use cases need it."""

    def accept(self, file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
        """Turn a file into its documents, or refuse it (InputError)."""
        ...

    def unlock(self, file: SourceFile) -> bytes:
        """Return a PDF without its password, which must be right."""
        ...

    def read(self, source: SourceDocument, on_page: OnPage, notes: tuple[Issue, ...] = ()) -> DocumentFacts:
        """Read one document; its evidence counts it as document 0."""
        ...

    def explain(
        self,
        records: Sequence[DocumentFacts],
        *,
        language: str,
        one_person: bool,
        said: Sequence[Finding] = (),
    ) -> Explained:
        """Merge, match and explain the documents of one record, and what the person said beside them."""
        ...

    def ask(self, question: str, *, language: str) -> Answer:
        """Answer a public question."""
        ...

    def answer_pages(self) -> tuple[tuple[str, str], ...]:
        """Return (last part of the address, question) of the public pages, in order of address."""
        ...

    def understand(self, text: str) -> tuple[Fact, ...]:
        """Read a line that a person types, with the extraction core."""
        ...

    def vocabulary(self) -> Vocabulary:
        """Return the names of genes, drugs and diseases."""
        ...

    def glossary(self, language: str) -> tuple[GlossaryTerm, ...]:
        """Return words of reports with their meaning."""
        ...

    def picture(self, source: SourceDocument, page: Page) -> bytes:
        """Draw a page as it is shown."""
        ...

    def sheet(
        self,
        records: Sequence[DocumentFacts],
        sources: Sequence[SourceDocument],
        *,
        language: str,
        one_person: bool,
        said: Sequence[Finding] = (),
        large: bool = False,
    ) -> bytes:
        """Draw the sheet for the visit as a PDF, in large print if wanted."""
        ...

    def bundle(
        self, records: Sequence[DocumentFacts], *, language: str, said: Sequence[Finding] = ()
    ) -> dict[str, Any]:
        """Return the record as a FHIR bundle."""
        ...

    def versions(self) -> tuple[str, str]:
        """Return the versions of pipeline and knowledge."""
        ...

    def warm(self) -> None:
        """Load everything now, so that the first person does not wait for it."""
        ...


DrawPage = Callable[[SourceDocument, Page], bytes]
"""Draws a page as it is shown."""


class DrawSheet(Protocol):
    """Draws the sheet for the visit."""

    def __call__(
        self, analysis: Analysis, sources: Sequence[SourceDocument], *, large: bool = False, draw: DrawPage
    ) -> bytes:
        """Return it as a PDF; `draw` draws a page of a document."""
        ...


class Handling(Protocol):
    """Opens files, safe from what a file may do."""

    def accept(self, file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
        """Turn a file into its documents, or refuse it (InputError)."""
        ...

    def unlock(self, file: SourceFile) -> bytes:
        """Return a PDF without its password, which must be right."""
        ...

    def draw(self, source: SourceDocument, page: Page) -> bytes:
        """Draw a page as it is shown."""
        ...

    def warm(self) -> None:
        """Load everything now."""
        ...


class PipelineReading:
    """The pipeline with its tools, which are made at first use in the process that needs them.

    Args:
        make_tools: Loads vocabulary, layouts, lexicon, knowledge and wording.
        draw_sheet: Draws the sheet for the visit.
        handling: Opens files, in a process of its own.
    """

    def __init__(self, make_tools: Callable[[], Tools], draw_sheet: DrawSheet, handling: Handling) -> None:
        self._make_tools = make_tools
        self._handling = handling
        self._draw_sheet = draw_sheet
        self._made: Tools | None = None
        self._lock = threading.Lock()

    @property
    def _tools(self) -> Tools:
        with self._lock:
            if self._made is None:
                self._made = self._make_tools()
        return self._made

    def accept(self, file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
        """Turn a file into its documents, or refuse it."""
        return self._handling.accept(file)

    def unlock(self, file: SourceFile) -> bytes:
        """Return a PDF without its password."""
        return self._handling.unlock(file)

    def read(self, source: SourceDocument, on_page: OnPage, notes: tuple[Issue, ...] = ()) -> DocumentFacts:
        """Read one document."""
        return pipeline.read(source, 0, self._tools, on_page, notes=notes)

    def explain(
        self,
        records: Sequence[DocumentFacts],
        *,
        language: str,
        one_person: bool,
        said: Sequence[Finding] = (),
    ) -> Explained:
        """Merge, match and explain the documents of one record, and what the person said beside them."""
        from app.stages import views

        found = pipeline.explain(records, self._tools, language=language, one_person=one_person, said=said)
        told = views.analysis(
            found.documents,
            found.profile,
            found.matches,
            found.guidance,
            pipeline_version=found.pipeline_version,
            knowledge_version=found.knowledge_version,
        )
        return Explained(told, found.pipeline_version, found.knowledge_version)

    def ask(self, question: str, *, language: str) -> Answer:
        """Answer a public question."""
        return pipeline.ask(question, self._tools, language=language)

    def answer_pages(self) -> tuple[tuple[str, str], ...]:
        """Return (last part of the address, question) of the public pages, in order of address."""
        return answer_pages(self._tools)

    def understand(self, text: str) -> tuple[Fact, ...]:
        """Read a line that a person types, with the extraction core."""
        return tuple(m.reading for m in pipeline.extract(text, self._tools.lexicon)[1])

    def vocabulary(self) -> Vocabulary:
        """Return the names of genes, drugs and diseases."""
        return self._tools.vocabulary

    def glossary(self, language: str) -> tuple[GlossaryTerm, ...]:
        """Return words of reports with their meaning."""
        return self._tools.wording.tongue(language).glossary

    def picture(self, source: SourceDocument, page: Page) -> bytes:
        """Draw a page as it is shown."""
        return self._handling.draw(source, page)

    def sheet(
        self,
        records: Sequence[DocumentFacts],
        sources: Sequence[SourceDocument],
        *,
        language: str,
        one_person: bool,
        said: Sequence[Finding] = (),
        large: bool = False,
    ) -> bytes:
        """Draw the sheet for the visit as a PDF, in large print if wanted."""
        found = pipeline.explain(records, self._tools, language=language, one_person=one_person, said=said)
        return self._draw_sheet(found, sources, large=large, draw=self._handling.draw)

    def bundle(
        self, records: Sequence[DocumentFacts], *, language: str, said: Sequence[Finding] = ()
    ) -> dict[str, Any]:
        """Return the record as a FHIR bundle."""
        from app.stages import views

        found = pipeline.explain(records, self._tools, language=language, said=said)
        return views.bundle(found.documents, found.profile)

    def versions(self) -> tuple[str, str]:
        """Return the versions of pipeline and knowledge."""
        return self._tools.version, self._tools.knowledge.version

    def warm(self) -> None:
        """Load everything, and go through the slow first call of each library."""
        self._handling.warm()
        pipeline.extract("EGFR p.L858R was detected. ALK was not detected.", self._tools.lexicon)
        pipeline.ask("What does an EGFR mutation mean in lung cancer?", self._tools)
        self.answer_pages()


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed, and for how long.

    Attributes:
        file_mb: Largest file.
        files_per_upload: Most files in one sending.
        documents_per_record: Most documents of one record.
        partial_mb: Most megabytes of all files together that are still coming.
        partial_hours: Life of such a file after its last piece.
        record_days: Life of a record that no account keeps.
        share_days: Life of a link to share, where the owner names none.
        session_days: Life of a sign-in.
        lease: How long a job is held without a sign of life.
        attempts: How often a job is begun before its document counts as one that cannot be read.
        ring_again: After which a waiting job is rung for once more.
    """

    file_mb: int = 100
    files_per_upload: int = 20
    documents_per_record: int = 100
    partial_mb: int = 20_000
    partial_hours: int = 24
    record_days: int = 30
    share_days: int = 14
    session_days: int = 14
    lease: timedelta = timedelta(seconds=60)
    attempts: int = 3
    ring_again: timedelta = timedelta(seconds=20)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a random id that nobody guesses."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case gets."""

    units: Units
    files: FileStore
    queue: JobQueue
    reading: Reading
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], datetime] = now
    mailer: Mailer | None = None

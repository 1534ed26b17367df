"""Files on disk → one record's analysis, without server, database or network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app import pipeline
from app.domain.document import SourceDocument, SourceFile
from app.domain.outcome import Issue
from app.errors import InputError


@dataclass(frozen=True, slots=True)
class Analysed:
    """What came of the files.

    Attributes:
        analysis: None where every file was refused.
        refusals: One sentence for each file that was refused: what it is and what to do.
        sources: The documents that were read, in the order of the analysis, so that their pages can be drawn.
    """

    analysis: pipeline.Analysis | None
    refusals: tuple[str, ...]
    sources: tuple[SourceDocument, ...]


def analyse_files(
    paths: Sequence[Path],
    tools: pipeline.Tools,
    *,
    password: str | None = None,
    on_page: Callable[[str, int, int], None] = lambda name, page, pages: None,
    language: str = "en",
) -> Analysed:
    """Read the files as ONE person's record.

    Args:
        paths: Files, in the order in which their documents are numbered.
        tools: What the stages need.
        password: Opens locked PDFs.
        on_page: Called after each page with the document's name, the page's number and the number of pages.
        language: Language of the guidance.
    """
    refusals: list[str] = []
    records: list[pipeline.DocumentFacts] = []
    sources: list[SourceDocument] = []
    for path in paths:
        try:
            accepted = pipeline.accept(SourceFile(path.name, path.read_bytes(), password))
        except InputError as error:
            refusals.append(str(error))
            continue
        notes: tuple[Issue, ...] = accepted.issues
        for source in accepted.value:
            try:
                facts = pipeline.read(source, len(records), tools, partial(on_page, source.name), notes=notes)
            except InputError as error:
                refusals.append(str(error))
                continue
            records.append(facts)
            sources.append(source)
            notes = ()
    found = pipeline.explain(records, tools, language=language) if records else None
    return Analysed(found, tuple(refusals), tuple(sources))

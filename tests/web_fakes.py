"""A pipeline of plain text for tests of the edges: quick, and as strict about boxes as the real one.

A "report" is UTF-8 text that begins with "REPORT". A form feed ends a page. A line "GENE CHANGE detected" is a finding,
"name=X" names the person.
Lines that begin with "!" tell the fake to do something bad: "!slow 0.5" before each page, "!crash",
"!bug words of the message", "!refuse".
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from app.domain.document import Format, ReportKind, SourceDocument, SourceFile
from app.domain.finding import Finding
from app.domain.guidance import Answer, Guidance, Part, Saying, Sentence
from app.domain.mention import FactType, Reading
from app.domain.outcome import Issue, Outcome, Severity
from app.domain.page import Line, Page, Word
from app.domain.profile import ReadDocument
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.statement import Source
from app.domain.term import Disease, Drug, Gene, Vocabulary
from app.errors import DamagedFileError, EmptyFileError, EncryptedReportError, NotADocumentError
from app.pipeline import DocumentFacts
from app.ports import OnPage
from app.services.desk import Explained
from app.stages.guidance.wordings import GlossaryTerm

SOURCE = Source("civic:EID1", "A trial of invented things", "https://example.org/1", "2020-01-01", "CC0-1.0")


def report(*lines: str, pages: int = 1) -> bytes:
    """Return the bytes of a fake report."""
    return "\f".join(["\n".join(["REPORT", *lines])] + ["REPORT page"] * (pages - 1)).encode()


class FakeReading:
    """Reads fake reports."""

    def __init__(self, trace: Path | None = None) -> None:
        self.trace = trace

    def accept(self, file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
        """Accept what begins with REPORT."""
        content = file.content
        if not content:
            raise EmptyFileError(file.name)
        if content.startswith(b"LOCKED"):
            raise EncryptedReportError(file.name)
        if content.startswith(b"BROKEN"):
            raise DamagedFileError(file.name)
        if not content.startswith(b"REPORT"):
            raise NotADocumentError(file.name)
        sha256 = hashlib.sha256(content).hexdigest()
        return Outcome((SourceDocument(file.name, sha256, Format.TEXT, content, file.password),))

    def unlock(self, file: SourceFile) -> bytes:
        """Return what lies behind the lock."""
        return file.content.removeprefix(b"LOCKED")

    def read(self, source: SourceDocument, on_page: OnPage, notes: tuple[Issue, ...] = ()) -> DocumentFacts:
        """Read one."""
        texts = source.content.decode().split("\f")
        pages, findings = [], []
        for number, text in enumerate(texts, 1):
            lines = []
            for row, line in enumerate(text.splitlines()):
                self._misbehave(line)
                words = [
                    Word(w, Box(50.0 + 60 * i, 50.0 + 20 * row, 100.0 + 60 * i, 62.0 + 20 * row))
                    for i, w in enumerate(line.split())
                ]
                if words:
                    lines.append(Line(tuple(words)))
                if line.endswith("detected"):
                    gene, change, *_ = line.split()
                    result = "not_detected" if " not " in line else "detected"
                    quote = Evidence(Spoken.PAGE, line, 0, number, lines[-1].box)
                    reading = Reading(FactType.VARIANT, gene, change, result, marker=gene)
                    findings.append(Finding(f"f{len(findings) + 1}", reading, (quote,)))
            pages.append(Page(number, 612.0, 792.0, tuple(lines)))
            self._note(f"{os.getpid()} page {number} {source.sha256[:8]}")
            on_page(number, len(texts))
        document = ReadDocument(
            source.name, source.sha256, ReportKind.NGS, tuple(pages), notes, "Invented Lab", "", date(2026, 1, 2)
        )
        self._note(f"{os.getpid()} read {source.sha256[:8]}")
        return DocumentFacts(document, tuple(findings))

    def explain(
        self,
        records: Sequence[DocumentFacts],
        *,
        language: str,
        one_person: bool,
        said: Sequence[Finding] = (),
    ) -> Explained:
        """Explain by repeating."""
        from app.domain.match import Matches
        from app.domain.profile import Profile
        from app.stages import views
        from app.stages.profile import with_said

        found = tuple(f for r in records for f in r.findings)
        found = tuple(replace(f, id=f"f{n}") for n, f in enumerate(found, 1))
        known = Profile(findings=found, issues=() if one_person else _two_persons(records))
        known = with_said(known, said, vocabulary=self.vocabulary())
        found = known.findings
        told = [
            Sentence(f"Your report says {f.reading.gene} {f.reading.alteration}.", Saying.REPORT, (f.id,))
            for f in found
        ]
        fact = Sentence("It is invented.", Saying.FACT, (), ("civic:EID1",))
        guidance = Guidance(
            (
                Part("in_short", "In short", (*told[:3], fact)),
                Part("findings", "Important findings", tuple(told)),
                Part("questions", "Questions to ask", (Sentence("What does it mean?", Saying.QUESTION),)),
            ),
            {"civic:EID1": SOURCE},
            grade=5.0,
            disclaimer="This page explains; it does not replace your care team.",
            language=language,
        )
        self._note(f"{os.getpid()} explain")
        analysis = views.analysis(
            [r.document for r in records],
            known,
            Matches(),
            guidance,
            pipeline_version="test",
            knowledge_version="test",
        )
        return Explained(analysis, "test", "test")

    def ask(self, question: str, *, language: str) -> Answer:
        """Answer with what was asked."""
        fact = Sentence("A fusion joins two genes.", Saying.FACT, (), ("civic:EID1",))
        guidance = Guidance((Part("in_short", "In short", (fact,)),), {"civic:EID1": SOURCE}, disclaimer="No advice.")
        slug = "-".join(question.lower().strip("?").split())
        return Answer(question, "meaning", ("ROS1 fusion",), "leukemia", ("AML",), "elsewhere_only", guidance, slug)

    def answer_pages(self) -> tuple[tuple[str, str], ...]:
        """Return two pages."""
        return (
            ("alk-fusion-lung-cancer", "What does ALK fusion mean in lung cancer?"),
            ("ret-fusion-thyroid-cancer", "What does RET fusion mean in thyroid cancer?"),
        )

    def understand(self, text: str) -> tuple[Reading, ...]:
        """Read "GENE CHANGE detected" as a variant; a line with a colon only of a gene that it knows."""
        gene, change, *_ = [*text.split(), "", ""]
        name, outcomes = change.rstrip(":"), {"indeterminate": ("indeterminate", None)}
        outcomes |= {"pending": ("not_evaluated", "pending"), "not tested": ("not_evaluated", "not_done")}
        result, reason = next((v for k, v in outcomes.items() if text.endswith(k)), ("detected", None))
        result = "not_detected" if text.endswith("not detected") else result
        if not name or (":" in text and gene not in self.vocabulary().genes):
            return ()
        name = "any mutation" if name == "mutation" else name
        return (Reading(FactType.VARIANT, gene, name, result, marker=gene, reason=reason),)

    def vocabulary(self) -> Vocabulary:
        """Know a few names."""
        return Vocabulary(
            {
                "EGFR": Gene("HGNC:3236", "EGFR", "epidermal growth factor receptor", ("ERBB",), cancer=True),
                "ERBB2": Gene("HGNC:3430", "ERBB2", "erb-b2 receptor tyrosine kinase 2", ("HER2",), cancer=True),
                "ALK": Gene("HGNC:427", "ALK", "ALK receptor tyrosine kinase", cancer=True),
            },
            {"osimertinib": Drug("osimertinib", ("Tagrisso",)), "FOLFOX": Drug("FOLFOX", kind="regimen")},
            {
                "LUNG": Disease("LUNG", "Lung"),
                "LUAD": Disease("LUAD", "Lung Adenocarcinoma", "LUNG", synonyms=("adenocarcinoma of the lung",)),
                "AML": Disease("AML", "Acute Myeloid Leukemia"),
                "leukemia": Disease("leukemia", "Leukemia", members=("AML",)),
            },
        )

    def glossary(self, language: str) -> tuple[GlossaryTerm, ...]:
        """Know one word."""
        return (GlossaryTerm("invented", "invented", "Made up by somebody.", ("made up",)),)

    def picture(self, source: SourceDocument, page: Page) -> bytes:
        """Draw a white page."""
        out = io.BytesIO()
        Image.new("RGB", (round(page.width), round(page.height)), "white").save(out, "PNG")
        return out.getvalue()

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
        """Return something that begins like a PDF."""
        return b"%PDF-1.7 sheet of " + str(len(sources)).encode() + (b" in large print" if large else b"")

    def bundle(
        self, records: Sequence[DocumentFacts], *, language: str, said: Sequence[Finding] = ()
    ) -> dict[str, Any]:
        """Return an empty bundle."""
        return {"resourceType": "Bundle", "entry": []}

    def versions(self) -> tuple[str, str]:
        """Return fixed versions."""
        return "test", "test"

    def warm(self) -> None:
        """Have nothing to load."""

    def _misbehave(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "!slow":
            time.sleep(float(rest))
        elif word == "!crash":
            os.kill(os.getpid(), signal.SIGKILL)
        elif word == "!bug":
            raise ValueError(f"cannot read {rest}")
        elif word == "!refuse":
            raise DamagedFileError("report.pdf")

    def _note(self, text: str) -> None:
        if self.trace:
            with self.trace.open("a") as out:
                out.write(text + "\n")


def _two_persons(records: Sequence[DocumentFacts]) -> tuple[Issue, ...]:
    names = {w.text for r in records for p in r.document.pages for w in p.words if w.text.startswith("name=")}
    return (Issue("document.other_person", "Two names.", Severity.BLOCKING),) if len(names) > 1 else ()


class SilentQueue:
    """Notes for which jobs it was rung."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, job: str) -> bool:
        """Note it."""
        self.rung.append(job)
        return True

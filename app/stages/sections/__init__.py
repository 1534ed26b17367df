"""Pages → a report in sections: what each stretch of text is for, and what the head says of the person and the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.document import ReportKind
from app.domain.outcome import Issue, Outcome, Severity
from app.domain.page import Page
from app.domain.section import Report, Section, SectionKind
from app.stages.sections.building import section_of
from app.stages.sections.dividing import Divided, drafts_of
from app.stages.sections.head import head_of
from app.stages.sections.layouts import Labels, Layout, Layouts

__all__ = ["Labels", "Layout", "Layouts", "divide", "plain"]


def divide(pages: Sequence[Page], document: int, *, layouts: Layouts) -> Outcome[Report]:
    """Divide a document into sections.

    Args:
        pages: Its pages, in order.
        document: Its position in the record, from 0.
        layouts: How laboratories lay out their reports.

    Returns:
        The report, whose sections hold every word of the pages; issues where no heading was recognised in a document of
        several pages, and where a form prints several answers and none can be seen to be marked.
    """
    text = "\n".join(line.text for page in pages for line in page.lines)
    layout = layouts.layout_of(text)
    head = head_of(pages, layout, layouts)
    divided = drafts_of(pages, layout, layouts)
    sections = tuple(section_of(draft, document) for draft in divided.drafts)
    report = Report(
        kind=head.kind,
        sections=sections,
        laboratory=head.laboratory,
        test=head.test,
        report_date=head.report_date,
        specimen=head.specimen,
        person=head.person,
        people=head.people,
    )
    return Outcome(report, (*_issues(report, len(pages)), *_of_pages(divided)))


def plain(text: str) -> Report:
    """Take a text that has no page as one section, untouched."""
    return Report(ReportKind.OTHER, (Section(SectionKind.UNKNOWN, "", text),))


def _of_pages(divided: Divided) -> Iterator[Issue]:
    for page in divided.unmarked:
        told = (
            f"Page {page} prints several possible answers in a row and we could not see which one is marked. "
            "Please look at that row and enter the result yourself."
        )
        yield Issue("page.unmarked_choice", told, Severity.WARNING, page=page)
    for page in divided.unsure:
        told = f"Page {page} has a line that we could not read for sure, so we left it out. Please look at the page."
        yield Issue("page.unsure_line", told, Severity.WARNING, page=page)
    for page in divided.commanding:
        told = (
            f"Page {page} holds text that speaks to software. We left it out; please show the page to your care team."
        )
        yield Issue("page.commands", told, Severity.WARNING, page=page)


def _issues(report: Report, pages: int) -> tuple[Issue, ...]:
    known = any(
        s.kind not in (SectionKind.UNKNOWN, SectionKind.BOILERPLATE, SectionKind.PATIENT) for s in report.sections
    )
    if known or pages < 3:
        return ()
    told = "We do not know this report's layout and read it without headings. Please compare the findings with it."
    return (Issue("document.unknown_layout", told, Severity.INFO),)

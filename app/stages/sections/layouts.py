"""How laboratories lay out their reports, as plain values; the files behind them stand in `app/data/labs`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.document import ReportKind
from app.domain.section import SectionKind
from app.stages.sections.spelling import squeezed


@dataclass(frozen=True, slots=True)
class Layout:
    """One laboratory's reports, or the generic rules.

    Attributes:
        name: Of the file, such as "foundationone".
        laboratory: As people call it, or "".
        recognise: Phrases that only this laboratory's reports print, squeezed; one is enough.
        tests: (phrase, name of the assay, kind of report), the more specific first; phrases squeezed.
        headings: Squeezed phrase → what stands under it.
        wording: Patterns for headings whose exact phrase is not listed, in order.
        columns: Squeezed heading of a table column → its name.
        drop: Patterns of page headers and footers.
        inner: Squeezed headings inside a section, which do not end it.
        people: Patterns of lines that name the person without a label, in a group `name`.
    """

    name: str
    laboratory: str = ""
    recognise: tuple[str, ...] = ()
    tests: tuple[tuple[str, str, ReportKind | None], ...] = ()
    headings: dict[str, SectionKind] = field(default_factory=dict)
    wording: tuple[tuple[re.Pattern[str], SectionKind], ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    drop: tuple[re.Pattern[str], ...] = ()
    inner: frozenset[str] = frozenset()
    people: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the fields in a report's head, squeezed → what the field holds.

    Attributes:
        fields: Such as "dateofbirth" → "born", "reporteddate" → "signed".
        sexes: Squeezed word → "female" or "male".
        kinds: (phrase, kind) that tell what sort of report it is, squeezed, the more specific first.
    """

    fields: dict[str, str] = field(default_factory=dict)
    sexes: dict[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, ReportKind], ...] = ()


@dataclass(frozen=True, slots=True)
class Layouts:
    """All layouts that we know.

    Attributes:
        generic: Rules that hold for any laboratory.
        labs: The laboratories', in order of their names.
        labels: Field names of report heads.
        content: What gives a section away by its content: kind → patterns, each worth one point a hit.
        scales: Sets of answers of which a report prints all and marks one, squeezed.
        commands: Patterns of text that speaks to software instead of to people.
        references: Patterns that begin a cell which tells what is normal.
    """

    generic: Layout
    labs: tuple[Layout, ...] = ()
    labels: Labels = field(default_factory=Labels)
    content: dict[SectionKind, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    scales: tuple[frozenset[str], ...] = ()
    commands: tuple[re.Pattern[str], ...] = ()
    references: tuple[re.Pattern[str], ...] = ()

    def layout_of(self, text: str) -> Layout:
        """Return the laboratory's layout joined to the generic one; the generic one alone where none is recognised.

        Args:
            text: All words of the document.
        """
        tight = squeezed(text)
        scored = [(sum(1 for phrase in lab.recognise if phrase in tight), lab) for lab in self.labs]
        hits, lab = max(scored, key=lambda pair: pair[0], default=(0, self.generic))
        return _joined(lab, self.generic) if hits else self.generic


def _joined(lab: Layout, generic: Layout) -> Layout:
    return Layout(
        name=lab.name,
        laboratory=lab.laboratory,
        recognise=lab.recognise,
        tests=lab.tests,
        headings={**generic.headings, **lab.headings},
        wording=lab.wording + generic.wording,
        columns={**generic.columns, **lab.columns},
        drop=lab.drop + generic.drop,
        inner=generic.inner | lab.inner,
        people=lab.people + generic.people,
    )

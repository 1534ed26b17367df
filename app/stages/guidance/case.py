"""A profile with what is known about it: what the sections of personal guidance are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.finding import Finding
from app.domain.guidance import Sentence
from app.domain.match import Match, Matches, Rung
from app.domain.outcome import Issue, Severity
from app.domain.profile import Profile, ReadDocument
from app.stages.guidance import facts
from app.stages.guidance.cards import Cards
from app.stages.guidance.wordings import Helpline
from app.stages.guidance.writing import Writer

LIST = 4
"""Names in one sentence of a list."""
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A finding and what is known about it.

    Attributes:
        finding: The finding.
        matches: What is told with it.
        rung: The one of them that matters most.
        joined: Id of the finding with which everything known about this one is told, or "".
    """

    finding: Finding
    matches: tuple[Match, ...]
    rung: Rung
    joined: str = ""

    @property
    def id(self) -> str:
        """The finding's id."""
        return self.finding.id


@dataclass(slots=True)
class Case:
    """Everything that the sections are made of.

    Attributes:
        known: The profile.
        matches: What is known about it.
        documents: What was read.
        writer: Makes the sentences.
        cards: Plain words about markers.
        told: The findings that are explained, most important first.
        listed: Findings that are only listed.
        helplines: Whom a person with cancer can call in their country.
    """

    known: Profile
    matches: Matches
    documents: tuple[ReadDocument, ...]
    writer: Writer
    cards: Cards
    told: list[Told] = field(default_factory=list)
    listed: list[Finding] = field(default_factory=list)
    helplines: tuple[Helpline, ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """Codes of the person's own cancers."""
        return tuple(d.oncotree for d in self.known.diagnoses if d.oncotree)

    def finding(self, identity: str) -> Finding | None:
        """Return a finding by its id."""
        return next((f for f in self.known.findings if f.id == identity), None)


def is_open(finding: Finding, case: Case) -> bool:
    """Tell whether nobody could judge a result, nor does a second test settle it, as ISH does for HER2 2+."""
    settled = any(m.statements and finding.id in m.about for m in case.matches.matches)
    return facts.is_unjudged(finding.reading) and not settled


def lead(match: Match, case: Case) -> str:
    """Return the finding that a match is told with: the first that is there, else the first."""
    present = [f for f in (case.finding(i) for i in match.about) if f]
    positive = [f for f in present if not facts.is_absent(f.reading) and not facts.is_usual(f.reading)]
    chosen = positive or present
    return chosen[0].id if chosen else ""


def conflict_name(about: Sequence[str], case: Case) -> str:
    """Name what facts disagree on: a marker, the diagnosis or the stage."""
    found = [f for f in (case.finding(i) for i in about) if f]
    if found:
        return facts.name(found[0].reading, case.writer)
    kind = {"d": "thing.diagnosis", "s": "thing.stage", "t": "thing.treatment"}.get(about[0][:1] if about else "", "")
    return case.writer.word(kind or "thing.fact")


def issues(case: Case) -> list[Issue]:
    """Return what the reader must know about the reading, worst first."""
    everything = [*case.known.issues, *(i for d in case.documents for i in d.issues)]
    shown = [i for i in everything if i.severity is not Severity.INFO]
    return list(dict.fromkeys(shown))


def list_of(template: str, chosen: Sequence[Finding], case: Case, naming: Callable[[Finding], str]) -> list[Sentence]:
    """List findings, a few in each sentence."""
    sentences = []
    for few in _short(chosen, naming):
        names = "; ".join(dict.fromkeys(naming(f) for f in few))
        sentences.append(case.writer.say(template, about=[f.id for f in few], list=names))
    return sentences


def _short(chosen: Sequence[Finding], naming: Callable[[Finding], str]) -> list[list[Finding]]:
    """Split a list so that each sentence holds a few names, fewer where they are long."""
    lists: list[list[Finding]] = []
    for finding in chosen:
        words = sum(len(naming(f).split()) for f in lists[-1]) if lists else 0
        if lists and len(lists[-1]) < LIST and words + len(naming(finding).split()) <= MOST_WORDS:
            lists[-1].append(finding)
        else:
            lists.append([finding])
    return lists

"""What a curator asks of the knowledge base: is it in order, what does it hold, what does it say, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from app.domain.statement import (
    DiseaseCard,
    Frequency,
    Level,
    MarkerCard,
    Method,
    Source,
    Statement,
    TestAdvice,
    Trust,
)
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.services.knowledge_faults import Row, faults
from app.services.knowledge_show import shown


class WholeBase(KnowledgeBase, Protocol):
    """A compiled base that can also be listed."""

    def statements(self) -> Sequence[Statement]:
        """Return all statements, in order of id."""
        ...


class Shelf(Protocol):
    """The knowledge files and what is made of them."""

    def rows(self) -> Sequence[Row]:
        """Read every row of every file.

        Raises:
            DataFileError: A file or row does not fit; names file and field.
        """
        ...

    def build(self) -> str:
        """Compile the files and return the version."""
        ...

    def open(self, compiled: Path | None = None) -> WholeBase:
        """Open a compiled file; the current one by default."""
        ...

    def day(self) -> str:
        """Return the day of the last change, from the file VERSION."""
        ...


def check(shelf: Shelf, vocabulary: Vocabulary) -> list[str]:
    """Return what is wrong with the knowledge files, one line each; an empty list where all is in order."""
    return faults(shelf.rows(), vocabulary, day=shelf.day())


def build(shelf: Shelf) -> str:
    """Compile the base and return its version."""
    return shelf.build()


def show(shelf: Shelf, vocabulary: Vocabulary, marker: str, cancer: str = "") -> str:
    """Return what is known of a marker, with sources, as text; the cancer's own rows first where one is given."""
    return shown(shelf.open(), vocabulary, marker, cancer)


def stats(shelf: Shelf) -> str:
    """Return how many rows of each kind there are, by trust, as a table of text."""
    rows = [row.noun for row in shelf.rows()]
    counts: dict[str, Counter[str]] = {}
    for name, belongs in _KINDS.items():
        counts[name] = Counter(str(noun.trust) for noun in rows if belongs(noun))
    lines = [f"{'':<44}{'curated':>9}{'machine':>9}{'unverified':>12}"]
    for name, by_trust in counts.items():
        lines.append(f"{name:<44}" + f"{by_trust['curated']:>9}{by_trust['machine']:>9}{by_trust['unverified']:>12}")
    lines.append("")
    said = [noun for noun in rows if isinstance(noun, Statement)]
    lines.extend(_spread(said, [noun for noun in rows if isinstance(noun, TestAdvice)]))
    return "\n".join([f"version {shelf.open().version}", *lines])


def _spread(said: Sequence[Statement], advised: Sequence[TestAdvice]) -> list[str]:
    approved = [s for s in said if s.level is Level.APPROVED and s.trust is Trust.CURATED]
    triples = {(c.gene or c.detail, s.disease, s.therapies) for s in approved for c in s.conditions if not c.negated}
    cancers = {a.disease for a in advised if a.trust is Trust.CURATED}
    regions = Counter(s.jurisdiction for s in approved)
    return [
        f"marker, cancer and drug, approved and curated: {len(triples)}",
        f"approvals by region: {', '.join(f'{region} {n}' for region, n in sorted(regions.items()))}",
        f"approvals by status: {', '.join(f'{k} {n}' for k, n in sorted(Counter(s.status for s in approved).items()))}",
        f"cancers with curated advice on testing: {len(cancers)}",
        f"cancers that any statement is about: {len({s.disease for s in said})}",
    ]


_Belongs = Callable[[object], bool]
_KINDS: dict[str, _Belongs] = {
    "approvals": lambda n: isinstance(n, Statement) and n.level is Level.APPROVED,
    "treatment, not approval": lambda n: (
        isinstance(n, Statement) and n.level is not Level.APPROVED and n.direction == "sensitive"
    ),
    "resistance": lambda n: isinstance(n, Statement) and n.direction == "resistant",
    "prognosis": lambda n: isinstance(n, Statement) and n.direction in {"favorable", "adverse"},
    "diagnosis": lambda n: isinstance(n, Statement) and n.direction in {"diagnostic", "diagnostic_negative"},
    "inherited risk": lambda n: isinstance(n, Statement) and n.direction == "predisposing",
    "no effect": lambda n: isinstance(n, Statement) and n.direction == "no_effect",
    "guidelines' word on testing": lambda n: isinstance(n, TestAdvice),
    "marker cards": lambda n: isinstance(n, MarkerCard),
    "cancers in plain words": lambda n: isinstance(n, DiseaseCard),
    "frequencies": lambda n: isinstance(n, Frequency),
    "ways of testing": lambda n: isinstance(n, Method),
    "sources": lambda n: isinstance(n, Source),
}


def diff(shelf: Shelf, before: Path, after: Path) -> str:
    """Return what changed between two compiled files: statements added, removed, and changed field by field."""
    old, new = shelf.open(before), shelf.open(after)
    was = {s.id: s for s in old.statements()}
    now = {s.id: s for s in new.statements()}
    lines = [f"{old.version} → {new.version}"]
    lines.extend(f"+ {identity}: {brief(now[identity])}" for identity in sorted(now.keys() - was.keys()))
    lines.extend(f"- {identity}: {brief(was[identity])}" for identity in sorted(was.keys() - now.keys()))
    for identity in sorted(now.keys() & was.keys()):
        lines.extend(f"~ {identity}: {told}" for told in _changes(was[identity], now[identity]))
    return "\n".join(lines if len(lines) > 1 else [*lines, "no statement changed"])


def brief(statement: Statement) -> str:
    """Return a statement in one line."""
    markers = " and ".join(
        " ".join(word for word in ("no" if c.negated else "", c.gene or "", c.change.value, c.detail) if word)
        for c in statement.conditions
    )
    drugs = " + ".join(statement.therapies)
    told = (markers, statement.disease, statement.direction.value, statement.level.value, drugs)
    return ", ".join(word for word in told if word)


def _changes(was: Statement, now: Statement) -> Iterable[str]:
    for name in Statement.__dataclass_fields__:
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            yield f"{name}: {_plain(old)} → {_plain(new)}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_plain(part) for part in value) + "]"
    return str(value) or "(empty)"

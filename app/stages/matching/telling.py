"""Which of the statements that a profile meets are worth saying: what adds nothing or misleads is left out.

`caseguide knowledge show` lists everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.match import Rung
from app.domain.statement import Direction, Level, Trust
from app.stages.matching.meeting import Met

TREATMENT_HERE = {Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.CLINICAL_EVIDENCE_HERE}
BESIDE = {Rung.RESISTANCE, Rung.PROGNOSTIC, Rung.DIAGNOSTIC}


def without_blocked(met: Sequence[Met]) -> list[Met]:
    """Leave out treatments with a drug that another finding of the person makes work less, by a curated word.

    Where the treatment's own findings are all that makes the drug work less, the row that names both decides.
    """
    against: dict[str, list[Met]] = {}
    for m in met:
        if m.rung is Rung.RESISTANCE and m.statement.trust is Trust.CURATED and len(m.statement.therapies) == 1:
            against.setdefault(m.statement.therapies[0], []).append(m)
    return [
        m
        for m in met
        if m.statement.direction is not Direction.SENSITIVE
        or all(_own(word, m) for drug in m.statement.therapies for word in against.get(drug, ()))
    ]


def _own(word: Met, m: Met) -> bool:
    """Tell whether every part of a word of resistance is met by the findings that the treatment rests on."""
    return all(part & set(m.main) for part in word.parts)


def worth_saying(own: Sequence[Met], *, held: bool) -> list[Met]:
    """Return what is worth saying of one finding.

    Args:
        own: What is met by the finding.
        held: Whether an approval in the person's cancer needs another result that is missing or speaks against it.
    """
    said = _Said.about(own, held=held)
    return [m for m in own if not said.makes_idle(m)]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of one finding as a whole.

    Attributes:
        treated: Whether a curated row in force names a treatment in the person's cancer.
        studied: Whether any row in force that is more than single reports does.
        elsewhere: Whether a treatment is established in another cancer.
        curated: Rungs that curated rows give.
        home: Treatments that the US approved for it.
        held: Whether an approval waits for another result.
    """

    treated: bool
    studied: bool
    elsewhere: bool
    curated: frozenset[Rung]
    home: frozenset[tuple[str, ...]]
    held: bool

    @classmethod
    def about(cls, own: Sequence[Met], *, held: bool) -> _Said:
        """Sum up what is met."""
        here = [m.statement for m in own if m.rung in TREATMENT_HERE and m.statement.status != "withdrawn"]
        return cls(
            any(statement.trust is Trust.CURATED for statement in here),
            any(statement.level is not Level.CASE for statement in here),
            any(m.rung is Rung.ELSEWHERE_ONLY for m in own) and not held,
            frozenset(m.rung for m in own if m.statement.trust is Trust.CURATED),
            frozenset(s.therapies for s in here if s.level is Level.APPROVED and s.jurisdiction == "US"),
            held,
        )

    def makes_idle(self, m: Met) -> bool:
        """Tell whether a statement adds nothing to the rest, or would mislead beside it."""
        derived = m.statement.trust is Trust.MACHINE
        if m.rung is Rung.ELSEWHERE_ONLY:
            means_here = bool(self.curated & {Rung.RESISTANCE, Rung.PROGNOSTIC})
            return self.treated or self.studied or self.held or means_here
        if m.rung in BESIDE:
            return derived and m.rung in self.curated
        if m.rung is Rung.APPROVED_HERE:
            return m.statement.jurisdiction != "US" and m.statement.therapies in self.home
        weaker = derived or m.statement.status == "withdrawn"
        single = derived and m.statement.level is Level.CASE
        return (weaker and (self.treated or self.held)) or (single and (self.elsewhere or self.studied))

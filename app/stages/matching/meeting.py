"""Which statements a profile meets whole: what must be there was found, what must not be there was tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.match import Rung
from app.domain.statement import Change, Condition, Direction, Level, Statement, Trust
from app.stages.matching import setting
from app.stages.matching.facts import Fact, is_absent
from app.stages.matching.fit import Fit, is_harmless
from app.stages.matching.fits import fit
from app.stages.matching.setting import Setting

STRONG = {Level.APPROVED, Level.GUIDELINE, Level.CLINICAL}


MAY_BE_MEANT = {Direction.SENSITIVE, Direction.PREDISPOSING}
"""What a question about a gene may be about without naming the exact change; resistance and outlook need it named."""
CHANGES = frozenset(Change) - {Change.EXPRESSION, Change.LOST_EXPRESSION, Change.SIGNATURE, Change.CYTOGENETIC}
"""Classes that only a gene in which something was found can meet."""


@dataclass(frozen=True, slots=True)
class Met:
    """A statement all of whose conditions are met.

    Attributes:
        statement: The statement.
        rung: Its rung for this person.
        about: Ids of the findings that meet it: what was found first, then what was tested and not found.
        main: Ids of what was found; of what was not found where nothing else is asked for.
        closeness: The least close fit among its conditions.
        remarks: Where its setting is not the person's.
        parts: For each condition that something was found for, the ids that meet it.
    """

    statement: Statement
    rung: Rung
    about: tuple[str, ...]
    main: tuple[str, ...]
    closeness: Fit
    remarks: tuple[str, ...]
    parts: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a statement's conditions are met.

    Attributes:
        complete: Whether all are.
        main: Ids of what was found.
        beside: Ids of what was tested and not found.
        closeness: The least close fit.
        parts: For each condition that something was found for, the ids that meet it.
        assumed: Whether a question left out results that the statement asks for as well.
    """

    complete: bool
    main: frozenset[str]
    beside: frozenset[str]
    closeness: Fit
    parts: tuple[frozenset[str], ...]
    assumed: bool


class Meeting:
    """The facts of one profile, ready to be compared; what was compared once is kept."""

    def __init__(self, facts: Sequence[Fact], here: Setting, each: Mapping[str, Setting]) -> None:
        """Take the facts, the person's setting, and by id the setting of each diagnosis that a fact may belong to."""
        self._facts = facts
        self._here = here
        self._own = {i: each[d] for fact in facts if (d := fact.reading.diagnosis) in each for i in fact.ids if d}
        self._order = {identity: place for place, fact in enumerate(facts) for identity in fact.ids}
        self._about = [(fact, frozenset(fact.genes)) for fact in facts]
        self._present = frozenset(g for fact in facts if not is_absent(fact.reading) for g in fact.genes)
        self._absent = frozenset(i for fact in facts if is_absent(fact.reading) for i in fact.ids)
        self._inherited = frozenset(i for fact in facts if fact.reading.origin == "germline" for i in fact.ids)
        self._uncalled = frozenset(i for fact in facts if fact.reading.result == "reported" for i in fact.ids)
        self._asked = any(fact.asked for fact in facts)
        self._compared: dict[Condition, list[tuple[Fit, Fact]]] = {}

    def with_all(self, statements: Sequence[Statement]) -> tuple[list[Met], dict[str, list[Statement]]]:
        """Return the statements that are met, and by finding the approvals that another result holds back.

        Where a curated row says for whom a drug is, derived rows about that drug in that cancer are left aside: they
        would loosen its conditions.
        """
        met: list[Met] = []
        waiting: dict[str, list[Statement]] = {}
        decided = self._decided(statements)
        for statement in statements:
            if self._out_of_reach(statement):
                continue
            rung = rung_of(statement, self._here)
            if rung is None or (statement.trust is Trust.MACHINE and self._loosens(statement, rung, decided)):
                continue
            outcome = self._outcome(statement)
            if not self._may_be_inherited(statement, outcome):
                continue
            for own in {id(self._own[i]): self._own[i] for i in outcome.main if i in self._own}.values():
                rung = rung_of(statement, own)
            if rung is None:
                continue
            main = tuple(sorted(outcome.main, key=self._order.__getitem__))
            if outcome.complete and main and not (rung is Rung.ELSEWHERE_ONLY and self._absent.issuperset(main)):
                beside = tuple(sorted(outcome.beside - outcome.main, key=self._order.__getitem__))
                remarks = setting.remarks(statement, self._here) if rung is not Rung.ELSEWHERE_ONLY else ()
                remarks = ("only together with other results", *remarks) if outcome.assumed else remarks
                if not self._uncalled.isdisjoint(main):
                    remarks = (*remarks, "your report gives the number without calling it")
                met.append(Met(statement, rung, (*main, *beside), main, outcome.closeness, remarks, outcome.parts))
            elif rung is Rung.APPROVED_HERE:
                for identity in main:
                    waiting.setdefault(identity, []).append(statement)
        return met, waiting

    def outside(self, statements: Sequence[Statement], identity: str) -> str:
        """Say why approvals in the person's cancer pass a finding by: its value lies outside, or its change is another.

        Returns:
            "value", "change", or "" where no approval there is about the marker at all.
        """
        told = ""
        for statement in statements:
            if rung_of(statement, self._here) is not Rung.APPROVED_HERE:
                continue
            for condition in statement.conditions:
                if condition.negated:
                    continue
                if any(f is Fit.AGAINST and identity in fact.ids for f, fact in self._fits(condition)):
                    return "value"
                if any(identity in fact.ids and own & set(condition.genes) - {None} for fact, own in self._about):
                    told = "change"
        return told

    def _decided(self, statements: Sequence[Statement]) -> frozenset[str]:
        """Return the drugs that curated approvals speak of in the person's cancer or in one that takes it in.

        An approval that leaves the person's cancer out counts too: no derived row may bring its drugs back in.
        """
        return frozenset(
            drug
            for statement in statements
            if statement.level is Level.APPROVED and self._here.takes_in(statement)
            for drug in statement.therapies
        )

    @staticmethod
    def _loosens(statement: Statement, rung: Rung, decided: frozenset[str]) -> bool:
        """Tell whether a derived row would say less strictly what a curated one says, or rests on absence alone."""
        if all(condition.negated for condition in statement.conditions):
            return True
        return rung is Rung.CLINICAL_EVIDENCE_HERE and not decided.isdisjoint(statement.therapies)

    def _may_be_inherited(self, statement: Statement, outcome: Outcome) -> bool:
        """Tell whether a statement may speak of an inherited change: outlook and derived rows are about the tumour."""
        if self._inherited.isdisjoint(outcome.main) or statement.direction is Direction.PREDISPOSING:
            return True
        outlook = statement.direction in {Direction.FAVORABLE, Direction.ADVERSE}
        said = any(condition.origin == "germline" for condition in statement.conditions)
        return said or not (outlook or statement.trust is Trust.MACHINE)

    def _out_of_reach(self, statement: Statement) -> bool:
        """Tell, cheaply, whether a condition asks for a change of a gene in which nothing was found."""
        present = self._present
        for condition in statement.conditions:
            if condition.gene in present or condition.negated or condition.change not in CHANGES:
                continue
            if present.isdisjoint(condition.or_genes):
                return True
        return False

    def _outcome(self, statement: Statement) -> Outcome:
        """Compare all conditions with all facts."""
        main: set[str] = set()
        beside: set[str] = set()
        parts: list[frozenset[str]] = []
        closeness = Fit.EXACT
        complete = True
        assumed = False
        open_ended = statement.trust is not Trust.MACHINE and statement.direction in MAY_BE_MEANT
        for condition in statement.conditions:
            fits = self._fits(condition)
            best = max((f for f, _ in fits), default=Fit.APART)
            ids = {identity for f, fact in fits if f is best for identity in fact.ids}
            if self._may_be_assumed(condition, best):
                assumed = True
            elif condition.negated:
                complete = complete and best is Fit.AGAINST
                beside |= ids if best is Fit.AGAINST else set()
            elif best.meets or (open_ended and self._may_be_meant(best, fits)):
                closeness = min(closeness, max(best, Fit.GENE))
                main |= ids
                parts.append(frozenset(ids))
            else:
                complete = False
                main |= ids if best is Fit.OPEN else set()
        if all(condition.negated for condition in statement.conditions):
            main = beside
        return Outcome(complete, frozenset(main), frozenset(beside), closeness, tuple(parts), assumed)

    def _fits(self, condition: Condition) -> list[tuple[Fit, Fact]]:
        known = self._compared.get(condition)
        if known is None:
            facts = self._facts if condition.gene is None else self._near(condition)
            known = [(f, fact) for fact in facts if (f := fit(condition, fact.reading)) is not Fit.APART]
            self._compared[condition] = known
        return known

    def _near(self, condition: Condition) -> list[Fact]:
        """Return the facts about any of the condition's genes; loose ones too where an event may imply the gene."""
        genes = set(condition.genes)
        loose = condition.change is Change.CYTOGENETIC
        return [fact for fact, own in self._about if loose or own & genes]

    def _may_be_meant(self, best: Fit, fits: Sequence[tuple[Fit, Fact]]) -> bool:
        """Tell whether a question, which names a gene but no exact change or origin, may mean the one asked for."""
        return (
            best is Fit.OPEN
            and self._asked
            and any(f is best and not (is_harmless(fact.reading) or is_absent(fact.reading)) for f, fact in fits)
        )

    def _may_be_assumed(self, condition: Condition, best: Fit) -> bool:
        """Tell whether a question may leave out what a condition asks for: what is absent, and the wider picture."""
        if not self._asked or best is not Fit.APART:
            return False
        wider = condition.change in {Change.EXPRESSION, Change.SIGNATURE}
        carrier = condition.change is Change.FUSION and condition.gene in self._present
        return condition.negated or wider or carrier


def rung_of(statement: Statement, here: Setting) -> Rung | None:
    """Return the rung of a statement for this person, or None where it says nothing to them.

    A derived row decides less than a curated one: it never counts as a guideline's word, it speaks of resistance only
    where its table calls that validated, and one about "any tumour" is not about this person's.
    """
    derived = statement.trust is Trust.MACHINE
    near = here.is_here(statement) and not (derived and statement.disease in setting.ROOTS)
    strong = statement.level in STRONG
    preclinical = statement.level is Level.PRECLINICAL
    match statement.direction:
        case Direction.SENSITIVE:
            return _treatment_rung(statement, near=near, derived=derived)
        case Direction.RESISTANT:
            sure = statement.level in {Level.APPROVED, Level.GUIDELINE} or not (derived or preclinical)
            return Rung.RESISTANCE if near and sure else None
        case Direction.FAVORABLE | Direction.ADVERSE:
            return Rung.PROGNOSTIC if near and strong else None
        case Direction.DIAGNOSTIC | Direction.DIAGNOSTIC_NEGATIVE | Direction.PREDISPOSING:
            return Rung.DIAGNOSTIC if (near or not here.known) and not preclinical else None
    return None


def _treatment_rung(statement: Statement, *, near: bool, derived: bool) -> Rung | None:
    withdrawn = statement.status == "withdrawn"
    if not near:
        enough = STRONG - {Level.CLINICAL} if derived else STRONG
        return Rung.ELSEWHERE_ONLY if statement.level in enough and not withdrawn else None
    if statement.level is Level.APPROVED and not withdrawn and statement.trust is Trust.CURATED:
        return Rung.APPROVED_HERE
    if statement.level is Level.GUIDELINE and not derived:
        return Rung.GUIDELINE_HERE
    return None if statement.level is Level.PRECLINICAL else Rung.CLINICAL_EVIDENCE_HERE

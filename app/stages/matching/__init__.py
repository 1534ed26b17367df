"""Profile → what is known about its findings, and which expected tests its documents lack.

Every statement's conditions must all be met by the person's own, current, settled findings. The cancer then decides the
rung, and the stage and treatments so far what has to be said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.match import Match, Matches, Rung
from app.domain.profile import Profile
from app.domain.statement import Direction, Level, Statement, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.matching import reasons, setting
from app.stages.matching.facts import Fact, is_absent, matched, set_aside
from app.stages.matching.fit import Fit
from app.stages.matching.fits import fit
from app.stages.matching.missing import missing_tests
from app.stages.matching.setting import Setting

ORDER = list(Rung)
LEVELS = list(Level)
TRUSTS = list(Trust)
MOST = 12
"""Statements that one match carries at most, the strongest first; the rest stay in `knowledge show`."""


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
    """

    statement: Statement
    rung: Rung
    about: tuple[str, ...]
    main: tuple[str, ...]
    closeness: Fit
    remarks: tuple[str, ...]


def match(known: Profile, *, knowledge: KnowledgeBase, vocabulary: Vocabulary) -> Matches:
    """Match a profile.

    Args:
        known: The profile, read, typed in or asked about.
        knowledge: The compiled facts.
        vocabulary: The diseases with their ancestors and groups, and the drugs with their names.

    Returns:
        Matches in the order of the profile's findings, strongest rung first for each, and the missing tests.
    """
    facts = matched(known)
    here = setting.read(known, vocabulary)
    genes = dict.fromkeys(gene for fact in facts for gene in fact.genes)
    met, open_needs = _evaluate(knowledge.about(list(genes)), facts, here)
    met = _without_blocked(met)
    apart = set_aside(known)
    found: list[Match] = []
    told: set[tuple[str, ...]] = set()
    for finding in known.findings:
        if finding.id in apart:
            found.append(Match((finding.id,), Rung.NONE, (), apart[finding.id]))
            continue
        own = [m for m in met if finding.id in m.main]
        found.extend(_grouped([m for m in own if m.main not in told], here))
        told.update(m.main for m in own)
        fact = next((f for f in facts if finding.id in f.ids), None)
        if not own and fact is not None and not is_absent(fact.reading):
            found.append(Match((finding.id,), Rung.NONE, (), reasons.nothing(open_needs.get(finding.id, ()), here)))
    return Matches(tuple(found), missing_tests(known, knowledge, here), here.near)


def _evaluate(
    statements: Iterable[Statement], facts: Sequence[Fact], here: Setting
) -> tuple[list[Met], dict[str, list[Statement]]]:
    """Return the statements that are met, and by finding those that only an unknown keeps from being met."""
    met: list[Met] = []
    open_needs: dict[str, list[Statement]] = {}
    for statement in statements:
        rung = rung_of(statement, here)
        if rung is None:
            continue
        outcome = _meet(statement, facts)
        if outcome is None:
            continue
        complete, about, main, closeness = outcome
        if complete:
            remarks = setting.remarks(statement, here) if rung is not Rung.ELSEWHERE_ONLY else ()
            met.append(Met(statement, rung, about, main, closeness, remarks))
        elif rung is Rung.APPROVED_HERE:
            for identity in main:
                open_needs.setdefault(identity, []).append(statement)
    return met, open_needs


def _meet(statement: Statement, facts: Sequence[Fact]) -> tuple[bool, tuple[str, ...], tuple[str, ...], Fit] | None:
    """Compare all conditions with all facts.

    Returns:
        Whether all are met, the ids that meet them, the ids of what was found, and the least close fit; None where a
        result speaks against a condition or no condition is met by anything that was found.
    """
    main: list[str] = []
    beside: list[str] = []
    closeness = Fit.EXACT
    complete = True
    for condition in statement.conditions:
        fits = [(fit(condition, fact.reading), fact) for fact in facts]
        best = max((f for f, _ in fits), default=Fit.APART)
        if condition.negated:
            if best.meets:
                return None
            clear = [fact for f, fact in fits if f is Fit.AGAINST]
            if clear and best is not Fit.OPEN:
                beside.extend(identity for fact in clear for identity in fact.ids)
            else:
                complete = False
            continue
        meeting = [fact for f, fact in fits if f is best]
        if not best.meets:
            asked = any(fact.asked for fact in facts)
            if best is Fit.AGAINST or (not main and len(statement.conditions) == 1):
                return None
            if best is Fit.OPEN and asked and condition.origin:
                main.extend(identity for fact in meeting for identity in fact.ids)
                continue
            complete = False
            continue
        closeness = min(closeness, best)
        main.extend(identity for fact in meeting for identity in fact.ids)
    if all(condition.negated for condition in statement.conditions):
        main = beside
    if not main:
        return None
    order = {identity: place for place, fact in enumerate(facts) for identity in fact.ids}
    found = sorted(set(main), key=order.__getitem__)
    cleared = sorted(set(beside) - set(main), key=order.__getitem__)
    return complete, (*found, *cleared), tuple(found), closeness


def rung_of(statement: Statement, here: Setting) -> Rung | None:
    """Return the rung of a statement for this person, or None where it says nothing to them."""
    near = here.is_here(statement)
    weak = LEVELS.index(statement.level) > LEVELS.index(Level.CLINICAL)
    preclinical = statement.level is Level.PRECLINICAL
    match statement.direction:
        case Direction.SENSITIVE:
            return _treatment_rung(statement, near=near)
        case Direction.RESISTANT:
            return Rung.RESISTANCE if near and not preclinical else None
        case Direction.FAVORABLE | Direction.ADVERSE:
            return Rung.PROGNOSTIC if near and not weak else None
        case Direction.DIAGNOSTIC | Direction.DIAGNOSTIC_NEGATIVE | Direction.PREDISPOSING:
            return Rung.DIAGNOSTIC if (near or not here.known) and not preclinical else None
    return None


def _treatment_rung(statement: Statement, *, near: bool) -> Rung | None:
    withdrawn = statement.status == "withdrawn"
    if not near:
        strong = statement.level in {Level.APPROVED, Level.GUIDELINE, Level.CLINICAL}
        return Rung.ELSEWHERE_ONLY if strong and not withdrawn else None
    if statement.level is Level.APPROVED and not withdrawn and statement.trust is Trust.CURATED:
        return Rung.APPROVED_HERE
    if statement.level is Level.GUIDELINE:
        return Rung.GUIDELINE_HERE
    return None if statement.level is Level.PRECLINICAL else Rung.CLINICAL_EVIDENCE_HERE


def _without_blocked(met: list[Met]) -> list[Met]:
    """Leave out therapies that another finding of the person makes work less, by curated or guideline-level word."""
    blocked = {
        m.statement.therapies: m.main
        for m in met
        if m.rung is Rung.RESISTANCE
        and m.statement.therapies
        and (m.statement.trust is Trust.CURATED or m.statement.level in {Level.APPROVED, Level.GUIDELINE})
    }
    kept: list[Met] = []
    for m in met:
        sensitive = m.statement.direction is Direction.SENSITIVE
        against = blocked.get(m.statement.therapies) if sensitive else None
        if against is None or set(against) == set(m.main):
            kept.append(m)
    return kept


def _strength(m: Met) -> tuple[int, int, int, int, str]:
    """Sort key: rung, setting, closeness, level, trust."""
    s = m.statement
    return (len(m.remarks), -int(m.closeness), LEVELS.index(s.level), TRUSTS.index(s.trust), s.id)


def _grouped(own: Sequence[Met], here: Setting) -> list[Match]:
    """Gather the met statements of one finding by what they rest on, rung and jurisdiction, strongest first."""
    groups: dict[tuple[tuple[str, ...], Rung, str], list[Met]] = {}
    best_here = any(m.rung in {Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.CLINICAL_EVIDENCE_HERE} for m in own)
    for m in own:
        if m.rung is Rung.ELSEWHERE_ONLY and best_here:
            continue
        jurisdiction = m.statement.jurisdiction if m.rung is Rung.APPROVED_HERE else ""
        groups.setdefault((m.about, m.rung, jurisdiction), []).append(m)
    gathered = []
    for (about, rung, jurisdiction), members in groups.items():
        members.sort(key=_strength)
        kept = members[:MOST]
        gathered.append(
            Match(
                about,
                rung,
                tuple(m.statement for m in kept),
                reasons.why(kept[0].statement, kept[0].closeness, kept[0].remarks, here),
                jurisdiction,
                tuple(dict.fromkeys(name for m in kept for name in setting.taken(m.statement, here))),
            )
        )
    return sorted(gathered, key=lambda found: (ORDER.index(found.rung), found.jurisdiction != "US", len(found.about)))

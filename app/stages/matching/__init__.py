"""Profile → what is known about its findings, and which expected tests its documents lack.

Every statement's conditions must all be met by the person's own, current, settled findings. The cancer then decides the
rung, and the stage and treatments so far what has to be said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.match import Match, Matches, Rung
from app.domain.profile import Profile
from app.domain.statement import Direction, Level, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.matching import reasons, setting
from app.stages.matching.facts import is_absent, matched, set_aside
from app.stages.matching.meeting import Meeting, Met
from app.stages.matching.missing import missing_tests
from app.stages.matching.setting import Setting

ORDER = list(Rung)
LEVELS = list(Level)
TRUSTS = list(Trust)
TREATMENT_HERE = {Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.CLINICAL_EVIDENCE_HERE}
BESIDE = {Rung.RESISTANCE, Rung.PROGNOSTIC, Rung.DIAGNOSTIC}
MOST = 30
"""Statements that one match carries at most, the strongest first; the rest stay in `knowledge show`."""


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
    met, waiting = Meeting(facts, here).with_all(knowledge.about(list(genes)))
    met = _without_blocked(met)
    apart = set_aside(known)
    found: list[Match] = []
    told: set[tuple[str, ...]] = set()
    for finding in known.findings:
        if finding.id in apart:
            found.append(Match((finding.id,), Rung.NONE, (), apart[finding.id]))
            continue
        own = _worth_saying([m for m in met if finding.id in m.main], held=finding.id in waiting)
        found.extend(_grouped([m for m in own if m.main not in told], here))
        told.update(m.main for m in own)
        fact = next((f for f in facts if finding.id in f.ids), None)
        if not own and fact is not None and not is_absent(fact.reading):
            found.append(Match((finding.id,), Rung.NONE, (), reasons.nothing(waiting.get(finding.id, ()), here)))
    if any(fact.asked for fact in facts) and any(m.rung is not Rung.NONE for m in found):
        found = [m for m in found if m.rung is not Rung.NONE]
    return Matches(tuple(found), missing_tests(known, knowledge, here), here.near)


def _without_blocked(met: list[Met]) -> list[Met]:
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


def _strength(m: Met) -> tuple[int, int, int, int, bool, str]:
    """Sort key: setting, closeness, level, trust, the US first."""
    said = m.statement
    level, trust = LEVELS.index(said.level), TRUSTS.index(said.trust)
    return (len(m.remarks), -int(m.closeness), level, trust, said.jurisdiction not in {"US", ""}, said.id)


def _worth_saying(own: Sequence[Met], *, held: bool) -> list[Met]:
    """Leave out what adds nothing: other cancers where this one is known, derived rows where a curated one speaks.

    An approval in another region is told where the US has none for that treatment; `knowledge show` lists all.
    Single reports in this cancer do not outweigh what is established in another one. What another cancer has is also
    left out where a curated row says what the marker means in this one (a treatment works less, the outlook differs),
    or where a treatment is known here and a result holds it back.
    """
    here = [m.statement for m in own if m.rung in TREATMENT_HERE and m.statement.status != "withdrawn"]
    curated = any(said.trust is Trust.CURATED for said in here)
    series = any(said.level is not Level.CASE for said in here)
    elsewhere = any(m.rung is Rung.ELSEWHERE_ONLY for m in own) and not held
    home = {m.statement.therapies for m in own if m.rung is Rung.APPROVED_HERE and m.statement.jurisdiction == "US"}
    spoken = {m.rung for m in own if m.statement.trust is Trust.CURATED}
    means_here = bool(spoken & {Rung.RESISTANCE, Rung.PROGNOSTIC})
    kept = []
    for m in own:
        outlook = m.rung in BESIDE and m.statement.trust is Trust.MACHINE and m.rung in spoken
        repeated = m.rung is Rung.APPROVED_HERE and m.statement.jurisdiction != "US" and m.statement.therapies in home
        derived = m.rung in TREATMENT_HERE and m.statement.trust is Trust.MACHINE
        single = derived and m.statement.level is Level.CASE
        withdrawn = m.statement.status == "withdrawn"
        away = m.rung is Rung.ELSEWHERE_ONLY
        idle = (
            (away and (series or curated or means_here or held))
            or (single and (elsewhere or series))
            or ((derived or withdrawn) and (curated or held))
            or repeated
            or outlook
        )
        if not idle:
            kept.append(m)
    return kept


def _each_once(members: Sequence[Met]) -> list[Met]:
    """Keep the first statement of each treatment in each cancer, whatever the region."""
    kept: dict[tuple[tuple[str, ...], str], Met] = {}
    for m in members:
        kept.setdefault((m.statement.therapies, m.statement.disease), m)
    return list(kept.values())


def _grouped(own: Sequence[Met], here: Setting) -> list[Match]:
    """Gather the met statements of one finding by what they rest on, rung and jurisdiction, strongest first."""
    groups: dict[tuple[tuple[str, ...], Rung, str], list[Met]] = {}
    for m in own:
        jurisdiction = m.statement.jurisdiction if m.rung is Rung.APPROVED_HERE else ""
        groups.setdefault((m.about, m.rung, jurisdiction), []).append(m)
    gathered = []
    for (about, rung, jurisdiction), members in groups.items():
        members.sort(key=_strength)
        kept = _each_once(members)[:MOST] if rung is Rung.ELSEWHERE_ONLY else members[:MOST]
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

"""Profile → what is known about its findings, and which expected tests its documents lack.

Every statement's conditions must all be met by the person's own, current, settled findings. The cancer then decides the
rung, and the stage and treatments so far what has to be said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.match import Match, Matches, Rung
from app.domain.profile import Profile
from app.domain.statement import Level, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.matching import reasons, setting
from app.stages.matching.facts import is_absent, matched, set_aside
from app.stages.matching.meeting import Meeting, Met
from app.stages.matching.missing import missing_tests
from app.stages.matching.setting import Setting
from app.stages.matching.telling import without_blocked, worth_saying

ORDER = list(Rung)
LEVELS = list(Level)
TRUSTS = list(Trust)
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
    statements = knowledge.about(list(genes))
    meeting = Meeting(facts, here, setting.of_each(known, vocabulary))
    met, waiting = meeting.with_all(statements)
    met = without_blocked(met)
    apart = set_aside(known)
    found: list[Match] = []
    told: set[tuple[str, ...]] = set()
    for finding in known.findings:
        if finding.id in apart:
            found.append(Match((finding.id,), Rung.NONE, (), apart[finding.id]))
            continue
        own = worth_saying([m for m in met if finding.id in m.main], held=finding.id in waiting)
        found.extend(_grouped([m for m in own if m.main not in told], here))
        told.update(m.main for m in own)
        fact = next((f for f in facts if finding.id in f.ids), None)
        if not own and fact is not None and not is_absent(fact.reading):
            outside = meeting.outside(statements, finding.id)
            needed = waiting.get(finding.id, ())
            why = reasons.nothing(needed, outside, here)
            found.append(Match((finding.id,), Rung.NONE, (), why, held="results" if needed else outside))
    if any(fact.asked for fact in facts) and any(m.rung is not Rung.NONE for m in found):
        found = [m for m in found if m.rung is not Rung.NONE]
    return Matches(tuple(found), missing_tests(known, knowledge, here), here.near)


def _strength(m: Met) -> tuple[int, int, int, int, bool, str]:
    """Sort key: setting, closeness, level, trust, the US first."""
    said = m.statement
    level, trust = LEVELS.index(said.level), TRUSTS.index(said.trust)
    return (len(m.remarks), -int(m.closeness), level, trust, said.jurisdiction not in {"US", ""}, said.id)


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

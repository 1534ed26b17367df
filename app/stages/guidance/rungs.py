"""What is known about a finding, each rung of the ladder in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.domain.guidance import Sentence
from app.domain.match import Match, Rung
from app.domain.statement import Direction, Level, Statement, Trust
from app.stages.guidance.writing import Writer

STRENGTH = (Level.APPROVED, Level.GUIDELINE, Level.CLINICAL, Level.CASE, Level.PRECLINICAL)
LADDER = (
    Rung.APPROVED_HERE,
    Rung.GUIDELINE_HERE,
    Rung.CLINICAL_EVIDENCE_HERE,
    Rung.RESISTANCE,
    Rung.DIAGNOSTIC,
    Rung.PROGNOSTIC,
    Rung.ELSEWHERE_ONLY,
    Rung.NONE,
)
"""From what matters most to a reader to what matters least."""
MOST_GROUPS = 3
MOST_DRUGS = 4
MOST_REST = 6
"""Statements that one "there is more" cites: the full list stands with the matches."""
SPREAD = frozenset({"advanced", "metastatic", "locally_advanced", "unresectable"})
BACK = frozenset({"recurrent", "relapsed_refractory"})
EARLY = frozenset({"early", "resected"})
LINES = {
    "first": "limit.first",
    "later": "limit.later",
    "adjuvant": "limit.after_surgery",
    "neoadjuvant": "limit.before_surgery",
    "perioperative": "limit.around_surgery",
    "maintenance": "limit.keep",
    "consolidation": "limit.keep",
}
REGIONS = ("US", "EU", "UK", "JP", "CA")


def best(matches: Iterable[Match]) -> Rung:
    """Return the rung that matters most among the matches."""
    rungs = {match.rung for match in matches}
    return next((rung for rung in LADDER if rung in rungs), Rung.NONE)


def level(statements: Iterable[Statement]) -> Level | None:
    """Return the strongest level of evidence."""
    found = {statement.level for statement in statements}
    return next((step for step in STRENGTH if step in found), None)


def sure(statements: Sequence[Statement], writer: Writer) -> list[Sentence]:
    """Say how sure the statements are, and whether their sources were checked."""
    strongest = level(statements)
    sentences = [writer.say(f"sure.{strongest.value}")] if strongest else []
    if statements and all(statement.trust is Trust.UNVERIFIED for statement in statements):
        sentences.append(writer.say("sure.unverified"))
    return sentences


def tell(match: Match, about: Sequence[str], own: Sequence[str], writer: Writer) -> list[Sentence]:
    """Say what one match says.

    Args:
        match: A rung and its statements.
        about: The findings that the sentences are about.
        own: Codes of the person's own cancer, for "that takes in your cancer".
        writer: Makes the sentences.
    """
    usable = [s for s in match.statements if s.direction is not Direction.PREDISPOSING]
    tellers: dict[Rung, Callable[[list[Statement]], list[Sentence]]] = {
        Rung.APPROVED_HERE: lambda found: _approved(found, about, own, writer),
        Rung.GUIDELINE_HERE: lambda found: _here(found, about, writer, "guideline"),
        Rung.CLINICAL_EVIDENCE_HERE: lambda found: _studied(found, about, writer),
        Rung.ELSEWHERE_ONLY: lambda found: elsewhere(found, about, writer),
        Rung.RESISTANCE: lambda found: _resistance(found, about, writer),
        Rung.PROGNOSTIC: lambda found: _prognostic(found, about, writer),
        Rung.DIAGNOSTIC: lambda found: _diagnostic(found, about, writer),
    }
    if match.rung not in tellers or not usable:
        return []
    sentences = tellers[match.rung](usable)
    if match.taken:
        sentences.append(writer.say("taken.had", about=about, drugs=writer.listed(match.taken)))
    return sentences


def grouped(
    statements: Iterable[Statement], key: Callable[[Statement], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], list[Statement]]]:
    """Gather statements by a key, in order of first appearance."""
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements:
        groups.setdefault(key(statement), []).append(statement)
    return list(groups.items())


def drugs(statements: Iterable[Statement], writer: Writer) -> list[str]:
    """Name the therapies, those given together as one."""
    return list(dict.fromkeys(writer.combination(s.therapies) for s in statements if s.therapies))


def _with_drugs(statements: Sequence[Statement], writer: Writer) -> Iterable[tuple[list[str], list[Statement]]]:
    """Split statements so that no sentence names too many drugs."""
    names = drugs(statements, writer)
    for start in range(0, len(names), MOST_DRUGS):
        chosen = names[start : start + MOST_DRUGS]
        yield chosen, [s for s in statements if s.therapies and writer.combination(s.therapies) in chosen]


def _region(statement: Statement) -> tuple[int, str]:
    place = statement.jurisdiction
    return (REGIONS.index(place) if place in REGIONS else len(REGIONS), place)


def _approved(found: list[Statement], about: Sequence[str], own: Sequence[str], writer: Writer) -> list[Sentence]:
    sentences: list[Sentence] = []
    valid = sorted((s for s in found if s.status != "withdrawn"), key=_region)
    groups = grouped(valid, lambda s: (s.jurisdiction, s.disease, s.stage, s.line, *s.after))
    for (place, disease, *_), rows in groups[:MOST_GROUPS]:
        for names, cited in _with_drugs(rows, writer):
            template = "rung.approved_here" if disease in own or not own else "rung.approved_group"
            sentences.append(
                writer.say(
                    template,
                    about=about,
                    cites=cited,
                    where=writer.where(place),
                    drugs=writer.listed(names, "or"),
                    disease=writer.disease(disease),
                    **{"is": writer.word("is.one")},
                )
            )
        sentences += limits(rows, about, writer)
        early = [s for s in rows if s.status == "accelerated"]
        if early:
            sentences.append(_named("rung.approved_accelerated", early, about, writer))
    sentences += _rest([s for _, rows in groups[MOST_GROUPS:] for s in rows], about, writer)
    gone = [s for s in found if s.status == "withdrawn"]
    if gone:
        sentences.append(_named("rung.withdrawn", gone, about, writer))
    return sentences


def _named(template: str, rows: Sequence[Statement], about: Sequence[str], writer: Writer) -> Sentence:
    return writer.say(template, about=about, cites=rows, drugs=writer.listed(drugs(rows, writer)))


def _rest(rows: Sequence[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    """Keep the strongest of what is not spelled out within reach: cited, named only by the list of sources."""
    kept = sorted(rows, key=lambda s: STRENGTH.index(s.level))[:MOST_REST]
    return [writer.say("rung.more", about=about, cites=kept)] if kept else []


def limits(rows: Sequence[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    """Say to which setting the rows (all of one setting) are limited."""
    first = rows[0]
    sentences = []
    stage = first.stage
    if stage:
        template = (
            "limit.spread"
            if stage in SPREAD
            else "limit.back"
            if stage in BACK
            else "limit.early"
            if stage in EARLY
            else "limit.new"
            if stage == "newly_diagnosed"
            else "limit.other"
        )
        key = f"stage.{stage}"
        word = writer.word(key) if writer.has(key) else stage.replace("_", " ")
        sentences.append(writer.say(template, about=about, cites=rows, stage=word))
    if first.line in LINES and not first.after:
        sentences.append(writer.say(LINES[first.line], about=about, cites=rows, line=first.line))
    if first.after:
        after = writer.listed([name.replace("_", " ") for name in first.after], "or")
        sentences.append(writer.say("limit.after", about=about, cites=rows, after=after))
    return sentences


def _here(found: list[Statement], about: Sequence[str], writer: Writer, kind: str) -> list[Sentence]:
    sentences: list[Sentence] = []
    groups = grouped(found, lambda s: (s.disease, s.stage, s.line, *s.after))
    for (disease, *_), rows in groups[:MOST_GROUPS]:
        named = writer.disease(disease)
        for names, cited in _with_drugs([s for s in rows if s.direction is Direction.SENSITIVE], writer):
            said = writer.listed(names, "or")
            sentences.append(writer.say(f"rung.{kind}_here", about=about, cites=cited, disease=named, drugs=said))
        sentences += _no_effect(rows, about, writer)
        bare = [s for s in rows if not s.therapies]
        if bare:
            sentences.append(writer.say(f"rung.{kind}_named", about=about, cites=bare, disease=named))
        if kind == "guideline":
            sentences += limits(rows, about, writer)
    sentences += _rest([s for _, rows in groups[MOST_GROUPS:] for s in rows], about, writer)
    return sentences


def _studied(found: list[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    sentences: list[Sentence] = []
    clinical = [s for s in found if s.level in (Level.APPROVED, Level.GUIDELINE, Level.CLINICAL)]
    cases = [s for s in found if s.level is Level.CASE]
    lab = [s for s in found if s.level is Level.PRECLINICAL]
    if clinical:
        sentences += _here(_merged(clinical), about, writer, "clinical")
    if cases:
        sentences += _here(_merged(cases), about, writer, "case")
    if lab and not (clinical or cases):
        for names, cited in list(_with_drugs(lab, writer))[:1]:
            sentences.append(writer.say("rung.lab_here", about=about, cites=cited, drugs=writer.listed(names, "or")))
    elif lab:
        sentences += _rest(lab, about, writer)
    return sentences


def _merged(rows: list[Statement]) -> list[Statement]:
    """Order rows of weaker evidence so that one cancer is told once: checked rows before machine rows."""
    return sorted(rows, key=lambda s: (s.trust is not Trust.CURATED,))


def elsewhere(found: Sequence[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    """Say what is known from other cancers, strongest first, and that it is no proof here."""
    sentences: list[Sentence] = []
    helpful = [s for s in found if s.direction in (Direction.SENSITIVE, Direction.DIAGNOSTIC)] or list(found)
    ordered = sorted(helpful, key=lambda s: (STRENGTH.index(s.level), _region(s)))
    strongest = ordered[0].level if ordered else None
    told = [s for s in ordered if s.level is strongest]
    groups = grouped(told, lambda s: (s.disease,))
    for (disease,), rows in groups[:2]:
        named = writer.disease(disease)
        pieces = list(_with_drugs(rows, writer))[:1]
        if not pieces:
            sentences.append(writer.say("rung.elsewhere_known", about=about, cites=rows, disease=named))
        for names, cited in pieces:
            sentences.append(_elsewhere_drugs(names, cited, named, about, writer))
    rest = [s for s in found if all(s not in rows for _, rows in groups[:2])]
    if sentences:
        sentences.append(writer.say("rung.elsewhere_limit"))
    sentences += _rest(rest, about, writer)
    return sentences


def _elsewhere_drugs(
    names: list[str], cited: list[Statement], disease: str, about: Sequence[str], writer: Writer
) -> Sentence:
    kind = {Level.APPROVED: "approved", Level.GUIDELINE: "guideline"}.get(cited[0].level, "studied")
    return writer.say(
        f"rung.elsewhere_{kind}",
        about=about,
        cites=cited,
        disease=disease,
        drugs=writer.listed(names, "or"),
        where=cited[0].jurisdiction or writer.word("level.approved"),
        **{"is": writer.word("is.one")},
    )


def _no_effect(rows: Sequence[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    flat = [s for s in rows if s.direction is Direction.NO_EFFECT and s.therapies]
    if not flat:
        return []
    named = writer.listed(drugs(flat, writer)[:MOST_DRUGS])
    return [writer.say("rung.no_effect", about=about, cites=flat, disease=writer.disease(flat[0].disease), drugs=named)]


def _resistance(found: list[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    sentences: list[Sentence] = []
    groups = grouped((s for s in found if s.therapies), lambda s: (s.disease,))
    for (disease,), rows in groups[:2]:
        for names, cited in list(_with_drugs(rows, writer))[:2]:
            said = writer.listed(names, "or")
            named = writer.disease(disease)
            sentences.append(writer.say("rung.resistance", about=about, cites=cited, drugs=said, disease=named))
    sentences += _rest([s for _, rows in groups[2:] for s in rows], about, writer)
    return sentences


def _prognostic(found: list[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    sentences: list[Sentence] = []
    groups = grouped(found, lambda s: (s.disease, s.direction.value))
    for (disease, direction), rows in groups[:2]:
        key = f"rung.prognostic_{direction}"
        if key in writer.tongue.templates:
            sentences.append(writer.say(key, about=about, cites=rows, disease=writer.disease(disease)))
    if sentences:
        sentences.append(writer.say("rung.prognostic_limit"))
        if any(s.direction is Direction.ADVERSE for s in found):
            sentences.append(writer.say("rung.prognostic_team"))
    sentences += _rest([s for _, rows in groups[2:] for s in rows], about, writer)
    return sentences


def _diagnostic(found: list[Statement], about: Sequence[str], writer: Writer) -> list[Sentence]:
    sentences: list[Sentence] = []
    groups = grouped(found, lambda s: (s.disease, s.direction.value))
    for (disease, direction), rows in groups[:2]:
        key = f"rung.{direction}"
        if key in writer.tongue.templates:
            sentences.append(writer.say(key, about=about, cites=rows, disease=writer.disease(disease)))
    sentences += _rest([s for _, rows in groups[2:] for s in rows], about, writer)
    return sentences

"""What is known about a finding, each rung of the ladder in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.guidance import Sentence
from app.domain.match import Match, Rung
from app.domain.statement import Change, Condition, Direction, Level, Statement, Trust
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
MOST_NAMED = 3
MOST_REST = 6
"""Statements that one "there is more" cites: the full list stands with the matches."""
SETTINGS = {
    "advanced": "limit.spread",
    "metastatic": "limit.spread",
    "locally_advanced": "limit.spread",
    "unresectable": "limit.spread",
    "recurrent": "limit.back",
    "relapsed_refractory": "limit.back",
    "early": "limit.early",
    "resected": "limit.early",
    "newly_diagnosed": "limit.new",
}
LINES = {
    "first": "limit.first",
    "later": "limit.later",
    "adjuvant": "limit.after_surgery",
    "neoadjuvant": "limit.before_surgery",
    "perioperative": "limit.around_surgery",
    "maintenance": "limit.keep",
    "consolidation": "limit.keep",
}
LINE_ORDER = ("first", "", "any", "adjuvant", "neoadjuvant", "perioperative", "maintenance", "consolidation", "later")
REGIONS = ("US", "EU", "UK", "JP", "CA")


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the statements of one match.

    Attributes:
        about: The findings that the sentences are about.
        own: Codes of the person's own cancer, for "this group takes in your cancer".
        writer: Makes the sentences.
        placed: A cancer is known, so that others are "another cancer".
        partners: Drugs that an approval told beside this names as the partner of another drug.
        firm_only: Something stronger is told, so that single studies about risk are only cited.
    """

    about: tuple[str, ...]
    own: tuple[str, ...]
    writer: Writer
    placed: bool = True
    partners: frozenset[str] = frozenset()
    firm_only: bool = False

    def tell(self, match: Match) -> list[Sentence]:
        """Say what one match says; what is not spelled out stays within reach through the list of sources."""
        usable = [s for s in match.statements if s.direction is not Direction.PREDISPOSING]
        clear = [s for s in usable if is_clear(s, self.writer)]
        tellers: dict[Rung, Callable[[list[Statement]], list[Sentence]]] = {
            Rung.APPROVED_HERE: self.approved,
            Rung.GUIDELINE_HERE: self.guideline,
            Rung.CLINICAL_EVIDENCE_HERE: self.studied,
            Rung.ELSEWHERE_ONLY: self.elsewhere,
            Rung.RESISTANCE: self.resistance,
            Rung.PROGNOSTIC: self.prognostic,
            Rung.DIAGNOSTIC: self.diagnostic,
        }
        if match.rung not in tellers or not usable:
            return []
        return tellers[match.rung](clear) + self.rest([s for s in usable if s not in clear])

    def say(self, template: str, rows: Sequence[Statement], **slots: str) -> Sentence:
        """Make a sentence about the findings that cites the rows and names what they are about."""
        first = rows[0]
        named = result(rows, self.writer)
        if len(self.about) > 1 and not self.writer.exact:
            named = self.writer.word("these_results")
        filled = {"disease": self.writer.disease(first.disease), "result": named, **slots}
        return self.writer.say(template, about=self.about, cites=rows, **filled)

    def rest(self, rows: Sequence[Statement]) -> list[Sentence]:
        """Cite the strongest of what is not spelled out."""
        kept = sorted(rows, key=lambda s: STRENGTH.index(s.level))[:MOST_REST]
        return [self.writer.say("rung.more", about=self.about, cites=kept)] if kept else []

    def approved(self, found: list[Statement]) -> list[Sentence]:
        """Tell approvals, the plainest first: where, what, for which setting, and how firm."""
        sentences: list[Sentence] = []
        valid = sorted((s for s in found if s.status != "withdrawn"), key=plainest_first)
        groups = grouped(valid, lambda s: (s.jurisdiction, s.disease, s.stage, s.line, s.status, *s.after))
        wider = False
        for rows in groups[:MOST_GROUPS]:
            where = self.writer.where(rows[0].jurisdiction)
            for names, cited in self.drugs(rows):
                sentences.append(self.say("rung.approved_here", cited, where=where, drugs=names))
            if self.own and rows[0].disease not in self.own and not wider:
                wider = True
                sentences.append(self.writer.say("rung.takes_in"))
            sentences += self.limits(rows)
            if rows[0].status == "accelerated":
                sentences.append(self.say("rung.approved_accelerated", rows))
        sentences += self.rest([s for rows in groups[MOST_GROUPS:] for s in rows])
        for names, cited in self.drugs([s for s in found if s.status == "withdrawn"]):
            sentences.append(self.say("rung.withdrawn", cited, drugs=names))
        return sentences

    def guideline(self, found: list[Statement]) -> list[Sentence]:
        """Tell what guidelines name."""
        return self._here(found, "guideline", settings=True)

    def studied(self, found: list[Statement]) -> list[Sentence]:
        """Tell studies, then reports of a few people; work in the lab only where there is nothing else."""
        clinical = [s for s in found if s.level in (Level.APPROVED, Level.GUIDELINE, Level.CLINICAL)]
        cases = [s for s in found if s.level is Level.CASE]
        lab = [s for s in found if s.level is Level.PRECLINICAL]
        sentences = self._here(checked_first(clinical), "clinical") if clinical else []
        if cases and not clinical:
            sentences += self._here(checked_first(cases), "case")
        elif cases:
            sentences += self.rest(cases)
        if lab and not sentences:
            return [self.say("rung.lab_here", cited, drugs=names) for names, cited in self.drugs(lab)[:1]]
        return sentences

    def _here(self, found: list[Statement], kind: str, *, settings: bool = False) -> list[Sentence]:
        sentences: list[Sentence] = []
        keyed = (lambda s: (s.disease, s.stage, s.line, *s.after)) if settings else (lambda s: (s.disease,))
        groups = grouped(found, keyed)
        for rows in groups[:MOST_GROUPS]:
            pieces = self.drugs([s for s in rows if s.direction is Direction.SENSITIVE])
            sentences += [self.say(f"rung.{kind}_here", cited, drugs=names) for names, cited in pieces[:2]]
            sentences += self.rest([s for _, cited in pieces[2:] for s in cited])
            flat = self.drugs([s for s in rows if s.direction is Direction.NO_EFFECT])
            sentences += [self.say("rung.no_effect", cited, drugs=names) for names, cited in flat[:1]]
            bare = [s for s in rows if not s.therapies]
            if bare:
                sentences.append(self.say(f"rung.{kind}_named", bare))
            if settings:
                sentences += self.limits(rows)
        return sentences + self.rest([s for rows in groups[MOST_GROUPS:] for s in rows])

    def elsewhere(self, found: list[Statement]) -> list[Sentence]:
        """Say what is known from other cancers, the strongest alone, and that it is no proof here."""
        sentences: list[Sentence] = []
        where_from = "elsewhere" if self.placed else "known"
        helpful = [s for s in found if s.direction in (Direction.SENSITIVE, Direction.DIAGNOSTIC)] or found
        ordered = sorted(helpful, key=lambda s: (STRENGTH.index(s.level), plainest_first(s)))
        told = [s for s in ordered if s.level is ordered[0].level]
        groups = grouped(told, lambda s: (s.disease,))
        for rows in groups[:2]:
            pieces = self.drugs(rows)[:1]
            if not pieces:
                sentences.append(self.say(f"rung.{where_from}_known", rows))
            kind = {Level.APPROVED: "approved", Level.GUIDELINE: "guideline"}.get(rows[0].level, "studied")
            for names, cited in pieces:
                where = cited[0].jurisdiction or self.writer.word("level.approved")
                sentences.append(
                    self.say(f"rung.{where_from}_{kind}", cited, drugs=names, where=self.writer.region(where))
                )
        if sentences:
            sentences.append(self.writer.say(f"rung.{where_from}_limit"))
        return sentences + self.rest([s for s in found if all(s not in rows for rows in groups[:2])])

    def resistance(self, found: list[Statement]) -> list[Sentence]:
        """Say which medicines may work less well."""
        sentences: list[Sentence] = []
        groups = grouped(checked_first([s for s in found if s.therapies]), lambda s: (s.disease,))
        for group in groups[:2]:
            alone = [s for s in group if self.partners.issuperset(s.therapies)]
            anyway = [s for s in group if s not in alone]
            for template, rows in (("rung.resistance", anyway), ("rung.resistance_alone", alone)):
                pieces = self.drugs(rows)
                sentences += [
                    self.say(template, cited, drugs=names, disease=self.writer.brief(rows[0].disease))
                    for names, cited in pieces[:2]
                ]
                sentences += self.rest([s for _, cited in pieces[2:] for s in cited])
        return sentences + self.rest([s for rows in groups[2:] for s in rows])

    def prognostic(self, found: list[Statement]) -> list[Sentence]:
        """Say in which direction doctors or single studies read it; studies that disagree are told as that."""
        sentences: list[Sentence] = []
        firm = [s for s in found if s.trust is not Trust.MACHINE or s.level is Level.GUIDELINE]
        if self.firm_only and not firm:
            return self.rest(found)
        chosen = firm or found
        groups = grouped(chosen, lambda s: (self.writer.disease(s.disease),))
        for rows in groups[:2]:
            directions = {s.direction for s in rows}
            if {Direction.FAVORABLE, Direction.ADVERSE} <= directions:
                sentences.append(self.say("rung.prognostic_mixed", rows))
                continue
            for direction in (Direction.FAVORABLE, Direction.ADVERSE):
                some = [s for s in rows if s.direction is direction]
                if some:
                    kind = "prognostic" if firm else "prognostic_study"
                    sentences.append(self.say(f"rung.{kind}_{direction.value}", some))
        if sentences:
            sentences.append(self.writer.say("rung.prognostic_limit"))
            if any(s.direction is Direction.ADVERSE for s in chosen):
                sentences.append(self.writer.say("rung.prognostic_team"))
        told = [s for rows in groups[:2] for s in rows]
        return sentences + self.rest([s for s in found if s not in told])

    def diagnostic(self, found: list[Statement]) -> list[Sentence]:
        """Say which cancer it helps to name, or speaks against."""
        sentences: list[Sentence] = []
        firm = [s for s in found if s.trust is not Trust.MACHINE or s.level is Level.GUIDELINE]
        groups = grouped(checked_first(firm), lambda s: (s.disease, s.direction.value))
        for rows in groups[:2]:
            key = f"rung.{rows[0].direction.value}"
            if key in self.writer.tongue.templates:
                sentences.append(self.say(key, rows))
        told = [s for rows in groups[:2] for s in rows]
        return sentences + self.rest([s for s in found if s not in told])

    def drugs(self, rows: Sequence[Statement]) -> list[tuple[str, list[Statement]]]:
        """Name therapies, a few in each sentence, apart where they are for different results.

        Returns:
            The names as they stand in a sentence, and the statements that they come from.
        """
        by_drug: dict[str, list[Statement]] = {}
        for statement in rows:
            if statement.therapies:
                by_drug.setdefault(self.writer.combination(statement.therapies), []).append(statement)
        by_result: dict[tuple[str, ...], list[str]] = {}
        for name, some in by_drug.items():
            by_result.setdefault(results(some, self.writer), []).append(name)
        pieces = []
        for names in by_result.values():
            for start in range(0, len(names), MOST_DRUGS):
                few = names[start : start + MOST_DRUGS]
                pieces.append((self.writer.choices(few), [s for name in few for s in by_drug[name]]))
        return pieces

    def limits(self, rows: Sequence[Statement]) -> list[Sentence]:
        """Say to which setting the rows (all of one setting) are limited."""
        first, writer = rows[0], self.writer
        sentences = []
        if first.stage:
            stage = writer.setting(first.stage)
            sentences.append(self.say(SETTINGS.get(first.stage, "limit.other"), rows, stage=stage))
        if first.line in LINES and not first.after:
            sentences.append(self.say(LINES[first.line], rows, line=first.line))
        if first.after:
            before = [writer.word(f"after.{n}") if writer.has(f"after.{n}") else n for n in first.after]
            sentences.append(self.say("limit.after", rows, after=writer.listed(before, "or")))
        return sentences


def partners(matches: Iterable[Match]) -> frozenset[str]:
    """Return the drugs that approvals here name as the partner of another drug: alone they may work less well."""
    here = (s for m in matches if m.rung is Rung.APPROVED_HERE for s in m.statements)
    return frozenset(drug for s in here for drug in s.therapies[1:])


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


def one_rest(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Put all "there is more" of one telling into one sentence at its end."""
    rest = [s for s in sentences if s.template == "rung.more"]
    told = [s for s in sentences if s.template != "rung.more"]
    if not rest:
        return told
    cited = tuple(dict.fromkeys(c for s in rest for c in s.citations))[:MOST_REST]
    return [*told, replace(rest[0], citations=cited)]


def is_clear(statement: Statement, writer: Writer) -> bool:
    """Tell whether a row can be put into words: it was checked, or it names drugs that we know."""
    known = writer.vocabulary.drugs
    return statement.trust is not Trust.MACHINE or all(therapy in known for therapy in statement.therapies)


def plainest_first(statement: Statement) -> tuple[object, ...]:
    """Order approvals: by region, full before early ones, first treatment before later ones, alone before combined."""
    place = statement.jurisdiction
    region = REGIONS.index(place) if place in REGIONS else len(REGIONS)
    line = LINE_ORDER.index(statement.line) if statement.line in LINE_ORDER else len(LINE_ORDER)
    early = statement.status == "accelerated"
    return (region, early, len(statement.conditions), bool(statement.after), line, len(statement.therapies))


def checked_first(rows: Sequence[Statement]) -> list[Statement]:
    """Order rows: those that a curator read before those of public tables, the stronger first."""
    return sorted(rows, key=lambda s: (s.trust is Trust.MACHINE, STRENGTH.index(s.level)))


def grouped(statements: Iterable[Statement], key: Callable[[Statement], tuple[str, ...]]) -> list[list[Statement]]:
    """Gather statements by a key, in order of first appearance."""
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements:
        groups.setdefault(key(statement), []).append(statement)
    return list(groups.values())


SPELLED = (Change.EXPRESSION, Change.SIGNATURE, Change.VARIANT, Change.CATEGORY, Change.CYTOGENETIC)
"""Classes whose detail says the change, so that no word for the class is added."""


def condition_name(condition: Condition, writer: Writer) -> str:
    """Name one condition of a statement, such as "EGFR L858R" or "PD-L1 at least 50% TPS"."""
    shown = [writer.gene(gene) for gene in condition.genes if gene]
    detail = condition.detail.replace("p.", "").replace(">=", writer.word("at_least"))
    choices = detail.split("|")
    if len(choices) > MOST_NAMED:
        choices = [*choices[:MOST_NAMED], writer.word("others")]
    detail = writer.listed([writer.detail(choice) for choice in choices], "or")
    if condition.change is Change.FUSION and detail:
        return writer.fusion(condition.gene or "", detail)
    kind = f"kind.{condition.change.value}"
    word = writer.word(kind) if writer.has(kind) and not (detail and condition.change in SPELLED) else ""
    return writer.marker(" ".join(part for part in (writer.listed(shown[:2], "or"), detail, word) if part))


def results(statements: Sequence[Statement], writer: Writer) -> tuple[str, ...]:
    """Name what each statement asks for, where the question takes in several results; () elsewhere."""
    if not writer.exact:
        return ()
    names: dict[str, None] = {}
    for statement in statements:
        wanted = [condition_name(c, writer) for c in statement.conditions if not c.negated]
        absent = [condition_name(c, writer) for c in statement.conditions if c.negated]
        said = writer.listed(wanted)
        names[f"{said} {writer.word('without')} {writer.listed(absent, 'or')}" if absent else said] = None
    return tuple(names)


def result(statements: Sequence[Statement], writer: Writer) -> str:
    """Name what the statements ask for: "this result", or the exact results where the question takes in several."""
    if not writer.exact:
        return writer.word("this_result")
    return writer.listed(results(statements, writer)[:MOST_NAMED], "or")

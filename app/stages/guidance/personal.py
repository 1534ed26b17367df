"""The sections of personal guidance: a profile and its matches, told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.finding import Finding
from app.domain.guidance import Part, Sentence
from app.domain.match import Match, Matches, Rung
from app.domain.outcome import Issue, Severity
from app.domain.profile import Diagnosis, Profile, ReadDocument
from app.domain.statement import Direction, MarkerCard, Statement, TestAdvice, Trust
from app.stages.guidance import facts, rungs, urgency
from app.stages.guidance.cards import Cards
from app.stages.guidance.writing import Writer

MOST_QUESTIONS = 8
MOST_TOLD = 12
"""Findings that are explained one by one; the rest are listed."""
LIST = 5
"""Names in one sentence of a list."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding and what is known about it."""

    finding: Finding
    matches: tuple[Match, ...]
    rung: Rung

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
    """

    known: Profile
    matches: Matches
    documents: tuple[ReadDocument, ...]
    writer: Writer
    cards: Cards
    told: list[Told] = field(default_factory=list)
    listed: list[Finding] = field(default_factory=list)

    @property
    def own(self) -> tuple[str, ...]:
        """Codes of the person's own cancers."""
        return tuple(d.oncotree for d in self.known.diagnoses if d.oncotree)

    def finding(self, identity: str) -> Finding | None:
        """Return a finding by its id."""
        return next((f for f in self.known.findings if f.id == identity), None)


Section = Callable[[Case], list[Sentence]]


def blocking(known: Profile, documents: Sequence[ReadDocument]) -> list[Issue]:
    """Return the issues that forbid any explanation."""
    issues = [*known.issues, *(i for d in documents for i in d.issues)]
    return [i for i in issues if (i.severity is Severity.BLOCKING and i.document is None) or i.code == OTHER_PERSON]


OTHER_PERSON = "document.other_person"


def only_questions(writer: Writer) -> list[Part]:
    """Return the page of a record that may hold two people: a question to settle it, nothing else."""
    say = writer.say
    return [
        Part(
            "questions",
            writer.tongue.headings["questions"],
            (
                say("blocked.lead"),
                say("blocked.why"),
                say("ask.other_person"),
                say("ask.other_person_which"),
                say("blocked.next"),
            ),
        )
    ]


def prepare(case: Case) -> None:
    """Decide which findings are explained one by one, and in which order."""
    lead: dict[str, list[Match]] = {}
    for match in case.matches.matches:
        chosen = _lead(match, case)
        if chosen:
            lead.setdefault(chosen, []).append(match)
    rows: list[Told] = []
    for finding in case.known.findings:
        reading = finding.reading
        matches = tuple(lead.get(finding.id, ()))
        rung = rungs.best(matches)
        quiet = facts.is_absent(reading) or facts.is_usual(reading)
        if facts.is_unjudged(reading) or facts.is_unclear(reading) or (quiet and rung is Rung.NONE):
            continue
        if rung is Rung.NONE and not case.cards.of(reading):
            case.listed.append(finding)
            continue
        rows.append(Told(finding, matches, rung))
    rows.sort(key=lambda t: (facts.is_earlier(t.finding.reading), rungs.LADDER.index(t.rung)))
    case.told = rows[:MOST_TOLD]
    case.listed += [t.finding for t in rows[MOST_TOLD:]]


def _lead(match: Match, case: Case) -> str:
    """Return the finding that a match is told with: the first that is there, else the first."""
    present = [f for f in (case.finding(i) for i in match.about) if f]
    positive = [f for f in present if not facts.is_absent(f.reading) and not facts.is_usual(f.reading)]
    chosen = positive or present
    return chosen[0].id if chosen else ""


def in_short(case: Case) -> list[Sentence]:
    """Tell the diagnosis, the most important result, and what to do with this page."""
    writer, say = case.writer, case.writer.say
    sentences: list[Sentence] = []
    current = [d for d in case.known.diagnoses if d.temporality == "current"]
    if current:
        first = current[0]
        maybe = "_maybe" if first.certainty else ""
        sentences.append(
            say(f"in_short.diagnosis{maybe}", about=[first.id], disease=named(first, writer), printed=first.text)
        )
        if first.certainty:
            sentences.append(say("in_short.diagnosis_unsure"))
    else:
        sentences += [say("in_short.no_diagnosis"), say("in_short.no_diagnosis_next")]
    if not case.known.findings:
        sentences += [say("in_short.no_results"), say("in_short.no_results_next")]
    elif case.told:
        sentences += _headline(case)
    else:
        sentences += [say("in_short.none"), say("in_short.none_next")]
    sentences.append(say("in_short.end"))
    return sentences


HEADLINES = {
    Rung.APPROVED_HERE: "in_short.approved",
    Rung.GUIDELINE_HERE: "in_short.guideline",
    Rung.CLINICAL_EVIDENCE_HERE: "in_short.clinical",
    Rung.ELSEWHERE_ONLY: "in_short.elsewhere",
    Rung.RESISTANCE: "in_short.resistance",
    Rung.PROGNOSTIC: "in_short.prognostic",
    Rung.DIAGNOSTIC: "in_short.diagnostic",
}


def _headline(case: Case) -> list[Sentence]:
    writer, say = case.writer, case.writer.say
    sentences = [report(case.told[0].finding, writer)]
    top = case.told[0]
    match = next((m for m in top.matches if m.rung is top.rung), None)
    if match and match.statements:
        template = HEADLINES[top.rung]
        first = match.statements[0]
        where = match.jurisdiction or first.jurisdiction
        if top.rung is Rung.APPROVED_HERE and where != "US":
            template = "in_short.approved_where"
        sentences.append(say(template, about=[top.id], cites=[first], where=where))
    elif top.rung is Rung.NONE:
        sentences += [say("in_short.none"), say("in_short.none_next")]
    return sentences


def named(diagnosis: Diagnosis, writer: Writer) -> str:
    """Name a diagnosis in plain words with the report's own words where they differ."""
    card = writer.knowledge.disease_card(diagnosis.oncotree) if diagnosis.oncotree else None
    if card and writer.tongue.code == "en":
        return card.plain_name
    if diagnosis.oncotree:
        return writer.disease(diagnosis.oncotree)
    return diagnosis.text or diagnosis.name


def report(finding: Finding, writer: Writer) -> Sentence:
    """Say what the report says of one finding."""
    verb, what = facts.shown(finding.reading, writer)
    template = "finding.shows" if verb == "shows" else "finding.cells"
    if facts.is_earlier(finding.reading):
        template = "finding.earlier" if verb == "shows" else "finding.cells_earlier"
    elif facts.is_entered(finding):
        template = "finding.entered" if verb == "shows" else template
    elif finding.reading.certainty and verb == "shows":
        template = "finding.maybe"
    return writer.say(template, about=[finding.id], what=what, printed=facts.printed(finding.reading, writer))


def your_report(case: Case) -> list[Sentence]:
    """Tell diagnosis, grade, stage and earlier diseases."""
    say = case.writer.say
    sentences: list[Sentence] = []
    for diagnosis in case.known.diagnoses:
        if diagnosis.temporality != "current":
            sentences.append(say("your_report.earlier", about=[diagnosis.id], printed=diagnosis.text or diagnosis.name))
            continue
        sentences.append(say("your_report.diagnosis", about=[diagnosis.id], printed=diagnosis.text or diagnosis.name))
        sentences += _explained(diagnosis, case)
        if diagnosis.grade:
            sentences.append(say("your_report.grade", about=[diagnosis.id], grade=diagnosis.grade))
            sentences.append(say("your_report.grade_means"))
    sentences += _stages(case)
    if not sentences:
        sentences = [say("your_report.nothing"), say("your_report.look_for")]
    return sentences


def _explained(diagnosis: Diagnosis, case: Case) -> list[Sentence]:
    writer = case.writer
    for code in case.writer.vocabulary.ancestors(diagnosis.oncotree) if diagnosis.oncotree else ():
        card = writer.knowledge.disease_card(code)
        if card and card.what and writer.tongue.code == "en":
            return [writer.say("your_report.what", about=[diagnosis.id], cites=[card], text=card.what)]
        if writer.has(f"disease.{code}"):
            return [writer.say("your_report.what_frame", text=writer.word(f"disease.{code}"))]
    return [writer.say("your_report.unknown_disease"), writer.say("your_report.ask_word")]


STAGE_SYSTEMS = ("ajcc", "uicc", "figo", "ann arbor", "lugano", "")


def _stages(case: Case) -> list[Sentence]:
    say = case.writer.say
    sentences: list[Sentence] = []
    explained = False
    for stage in case.known.stages:
        is_stage = any(stage.system.lower().startswith(s) for s in STAGE_SYSTEMS[:-1]) or not stage.system
        if stage.value and is_stage:
            template = "your_report.stage" if stage.system else "your_report.stage_plain"
            sentences.append(say(template, about=[stage.id], value=stage.value, system=stage.system))
            if not explained:
                sentences.append(say("your_report.stage_means"))
                explained = True
        elif stage.value:
            sentences.append(say("your_report.score", about=[stage.id], value=stage.value, system=stage.system))
        tnm = " ".join(part for part in (stage.t, stage.n, stage.m) if part)
        if tnm:
            sentences.append(say("your_report.tnm", about=[stage.id], tnm=tnm))
    return sentences


def findings(case: Case) -> list[Sentence]:
    """Tell each important finding: what it is, what it means here, how sure that is, and what to do."""
    sentences: list[Sentence] = []
    for told in case.told:
        sentences += explain(told, case)
    sentences += _also(case)
    if not sentences:
        sentences.append(case.writer.say("finding.none"))
    return sentences


def explain(told: Told, case: Case) -> list[Sentence]:
    """Tell one finding."""
    writer, say = case.writer, case.writer.say
    finding, reading = told.finding, told.finding.reading
    about = [finding.id]
    sentences = [report(finding, writer)]
    if reading.vaf is not None and 0 < reading.vaf <= 100:
        share = max(1, round(reading.vaf))
        sentences.append(say("finding.vaf", about=about, share=share, vaf=facts.number(reading.vaf)))
    if reading.origin == "germline":
        sentences.append(say("finding.germline", about=about, printed=facts.name(reading, writer)))
    card = case.cards.of(reading)
    if card:
        sentences += case.cards.tell(card, about, writer, templates=("finding.job", "finding.means"))
    cited: list[Statement] = []
    for match in sorted(told.matches, key=lambda m: rungs.LADDER.index(m.rung)):
        said = rungs.tell(match, match.about, case.own, writer)
        if said:
            sentences += said
            cited += match.statements
    name = facts.name(reading, writer)
    if not cited:
        sentences += [say("rung.none", about=about, name=name), say("rung.none_limit")]
    sentences += rungs.sure(cited, writer)
    sentences.append(say(ACTIONS[told.rung], name=name))
    return sentences


ACTIONS = {
    Rung.APPROVED_HERE: "do.medicine",
    Rung.GUIDELINE_HERE: "do.medicine",
    Rung.CLINICAL_EVIDENCE_HERE: "do.medicine",
    Rung.ELSEWHERE_ONLY: "do.elsewhere",
    Rung.RESISTANCE: "do.resistance",
    Rung.PROGNOSTIC: "do.prognostic",
    Rung.DIAGNOSTIC: "do.diagnostic",
    Rung.NONE: "do.none",
}


def _also(case: Case) -> list[Sentence]:
    writer = case.writer
    sentences = list_of("finding.also", case.listed, case, lambda f: facts.printed(f.reading, writer))
    if sentences:
        sentences.append(writer.say("finding.also_next"))
    return sentences


def list_of(template: str, chosen: Sequence[Finding], case: Case, naming: Callable[[Finding], str]) -> list[Sentence]:
    """List findings, a few in each sentence."""
    sentences = []
    for start in range(0, len(chosen), LIST):
        some = chosen[start : start + LIST]
        names = "; ".join(dict.fromkeys(naming(f) for f in some))
        sentences.append(case.writer.say(template, about=[f.id for f in some], list=names))
    return sentences


def vus(case: Case) -> list[Sentence]:
    """List unclear and harmless changes."""
    say, writer = case.writer.say, case.writer
    chosen = [f for f in case.known.findings if facts.is_unclear(f.reading) and not facts.is_unjudged(f.reading)]
    unclear = [
        f for f in chosen if (f.reading.classification or "") not in facts.HARMLESS and not facts.is_absent(f.reading)
    ]
    harmless = [f for f in chosen if (f.reading.classification or "") in facts.HARMLESS]
    sentences: list[Sentence] = []
    if unclear:
        sentences += [say("vus.what"), say("vus.means")]
        sentences += list_of("vus.list", unclear, case, lambda f: facts.name(f.reading, writer))
        sentences.append(say("vus.next"))
    sentences += list_of("vus.benign", harmless, case, lambda f: facts.name(f.reading, writer))
    return sentences


def not_found(case: Case) -> list[Sentence]:
    """List what was tested and not found, or as usual."""
    say, writer = case.writer.say, case.writer
    told = {t.id for t in case.told}
    quiet = [
        f for f in case.known.findings if f.id not in told and (facts.is_absent(f.reading) or facts.is_usual(f.reading))
    ]
    if not quiet:
        return []
    now = [f for f in quiet if not facts.is_earlier(f.reading)]
    groups = (
        ("not_found.list", [f for f in now if f.reading.result in ("not_detected", "unmethylated")]),
        ("not_found.negative", [f for f in now if f.reading.result == "negative"]),
        ("not_found.usual", [f for f in now if facts.is_usual(f.reading)]),
        ("not_found.earlier", [f for f in quiet if facts.is_earlier(f.reading)]),
    )
    sentences = [say("not_found.lead"), say("not_found.lead_not")]
    for template, chosen in groups:
        sentences += list_of(template, chosen, case, lambda f: _quiet_name(f, writer))
    sentences.append(say("not_found.limit"))
    return sentences


def _quiet_name(finding: Finding, writer: Writer) -> str:
    reading = finding.reading
    told = facts.value(reading)
    name = facts.name(reading, writer)
    return f"{name} ({told})" if told else name


def not_judged(case: Case) -> list[Sentence]:
    """List what gave no clear answer, with the reason, and what documents disagree on."""
    say, writer = case.writer.say, case.writer
    chosen = [f for f in case.known.findings if facts.is_unjudged(f.reading)]
    sentences: list[Sentence] = [say("not_judged.lead")] if chosen else []
    reasons: dict[str, list[Finding]] = {}
    for finding in chosen:
        reasons.setdefault(_reason(finding), []).append(finding)
    for reason, some in reasons.items():
        for start in range(0, len(some), LIST):
            few = some[start : start + LIST]
            names = ", ".join(dict.fromkeys(facts.name(f.reading, writer) for f in few))
            sentences.append(say(f"not_judged.{reason}", about=[f.id for f in few], name=names))
    if set(reasons) - {"pending"}:
        sentences.append(say("not_judged.next"))
    if "pending" in reasons:
        sentences.append(say("not_judged.pending_next"))
    for conflict in case.known.conflicts:
        name = _conflict_name(conflict.about, case)
        sentences.append(say("not_judged.conflict", about=conflict.about, name=name))
    if case.known.conflicts:
        sentences.append(say("not_judged.conflict_next"))
    return sentences


def _conflict_name(about: Sequence[str], case: Case) -> str:
    """Name what facts disagree on: a marker, the diagnosis or the stage."""
    found = [f for f in (case.finding(i) for i in about) if f]
    if found:
        return facts.name(found[0].reading, case.writer)
    kind = {"d": "thing.diagnosis", "s": "thing.stage", "t": "thing.treatment"}.get(about[0][:1] if about else "", "")
    return case.writer.word(kind or "thing.fact")


def _reason(finding: Finding) -> str:
    reading = finding.reading
    if reading.result == "equivocal":
        return "equivocal"
    if reading.result == "indeterminate":
        return "unclear"
    known = ("failed", "insufficient", "below_depth", "not_covered", "pending", "not_done")
    return reading.reason if reading.reason in known and reading.reason else "unstated"


def not_in_documents(case: Case) -> list[Sentence]:
    """List the tests that guidelines name for this cancer and that no document shows."""
    say, writer = case.writer.say, case.writer
    advice = [m.advice for m in case.matches.missing]
    if not advice:
        return []
    sentences: list[Sentence] = []
    by_disease: dict[str, list[TestAdvice]] = {}
    for row in advice:
        by_disease.setdefault(row.disease, []).append(row)
    for disease, rows in by_disease.items():
        sentences.append(say("missing.lead", cites=rows, disease=writer.disease(disease)))
        sentences += missing_lists(rows, writer)
    sentences.append(say("missing.maybe"))
    if any(row.trust is Trust.UNVERIFIED for row in advice):
        sentences.append(say("missing.unverified"))
    return sentences


REASONS = ("treatment", "diagnosis", "prognosis", "inherited")


def missing_lists(rows: Sequence[TestAdvice], writer: Writer) -> list[Sentence]:
    """List tests by the first reason for which guidelines name them."""
    sentences: list[Sentence] = []
    for reason in (*REASONS, ""):
        some = [r for r in rows if next((x for x in REASONS if x in r.reasons), "") == reason]
        template = f"missing.reason_{reason}" if reason else "missing.test"
        for start in range(0, len(some), LIST):
            few = some[start : start + LIST]
            sentences.append(writer.say(template, cites=few, list=", ".join(r.marker for r in few)))
    return sentences


def treatments(case: Case) -> list[Sentence]:
    """List the treatments so far, in order of time."""
    say, writer = case.writer.say, case.writer
    sentences: list[Sentence] = []
    for treatment in case.known.treatments:
        key = f"treatment.{treatment.result}"
        template = key if key in writer.tongue.templates else "treatment.given"
        about = [treatment.id]
        when = _when(treatment.start, treatment.end, writer)
        sentences.append(say(template, about=about, drug=treatment.name, when=when))
        if treatment.reason:
            sentences.append(say("treatment.stopped_why", about=about, reason=treatment.reason))
    if sentences:
        sentences.append(say("treatment.check"))
    return sentences


def _when(start: str, end: str, writer: Writer) -> str:
    if start and end and start != end:
        return writer.word("when.from_to", start=start, end=end)
    if start:
        return writer.word("when.from", start=start)
    return writer.word("when.to", end=end) if end else ""


def inherited(case: Case) -> list[Sentence]:
    """Tell what may run in the family."""
    say, writer = case.writer.say, case.writer
    sentences: list[Sentence] = []
    seen: set[str] = set()
    for match in case.matches.matches:
        rows = [s for s in match.statements if s.direction is Direction.PREDISPOSING]
        finding = case.finding(_lead(match, case)) if rows else None
        if not finding or facts.is_absent(finding.reading) or facts.is_unclear(finding.reading):
            continue
        gene = finding.reading.gene or facts.marker(finding.reading)
        if gene in seen:
            continue
        seen.add(gene)
        if finding.reading.origin == "germline":
            sentences.append(say("inherited.born", about=[finding.id], printed=facts.name(finding.reading, writer)))
        elif finding.reading.origin != "somatic":
            sentences.append(say("inherited.maybe", about=[finding.id], cites=rows[:1], gene=gene))
            sentences.append(say("inherited.tumor_test"))
        for (disease,), some in rungs.grouped(rows, lambda s: (s.disease,))[:2]:
            named_disease = writer.disease(disease)
            sentences.append(say("inherited.risk", about=[finding.id], cites=some, gene=gene, disease=named_disease))
    for told in case.known.findings:
        gene = told.reading.gene or ""
        if told.reading.origin == "germline" and gene not in seen and not facts.is_absent(told.reading):
            seen.add(gene)
            sentences.append(say("inherited.born", about=[told.id], printed=facts.name(told.reading, writer)))
    for relative in case.known.family_history:
        key = f"relation.{relative.relation}"
        relation = writer.word(key) if writer.has(key) else (relative.relation or writer.word("relation.other"))
        condition = " ".join(part for part in (relative.condition, relative.gene) if part)
        sentences.append(say("inherited.family", relation=relation, condition=condition))
    if sentences:
        sentences += [say("inherited.relatives"), say("inherited.counselor")]
    return sentences


def questions(case: Case) -> list[Sentence]:
    """List up to eight questions, most pressing first."""
    say, writer = case.writer.say, case.writer
    asked: list[Sentence] = []
    if urgency.signs(case.known, case.documents, writer):
        asked.append(say("ask.urgent"))
    if case.known.conflicts:
        asked.append(say("ask.conflict", name=_conflict_name(case.known.conflicts[0].about, case)))
    asked += _about_findings(case)
    unjudged = [f for f in case.known.findings if facts.is_unjudged(f.reading)]
    for template, some in (
        ("ask.pending", [f for f in unjudged if f.reading.reason == "pending"]),
        ("ask.not_judged", [f for f in unjudged if f.reading.reason not in ("pending", "not_covered")]),
    ):
        if some:
            names = writer.listed([facts.name(f.reading, writer) for f in some[:3]])
            asked.append(say(template, list=names))
    if case.matches.missing:
        names = ", ".join(m.advice.marker for m in case.matches.missing[:4])
        asked.append(say("ask.missing", list=names))
    germline = next(
        (f for f in case.known.findings if f.reading.origin == "germline" and not facts.is_absent(f.reading)), None
    )
    if germline:
        asked.append(say("ask.inherited", name=facts.name(germline.reading, writer)))
    if not case.known.diagnoses:
        asked.append(say("ask.diagnosis"))
    if not case.known.stages and case.known.diagnoses:
        asked.append(say("ask.stage"))
    asked += [say("ask.goal"), say("ask.trial"), say("ask.next_test"), say("ask.copy")]
    return list({s.text: s for s in asked}.values())[:MOST_QUESTIONS]


def _about_findings(case: Case) -> list[Sentence]:
    templates = {
        Rung.APPROVED_HERE: "ask.approved",
        Rung.GUIDELINE_HERE: "ask.approved",
        Rung.CLINICAL_EVIDENCE_HERE: "ask.approved",
        Rung.RESISTANCE: "ask.resistance",
        Rung.ELSEWHERE_ONLY: "ask.elsewhere",
        Rung.PROGNOSTIC: "ask.prognostic",
        Rung.DIAGNOSTIC: "ask.none",
        Rung.NONE: "ask.none",
    }
    return [case.writer.say(templates[t.rung], name=facts.name(t.finding.reading, case.writer)) for t in case.told[:3]]


def next_steps(case: Case) -> list[Sentence]:
    """Say what can be done with this page."""
    say = case.writer.say
    steps: list[Sentence] = []
    if urgency.signs(case.known, case.documents, case.writer):
        steps.append(say("next.urgent"))
    steps += [say("next.check"), say("next.show")]
    if case.matches.missing:
        steps.append(say("next.missing"))
    if issues(case):
        steps.append(say("next.unread"))
    steps += [say("next.who"), say("next.support"), say("next.nothing_alone")]
    return steps


def issues(case: Case) -> list[Issue]:
    """Return what the reader must know about the reading, worst first."""
    everything = [*case.known.issues, *(i for d in case.documents for i in d.issues)]
    shown = [i for i in everything if i.severity is not Severity.INFO]
    return list(dict.fromkeys(shown))


def unread(case: Case) -> list[Sentence]:
    """Tell what could not be read, and what no page of ours knows."""
    say = case.writer.say
    sentences: list[Sentence] = []
    for issue in issues(case):
        text = issue.message
        if issue.document is None:
            sentences.append(say("unread.issue", text=text))
        elif issue.page is None or f"age {issue.page}" in text:
            sentences.append(say("unread.where_document", text=text, document=issue.document + 1))
        else:
            sentences.append(say("unread.where_page", text=text, document=issue.document + 1, page=issue.page))
    return [*sentences, say("unread.limit_documents"), say("unread.limit_body"), say("unread.limit_new")]


def urgent(case: Case) -> list[Sentence]:
    """Say what cannot wait, and whom to call."""
    sentences = urgency.tell(case.known, case.documents, case.writer)
    if not sentences:
        return []
    say = case.writer.say
    return [say("urgent.call"), *sentences, say("urgent.ask"), say("urgent.no_team"), say("urgent.someone")]


SECTIONS: tuple[tuple[str, Section, bool], ...] = (
    ("urgent", urgent, False),
    ("in_short", in_short, False),
    ("your_report", your_report, False),
    ("findings", findings, False),
    ("not_judged", not_judged, False),
    ("not_in_documents", not_in_documents, False),
    ("treatments", treatments, False),
    ("inherited", inherited, False),
    ("questions", questions, False),
    ("next_steps", next_steps, False),
    ("unread", unread, False),
    ("vus", vus, True),
    ("not_found", not_found, True),
)
"""Sections in reading order; the last two are of low importance and folded."""


def sections(case: Case) -> list[Part]:
    """Compose every section that has something to say."""
    prepare(case)
    parts = []
    for identity, section, folded in SECTIONS:
        sentences = tuple(section(case))
        if sentences:
            parts.append(Part(identity, case.writer.tongue.headings[identity], sentences, folded))
    return parts


__all__ = ["Case", "MarkerCard", "blocking", "only_questions", "sections"]

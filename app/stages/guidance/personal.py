"""The sections of personal guidance: a profile and its matches, told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.finding import Finding
from app.domain.guidance import Part, Sentence
from app.domain.match import Match, Rung
from app.domain.outcome import Issue, Severity
from app.domain.profile import Diagnosis, Profile, ReadDocument
from app.domain.statement import Statement
from app.stages.guidance import facts, rungs, urgency
from app.stages.guidance.case import Case, Told, is_open, list_of
from app.stages.guidance.case import lead as lead_of
from app.stages.guidance.closing import inherited, next_steps, questions, treatments, unread
from app.stages.guidance.listed import not_found, not_in_documents, not_judged, vus
from app.stages.guidance.writing import Writer, without_nos

Section = Callable[[Case], list[Sentence]]
MOST_BESIDE = 3
MOST_TOLD = 12
"""Findings that are explained one by one; the rest are listed."""


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
    joined: dict[str, str] = {}
    for match in case.matches.matches:
        chosen = lead_of(match, case)
        if chosen:
            lead.setdefault(chosen, []).append(match)
        if chosen and match.statements:
            joined.update({i: chosen for i in match.about if i != chosen and i not in joined})
    rows: list[Told] = []
    for finding in case.known.findings:
        reading = finding.reading
        matches = tuple(lead.get(finding.id, ()))
        rung = rungs.best(matches)
        quiet = facts.is_absent(reading) or facts.is_usual(reading)
        if (
            is_open(finding, case)
            or (facts.is_unjudged(reading) and rung is Rung.NONE)
            or facts.is_unclear(reading)
            or (quiet and rung in (Rung.NONE, Rung.ELSEWHERE_ONLY))
        ):
            continue
        if rung is Rung.NONE and not case.cards.of(reading):
            case.listed.append(finding)
            continue
        alone = any(m.statements for m in matches)
        rows.append(Told(finding, matches, rung, "" if alone else joined.get(finding.id, "")))
    rows.sort(key=lambda t: (facts.is_earlier(t.finding.reading), rungs.LADDER.index(t.rung)))
    case.told = rows[:MOST_TOLD]
    case.listed += [t.finding for t in rows[MOST_TOLD:]]


def in_short(case: Case) -> list[Sentence]:
    """Tell the diagnosis, the most important result, and what to do with this page."""
    writer, say = case.writer, case.writer.say
    sentences: list[Sentence] = []
    current = [d for d in case.known.diagnoses if d.temporality == "current"]
    if current:
        first = current[0]
        maybe = "_maybe" if first.certainty else "" if facts.is_read(first.evidence) else "_asked"
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
    top = case.told[0]
    sentences = [report(top.finding, writer)]
    match = next((m for m in top.matches if m.rung is top.rung), None)
    if match and match.statements:
        template = HEADLINES[top.rung]
        first = match.statements[0]
        where = match.jurisdiction or first.jurisdiction
        if top.rung is Rung.APPROVED_HERE and where != "US":
            template = "in_short.approved_where"
        sentences.append(say(template, about=[top.id], cites=[first], where=writer.region(where)))
    elif top.rung is Rung.NONE:
        sentences += [say("in_short.none"), say("in_short.none_next")]
    for other in case.told[1:2]:
        if other.rung in (Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.RESISTANCE):
            verb, what = facts.shown(other.finding.reading, writer)
            printed = facts.printed(other.finding.reading, writer)
            sentences.append(say(f"in_short.{verb}_too", about=[other.id], what=what, printed=printed))
    return sentences


def named(diagnosis: Diagnosis, writer: Writer) -> str:
    """Name a diagnosis in plain words with the report's own words where they differ."""
    card = writer.knowledge.disease_card(diagnosis.oncotree) if diagnosis.oncotree else None
    if card and writer.tongue.code == "en":
        return card.plain_name
    if diagnosis.oncotree:
        return writer.disease(diagnosis.oncotree)
    return without_nos(diagnosis.text or diagnosis.name)


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
        printed = diagnosis.text or diagnosis.name or case.writer.disease(diagnosis.oncotree)
        sentences.append(say("your_report.diagnosis", about=[diagnosis.id], printed=printed))
        sentences += _explained(diagnosis, case)
        if diagnosis.grade:
            sentences.append(say("your_report.grade", about=[diagnosis.id], grade=diagnosis.grade))
            sentences.append(say("your_report.grade_means"))
    sentences += _stages(case)
    if not sentences:
        return [say("your_report.nothing"), say("your_report.look_for")]
    return [*sentences, say("your_report.check"), say("your_report.check_tell")]


def _explained(diagnosis: Diagnosis, case: Case) -> list[Sentence]:
    writer = case.writer
    for code in case.writer.ancestors(diagnosis.oncotree) if diagnosis.oncotree else ():
        card = writer.knowledge.disease_card(code)
        text = writer.told(card.what) if card else ""
        if card and text:
            return [writer.say("your_report.what", about=[diagnosis.id], cites=[card], text=text)]
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
    sentences = _once(sentences) + _also(case)
    if not sentences:
        sentences.append(case.writer.say("finding.none"))
    return sentences


SAID_ONCE = frozenset(
    {
        "rung.none_limit",
        "rung.elsewhere_limit",
        "rung.known_limit",
        "rung.prognostic_limit",
        "rung.prognostic_team",
        "rung.takes_in",
    }
)
"""Remarks that a page makes once, however many findings they belong to."""


def _once(sentences: Sequence[Sentence]) -> list[Sentence]:
    said: set[str] = set()
    kept = []
    for sentence in sentences:
        if sentence.template in SAID_ONCE and sentence.template in said:
            continue
        said.add(sentence.template)
        kept.append(sentence)
    return kept


def explain(told: Told, case: Case) -> list[Sentence]:
    """Tell one finding."""
    writer, say = case.writer, case.writer.say
    finding, reading = told.finding, told.finding.reading
    about = [finding.id]
    sentences = [report(finding, writer)]
    if reading.vaf is not None and reading.origin != "germline" and 0 < reading.vaf <= 100:
        share = max(1, round(reading.vaf))
        sentences.append(say("finding.vaf", about=about, share=share, vaf=facts.number(reading.vaf)))
    if reading.origin == "germline":
        sentences.append(say("finding.germline", about=about, printed=facts.name(reading, writer)))
    sentences += _beside(told, case)
    card = case.cards.of(reading)
    if card:
        explained = case.cards.tell(card, about, writer, templates=("finding.job", "finding.means"))
        # What a change means is not said of one that was not found, or lies on the border.
        quiet = facts.is_absent(reading) or facts.is_usual(reading) or facts.is_unjudged(reading)
        sentences += [s for s in explained if not quiet or s.template == "finding.job"]
    beside = case.finding(told.joined)
    if beside:
        name = facts.called(beside.reading, writer)
        return [*sentences, say("rung.joined", about=[finding.id, beside.id], name=name)]
    cited: list[Statement] = []
    partners = rungs.partners(told.matches)
    firm_only = told.rung in (Rung.APPROVED_HERE, Rung.GUIDELINE_HERE)
    for match in sorted(told.matches, key=lambda m: rungs.LADDER.index(m.rung)):
        teller = rungs.Teller(
            match.about, case.own, writer, placed=bool(case.own), partners=partners, firm_only=firm_only
        )
        said = teller.tell(match)
        if said:
            sentences += said
            cited += match.statements
    if not cited:
        sentences += _unmatched(told, case)
    sentences = rungs.one_rest(sentences) + rungs.sure(cited, writer)
    sentences += _taken(told, case)
    sentences.append(say(ACTIONS[told.rung], name=facts.called(reading, writer)))
    return sentences


def _beside(told: Told, case: Case) -> list[Sentence]:
    """Say the other results that a statement rests on together with this one, such as PR and HER2 beside ER."""
    others = dict.fromkeys(i for m in told.matches if m.statements for i in m.about if i != told.id)
    found = [f for f in (case.finding(i) for i in others) if f]
    return [report(f, case.writer) for f in found][:MOST_BESIDE]


def _unmatched(told: Told, case: Case) -> list[Sentence]:
    """Say why nothing is said: an earlier or disputed result is not matched at all, others are held back or unknown."""
    say, finding = case.writer.say, told.finding
    if facts.is_earlier(finding.reading):
        return [say("rung.earlier")]
    if any(finding.id in conflict.about for conflict in case.known.conflicts):
        return [say("rung.disputed")]
    name = facts.called(finding.reading, case.writer)
    held = next((match.held for match in told.matches if match.held), "")
    if held:
        return [say(f"rung.held_{held}", about=[finding.id], name=name)]
    return [say("rung.none", about=[finding.id], name=name), say("rung.none_limit")]


def _taken(told: Told, case: Case) -> list[Sentence]:
    """Say which of the medicines named the person already had."""
    names = dict.fromkeys(drug for match in told.matches for drug in match.taken)
    had = [t for t in case.known.treatments if t.name in names]
    if not had:
        return []
    drugs = case.writer.listed([t.name for t in had])
    return [case.writer.say("taken.had", about=[t.id for t in had], drugs=drugs)]


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

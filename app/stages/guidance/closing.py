"""The sections that close the page: treatments, family, questions, next steps, and what we do not know."""

from __future__ import annotations

import re

from app.domain.finding import Finding
from app.domain.guidance import Sentence
from app.domain.match import Rung
from app.domain.profile import Treatment
from app.domain.statement import Direction
from app.stages.guidance import facts, rungs, urgency
from app.stages.guidance.case import Case, conflict_name, is_open, issues, lead
from app.stages.guidance.writing import Writer

MOST_QUESTIONS = 8
ANY_CANCER = frozenset({"any_cancer", "solid_tumor"})
"""Groups that a risk is never about as a whole: it is about some of their cancers."""
PROCEDURES = frozenset({"surgery", "transplant", "other"})


def treatments(case: Case) -> list[Sentence]:
    """List the treatments so far, in order of time."""
    say, writer = case.writer.say, case.writer
    sentences: list[Sentence] = []
    for treatment in case.known.treatments:
        key = f"treatment.{treatment.result}"
        template = key if key in writer.tongue.templates else "treatment.given"
        if treatment.kind in PROCEDURES and template in ("treatment.given", "treatment.completed"):
            template = "treatment.done"
        about = [treatment.id]
        when = _when(treatment, writer)
        sentences.append(say(template, about=about, drug=treatment.name, when=when))
        if treatment.reason:
            sentences.append(say("treatment.stopped_why", about=about, reason=treatment.reason))
    if sentences:
        sentences.append(say("treatment.check"))
    return sentences


def _when(treatment: Treatment, writer: Writer) -> str:
    """Say when, as the report prints it: one day, since, until, or from one day to another."""
    start, end = treatment.start, treatment.end
    if start and end and start != end:
        return writer.word("when.from_to", start=start, end=end)
    if start:
        return writer.word("when.since" if treatment.result == "ongoing" else "when.at", start=start)
    return writer.word("when.to", end=end) if end else ""


def inherited(case: Case) -> list[Sentence]:
    """Tell what may run in the family."""
    say, writer = case.writer.say, case.writer
    sentences: list[Sentence] = []
    seen: set[str] = set()
    for match in case.matches.matches:
        rows = [s for s in match.statements if s.direction is Direction.PREDISPOSING]
        finding = case.finding(lead(match, case)) if rows else None
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
        for some in rungs.grouped(rows, lambda s: (s.disease,))[:2]:
            wide = some[0].disease in ANY_CANCER
            named_disease = writer.word("some_cancers") if wide else writer.disease(some[0].disease)
            sentences.append(say("inherited.risk", about=[finding.id], cites=some, gene=gene, disease=named_disease))
    for told in case.known.findings:
        gene = told.reading.gene or ""
        if _is_born_with(told) and gene not in seen:
            seen.add(gene)
            sentences.append(say("inherited.born", about=[told.id], printed=facts.name(told.reading, writer)))
    for relative in case.known.family_history:
        key = f"relation.{relative.relation}"
        relation = writer.word(key) if writer.has(key) else (relative.relation or writer.word("relation.other"))
        gene = "" if relative.gene in re.findall(r"[\w-]+", relative.condition) else relative.gene
        condition = f"{relative.condition} ({gene})" if relative.condition and gene else relative.condition or gene
        sentences.append(say("inherited.family", relation=relation, condition=condition))
    if sentences:
        sentences += [say("inherited.relatives"), say("inherited.counselor")]
    return sentences


def _is_born_with(finding: Finding) -> bool:
    """Tell whether the report says that a change that may matter was there since birth; not for unclear ones."""
    reading = finding.reading
    quiet = facts.is_absent(reading) or facts.is_unclear(reading) or facts.is_unjudged(reading)
    return reading.origin == "germline" and not quiet


def questions(case: Case) -> list[Sentence]:
    """List up to eight questions, most pressing first."""
    say, writer = case.writer.say, case.writer
    asked: list[Sentence] = []
    if urgency.signs(case.known, case.documents, writer):
        asked.append(say("ask.urgent"))
    if case.known.conflicts:
        asked.append(say("ask.conflict", name=conflict_name(case.known.conflicts[0].about, case)))
    asked += _about_findings(case)
    unjudged = [f for f in case.known.findings if is_open(f, case)]
    for template, some in (
        ("ask.pending", [f for f in unjudged if f.reading.reason == "pending"]),
        ("ask.not_judged", [f for f in unjudged if f.reading.reason not in ("pending", "not_covered")]),
    ):
        if some:
            names = writer.listed([facts.name(f.reading, writer) for f in some[:3]])
            asked.append(say(template, list=names))
    if case.matches.missing:
        names = ", ".join(writer.marker(m.advice.marker) for m in case.matches.missing[:4])
        asked.append(say("ask.missing", list=names))
    germline = next((f for f in case.known.findings if _is_born_with(f)), None)
    if germline:
        asked.append(say("ask.inherited", name=facts.name(germline.reading, writer)))
    if not case.known.diagnoses:
        asked.append(say("ask.diagnosis"))
    if not case.known.stages and case.known.diagnoses and not _is_leukemia(case):
        asked.append(say("ask.stage"))
    asked += [say("ask.goal"), say("ask.trial"), say("ask.next_test"), say("ask.copy")]
    return list({s.text: s for s in asked}.values())[:MOST_QUESTIONS]


def _is_leukemia(case: Case) -> bool:
    """Tell whether a question about the stage makes no sense: leukemias have risk groups instead."""
    return any("leukemia" in case.writer.ancestors(code) for code in case.own)


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
    asked = [t for t in case.told if not t.joined]
    return [case.writer.say(templates[t.rung], name=facts.called(t.finding.reading, case.writer)) for t in asked[:3]]


def next_steps(case: Case) -> list[Sentence]:
    """Say what can be done with this page."""
    say = case.writer.say
    steps: list[Sentence] = []
    if urgency.signs(case.known, case.documents, case.writer):
        steps.append(say("next.urgent"))
    if any(facts.is_read(f.evidence) for f in case.known.findings):
        steps.append(say("next.check"))
    steps.append(say("next.show"))
    if case.matches.missing:
        steps.append(say("next.missing"))
    if issues(case):
        steps.append(say("next.unread"))
    steps += [say("next.who"), say("next.support")]
    steps += [say("next.helpline", name=line.name, contact=line.contact) for line in case.helplines[:1]]
    steps.append(say("next.nothing_alone"))
    return steps


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

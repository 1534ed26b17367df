"""The sections that list: unclear changes, what was not found, what could not be judged, what was not seen."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.finding import Finding
from app.domain.guidance import Sentence
from app.domain.statement import TestAdvice, Trust
from app.stages.guidance import facts
from app.stages.guidance.case import LIST, Case, conflict_name, is_open, list_of
from app.stages.guidance.writing import Writer, in_pairs


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
    return [*sentences, say("not_found.limit"), say("not_found.limit_why"), say("not_found.ask")]


def _quiet_name(finding: Finding, writer: Writer) -> str:
    reading = finding.reading
    told = facts.value(reading)
    if writer.has(f"usual.{reading.result}"):
        return writer.word(f"usual.{reading.result}")
    name = facts.name(reading, writer)
    return f"{name} ({told})" if told else name


def not_judged(case: Case) -> list[Sentence]:
    """List what gave no clear answer, with the reason, and what documents disagree on."""
    say, writer = case.writer.say, case.writer
    chosen = [f for f in case.known.findings if is_open(f, case)]
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
        name = conflict_name(conflict.about, case)
        sentences.append(say("not_judged.conflict", about=conflict.about, name=name))
    if case.known.conflicts:
        sentences.append(say("not_judged.conflict_next"))
    return sentences


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
        if some and reason:
            sentences.append(writer.say(f"missing.reason_{reason}", cites=some))
        for few in in_pairs(some):
            template = f"missing.test{'_when' if few[0].when else ''}"
            when = writer.setting(few[0].when) if few[0].when else ""
            names = writer.listed([writer.marker(r.marker) for r in few])
            sentences.append(writer.say(template, cites=few, list=names, when=when))
    return sentences

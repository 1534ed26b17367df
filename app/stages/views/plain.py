"""Analysis or answer → plain text for a terminal, with the place of each fact and numbered sources."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from app.domain.finding import Finding
from app.domain.guidance import Answer, Guidance, Sentence
from app.domain.profile import Profile, ReadDocument
from app.domain.provenance import Evidence, Spoken
from app.domain.statement import Source

WIDTH = 96


def analysis_text(documents: Sequence[ReadDocument], known: Profile, told: Guidance) -> str:
    """Return the profile and the guidance as text."""
    lines: list[str] = []
    for document in documents:
        lines += _document(document)
    lines += _profile(known, documents)
    return "\n".join(lines) + "\n\n" + guidance_text(told)


def answer_text(given: Answer) -> str:
    """Return a public answer as text."""
    return f"{given.question}\n{'=' * min(len(given.question), WIDTH)}\n\n{guidance_text(given.guidance)}"


def guidance_text(told: Guidance) -> str:
    """Return an explanation as text: sections, then the sources that its numbers in brackets point to."""
    numbers, listed = numbered_sources(told)
    lines: list[str] = []
    for part in told.parts:
        if not part.sentences or part.id == "sources":
            continue
        lines += [part.heading, "-" * len(part.heading)]
        for sentence in part.sentences:
            lines += _wrapped(sentence.text + _marks(sentence, numbers))
        lines.append("")
    if listed:
        heading = next((part.heading for part in told.parts if part.id == "sources"), "Sources")
        lines += [heading, "-" * len(heading)]
        for number, source in enumerate(listed, 1):
            told_of = ", ".join(filter(None, (source.title, source.date, source.url)))
            unchecked = "" if source.trust != "unverified" else " (not yet checked by us)"
            lines += textwrap.wrap(f"[{number}] {told_of}{unchecked}", WIDTH, subsequent_indent="    ")
        lines.append("")
    if told.disclaimer:
        lines += textwrap.wrap(told.disclaimer, WIDTH)
    return "\n".join(lines) + "\n"


def numbered_sources(told: Guidance) -> tuple[dict[str, int], list[Source]]:
    """Number the sources from 1, one number for each work, however many statements rest on it.

    Returns:
        The number of each citation id, and the works in the order of their numbers.
    """
    works: dict[tuple[str, str], int] = {}
    listed: list[Source] = []
    numbers: dict[str, int] = {}
    for key, source in told.sources.items():
        work = (source.title, source.url)
        if work not in works:
            listed.append(source)
            works[work] = len(listed)
        numbers[key] = works[work]
    return numbers, listed


def _marks(sentence: Sentence, numbers: dict[str, int]) -> str:
    cited = [str(n) for n in sorted({numbers[c] for c in sentence.citations if c in numbers})]
    return f" [{', '.join(cited)}]" if cited else ""


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ") or [""]


def _document(document: ReadDocument) -> list[str]:
    what = ", ".join(
        filter(
            None,
            (
                document.laboratory,
                document.test,
                document.report_date.isoformat() if document.report_date else "",
                f"{len(document.pages)} pages",
            ),
        )
    )
    lines = [f"{document.name}: {what}"]
    for issue in document.issues:
        where = f"page {issue.page}: " if issue.page else ""
        lines += _wrapped(f"! {where}{issue.message}")
    return lines


def _profile(known: Profile, documents: Sequence[ReadDocument]) -> list[str]:
    lines: list[str] = []
    groups: list[tuple[str, list[tuple[str, tuple[Evidence, ...]]]]] = [
        ("Diagnosis", [(d.name + (f" [{d.oncotree}]" if d.oncotree else ""), d.evidence) for d in known.diagnoses]),
        ("Stage", [(" ".join(filter(None, (s.system, s.value, s.t, s.n, s.m))), s.evidence) for s in known.stages]),
        ("Findings", [(_finding(f), f.evidence) for f in known.findings]),
        (
            "Treatments",
            [
                (" ".join(filter(None, (t.name, t.result, t.start, f"to {t.end}" if t.end else ""))), t.evidence)
                for t in known.treatments
            ],
        ),
    ]
    for heading, rows in groups:
        if not rows:
            continue
        lines += ["", heading, "-" * len(heading)]
        for told, evidence in rows:
            lines += _wrapped(f"{told}   {_place(evidence, documents)}".rstrip())
    for conflict in known.conflicts:
        lines += _wrapped(f"! {conflict.message}")
    for issue in known.issues:
        lines += _wrapped(f"! {issue.message}")
    return lines


def _finding(finding: Finding) -> str:
    r = finding.reading
    label = r.marker if r.marker and r.type == "ihc" else r.gene
    parts = [label or "", r.alteration, "->", r.result.replace("_", " ")]
    if r.vaf is not None:
        parts.append(f"VAF {r.vaf}%")
    if r.value is not None:
        parts.append(f"{r.value}{' ' + r.unit if r.unit else ''}")
    parts += [x for x in (r.score, r.c, r.classification, r.origin, r.temporality, r.reason) if x]
    return " ".join(filter(None, parts))


def _place(evidence: tuple[Evidence, ...], documents: Sequence[ReadDocument]) -> str:
    for place in evidence:
        if place.source is Spoken.PAGE:
            name = f"{documents[place.document].name} " if len(documents) > 1 and place.document is not None else ""
            return f"({name}page {place.page})"
    return f"({evidence[0].source})" if evidence else ""

"""Findings of several documents become one profile: each fact once, the newest current, contradictions named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.terms import load_vocabulary
from app.domain.document import Format, ReportKind, SourceDocument
from app.domain.finding import Finding
from app.domain.mention import FactType, Reading
from app.domain.outcome import Severity
from app.domain.page import Page, TextSource
from app.domain.profile import Profile, ReadDocument
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.section import NOBODY, Person, Report
from app.domain.term import Vocabulary
from app.stages import profile

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "merge.yaml").read_text(encoding="utf-8"))
PEOPLE = yaml.safe_load((Path(__file__).parent / "cases" / "people.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def finding(told: dict[str, Any], document: int, line: int) -> Finding:
    told = {
        k: Decimal(v) if isinstance(v, float | int) and k in ("vaf", "value", "copies") else v for k, v in told.items()
    }
    reading = Reading(**{"gene": None, **told, "type": FactType(told["type"])})
    box = Box(10.0, 10.0 * line, 90.0, 10.0 * line + 9.0)
    quote = Evidence(
        Spoken.PAGE, f"{reading.gene or ''} {reading.alteration} {reading.result}".strip(), document, 1, box
    )
    return Finding(f"m{line}", reading, (quote,))


def read_document(name: str, day: str | None = None, person: Person = NOBODY) -> ReadDocument:
    when = date.fromisoformat(day) if day else None
    return ReadDocument(name, "0" * 64, ReportKind.NGS, (), report_date=when, person=person)


def merged(documents: list[dict[str, Any]], vocabulary: Vocabulary) -> Profile:
    records = []
    for position, told in enumerate(documents):
        facts = tuple(finding(fact, position, line) for line, fact in enumerate(told.get("facts", ()), start=1))
        person = Person(**told.get("person", {}))
        records.append((read_document(told.get("name", f"report {position}"), told.get("date"), person), facts))
    return profile.merge(records, vocabulary=vocabulary).value


def shown(thing: Any, keys: dict[str, Any]) -> dict[str, Any]:
    inside = getattr(thing, "reading", thing)
    read = {key: getattr(inside, key, None) if key not in ("id", "evidence") else None for key in keys}
    read |= {"id": thing.id} if "id" in keys else {}
    read |= {"evidence": len(thing.evidence)} if "evidence" in keys else {}
    return {k: str(v) if isinstance(v, Decimal) else v for k, v in read.items()}


@pytest.mark.parametrize("told", CASES, ids=lambda case: case["case"])
def test_documents_merge_as_a_pathologist_would_merge_them(told: dict[str, Any], vocabulary: Vocabulary) -> None:
    read = merged(told["documents"], vocabulary)
    for part, wanted in told["profile"].items():
        things = getattr(read, part)
        if part == "conflicts":
            assert [list(c.about) for c in things] == wanted
            continue
        assert [shown(thing, keys) for thing, keys in zip(things, wanted, strict=False)] == wanted
        assert len(things) == len(wanted)


@pytest.mark.parametrize("told", PEOPLE["same"], ids=str)
def test_one_person_written_in_two_ways_is_one(told: list[dict[str, str]], vocabulary: Vocabulary) -> None:
    documents = [{"person": person} for person in told]
    assert merged(documents, vocabulary).issues == ()


@pytest.mark.parametrize("told", PEOPLE["different"], ids=str)
def test_two_persons_raise_one_blocking_issue(told: list[dict[str, str]], vocabulary: Vocabulary) -> None:
    documents = [{"name": f"file {n}", "person": person} for n, person in enumerate(told)]
    issues = merged(documents, vocabulary).issues
    assert [(i.code, i.severity, i.document) for i in issues] == [("document.other_person", Severity.BLOCKING, 1)]
    assert "file 1" in issues[0].message


def test_two_persons_inside_one_file_are_told_apart(vocabulary: Vocabulary) -> None:
    people = ((1, Person("Thora Quill", "1971-03-03")), (3, Person("Ruben Castellane", "1958-08-14")))
    report = Report(ReportKind.PATHOLOGY, (), person=people[0][1], people=people)
    source = SourceDocument("both.pdf", "0" * 64, Format.PDF, b"")
    read = profile.document(source, (), report, ())
    assert [(i.code, i.page, i.severity) for i in read.issues] == [("document.other_person", 3, Severity.BLOCKING)]
    assert [i.code for i in profile.merge([(read, ())], vocabulary=vocabulary).value.issues] == [
        "document.other_person"
    ]


def test_a_name_that_a_scan_garbled_does_not_block_the_record(vocabulary: Vocabulary) -> None:
    native = ReadDocument("a.pdf", "0" * 64, ReportKind.NGS, (), person=Person("Thora Quill", "1971-03-03"))
    page = Page(1, 612.0, 792.0, (), TextSource.OCR)
    scan = ReadDocument("b.pdf", "1" * 64, ReportKind.NGS, (page,), person=Person("Thora Quil", "1971-03-08"))
    assert profile.merge([(native, ()), (scan, ())], vocabulary=vocabulary).issues == ()


def test_another_name_blocks_the_record_on_a_scan_too(vocabulary: Vocabulary) -> None:
    native = ReadDocument("a.pdf", "0" * 64, ReportKind.NGS, (), person=Person("Thora Quill", "1971-03-03"))
    page = Page(1, 612.0, 792.0, (), TextSource.OCR)
    scan = ReadDocument("b.pdf", "1" * 64, ReportKind.NGS, (page,), person=Person("Ruben Castellane", "1971-03-08"))
    issues = profile.merge([(native, ()), (scan, ())], vocabulary=vocabulary).issues
    assert [issue.code for issue in issues] == ["document.other_person"]


def test_no_message_about_another_person_tells_a_name_or_a_birth_date(vocabulary: Vocabulary) -> None:
    documents = [
        {"person": {"name": "Thora Quill", "born": "1971-03-03"}},
        {"person": {"name": "Ruben Castellane", "born": "1958-08-14"}},
    ]
    message = merged(documents, vocabulary).issues[0].message
    assert not any(word in message for word in ("Quill", "Castellane", "1971", "1958"))


_RESULTS = st.sampled_from(["detected", "not_detected", "not_evaluated", "indeterminate"])
_FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["variant", "fusion", "cnv"]),
            "gene": st.sampled_from(["EGFR", "KRAS", "TP53"]),
            "alteration": st.sampled_from(["p.L858R", "p.G12C", "any mutation", "amplification"]),
            "result": _RESULTS,
        }
    ),
    max_size=6,
)
_DOCUMENTS = st.lists(
    st.fixed_dictionaries({"date": st.sampled_from([None, "2024-01-05", "2025-02-03"]), "facts": _FACTS}),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS)
def test_no_evidence_is_lost_and_none_is_invented(documents: list[dict[str, Any]]) -> None:
    read = merged(documents, Vocabulary({}, {}, {}))
    given_ = {(n, line) for n, told in enumerate(documents) for line in range(1, len(told["facts"]) + 1)}
    kept = {(e.document, int((e.box or Box(0, 0, 0, 0)).y0 / 10)) for f in read.findings for e in f.evidence}
    assert kept == given_


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS)
def test_merging_never_turns_a_result_into_another(documents: list[dict[str, Any]]) -> None:
    read = merged(documents, Vocabulary({}, {}, {}))
    said = {(f["gene"], f["alteration"], f["result"]) for told in documents for f in told["facts"]}
    assert {(f.reading.gene, f.reading.alteration, f.reading.result) for f in read.findings} <= said


@settings(max_examples=40, deadline=None)
@given(_DOCUMENTS)
def test_findings_stand_in_order_and_are_numbered_in_it(documents: list[dict[str, Any]]) -> None:
    read = merged(documents, Vocabulary({}, {}, {}))
    rank = {"detected": 0, "indeterminate": 1, "not_evaluated": 1, "not_detected": 2}
    order = [rank[f.reading.result] for f in read.findings]
    assert order == sorted(order)
    assert [f.id for f in read.findings] == [f"f{n}" for n in range(1, len(read.findings) + 1)]

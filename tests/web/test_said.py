"""What a person says without a document: added, corrected, explained, exported, taken back, never mixed with pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from app.domain.account import Account, Organisation, Role, Visitor
from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.profile import Diagnosis, Profile, Stage, Treatment
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.record import SaidKind
from app.domain.review import Placement
from app.services import said_words as words
from app.services.access import hashed
from app.services.review_case import open_bench
from app.services.say_fact import suggestions
from app.stages.profile import with_said
from app.stages.views import bundle
from tests.web.conftest import Site
from tests.web_fakes import FakeReading, report

CASES = yaml.safe_load((Path(__file__).parent / "said_cases.yaml").read_text())
VOCABULARY = FakeReading().vocabulary()
PAGE = (Evidence(Spoken.PAGE, "as printed", 0, 1, Box(1, 2, 3, 4)),)
PERSON = (Evidence(Spoken.PERSON, "as typed"),)
MARKER = {"gene": "EGFR", "change": "mutation", "detail": "L858R", "result": "found"}


def said_of(site: Site, address: str) -> list[dict[str, object]]:
    findings: list[dict[str, object]] = site.browser.get(f"{address}/analysis.json").json()["profile"]["findings"]
    return [f for f in findings if [e["source"] for e in f["evidence"]] == ["person"]]


def test_a_record_can_begin_without_a_document(site: Site) -> None:
    answer = site.post("/profile/marker", MARKER, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"].removesuffix("/profile")
    site.work()
    page = site.browser.get(address).text
    assert "EGFR" in page
    assert "Said by you, on no page" in page
    assert "There are no documents in this record." in page
    (fact,) = said_of(site, address)
    assert fact["review"] == "added"
    assert "box" not in fact["evidence"][0]  # type: ignore[index]


def test_what_is_said_stands_beside_what_was_read(site: Site) -> None:
    address = site.record(report("TP53 p.R175H detected"))
    site.post(f"{address}/profile/marker", MARKER)
    site.work()
    page = site.browser.get(address).text
    assert "TP53 p.R175H" in page
    assert len(said_of(site, address)) == 1
    assert "Wrote down a fact" in site.browser.get(f"{address}/trail").text


def test_an_entry_is_corrected_and_taken_back(site: Site) -> None:
    address = site.post("/profile/marker", MARKER, follow_redirects=False).headers["location"].removesuffix("/profile")
    site.work()
    page = site.browser.get(f"{address}/profile").text
    change = re.search(r'href="([^"]*change=([0-9a-f]+))#marker"', page)
    assert change
    form = site.browser.get(change[1]).text
    assert 'value="L858R"' in form
    site.post(f"{address}/profile/marker", MARKER | {"result": "not_found", "instead_of": change[2]})
    site.work()
    (fact,) = said_of(site, address)
    assert fact["result"] == "not_detected"
    remove = next(part for part in site.browser.get(f"{address}/profile").text.split('"') if part.endswith("/remove"))
    site.post(remove)
    assert "There are no reports here yet" in site.browser.get(address).text


def test_a_wrong_field_is_named_and_nothing_that_was_typed_is_lost(site: Site) -> None:
    answer = site.post("/profile/marker", MARKER | {"gene": "QQQQ", "result": "unclear"})
    assert answer.status_code == 422
    assert "We do not know this gene" in answer.text
    assert 'href="#marker-gene"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="L858R"' in answer.text
    assert '<option value="unclear" selected>' in answer.text
    assert site.queue.rung == []


def test_a_name_that_may_mean_several_things_is_asked_about(site: Site) -> None:
    answer = site.post("/profile/diagnosis", {"name": "adeno"})
    assert answer.status_code == 422
    assert 'name="code" value="LUAD"' in answer.text
    chosen = site.post("/profile/diagnosis", {"name": "adeno", "code": "LUAD"}, follow_redirects=False)
    assert chosen.status_code == 303


def test_names_are_offered_while_typing(site: Site) -> None:
    assert site.browser.get("/names/gene", params={"q": "her"}).json()[0]["value"] == "ERBB2"
    assert site.browser.get("/names/treatment", params={"q": "tag"}).json()[0]["value"] == "osimertinib"
    assert site.browser.get("/names/diagnosis", params={"q": "adenoc"}).json()[0]["value"] == "Lung Adenocarcinoma"
    assert site.browser.get("/names/anything", params={"q": "adenoc"}).json() == []
    assert suggestions("gene", "e", VOCABULARY) == ()


def test_hostile_text_is_shown_as_text(site: Site) -> None:
    name = '<script>alert(1)</script>" onfocus=x'
    address = site.post("/profile/diagnosis", {"name": name, "code": words.AS_WRITTEN}, follow_redirects=False)
    page = site.browser.get(address.headers["location"]).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("case", CASES["reads"], ids=str)
def test_what_is_filled_in_becomes_a_fact(case: dict[str, object]) -> None:
    core = FakeReading().understand
    told = words.said_words(SaidKind(case["kind"]), case["form"], VOCABULARY, core)  # type: ignore[arg-type]
    stated = [{k: str(v) for k, v in r.stated().items() if v is not None} for r in told.readings]
    assert [{k: s.get(k) for k in w} for s, w in zip(stated, case["facts"], strict=True)] == case["facts"]  # type: ignore[call-overload]


@pytest.mark.parametrize("case", CASES["refuses"], ids=str)
def test_what_cannot_be_used_names_its_field(case: dict[str, object]) -> None:
    with pytest.raises(words.FieldError) as refused:
        words.said_words(SaidKind(case["kind"]), case["form"], VOCABULARY, FakeReading().understand)  # type: ignore[arg-type]
    assert refused.value.field == case["field"]


def read_profile() -> Profile:
    return Profile(
        diagnoses=(Diagnosis("d1", "adenocarcinoma", "Lung Adenocarcinoma", "LUAD", evidence=PAGE),),
        stages=(Stage("s1", "d1", "AJCC", "IIA", evidence=PAGE),),
        findings=(Finding("f1", Reading(FactType.VARIANT, "EGFR", "p.L858R", "not_detected"), PAGE),),
        treatments=(Treatment("t1", "osimertinib", "drug", "ongoing", evidence=PAGE),),
    )


def said(*readings: Reading) -> list[Finding]:
    return [Finding(f"f{n}", r, PERSON, review=Review.ADDED) for n, r in enumerate(readings, 1)]


def test_a_page_is_never_overruled_by_what_somebody_says() -> None:
    read = read_profile()
    told = said(
        Reading(FactType.VARIANT, "EGFR", "p.L858R", "detected", date="2099-01-01"),
        Reading(FactType.HISTOLOGY, None, "Acute Myeloid Leukemia", "present", code="AML"),
        Reading(FactType.STAGE, None, "IVA", "stated", system="AJCC"),
    )
    both = with_said(read, told, vocabulary=VOCABULARY)
    assert both.findings[0] == read.findings[0]
    assert both.diagnoses[0] == read.diagnoses[0]
    assert both.stages[0] == read.stages[0]
    assert [c.about for c in both.conflicts] == [("d1", "d2"), ("s1", "s2"), ("f1", "f2")]
    assert all("You told us" in c.message for c in both.conflicts)


def test_the_same_said_and_read_is_one_fact_that_still_opens_its_page() -> None:
    told = said(
        Reading(FactType.VARIANT, "EGFR", "p.L858R", "not_detected"),
        Reading(FactType.HISTOLOGY, None, "Lung Adenocarcinoma", "present", code="LUAD"),
        Reading(FactType.STAGE, None, "IIA", "stated", system="AJCC"),
        Reading(FactType.TREATMENT, None, "osimertinib", "ongoing", category="drug"),
    )
    both = with_said(read_profile(), told, vocabulary=VOCABULARY)
    facts = (*both.diagnoses, *both.stages, *both.findings, *both.treatments)
    assert [f.evidence for f in facts] == [PAGE + PERSON] * 4
    assert both.conflicts == ()


def test_a_more_exact_name_is_a_diagnosis_of_its_own_without_a_page() -> None:
    read = Profile(diagnoses=(Diagnosis("d1", "lung tumor", "Lung", "LUNG", evidence=PAGE),))
    told = said(Reading(FactType.HISTOLOGY, None, "Lung Adenocarcinoma", "present", code="LUAD"))
    both = with_said(read, told, vocabulary=VOCABULARY)
    assert [(d.oncotree, d.evidence) for d in both.diagnoses] == [("LUNG", PAGE), ("LUAD", PERSON)]
    assert both.conflicts == ()


def test_an_export_says_who_says_it() -> None:
    told = said(
        Reading(FactType.VARIANT, "EGFR", "p.T790M", "detected"),
        Reading(FactType.HISTOLOGY, None, "Acute Myeloid Leukemia", "present", code="AML"),
        Reading(FactType.STAGE, None, "IVA", "stated", system="AJCC"),
        Reading(FactType.TREATMENT, None, "osimertinib", "completed", category="drug"),
        Reading(FactType.TREATMENT, None, "lobectomy", "completed", category="surgery"),
    )
    both = with_said(read_profile(), told, vocabulary=VOCABULARY)
    resources = {e["resource"]["id"]: e["resource"] for e in bundle((), both)["entry"]}
    for identity, who in {
        "d2": "asserter",
        "s2": "performer",
        "f2": "performer",
        "t2": "informationSource",
        "t3": "informationSource",
    }.items():
        one = resources[identity]
        assert one["note"] == [{"text": "Said by the patient; not read from a document."}], identity
        assert who in one or one["resourceType"] == "Procedure", identity
        assert one.get("status") != "final"
    assert resources["d2"]["verificationStatus"]["coding"][0]["code"] == "unconfirmed"
    assert "asserter" not in resources["d1"]
    assert resources["s1"]["status"] == "final"


def test_a_navigator_sees_what_the_person_says(site: Site) -> None:
    address = site.record(report("TP53 p.R175H detected"))
    site.post(f"{address}/profile/marker", MARKER)
    with site.desk.units() as unit:
        link = unit.records.link(hashed(address.removeprefix("/r/")))
        assert link
        team = Organisation("o", "Team", "TEAM", site.desk.clock())
        unit.organisations.add(team)
        nia = Account("n", "nia@example.org", "", Role.NAVIGATOR, site.desk.clock())
        unit.accounts.add(nia)
        unit.organisations.join("o", "n", site.desk.clock())
        unit.organisations.place(Placement(link.record, "o", site.desk.clock(), "link:owner"))
        unit.commit()
    bench = open_bench(site.desk, Visitor(nia), link.record)
    assert [f.text for f in bench.said] == ["EGFR L858R: found (positive)"]
    assert all("EGFR" not in str(item.values) for item in bench.items)

"""Rules of matching that hold for every profile, and readings of changes that have edges."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.finding import Finding
from app.domain.match import Rung
from app.domain.mention import FactType, Reading
from app.domain.profile import Diagnosis, Profile
from app.domain.statement import Change, Condition
from app.stages import matching
from app.stages.matching import events, exons
from app.stages.matching.fit import Fit
from app.stages.matching.fits import fit
from tests.knowledge.making import reading
from tests.knowledge.test_profiles import CASES, base, matched, terms

HERE = {Rung.APPROVED_HERE, Rung.GUIDELINE_HERE, Rung.CLINICAL_EVIDENCE_HERE}
GENES = ["EGFR", "ALK", "ROS1", "KRAS", "BRAF", "ERBB2", "BRCA1", "FLT3", "KIT", "PIK3CA"]
CHANGES = ["p.L858R", "p.G12C", "p.V600E", "exon 19 deletion", "ITD", "any mutation", "p.E23fs"]

anything = st.builds(
    Reading,
    type=st.sampled_from([FactType.VARIANT, FactType.FUSION, FactType.CNV]),
    gene=st.sampled_from(GENES),
    alteration=st.sampled_from([*CHANGES, "fusion", "amplification"]),
    result=st.sampled_from(["detected", "not_detected", "indeterminate", "not_evaluated"]),
    classification=st.sampled_from([None, "vus", "pathogenic"]),
)


def profile(code: str, readings: list[Reading]) -> Profile:
    found = tuple(Finding(f"f{n}", told, ()) for n, told in enumerate(readings, start=1))
    return Profile(diagnoses=(Diagnosis("d1", code, code, code),), findings=found)


def treatments(known: Profile) -> set[tuple[str, ...]]:
    found = matching.match(known, knowledge=base(), vocabulary=terms())
    return {said.therapies for m in found.matches if m.rung in HERE for said in m.statements}


@given(st.lists(anything, max_size=4), st.sampled_from(["LUAD", "COAD", "AML", "IDC"]))
@settings(max_examples=25, deadline=None)
def test_a_finding_that_is_uncertain_failed_or_of_unknown_meaning_never_brings_a_treatment(
    readings: list[Reading], code: str
) -> None:
    unsure = [replace(r, result="indeterminate") for r in readings]
    unknown = [replace(r, classification="vus", result="detected", type=FactType.VARIANT) for r in readings]
    assert treatments(profile(code, unsure)) == set()
    assert treatments(profile(code, unknown)) == set()


@given(st.lists(anything, min_size=1, max_size=3), st.sampled_from(["LUAD", "IDC"]))
@settings(max_examples=15, deadline=None)
def test_the_order_of_findings_does_not_matter(readings: list[Reading], code: str) -> None:
    orders = [treatments(profile(code, list(order))) for order in permutations(readings)]
    assert all(found == orders[0] for found in orders)


@given(st.lists(anything, max_size=3))
@settings(max_examples=15, deadline=None)
def test_every_match_is_about_findings_of_the_profile_and_says_why(readings: list[Reading]) -> None:
    known = profile("LUAD", readings)
    ids = {finding.id for finding in known.findings}
    for m in matching.match(known, knowledge=base(), vocabulary=terms()).matches:
        assert set(m.about) <= ids
        assert m.about
        assert m.why
        assert bool(m.statements) == (m.rung is not Rung.NONE)
        assert bool(m.jurisdiction) == (m.rung is Rung.APPROVED_HERE)


def test_no_withdrawn_or_unverified_row_is_ever_approved_here() -> None:
    for case in CASES:
        for m in matched(case).matches:
            if m.rung is Rung.APPROVED_HERE:
                assert {said.status for said in m.statements} <= {"current", "accelerated"}
                assert {said.trust for said in m.statements} == {"curated"}


def test_a_finding_that_belongs_to_one_of_two_cancers_is_matched_in_that_one() -> None:
    two = (Diagnosis("d1", "lung", "lung", "LUAD"), Diagnosis("d2", "breast", "breast", "IDC"))
    told = Reading(FactType.VARIANT, "EGFR", "p.L858R", "detected", diagnosis="d2")
    found = matching.match(Profile(two, findings=(Finding("f1", told, ()),)), knowledge=base(), vocabulary=terms())
    assert {m.rung for m in found.matches} == {Rung.ELSEWHERE_ONLY}
    loose = replace(told, diagnosis=None)
    found = matching.match(Profile(two, findings=(Finding("f1", loose, ()),)), knowledge=base(), vocabulary=terms())
    assert Rung.APPROVED_HERE in {m.rung for m in found.matches}


def test_the_same_profile_gives_the_same_matches() -> None:
    for case in CASES[::20]:
        assert matched(case) == matched(case)


@pytest.mark.parametrize(
    ("gene", "protein", "category", "belongs"),
    [
        ("EGFR", "p.E746_A750del", "exon 19 deletion", True),
        ("EGFR", "p.L747_P753delinsS", "exon 19 deletion", True),
        ("EGFR", "p.I744_K745insKIPVAI", "exon 19 deletion", False),
        ("EGFR", "p.L858R", "exon 19 deletion", False),
        ("EGFR", "p.A767_V769dup", "exon 20 insertion", True),
        ("EGFR", "p.D770delinsGY", "exon 20 insertion", True),
        ("EGFR", "p.T790M", "exon 20 insertion", False),
        ("EGFR", "p.S768I", "exon 20 insertion", False),
        ("ERBB2", "p.Y772_A775dup", "exon 20 insertion", True),
        ("KIT", "p.V559D", "exon 11 mutation", True),
        ("KIT", "p.A502_Y503dup", "exon 9 mutation", True),
        ("KIT", "p.D816V", "exon 11 mutation", False),
        ("PDGFRA", "p.D842V", "exon 18 mutation", True),
        ("TP53", "p.R175H", "exon 5 mutation", False),
    ],
)
def test_an_exon_category_holds_what_lies_in_it_and_nothing_else(
    gene: str, protein: str, category: str, belongs: bool
) -> None:
    assert exons.is_in(gene, protein, category) is belongs


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("del(17)(p13.1)", "del(17p)"),
        ("del(17p13.1)", "del(17p)"),
        ("del(17p)", "del(17p)"),
        ("5q-", "del(5q)"),
        ("del(5)(q13q33)", "del(5q)"),
        ("t(8;21)(q22;q22.1)", "t(8;21)"),
        ("inv(16)(p13.1q22)", "inv(16)"),
        ("monosomy 7", "-(7)"),
        ("-7", "-(7)"),
        ("trisomy 12", "+(12)"),
        ("+8", "+(8)"),
        ("complex karyotype with five changes", "complex karyotype"),
        ("1p/19q codeletion", "1p/19q codeletion"),
        ("normal karyotype 46,XX", "normal karyotype"),
    ],
)
def test_chromosome_events_have_one_name(written: str, name: str) -> None:
    assert events.name(written) == name


@pytest.mark.parametrize(
    ("condition", "told", "expected"),
    [
        (Condition("EGFR", Change.MUTATION), {"v": "EGFR p.L858R"}, Fit.GENE),
        (Condition("EGFR", Change.MUTATION), {"v": "EGFR p.L858R", "r": "not_detected"}, Fit.APART),
        (Condition("EGFR", Change.MUTATION), {"v": "EGFR any mutation", "r": "not_detected"}, Fit.AGAINST),
        (Condition("EGFR", Change.MUTATION), {"v": "EGFR p.L858R", "class": "vus"}, Fit.OPEN),
        (Condition("BRAF", Change.VARIANT, "p.V600E"), {"v": "BRAF p.V600E"}, Fit.EXACT),
        (Condition("BRAF", Change.VARIANT, "p.V600"), {"v": "BRAF p.V600R"}, Fit.KIND),
        (Condition("BRAF", Change.VARIANT, "p.V600E"), {"v": "BRAF p.V600K"}, Fit.APART),
        (Condition("ALK", Change.FUSION), {"f": "EML4::ALK"}, Fit.KIND),
        (Condition("ALK", Change.FUSION, "EML4"), {"f": "ALK"}, Fit.OPEN),
        (Condition("ALK", Change.FUSION, "EML4"), {"f": "KIF5B::ALK"}, Fit.APART),
        (Condition("ALK", Change.FUSION), {"v": "ALK any alteration", "r": "not_detected"}, Fit.AGAINST),
        (Condition("ALK", Change.FUSION), {"v": "ALK any mutation", "r": "not_detected"}, Fit.APART),
        (Condition("ALK", Change.MUTATION), {"v": "ALK any alteration", "r": "not_detected"}, Fit.AGAINST),
        (
            Condition("CD274", Change.EXPRESSION, ">=50% TPS"),
            {"ihc": "CD274", "value": "50%", "score": "TPS"},
            Fit.EXACT,
        ),
        (
            Condition("CD274", Change.EXPRESSION, ">=50% TPS"),
            {"ihc": "CD274", "value": "49%", "score": "TPS"},
            Fit.AGAINST,
        ),
        (Condition("CD274", Change.EXPRESSION, ">=1 CPS"), {"ihc": "CD274", "value": "40%"}, Fit.OPEN),
        (
            Condition("ERBB2", Change.EXPRESSION, "positive"),
            {"ihc": "ERBB2", "r": "equivocal", "score": "2+"},
            Fit.OPEN,
        ),
        (Condition(None, Change.SIGNATURE, "TMB >=10"), {"sig": "TMB", "r": "reported", "value": "10"}, Fit.EXACT),
        (Condition(None, Change.SIGNATURE, "MSI-H|dMMR"), {"sig": "MMR", "r": "pMMR"}, Fit.AGAINST),
        (Condition(None, Change.CYTOGENETIC, "t(9;22)"), {"f": "BCR::ABL1"}, Fit.EXACT),
        (
            Condition("BRCA1", Change.MUTATION, origin="germline"),
            {"v": "BRCA1 p.E23fs", "origin": "somatic"},
            Fit.APART,
        ),
        (Condition("BRCA1", Change.MUTATION, origin="germline"), {"v": "BRCA1 p.E23fs"}, Fit.OPEN),
    ],
)
def test_a_finding_stands_to_a_condition(condition: Condition, told: dict[str, object], expected: Fit) -> None:
    assert fit(condition, reading(told)) is expected

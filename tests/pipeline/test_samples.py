"""What the sample reports say comes out, and nothing of their therapy, trial, method and background text does."""

from __future__ import annotations

import pytest

PRESENT = {"detected", "positive", "low_positive", "high", "MSI-H", "dMMR"}
LUNG = {
    ("EGFR", "p.E746_A750del"),
    ("TP53", "p.R273H"),
    ("CDKN2A", "homozygous deletion"),
    ("CD274", "protein expression"),
}
LUNG |= {("NOTCH1", "p.T1281M"), ("KMT2D", "p.P2354L"), ("BRCA2", "p.T1354M")}
AML = {("NPM1", "p.W288Cfs*12"), ("FLT3", "ITD"), ("DNMT3A", "p.R882H"), ("TET2", "p.H1778R")}
BREAST = {("ESR1", "protein expression"), ("PGR", "protein expression")}


def said_present(found) -> set[tuple[str | None, str]]:
    readings = (f.reading for f in found.profile.findings)
    return {(r.gene, r.alteration) for r in readings if r.result in PRESENT and r.gene and "flow" not in (r.note or "")}


@pytest.mark.parametrize("name", ["lung-ngs.pdf", "lung-ngs-scan.pdf"])
def test_the_lung_report_gives_its_own_findings_and_no_others(analysed, name):
    found = analysed(name).analysis
    assert said_present(found) == LUNG
    assert [d.oncotree for d in found.profile.diagnoses] == ["LUAD"]
    assert found.profile.treatments == ()
    told = {(f.reading.alteration, f.reading.result) for f in found.profile.findings if f.reading.gene is None}
    assert {("MSI", "MSS"), ("TMB", "low")} <= told


@pytest.mark.parametrize("name", ["aml-workup.pdf", "aml-workup-scan.pdf"])
def test_the_leukemia_report_gives_its_own_findings_and_no_others(analysed, name):
    found = analysed(name).analysis
    genes = {(g, a) for g, a in said_present(found) if a != "protein expression"}
    assert genes == AML
    absent = {f.reading.gene for f in found.profile.findings if f.reading.result == "not_detected"}
    assert {"TP53", "IDH1", "PML::RARA", "RUNX1::RUNX1T1", "CBFB::MYH11"} <= absent
    assert found.profile.diagnoses[0].oncotree.startswith("AML")


@pytest.mark.parametrize("name", ["breast-synoptic.pdf", "breast-synoptic-scan.pdf", "breast-synoptic-photo.jpg"])
def test_the_breast_report_gives_its_own_findings_and_no_others(analysed, name):
    found = analysed(name).analysis
    assert said_present(found) == BREAST
    assert found.profile.stages[0].t.endswith("T1c")
    assert found.profile.diagnoses[0].oncotree == "IDC"


def test_a_result_that_others_hold_back_is_said_to_depend_on_them_and_not_to_be_unknown(analysed):
    found = analysed("lung-ngs.pdf").analysis
    stain = next(f for f in found.profile.findings if f.reading.gene == "CD274")
    match = next(m for m in found.matches.matches if stain.id in m.about)
    assert (match.rung.value, match.held) == ("none", "results")
    told = {s.template for part in found.guidance.parts for s in part.sentences if stain.id in s.about}
    assert "rung.held_results" in told
    assert "rung.none" not in told

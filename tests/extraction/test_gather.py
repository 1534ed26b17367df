from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.document import ReportKind
from app.domain.finding import Finding
from app.domain.page import Word
from app.domain.provenance import Box
from app.domain.section import Anchor, Report, Section, SectionKind
from app.stages import findings, mentions


def _section(text: str, kind: SectionKind = SectionKind.RESULTS) -> Section:
    """A section whose every word stands on a page of its own making, one printed line a line."""
    anchors, at, number = [], 0, 0
    for number, line in enumerate(text.split("\n")):
        place = at
        for word in line.replace("\t", " ").split():
            start = text.index(word, place)
            place = start + len(word)
            box = Box(start - at, number * 12.0, place - at, number * 12.0 + 10)
            anchors.append(Anchor(start, place, 1, number, Word(word, box)))
        at += len(line) + 1
    return Section(kind, "", text, tuple(anchors))


def _gathered(lexicon: mentions.Lexicon, *sections: Section) -> tuple[Finding, ...]:
    report = Report(ReportKind.NGS, sections)
    return findings.gather(report, mentions.find(report, lexicon=lexicon).value).value


def test_a_fact_read_in_two_places_is_one_finding_with_the_evidence_of_both(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("EGFR p.L858R 14 %"), _section("EGFR L858R mutation detected."))
    assert [f.reading.alteration for f in found] == ["p.L858R"]
    assert len(found[0].evidence) >= 3


def test_the_quote_is_what_stands_in_the_box(lexicon: mentions.Lexicon) -> None:
    section = _section("Gene\tVariant\tVAF\nKRAS\tp.G12D\t34.1 %\nTP53\tp.R175H\t20 %")
    words = {anchor.word.text for anchor in section.anchors}
    for finding in _gathered(lexicon, section):
        for evidence in finding.evidence:
            assert evidence.box is not None
            assert set(evidence.text.split()) <= words
            inside = [a.word.text for a in section.anchors if evidence.box.holds(a.word.box)]
            assert evidence.text == " ".join(inside)


def test_a_corrected_result_replaces_the_first(lexicon: mentions.Lexicon) -> None:
    found = _gathered(
        lexicon,
        _section("HER2 IHC: 2+ (equivocal)"),
        _section("HER2 IHC corrected from 2+ (equivocal) to 3+ (positive).", SectionKind.ADDENDUM),
    )
    stains = [f.reading for f in found if f.reading.gene == "ERBB2"]
    assert [(r.result, r.score, r.flags) for r in stains] == [("positive", "3+", ("amended",))]


def test_two_contradicting_results_both_stay_and_raise_an_issue(lexicon: mentions.Lexicon) -> None:
    report = Report(ReportKind.IHC, (_section("CK7 positive"), _section("CK7 is negative.")))
    gathered = findings.gather(report, mentions.find(report, lexicon=lexicon).value)
    assert {f.reading.result for f in gathered.value} == {"positive", "negative"}
    assert all("conflict" in f.reading.flags for f in gathered.value)
    assert [issue.code for issue in gathered.issues] == ["finding.conflict"]


def test_a_pending_test_that_has_its_result_is_not_pending(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("EGFR mutation analysis pending"), _section("EGFR: no mutation detected"))
    assert [f.reading.result for f in found] == ["not_detected"]


def test_the_cue_is_kept_with_the_fact(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("BRAF V600E was not detected"))
    assert found[0].cue == "was not detected"


@pytest.mark.parametrize(
    "kind",
    [SectionKind.THERAPIES, SectionKind.TRIALS, SectionKind.METHOD, SectionKind.GENE_LIST, SectionKind.LITERATURE,
     SectionKind.BOILERPLATE, SectionKind.PLAN, SectionKind.FAMILY],
)  # fmt: skip
def test_a_section_that_is_not_about_results_yields_no_biomarker(kind: SectionKind, lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("KRAS p.G12C detected, ER positive, MSI-High, EML4-ALK fusion", kind))
    assert [f for f in found if f.id.startswith("f")] == []


def test_a_section_says_what_holds_for_all_its_lines(lexicon: mentions.Lexicon) -> None:
    vus = _gathered(lexicon, _section("ARID1A\tp.P1156L", SectionKind.VUS))
    germline = _gathered(lexicon, _section("BRCA2 c.5946del", SectionKind.GERMLINE))
    negative = _gathered(lexicon, _section("EGFR\nALK\nMET", SectionKind.NEGATIVE))
    past = _gathered(lexicon, _section("KRAS G12D detected", SectionKind.HISTORY))
    assert vus[0].reading.classification == "vus"
    assert germline[0].reading.origin == "germline"
    assert [f.reading.result for f in negative] == ["not_detected"] * 3
    assert past[0].reading.temporality == "historical"


def test_thinly_read_genes_are_told_as_an_issue_and_not_as_results(lexicon: mentions.Lexicon) -> None:
    report = Report(ReportKind.NGS, (_section("FLT4\tNOTCH1\tTAF1", SectionKind.NOT_COVERED),))
    found = mentions.find(report, lexicon=lexicon)
    assert found.value == ()
    assert [issue.code for issue in found.issues] == ["finding.thin_coverage"]
    assert "FLT4" in found.issues[0].message


def test_values_under_a_row_of_names_belong_to_the_name_above_them(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("ER\tPR\tHER2\tKi-67\n95%\t0%\t3+\t20%"))
    assert [(f.reading.marker, f.reading.result) for f in found] == [
        ("ER", "positive"), ("PR", "negative"), ("HER2", "positive"), ("Ki-67", "reported")
    ]  # fmt: skip


def test_a_printed_scale_makes_no_call_unless_one_word_stands_out(lexicon: mentions.Lexicon) -> None:
    text = "Microsatellite Instability Status\tStable\tEquivocal\tHigh"
    plain = _section(text)
    bold = Section(
        plain.kind, "", text, tuple(
            Anchor(a.start, a.end, a.page, a.line, Word(a.word.text, a.word.box, bold=a.word.text == "Stable"))
            for a in plain.anchors
        ),
    )  # fmt: skip
    assert _gathered(lexicon, plain) == ()
    assert [f.reading.result for f in _gathered(lexicon, bold)] == ["MSS"]


def test_a_bare_negative_is_the_fusion_s_where_the_report_says_that_in_full(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("ALK: negative"), _section("No ALK rearrangement was detected."))
    assert [(f.reading.type, f.reading.gene, f.reading.result) for f in found] == [("fusion", "ALK", "not_detected")]
    assert len(found[0].evidence) >= 2


def test_a_fusion_and_a_bare_negative_of_its_gene_contradict_each_other(lexicon: mentions.Lexicon) -> None:
    report = Report(ReportKind.NGS, (_section("EML4-ALK fusion detected"), _section("ALK: not detected")))
    told = findings.gather(report, mentions.find(report, lexicon=lexicon).value)
    assert [i.code for i in told.issues] == ["finding.conflict"]
    assert all("conflict" in f.reading.flags for f in told.value)


def test_a_bare_negative_answers_what_was_pending(lexicon: mentions.Lexicon) -> None:
    found = _gathered(lexicon, _section("ALK: pending"), _section("ALK: negative"))
    assert [f.reading.result for f in found] == ["not_detected"]


def test_a_change_in_a_row_without_its_gene_is_told_and_one_that_inherits_its_gene_is_read(
    lexicon: mentions.Lexicon,
) -> None:
    text = "Gene\tVariant\tVAF\n\tp.G12D\t22.1 %\nTP53\tp.R175H\t20 %\n\tp.R248W\t5 %"
    section = replace(_section(text), columns=("gene", "alteration", "vaf"))
    found = mentions.find(Report(ReportKind.NGS, (section,)), lexicon=lexicon)
    assert [(m.reading.gene, m.reading.alteration) for m in found.value] == [("TP53", "p.R175H"), ("TP53", "p.R248W")]
    assert [issue.code for issue in found.issues] == ["finding.no_gene"]
    assert "p.G12D" in found.issues[0].message
    assert "p.R248W" not in found.issues[0].message


def test_a_report_of_a_test_without_any_result_raises_an_issue(lexicon: mentions.Lexicon) -> None:
    silent = Report(ReportKind.NGS, (_section("BRAF V600E", SectionKind.THERAPIES),))
    assert [i.code for i in findings.gather(silent, mentions.find(silent, lexicon=lexicon).value).issues] == [
        "document.no_result"
    ]
    told = Report(ReportKind.NGS, (_section("BRAF: not detected"),))
    assert findings.gather(told, mentions.find(told, lexicon=lexicon).value).issues == ()
    letter = Report(ReportKind.CLINICAL_NOTE, (_section("Seen in clinic today."),))
    assert findings.gather(letter, mentions.find(letter, lexicon=lexicon).value).issues == ()

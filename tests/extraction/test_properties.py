from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.biomarkers import copy_number, cytogenetics, fusion, hgvs, ihc, ish, methylation, signature, variant
from app.biomarkers.spelling import plain
from app.domain.mention import FactType, Reading
from app.stages import mentions
from tests.extraction.reading import facts, read

calm = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
GENES = st.sampled_from(["EGFR", "KRAS", "BRAF", "TP53", "PIK3CA", "NRAS", "SMAD4", "ATM", "BRCA2", "IDH1", "KMT2D"])
RESULTS = st.sampled_from(["detected", "not_detected", "indeterminate", "not_evaluated"])
ACIDS = st.sampled_from("ACDEFGHIKLMNPQRSTVWY")
POSITIONS = st.integers(20, 980)
PERCENTS = st.decimals(Decimal("0.1"), Decimal(99), places=1)


@calm
@given(gene=GENES, before=ACIDS, position=POSITIONS, after=ACIDS, result=RESULTS, vaf=PERCENTS)
def test_a_variant_that_is_shown_is_read_back(
    gene: str, before: str, position: int, after: str, result: str, vaf: Decimal, lexicon: mentions.Lexicon
) -> None:
    if before == after:
        after = "*"
    shown = Reading(FactType.VARIANT, gene, f"p.{before}{position}{after}", result)
    if result == "detected":
        shown = Reading(FactType.VARIANT, gene, f"p.{before}{position}{after}", result, vaf=vaf)
    found = [m.reading for m in read(variant.show(shown), lexicon)]
    assert [(r.gene, r.alteration, r.result, r.vaf) for r in found] == [(gene, shown.alteration, result, shown.vaf)]


@calm
@given(
    pair=st.sampled_from(["EML4::ALK", "CD74::ROS1", "KIF5B::RET", "ETV6::NTRK3", "BCR::ABL1", "FGFR3::TACC3"]),
    result=RESULTS,
)
def test_a_fusion_that_is_shown_is_read_back(pair: str, result: str, lexicon: mentions.Lexicon) -> None:
    found = [m.reading for m in read(fusion.show(Reading(FactType.FUSION, pair, "fusion", result)), lexicon)]
    assert [(r.type, r.gene, r.result) for r in found] == [(FactType.FUSION, pair, result)]


@calm
@given(one=st.sampled_from(["EML4-ALK", "ALK-EML4", "ALK::EML4", "EML4/ALK", "ALK–EML4", "EML4 - ALK"]))
def test_partners_come_in_the_order_of_the_gene(one: str, lexicon: mentions.Lexicon) -> None:
    assert [f["gene"] for f in facts(f"{one} fusion detected", lexicon, "fusion")] == ["EML4::ALK"]


@calm
@given(
    gene=st.sampled_from(["ERBB2", "MET", "MYC", "EGFR", "CCND1"]),
    event=st.sampled_from(["amplification", "gain", "loss", "homozygous deletion"]),
    result=RESULTS,
)
def test_a_copy_number_change_that_is_shown_is_read_back(
    gene: str, event: str, result: str, lexicon: mentions.Lexicon
) -> None:
    found = [m.reading for m in read(copy_number.show(Reading(FactType.CNV, gene, event, result)), lexicon)]
    assert [(r.type, r.gene, r.alteration, r.result) for r in found] == [(FactType.CNV, gene, event, result)]


@calm
@given(result=st.sampled_from(["positive", "negative", "equivocal", "not_evaluated"]))
def test_an_ish_result_that_is_shown_is_read_back(result: str, lexicon: mentions.Lexicon) -> None:
    found = [m.reading for m in read(ish.show(Reading(FactType.ISH, "ERBB2", "amplification", result)), lexicon)]
    assert [(r.type, r.result) for r in found] == [(FactType.ISH, result)]


@calm
@given(
    marker=st.sampled_from(["ER", "PR", "CK7", "TTF-1", "PD-L1", "CD20", "SOX10", "GATA3"]),
    result=st.sampled_from(["positive", "negative", "equivocal", "not_evaluated"]),
)
def test_a_stain_that_is_shown_is_read_back(marker: str, result: str, lexicon: mentions.Lexicon) -> None:
    line = ihc.show(Reading(FactType.IHC, None, "protein expression", result, marker=marker))
    assert [(f["marker"], f["result"]) for f in facts(line, lexicon, "ihc")] == [(marker, result)]


@calm
@given(per_mb=st.decimals(0, 500, places=1), high=st.booleans())
def test_a_burden_that_is_shown_is_read_back(per_mb: Decimal, high: bool, lexicon: mentions.Lexicon) -> None:
    shown = Reading(FactType.SIGNATURE, None, "TMB", "high" if high else "low", value=per_mb, unit="mut/Mb")
    found = [m.reading for m in read(signature.show(shown), lexicon)]
    assert [(r.result, r.value, r.unit) for r in found] == [(shown.result, per_mb, "mut/Mb")]


@calm
@given(result=st.sampled_from(["methylated", "unmethylated", "not_evaluated"]))
def test_a_methylation_result_that_is_shown_is_read_back(result: str, lexicon: mentions.Lexicon) -> None:
    line = methylation.show(Reading(FactType.METHYLATION, "MGMT", "promoter methylation", result))
    assert [f["result"] for f in facts(line, lexicon, "methylation")] == [result]


@calm
@given(
    event=st.sampled_from(["t(9;22)(q34;q11.2)", "inv(16)(p13.1q22)", "del(5)(q13q33)", "trisomy 8", "monosomy 7"]),
    result=RESULTS,
)
def test_a_chromosome_change_that_is_shown_is_read_back(event: str, result: str, lexicon: mentions.Lexicon) -> None:
    line = cytogenetics.show(Reading(FactType.CYTOGENETICS, None, event, result))
    assert [(f["alteration"], f["result"]) for f in facts(line, lexicon, "cytogenetics")] == [(event, result)]


@calm
@given(genes=st.lists(GENES, min_size=2, max_size=5, unique=True), order=st.randoms())
def test_a_negation_never_adds_a_positive_whatever_the_order(
    genes: list[str], order: object, lexicon: mentions.Lexicon
) -> None:
    for line in (
        f"No mutations were detected in {', '.join(genes)}.",
        f"{', '.join(genes)}: not detected",
        f"Negative for {', '.join(genes[:-1])} and {genes[-1]} mutations",
        f"Neither {genes[0]} nor {genes[1]} mutations were found.",
    ):
        found = read(line, lexicon)
        assert found
        assert {m.reading.result for m in found} == {"not_detected"}


@calm
@given(before=ACIDS, position=POSITIONS, after=ACIDS)
def test_three_letters_and_one_letter_name_the_same_change(before: str, position: int, after: str) -> None:
    three = {one: long for long, one in hgvs.THREE_TO_ONE.items()}
    short = hgvs.protein(f"{before}{position}{after}")
    assert short is not None
    assert hgvs.protein(f"{three[before]}{position}{three[after]}") == short


@given(text=st.text(alphabet="EGFRKASp.L858R(),;:%0123456789 \n\tﬁ\u00ad‑–lO", max_size=80))
def test_making_a_text_plain_keeps_track_of_every_character(text: str) -> None:
    made = plain(text, lambda word: word in {"EGFR", "KRAS"})
    for at in range(len(made.text)):
        start, end = made.original(at, at + 1)
        assert 0 <= start < end <= len(text)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="EGFR ALK L858R not detected:;.,|\t\n()-+%12 positive HER2 FISH ", max_size=160))
def test_no_text_breaks_the_reading_and_every_span_is_inside_it(text: str, lexicon: mentions.Lexicon) -> None:
    for mention in read(text, lexicon):
        for span in mention.spans:
            assert 0 <= span.start < span.end <= len(text)

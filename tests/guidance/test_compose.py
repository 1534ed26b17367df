"""Personal guidance: what is told, in which order, and that every sentence can be traced."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest

from app.domain.document import ReportKind
from app.domain.finding import Finding
from app.domain.guidance import Guidance, Saying
from app.domain.mention import FactType as F
from app.domain.mention import Reading
from app.domain.outcome import Issue, Severity
from app.domain.page import Line, Page, Word
from app.domain.profile import Profile, ReadDocument, Treatment
from app.domain.provenance import Box, Evidence, Spoken
from tests.answers.teller import Teller, words
from tests.guidance.profiles import NEGATIVES, PAGE, UNJUDGED, VUS, diagnosis, found, profiles, variant

PROFILES = profiles()
ORDER = (
    "urgent", "in_short", "your_report", "findings", "not_judged", "not_in_documents", "treatments", "inherited",
    "questions", "next_steps", "unread", "vus", "not_found", "sources",
)  # fmt: skip


def part(told: Guidance, identity: str) -> str:
    return " ".join(s.text for p in told.parts if p.id == identity for s in p.sentences)


def name(known: Profile) -> str:
    return f"{known.diagnoses[0].text if known.diagnoses else 'nobody'}-{len(known.findings)}"


def test_there_are_enough_profiles() -> None:
    assert len(PROFILES) >= 120


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("known", PROFILES, ids=name)
def test_the_checker_passes_and_every_section_reads_easily(teller: Teller, known: Profile, language: str) -> None:
    told = teller.explain(known, language=language)
    ids = {f.id for facts in (known.findings, known.diagnoses, known.stages, known.treatments) for f in facts}

    assert told.refused == ()
    for section in told.parts:
        assert section.grade is None or section.grade <= 8.0, (section.id, section.grade)
        for sentence in section.sentences:
            assert set(sentence.about) <= ids
            assert set(sentence.citations) <= set(told.sources)
            assert sentence.kind is not Saying.REPORT or sentence.about
            assert sentence.kind is not Saying.FACT or sentence.citations
            assert sentence.kind not in (Saying.FRAME, Saying.QUESTION) or not (sentence.about or sentence.citations)
    assert [p.id for p in told.parts] == sorted((p.id for p in told.parts), key=ORDER.index)
    assert len({p.id for p in told.parts}) == len(told.parts)


def test_the_median_section_is_easier_than_seventh_grade(teller: Teller) -> None:
    grades = [p.grade for known in PROFILES for p in teller.explain(known).parts if p.grade is not None]
    assert median(grades) <= 7.0


@pytest.mark.parametrize("known", PROFILES, ids=name)
def test_every_finding_is_told_somewhere(teller: Teller, known: Profile) -> None:
    told = teller.explain(known)
    about = {i for p in told.parts for s in p.sentences for i in s.about}
    assert {f.id for f in known.findings} <= about
    assert {t.id for t in known.treatments} <= about


def test_the_same_profile_gets_the_same_words(teller: Teller) -> None:
    assert teller.explain(PROFILES[1]) == teller.explain(PROFILES[1])


def test_a_negative_is_never_told_as_found(teller: Teller) -> None:
    told = teller.explain(Profile(diagnoses=(diagnosis("Lung adenocarcinoma", "LUAD"),), findings=found(*NEGATIVES)))
    assert "ALK" not in part(told, "findings")
    assert "ALK" in part(told, "not_found")
    assert "approved" not in part(told, "in_short")


def test_a_vus_is_never_an_important_finding(teller: Teller) -> None:
    told = teller.explain(Profile(diagnoses=(diagnosis("Breast cancer", "BRCA"),), findings=found(*VUS)))
    assert "ATM" not in part(told, "findings")
    assert "ATM p.A100V" in part(told, "vus")
    assert "harmless" in part(told, "vus")


def test_each_reason_for_no_result_has_its_own_words(teller: Teller) -> None:
    told = teller.explain(Profile(findings=found(*UNJUDGED)))
    said = part(told, "not_judged")
    for words_for in (
        "not enough sample",
        "not ready yet",
        "well enough",
        "did not work",
        "border",
        "not clear",
        "does not look",
    ):
        assert words_for in said
    assert "When will the result for NTRK1 fusion be ready?" in part(told, "questions")


def test_a_new_acute_leukemia_comes_first_and_calls_today(teller: Teller) -> None:
    told = teller.explain(Profile(diagnoses=(diagnosis("Acute myeloid leukemia", "AML"),)))
    assert told.parts[0].id == "urgent"
    assert "Call your care team today." in part(told, "urgent")


def test_a_treated_leukemia_is_not_called_new(teller: Teller) -> None:
    given = (Treatment("t1", "azacitidine", "drug", "ongoing", "2025-01", evidence=PAGE),)
    told = teller.explain(Profile(diagnoses=(diagnosis("Acute myeloid leukemia", "AML"),), treatments=given))
    assert told.parts[0].id != "urgent"


def test_a_sign_of_promyelocytic_leukemia_calls_today(teller: Teller) -> None:
    fusion = Reading(F.FUSION, "PML::RARA", "fusion", "detected")
    assert "today" in part(teller.explain(Profile(findings=found(fusion))), "urgent")
    assert not part(teller.explain(Profile(findings=found(replace(fusion, result="not_detected")))), "urgent")


def letter(text: str) -> ReadDocument:
    tokens = tuple(Word(w, Box(10 * n, 0, 10 * n + 9, 9)) for n, w in enumerate(text.split()))
    return ReadDocument("letter.pdf", "0" * 64, ReportKind.CLINICAL_NOTE, (Page(1, 600, 800, (Line(tokens),)),))


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("MRI shows spinal cord compression at T6.", True),
        ("There is no spinal cord compression.", False),
        ("Call us if you notice signs of spinal cord compression.", False),
        ("Superior vena cava syndrome with facial swelling", True),
    ],
)
def test_urgent_words_in_a_letter_call_today_unless_denied(teller: Teller, text: str, *, urgent: bool) -> None:
    told = teller.explain(Profile(), (letter(text),))
    assert bool(part(told, "urgent")) is urgent
    assert told.refused == ()


def test_documents_of_two_people_get_a_question_and_nothing_else(teller: Teller) -> None:
    mixed = Issue("document.other_person", "Two names.", Severity.BLOCKING)
    known = replace(PROFILES[0], issues=(mixed,))
    told = teller.explain(known)
    assert [p.id for p in told.parts] == ["questions", "sources"]
    assert "EGFR" not in words(told)
    assert not told.sources


def test_what_could_not_be_read_is_told_with_its_page(teller: Teller) -> None:
    unread = replace(
        letter("x"), issues=(Issue("page.unreadable", "We could not read this page.", page=3, document=0),)
    )
    told = teller.explain(PROFILES[0], (unread,))
    assert "Document 1, page 3: We could not read this page." in part(told, "unread")
    assert told.refused == ()


def test_a_disagreement_is_told_and_asked_about(teller: Teller) -> None:
    told = teller.explain(PROFILES[-2])
    assert "Your documents do not agree on EGFR p.L858R." in part(told, "not_judged")
    assert "differ" in part(told, "questions")


def test_an_earlier_result_is_told_as_earlier(teller: Teller) -> None:
    told = teller.explain(PROFILES[-1])
    assert "Your report shows a change in the NRAS" not in words(told)
    assert "Not found in an earlier report: BRAF" in part(told, "not_found")


def test_a_relative_is_no_finding(teller: Teller) -> None:
    known = next(p for p in PROFILES if p.family_history and p.diagnoses[0].oncotree == "SKCM")
    told = teller.explain(known)
    assert "your mother: breast cancer (BRCA2)" in part(told, "inherited")
    assert "BRCA2" not in part(told, "in_short")


def test_questions_are_few_and_specific(teller: Teller) -> None:
    for known in PROFILES:
        asked = [s.text for p in teller.explain(known).parts if p.id == "questions" for s in p.sentences]
        assert 0 < len(asked) <= 8
        assert len(set(asked)) == len(asked)
        assert all(text.endswith("?") for text in asked)


def test_a_medicine_that_was_given_is_told_as_had(teller: Teller) -> None:
    known = next(p for p in PROFILES if p.diagnoses and p.diagnoses[0].oncotree == "LUAD" and p.stages)
    assert "you already had osimertinib" in part(teller.explain(known), "findings")


def test_an_approval_in_a_neighbouring_disease_is_not_told_as_ones_own(teller: Teller) -> None:
    known = Profile(diagnoses=(diagnosis("Acute myeloid leukemia", "AML"),), findings=found(variant("IDH1", "p.R132H")))
    said = part(teller.explain(known), "findings")
    assert "approved for acute myeloid leukemia (AML)" in said
    assert "approved for myelodysplastic" not in said


def test_what_a_person_entered_is_not_told_as_read(teller: Teller) -> None:
    typed = (Evidence(Spoken.PERSON, "ALK"),)
    reading = Reading(F.FUSION, "EML4::ALK", "fusion", "detected")
    named = replace(diagnosis("Lung adenocarcinoma", "LUAD"), evidence=typed)
    told = teller.explain(Profile(diagnoses=(named,), findings=(Finding("f1", reading, typed),)))
    assert "You told us this: EML4::ALK fusion, found." in part(told, "findings")
    assert "Your report" not in part(told, "in_short")


def test_an_earlier_or_disputed_result_is_not_said_to_be_unknown(teller: Teller) -> None:
    earlier, disputed = part(teller.explain(PROFILES[-1]), "findings"), part(teller.explain(PROFILES[-2]), "findings")
    assert "This is an earlier result" in earlier
    assert "do not agree on this" in disputed
    assert "no source" not in earlier + disputed


def test_an_unclear_inherited_change_alarms_nobody(teller: Teller) -> None:
    unclear = variant("BRCA2", "p.N372H", origin="germline", classification="vus")
    told = teller.explain(Profile(diagnoses=(diagnosis("Breast cancer", "BRCA"),), findings=found(unclear)))
    assert not part(told, "inherited")
    assert "run in my family" not in part(told, "questions")
    assert "BRCA2 p.N372H" in part(told, "vus")


CML = (Reading(F.FUSION, "BCR::ABL1", "fusion", "detected"), variant("ABL1", "p.T315I"))
HER2_SETTLED = (
    Reading(F.IHC, "ERBB2", "protein expression", "equivocal", marker="HER2", score="2+"),
    Reading(F.ISH, "ERBB2", "amplification", "negative"),
)
BORN_WITH = (variant("BRCA2", "p.S1982fs", origin="germline", classification="pathogenic"),)
STABLE = (Reading(F.SIGNATURE, None, "MSI", "MSS"), Reading(F.SIGNATURE, None, "TMB", "low", value="2"))


@pytest.mark.parametrize(
    ("text", "code", "readings", "section", "said", "never"),
    [
        ("CML", "CML", CML, "findings", "together with BCR::ABL1", "We found no source"),
        ("CML", "CML", CML, "questions", "BCR::ABL1", "T315I"),
        ("Breast cancer", "IDC", HER2_SETTLED, "findings", "trastuzumab deruxtecan", "too much HER2"),
        ("Breast cancer", "IDC", HER2_SETTLED, "questions", "HER2 2+", "Can HER2"),
        (
            "Colon cancer",
            "COAD",
            (variant("KRAS", "p.G12C"),),
            "findings",
            "Without a partner drug",
            "With this result, cet",
        ),
        ("Pancreatic cancer", "PAAD", BORN_WITH, "inherited", "some kinds of cancer", "any cancer"),
        ("Lung cancer", "LUAD", STABLE, "not_found", "no extra copy errors", "Not found: TMB"),
        ("Lung cancer", "LUAD", (variant("EGFR", "p.D770_N771insSVD"),), "findings", "amivantamab", "lower risk"),
    ],
)
def test_results_that_belong_together_are_told_together(
    teller: Teller, text: str, code: str, readings: tuple[Reading, ...], section: str, said: str, never: str
) -> None:
    told = teller.explain(Profile(diagnoses=(diagnosis(text, code),), findings=found(*readings)))
    assert said in part(told, section)
    assert never not in part(told, section)


def test_a_result_that_a_second_test_settles_is_not_listed_as_open(teller: Teller) -> None:
    known = Profile(diagnoses=(diagnosis("Breast cancer", "IDC"),), findings=found(*HER2_SETTLED))
    assert part(teller.explain(known), "not_judged") == ""


def test_the_code_nos_is_not_read_aloud(teller: Teller) -> None:
    known = Profile(diagnoses=(diagnosis("Poorly differentiated carcinoma, NOS", "PDC"),))
    assert "NOS" not in part(teller.explain(known), "in_short")

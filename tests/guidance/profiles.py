"""Invented people: profiles of every kind that guidance has to explain."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from app.domain.finding import Finding
from app.domain.mention import FactType as F
from app.domain.mention import Reading
from app.domain.profile import Conflict, Diagnosis, FamilyHistory, Profile, Stage, Treatment
from app.domain.provenance import Box, Evidence, Spoken

PAGE = (Evidence(Spoken.PAGE, "as printed", 0, 1, Box(0, 0, 10, 10)),)


def found(*readings: Reading) -> tuple[Finding, ...]:
    return tuple(Finding(f"f{n}", reading, PAGE) for n, reading in enumerate(readings, start=1))


def diagnosis(text: str, code: str, number: int = 1, **more: str) -> Diagnosis:
    return Diagnosis(f"d{number}", text, text, oncotree=code, evidence=PAGE, **more)


def variant(gene: str, change: str, **more: object) -> Reading:
    return Reading(F.VARIANT, gene, change, "detected", **more)  # type: ignore[arg-type]


NEGATIVES = (
    Reading(F.FUSION, "ALK", "fusion", "not_detected"),
    Reading(F.FUSION, "ROS1", "fusion", "not_detected"),
    Reading(F.VARIANT, "KRAS", "any mutation", "not_detected"),
    Reading(F.IHC, "ERBB2", "protein expression", "negative", marker="HER2", score="1+"),
    Reading(F.SIGNATURE, None, "MSI", "MSS"),
    Reading(F.METHYLATION, "MGMT", "promoter methylation", "unmethylated"),
)
UNJUDGED = (
    Reading(F.FUSION, "RET", "fusion", "not_evaluated", reason="insufficient"),
    Reading(F.FUSION, "NTRK1", "fusion", "not_evaluated", reason="pending"),
    Reading(F.VARIANT, "MET", "exon 14 skipping", "not_evaluated", reason="below_depth"),
    Reading(F.SIGNATURE, None, "TMB", "not_evaluated", reason="failed"),
    Reading(F.IHC, "ERBB2", "protein expression", "equivocal", marker="HER2", score="2+"),
    Reading(F.VARIANT, "PIK3CA", "p.E545K", "indeterminate"),
    Reading(F.VARIANT, "POLE", "any mutation", "not_evaluated", reason="not_covered"),
)
VUS = (
    variant("ATM", "p.A100V", classification="vus", vaf=Decimal("48.1")),
    variant("BRCA2", "p.K3326*", classification="benign"),
    variant("POLE", "c.100+5G>A", classification="vus"),
)
SHOWN: tuple[tuple[str, str, tuple[Reading, ...]], ...] = (
    ("Adenocarcinoma of the lung", "LUAD", (variant("EGFR", "p.L858R", vaf=Decimal("23.5"), c="c.2573T>G"),)),
    ("Lung adenocarcinoma", "LUAD", (Reading(F.FUSION, "EML4::ALK", "fusion", "detected", variant="E13;A20"),)),
    ("Non-small cell carcinoma", "NSCLC", (Reading(F.FUSION, "ROS1", "fusion", "detected"),)),
    (
        "Squamous cell carcinoma of the lung",
        "LUSC",
        (
            Reading(
                F.IHC, "CD274", "protein expression", "positive", marker="PD-L1", value="60%", score="TPS", clone="22C3"
            ),
        ),
    ),
    ("Small cell lung carcinoma", "SCLC", (variant("RB1", "p.R320*"), variant("TP53", "p.R196*", vaf=Decimal("61.4")))),
    (
        "Invasive ductal carcinoma",
        "IDC",
        (
            Reading(F.IHC, "ESR1", "protein expression", "positive", marker="ER", value="90%"),
            Reading(F.IHC, "PGR", "protein expression", "positive", marker="PR", value="15%"),
            Reading(F.IHC, "ERBB2", "protein expression", "negative", marker="HER2", score="0"),
            Reading(F.IHC, "MKI67", "protein expression", "reported", marker="Ki-67", value="18%"),
            variant("PIK3CA", "p.H1047R", vaf=Decimal("31")),
        ),
    ),
    (
        "Invasive breast carcinoma",
        "BRCA",
        (Reading(F.IHC, "ERBB2", "protein expression", "positive", marker="HER2", score="3+"),),
    ),
    (
        "Colon adenocarcinoma",
        "COAD",
        (variant("KRAS", "p.G12C"), Reading(F.SIGNATURE, None, "TMB", "reported", value=Decimal("4.2"), unit="mut/Mb")),
    ),
    (
        "Rectal adenocarcinoma",
        "READ",
        (
            Reading(F.SIGNATURE, None, "MSI", "MSI-H"),
            Reading(F.IHC, "MLH1", "protein expression", "lost", marker="MLH1"),
            Reading(F.IHC, "MSH2", "protein expression", "intact", marker="MSH2"),
        ),
    ),
    ("Melanoma", "SKCM", (variant("BRAF", "p.V600E", vaf=Decimal("37")),)),
    (
        "Prostate adenocarcinoma",
        "PRAD",
        (
            variant("TP53", "p.R196*", vaf=Decimal("61.4")),
            Reading(F.CNV, "AR", "gain", "detected", copies=Decimal("12")),
            Reading(F.CNV, "CDKN2A", "homozygous deletion", "detected"),
            Reading(F.FUSION, "TMPRSS2::ERG", "fusion", "detected"),
            variant("BRCA2", "p.S1982fs", origin="germline", classification="pathogenic"),
        ),
    ),
    (
        "High-grade serous carcinoma",
        "HGSOC",
        (
            variant("BRCA1", "p.C61G", origin="germline", classification="pathogenic"),
            Reading(F.SIGNATURE, None, "HRD", "positive", value=Decimal("52")),
        ),
    ),
    (
        "Pancreatic adenocarcinoma",
        "PAAD",
        (variant("KRAS", "p.G12D"), variant("BRCA2", "p.N372H", classification="vus")),
    ),
    (
        "Cholangiocarcinoma",
        "CHOL",
        (variant("IDH1", "p.R132C"), Reading(F.FUSION, "FGFR2::BICC1", "fusion", "detected")),
    ),
    (
        "Gastric adenocarcinoma",
        "STAD",
        (
            Reading(F.ISH, "ERBB2", "amplification", "positive", ratio=Decimal("4.2")),
            Reading(F.IHC, "CD274", "protein expression", "positive", marker="PD-L1", value="10", score="CPS"),
        ),
    ),
    ("Urothelial carcinoma", "BLCA", (variant("FGFR3", "p.S249C"),)),
    ("Papillary thyroid carcinoma", "THPA", (Reading(F.FUSION, "CCDC6::RET", "fusion", "detected"),)),
    ("Medullary thyroid carcinoma", "THME", (variant("RET", "p.M918T", origin="somatic"),)),
    (
        "Glioblastoma",
        "GB",
        (Reading(F.METHYLATION, "MGMT", "promoter methylation", "methylated"), variant("TERT", "promoter mutation")),
    ),
    (
        "Oligodendroglioma",
        "ODG",
        (variant("IDH1", "p.R132H"), Reading(F.CYTOGENETICS, None, "1p/19q codeletion", "detected")),
    ),
    ("Gastrointestinal stromal tumor", "GIST", (variant("KIT", "exon 11 mutation", p="p.W557_K558del"),)),
    (
        "Acute myeloid leukemia",
        "AML",
        (
            variant("NPM1", "p.W288Cfs*12", vaf=Decimal("41")),
            variant("FLT3", "ITD"),
            Reading(F.IHC, "CD34", "protein expression", "positive", marker="CD34"),
        ),
    ),
    (
        "Acute myeloid leukemia",
        "AML",
        (Reading(F.CYTOGENETICS, "RUNX1::RUNX1T1", "t(8;21)(q22;q22)", "detected"), variant("KIT", "p.D816V")),
    ),
    (
        "Acute promyelocytic leukemia",
        "APLPMLRARA",
        (Reading(F.CYTOGENETICS, "PML::RARA", "t(15;17)(q24;q21)", "detected"),),
    ),
    ("B-lymphoblastic leukemia", "BLL", (Reading(F.FUSION, "BCR::ABL1", "fusion", "detected"),)),
    (
        "Chronic myeloid leukemia",
        "CML",
        (Reading(F.FUSION, "BCR::ABL1", "fusion", "detected"), variant("ABL1", "p.T315I")),
    ),
    (
        "Chronic lymphocytic leukemia",
        "CLLSLL",
        (Reading(F.CYTOGENETICS, "TP53", "del(17p)", "detected"), Reading(F.SIGNATURE, None, "IGHV", "unmutated")),
    ),
    ("Multiple myeloma", "PCM", (Reading(F.CYTOGENETICS, "IGH::CCND1", "t(11;14)", "detected"),)),
    (
        "Diffuse large B-cell lymphoma",
        "DLBCLNOS",
        (
            Reading(F.IHC, "MS4A1", "protein expression", "positive", marker="CD20"),
            Reading(F.ISH, "MYC", "rearrangement", "positive"),
        ),
    ),
    (
        "Myelodysplastic syndrome",
        "MDS",
        (variant("SF3B1", "p.K700E"), Reading(F.CYTOGENETICS, None, "del(5q)", "detected")),
    ),
    ("Ewing sarcoma", "ES", (Reading(F.FUSION, "EWSR1::FLI1", "fusion", "detected"),)),
    ("Soft tissue sarcoma", "SARCNOS", (Reading(F.CNV, "MDM2", "amplification", "detected", copies=Decimal("48")),)),
    ("Renal cell carcinoma", "RCC", (variant("VHL", "p.L89P"),)),
    ("Endometrial carcinoma", "UCEC", (variant("POLE", "p.P286R"), Reading(F.SIGNATURE, None, "MMR", "pMMR"))),
    ("Meningioma", "MNG", (variant("NF2", "p.Q212*"),)),
    ("Carcinoma of a type that no list names", "", (variant("EGFR", "p.L858R"),)),
    ("Melanoma of the eye", "UM", (variant("GNAQ", "p.Q209L"), variant("BAP1", "p.R60*"))),
    ("Hepatocellular carcinoma", "HCC", (variant("CTNNB1", "p.S45P"),)),
    (
        "Squamous cell carcinoma of the tongue",
        "OCSC",
        (Reading(F.IHC, "CDKN2A", "protein expression", "positive", marker="p16"), variant("HRAS", "p.G12S")),
    ),
    (
        "Mantle cell lymphoma",
        "MCL",
        (Reading(F.FUSION, "IGH::CCND1", "fusion", "detected"), variant("TP53", "p.R248W")),
    ),
)
"""Diagnosis as printed, its code, and what its reports show."""

COURSES: tuple[dict[str, object], ...] = (
    {},
    {
        "stages": (Stage("s1", "d1", "AJCC 8", "IVA", "pT2a", "pN1", "cM1b", PAGE),),
        "treatments": (
            Treatment("t1", "osimertinib", "drug", "ongoing", "2024-03", evidence=PAGE),
            Treatment(
                "t2", "carboplatin", "drug", "stopped", "2023-01", "2023-04", reason="low blood counts", evidence=PAGE
            ),
            Treatment("t3", "lobectomy", "surgery", "given", "2022-11-03", evidence=PAGE),
        ),
    },
    {
        "family_history": (
            FamilyHistory("mother", "breast cancer", "BRCA2", PAGE),
            FamilyHistory("uncle", "colon cancer"),
        ),
        "treatments": (Treatment("t1", "pembrolizumab", "drug", "planned", evidence=PAGE),),
    },
)


def profiles() -> list[Profile]:
    """Every case with every course; each course brings other quiet results."""
    made = []
    for (text, code, readings), (number, course) in product(SHOWN, enumerate(COURSES)):
        quiet = ((), NEGATIVES + UNJUDGED, VUS + NEGATIVES[:2])[number]
        named = diagnosis(text, code, certainty="suspected" if number == 2 else "", grade="2" if number == 1 else "")
        made.append(Profile(diagnoses=(named,), findings=found(*readings, *quiet), **course))  # type: ignore[arg-type]
    return [
        *made,
        Profile(),
        Profile(findings=found(*NEGATIVES)),
        Profile(findings=found(*UNJUDGED)),
        Profile(diagnoses=(diagnosis("Meningioma", "MNG"),)),
        Profile(
            diagnoses=(diagnosis("Lung adenocarcinoma", "LUAD"),),
            findings=found(variant("EGFR", "p.L858R"), Reading(F.VARIANT, "EGFR", "p.L858R", "not_detected")),
            conflicts=(Conflict(("f1", "f2"), "Two reports disagree."),),
        ),
        Profile(
            diagnoses=(
                diagnosis("Colon adenocarcinoma", "COAD"),
                diagnosis("Breast cancer", "BRCA", 2, temporality="historical"),
            ),
            findings=found(
                Reading(F.VARIANT, "NRAS", "p.Q61K", "detected", temporality="historical"),
                Reading(F.VARIANT, "BRAF", "p.V600E", "not_detected", temporality="historical"),
            ),
        ),
    ]

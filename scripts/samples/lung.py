"""A tumour panel report of a lung cancer, with therapy, trial and method pages."""

# ruff: noqa: E501 - sentences of a report stay whole
from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, PageBreak

from samples.kit import SOFT, Look, gap, grid, heading, pairs, text, tiles, together

LOOK = Look(
    laboratory="Halvorsen Molecular Laboratory",
    address="18 Quarry Lane, Eastmere · Director: Ada Brightwater, MD · Laboratory no. 00-SAMPLE",
    test="SolidScope 180 Tumor Panel",
    accent=HexColor("#17536b"),
    tint=HexColor("#eef5f7"),
    repeated="Maren Castellano · born 1967-02-09 · Case HML-25-04417",
)

GENES = [
    "AKT1",
    "ALK",
    "APC",
    "AR",
    "ARAF",
    "ARID1A",
    "ATM",
    "ATR",
    "ATRX",
    "AXL",
    "BAP1",
    "BARD1",
    "BRAF",
    "BRCA1",
    "BRCA2",
    "BRIP1",
    "CCND1",
    "CCNE1",
    "CDH1",
    "CDK12",
    "CDK4",
    "CDK6",
    "CDKN2A",
    "CHEK1",
    "CHEK2",
    "CREBBP",
    "CTNNB1",
    "DDR2",
    "DICER1",
    "EGFR",
    "EP300",
    "ERBB2",
    "ERBB3",
    "ERBB4",
    "ERCC2",
    "ESR1",
    "FANCA",
    "FANCC",
    "FBXW7",
    "FGFR1",
    "FGFR2",
    "FGFR3",
    "FGFR4",
    "FLT3",
    "FOXL2",
    "GNA11",
    "GNAQ",
    "GNAS",
    "HRAS",
    "IDH1",
    "IDH2",
    "JAK1",
    "JAK2",
    "JAK3",
    "KDR",
    "KEAP1",
    "KIT",
    "KMT2D",
    "KRAS",
    "MAP2K1",
    "MAP2K2",
    "MAP3K1",
    "MDM2",
    "MET",
    "MLH1",
    "MPL",
    "MRE11",
    "MSH2",
    "MSH6",
    "MTOR",
    "MYC",
    "MYCN",
    "NBN",
    "NF1",
    "NF2",
    "NFE2L2",
    "NOTCH1",
    "NOTCH2",
    "NRAS",
    "NRG1",
    "NTRK1",
    "NTRK2",
    "NTRK3",
    "PALB2",
    "PBRM1",
    "PDGFRA",
    "PIK3CA",
    "PIK3R1",
    "PMS2",
    "POLD1",
    "POLE",
    "PTCH1",
    "PTEN",
    "PTPN11",
    "RAD50",
    "RAD51C",
    "RAD51D",
    "RAF1",
    "RB1",
    "RET",
    "RHOA",
    "RIT1",
    "ROS1",
    "SETD2",
    "SF3B1",
    "SMAD4",
    "SMARCA4",
    "SMARCB1",
    "SMO",
    "SPOP",
    "SRC",
    "STK11",
    "TERT",
    "TP53",
    "TSC1",
    "TSC2",
    "U2AF1",
    "VHL",
]


def story() -> list[Flowable]:
    """Return the report from top to bottom."""
    return [*_first_page(), PageBreak(), *_therapies(), PageBreak(), *_method()]


def _first_page() -> list[Flowable]:
    who = [
        ("Patient", "<b>Castellano, Maren</b>"),
        ("Date of birth", "1967-02-09"),
        ("Sex", "Female"),
        ("Record number", "SAMPLE-20417"),
        ("Ordered by", "Joan Pryce, MD, Eastmere Cancer Clinic"),
        ("Specimen", "Lung, right upper lobe, core biopsy (block A1)"),
        ("Collected", "2025-03-03"),
        ("Received", "2025-03-05"),
        ("Reported", "2025-03-14"),
        ("Tumor content", "40%"),
    ]
    clinical = [
        ("Diagnosis", "Lung adenocarcinoma"),
        ("Stage given with the order", "cT2a cN2 cM1b, stage IVA (AJCC 8th edition)"),
        ("Treatment before this sample", "None reported"),
    ]
    found = [
        ("<b>EGFR</b>", "p.E746_A750del<br/>c.2235_2249del", "Exon 19 deletion", "31.4%", "Tier I, pathogenic"),
        ("<b>TP53</b>", "p.R273H<br/>c.818G&gt;A", "Missense", "28.9%", "Tier III, pathogenic"),
        ("<b>CDKN2A</b>", "Homozygous deletion", "Copy number: 0", "–", "Tier III, likely pathogenic"),
    ]
    unclear = [
        ("NOTCH1", "p.T1281M", "c.3842C&gt;T", "47.6%"),
        ("KMT2D", "p.P2354L", "c.7061C&gt;T", "50.2%"),
        ("BRCA2", "p.T1354M", "c.4061C&gt;T", "49.1%"),
    ]
    return [
        pairs(who, LOOK),
        heading("Diagnosis and clinical details", LOOK),
        gap(3),
        pairs(clinical, LOOK, columns=1, label=0.24),
        heading("Genomic findings", LOOK),
        gap(3),
        grid(("Gene", "Alteration", "Type", "VAF", "Classification"), found, (1.1, 2, 1.6, 0.8, 2), LOOK, size=8.8),
        gap(8),
        tiles(
            [
                ("Microsatellite status", "MS-Stable", "0.8% of 94 sites unstable"),
                ("Tumor mutational burden", "4.7 mut/Mb", "Low (below 10 mut/Mb)"),
                ("PD-L1 (22C3)", "TPS 15%", "CPS not reported for this tumor type"),
            ],
            LOOK,
        ),
        heading("Pertinent negative results", LOOK),
        gap(3),
        text(
            "No reportable alteration was found in: <b>ALK, ROS1, RET, NTRK1, NTRK2, NTRK3, BRAF, KRAS, ERBB2</b>. "
            "MET exon 14 skipping was not detected. EGFR T790M was not detected."
        ),
        gap(4),
        text("<b>STK11</b>: not evaluated. Exons 1 and 2 had less than the required coverage (38x; 100x needed)."),
        heading("Variants of uncertain significance", LOOK),
        gap(3),
        grid(("Gene", "Protein change", "Coding change", "VAF"), unclear, (1, 1.4, 1.4, 0.8), LOOK),
        gap(4),
        text("It is not known whether these changes matter. They are listed so that they can be looked at again.", 7.8),
    ]


def _therapies() -> list[Flowable]:
    drugs = [
        ("EGFR exon 19 deletion", "osimertinib, dacomitinib, afatinib, erlotinib, gefitinib", "None listed"),
        ("EGFR exon 19 deletion", "amivantamab with lazertinib", "None listed"),
        ("TP53 p.R273H", "None", "None listed"),
        ("CDKN2A loss", "None", "palbociclib (other tumor types)"),
    ]
    trials = [
        (
            "SAMPLE-T01",
            "First treatment with an EGFR inhibitor plus carboplatin and pemetrexed",
            "EGFR L858R or exon 19",
        ),
        ("SAMPLE-T02", "A KRAS G12C inhibitor after immunotherapy (sotorasib or adagrasib)", "KRAS G12C"),
        ("SAMPLE-T03", "Repotrectinib in tumors with a ROS1 fusion or NTRK fusion", "ROS1, NTRK1-3 fusion"),
        ("SAMPLE-T04", "Trastuzumab deruxtecan when HER2 is mutated", "ERBB2 exon 20 insertion"),
    ]
    return [
        heading("Therapies with evidence for the findings", LOOK),
        gap(3),
        grid(("Finding", "Approved in this tumor type", "Approved in other tumor types"), drugs, (1.4, 2.4, 1.6), LOOK),
        gap(5),
        text(
            "This page lists what has been published. It is no record of what the patient has received, and the "
            "treating physician decides what fits the individual case.",
            7.8,
            color=SOFT,
        ),
        heading("Clinical trials that may be open to this tumor type", LOOK),
        gap(3),
        grid(("Trial", "Title", "Biomarkers asked for"), trials, (1, 3.2, 1.7), LOOK),
        gap(5),
        text(
            "Trials are found by a computer search of tumor type and biomarkers. Whether a trial is open may change.",
            7.8,
        ),
        heading("What is known about the findings", LOOK),
        gap(3),
        text(
            "<b>EGFR exon 19 deletion.</b> EGFR carries growth signals from the surface of the cell. Deletions in exon 19 "
            "keep the signal switched on. They occur in about one in ten lung adenocarcinomas in Europe and North America "
            "and more often in East Asia. In published series, EGFR T790M is a common reason for resistance after "
            "gefitinib or erlotinib, and MET amplification after osimertinib."
        ),
        gap(4),
        text(
            "<b>TP53 R273H.</b> TP53 stops damaged cells from dividing. Changes at codon 273 are among the commonest in all "
            "cancers. Studies disagree on what they mean when EGFR is also changed."
        ),
        gap(4),
        text(
            "<b>CDKN2A loss.</b> CDKN2A slows the cell cycle. Its loss is seen in many tumor types, for example in "
            "glioblastoma with EGFRvIII and in mesothelioma with BAP1 loss."
        ),
    ]


def _method() -> list[Flowable]:
    columns = 8
    rows = [GENES[i : i + columns] for i in range(0, len(GENES), columns)]
    rows[-1] = rows[-1] + [""] * (columns - len(rows[-1]))
    return [
        heading("Method", LOOK),
        gap(3),
        text(
            "DNA and RNA were taken from sections of the paraffin block. Libraries were made by hybrid capture and "
            "sequenced to a mean depth of 620x. The assay detects single nucleotide variants and small insertions or "
            "deletions from 5% variant allele fraction, amplification from 6 copies, homozygous deletion, and "
            "rearrangement of ALK, RET, ROS1, NRG1 and NTRK1-3. Microsatellite instability is called when 15% or more of "
            "the sites are unstable. PD-L1 was stained with clone 22C3."
        ),
        gap(4),
        text(
            "<b>Limits.</b> A negative result does not rule out a change below the limit of detection. Only tumor was "
            "tested, so the report cannot say whether a change is inherited. If EGFR T790M is looked for after treatment, a new "
            "sample is needed."
        ),
        heading("Genes on the panel", LOOK),
        gap(3),
        grid((), rows, [1] * columns, LOOK, size=7.8),
        together(
            heading("References", LOOK),
            gap(3),
            text("1. Brightwater A, et al. A capture panel for solid tumors. Sample J Mol Pathol. 2024;1:1-9.", 7.8),
            text(
                "2. Pryce J, et al. BRAF V600E and MET amplification in lung cancer. Sample J Oncol. 2023;4:44-52.", 7.8
            ),
        ),
        heading("Signature", LOOK),
        gap(3),
        text("Electronically signed by Ada Brightwater, MD, on 2025-03-14 at 15:20."),
    ]

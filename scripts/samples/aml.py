"""An integrated work-up of an acute myeloid leukemia: marrow, flow, karyotype, FISH and sequencing."""

# ruff: noqa: E501 - sentences of a report stay whole
from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from samples.kit import Look, gap, grid, heading, pairs, text, together

LOOK = Look(
    laboratory="Tidewater Hematopathology",
    address="Institute for Blood Diseases · 4 Lantern Square, Port Ellis · Laboratory no. 00-SAMPLE",
    test="Integrated Bone Marrow Report",
    accent=HexColor("#5a2f58"),
    tint=HexColor("#f6f0f5"),
    repeated="Tobias Lindqvist-Okafor · born 1971-11-23 · Case THP-25-1186",
)


def story() -> list[Flowable]:
    """Return the report from top to bottom."""
    return [*_top(), *_marrow(), *_genetics(), *_sequencing(), *_end()]


def _top() -> list[Flowable]:
    who = [
        ("Patient", "<b>Lindqvist-Okafor, Tobias</b>"),
        ("Date of birth", "1971-11-23"),
        ("Sex", "Male"),
        ("Ordered by", "Ruth Amara, MD"),
        ("Specimen", "Bone marrow aspirate and core, left iliac crest"),
        ("Collected", "2025-06-02"),
        ("Reported", "2025-06-11"),
        ("Record number", "SAMPLE-11860"),
    ]
    return [
        pairs(who, LOOK),
        heading("Integrated diagnosis", LOOK),
        gap(3),
        text("<b>Acute myeloid leukemia with mutated NPM1</b> (WHO 5th edition, 2022)", 11),
        gap(3),
        text(
            "FLT3-ITD is present. Normal male karyotype. ELN 2022 risk group: intermediate. "
            "Blasts make up 68% of marrow cells."
        ),
        heading("Clinical history", LOOK),
        gap(3),
        text(
            "53-year-old man with fatigue and bruising for three weeks. No earlier chemotherapy or radiation. "
            "Family history: father with colon cancer at 70; no known leukemia in relatives."
        ),
    ]


def _marrow() -> list[Flowable]:
    counts = [
        ("White cells", "48.2 x10^9/L", "Hemoglobin", "8.1 g/dL"),
        ("Platelets", "31 x10^9/L", "Blasts in blood", "54%"),
        ("LDH", "612 U/L", "Creatinine", "0.9 mg/dL"),
    ]
    flow = [
        ("Expressed by the blasts", "CD13, CD33, CD117, myeloperoxidase (MPO), CD123"),
        ("Weak or partial", "HLA-DR, CD64"),
        ("Not expressed", "CD34, CD3, CD7, CD19, CD79a, TdT"),
    ]
    return [
        heading("Blood counts on 2025-06-02", LOOK),
        gap(3),
        grid(("Test", "Value", "Test", "Value"), counts, (1.2, 1.2, 1.2, 1.2), LOOK),
        heading("Morphology", LOOK),
        gap(3),
        text(
            "The marrow is packed (about 95% cellular). Blasts are of medium size with cup-shaped nuclei; a few hold Auer "
            "rods. There is no dysplasia in the remaining cells. Faggot cells, as seen in acute promyelocytic leukemia, "
            "are not present."
        ),
        together(
            heading("Flow cytometry", LOOK),
            gap(3),
            grid(("Group", "Markers"), flow, (1.2, 3.6), LOOK),
            gap(3),
            text("The blast gate holds 66% of cells. There is no abnormal B-cell or T-cell population."),
        ),
    ]


def _genetics() -> list[Flowable]:
    probes = [
        ("PML::RARA", "t(15;17)(q24;q21)", "Not detected", "0 / 200"),
        ("RUNX1::RUNX1T1", "t(8;21)(q22;q22)", "Not detected", "0 / 200"),
        ("CBFB::MYH11", "inv(16)(p13q22)", "Not detected", "0 / 200"),
        ("KMT2A", "11q23 rearrangement", "Not detected", "1 / 200 (cut-off 5)"),
        ("EGR1", "5q deletion", "Not detected", "0 / 200"),
        ("TP53", "17p deletion", "Not detected", "2 / 200 (cut-off 14)"),
    ]
    return [
        together(
            heading("Karyotype", LOOK),
            gap(3),
            text("<b>46,XY[20]</b>", 10),
            gap(2),
            text("Normal male karyotype in all 20 metaphases."),
        ),
        together(
            heading("Fluorescence in situ hybridization (FISH)", LOOK),
            gap(3),
            grid(("Probe", "Looks for", "Result", "Abnormal nuclei"), probes, (1.4, 1.7, 1.2, 1.5), LOOK),
        ),
    ]


def _sequencing() -> list[Flowable]:
    found = [
        ("<b>NPM1</b>", "p.W288Cfs*12", "c.860_863dup", "42.0%", "Pathogenic"),
        ("<b>FLT3</b>", "ITD (42 base pairs)", "–", "ratio 0.34", "Pathogenic"),
        ("<b>DNMT3A</b>", "p.R882H", "c.2645G&gt;A", "44.1%", "Pathogenic"),
        ("<b>TET2</b>", "p.H1778R", "c.5333A&gt;G", "49.8%", "Uncertain significance"),
    ]
    return [
        together(
            heading("Myeloid gene panel (54 genes)", LOOK),
            gap(3),
            grid(("Gene", "Change", "Coding change", "VAF", "Classification"), found, (1, 1.7, 1.5, 1, 1.7), LOOK),
            gap(5),
            text(
                "<b>Not detected:</b> FLT3 TKD (D835), IDH1, IDH2, CEBPA, RUNX1, ASXL1, TP53, SF3B1, SRSF2, U2AF1, ZRSR2."
            ),
            gap(3),
            text("<b>Could not be judged:</b> KIT. Exon 17 failed; a repeat is possible on a new sample."),
        )
    ]


def _end() -> list[Flowable]:
    return [
        together(
            heading("Comment", LOOK),
            gap(3),
            text(
                "A changed NPM1 with FLT3-ITD places this leukemia in the intermediate group of ELN 2022, whatever the "
                "allelic ratio. NPM1 can be used to follow measurable residual disease. If FLT3 is mutated, a FLT3 "
                "inhibitor such as midostaurin or quizartinib may be considered with intensive treatment. In "
                "published work, IDH2 R140Q and SRSF2 P95H often go together."
            ),
        ),
        together(
            heading("Method", LOOK),
            gap(3),
            text(
                "Amplicon sequencing of ASXL1, BCOR, BRAF, CALR, CBL, CEBPA, CSF3R, DNMT3A, ETV6, EZH2, FLT3, GATA2, IDH1, "
                "IDH2, JAK2, KIT, KRAS, MPL, NPM1, NRAS, PHF6, PTPN11, RUNX1, SETBP1, SF3B1, SRSF2, STAG2, TET2, TP53, "
                "U2AF1, WT1, ZRSR2 and others; limit of detection 3%. FLT3-ITD by fragment analysis. FISH scored on 200 "
                "interphase nuclei a probe. Flow cytometry in 10 colors.",
                7.8,
            ),
            heading("Signature", LOOK),
            gap(3),
            text("Electronically signed by Imani Feldspar, MD, on 2025-06-11 at 09:05."),
        ),
    ]

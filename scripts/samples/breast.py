"""A breast resection with a synoptic table, receptor table and an addendum."""

# ruff: noqa: E501 - sentences of a report stay whole
from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from samples.kit import Look, gap, grid, heading, pairs, text, together

LOOK = Look(
    laboratory="Saint Odile Hospital",
    address="Department of Pathology · 210 Orchard Street, Millbrook · Laboratory no. 00-SAMPLE",
    test="Surgical Pathology Report",
    accent=HexColor("#22543d"),
    tint=HexColor("#eff6f1"),
    repeated="Philippa Nakamura-Reyes · born 1962-08-30 · Case SOH-S25-07731",
)


def story() -> list[Flowable]:
    """Return the report from top to bottom."""
    return [*_top(), *_synoptic(), *_receptors(), *_addendum(), *_end()]


def _top() -> list[Flowable]:
    who = [
        ("Patient", "<b>Nakamura-Reyes, Philippa</b>"),
        ("Date of birth", "1962-08-30"),
        ("Sex", "Female"),
        ("Surgeon", "Lena Osei, MD"),
        ("Collected", "2025-01-21"),
        ("Received", "2025-01-21"),
        ("Reported", "2025-01-28"),
        ("Record number", "SAMPLE-77310"),
    ]
    return [
        pairs(who, LOOK),
        heading("Specimens", LOOK),
        gap(3),
        text("A. Left breast, lumpectomy"),
        text("B. Left axilla, sentinel lymph nodes 1 to 3"),
        heading("Final diagnosis", LOOK),
        gap(3),
        text("<b>A. Left breast, lumpectomy:</b> Invasive ductal carcinoma, grade 2, 1.6 cm. Margins negative."),
        gap(2),
        text("<b>B. Sentinel lymph nodes:</b> Metastatic carcinoma in one of three lymph nodes (1/3), 4 mm."),
        heading("Clinical history", LOOK),
        gap(3),
        text(
            "62-year-old woman. Mass at 2 o'clock found on screening. Core biopsy on 2024-12-12: invasive ductal carcinoma. "
            "No neoadjuvant treatment. Family history: sister with breast cancer at 50, BRCA2 carrier; the patient's own test "
            "is pending."
        ),
    ]


def _synoptic() -> list[Flowable]:
    rows = [
        ("Procedure", "Lumpectomy with sentinel node biopsy"),
        ("Side", "Left"),
        ("Histologic type", "Invasive carcinoma of no special type (ductal)"),
        ("Tumor size", "16 mm"),
        ("Nottingham grade", "Grade 2 (tubules 3, nuclei 2, mitoses 1; total 6 of 9)"),
        ("Ductal carcinoma in situ", "Present, about 10% of the tumor, nuclear grade 2"),
        ("Lymphovascular invasion", "Not identified"),
        ("Perineural invasion", "Not identified"),
        ("Dermal lymphovascular invasion", "Not applicable, no skin in the specimen"),
        ("Margins", "Negative for invasive carcinoma; closest 3 mm (posterior)"),
        ("Margins, DCIS", "Negative; closest 5 mm (medial)"),
        ("Lymph nodes", "1 of 3 positive (macrometastasis, 4 mm)"),
        ("Extranodal extension", "Not identified"),
        ("Treatment effect", "No known presurgical therapy"),
        ("Pathologic stage (AJCC 8th edition)", "pT1c pN1a(sn)"),
    ]
    return [
        heading("Synoptic report: invasive carcinoma of the breast", LOOK),
        gap(3),
        grid(("Item", "Response"), rows, (1.5, 3.2), LOOK),
    ]


def _receptors() -> list[Flowable]:
    rows = [
        ("Estrogen receptor (ER)", "Positive", "95%, strong", "SP1"),
        ("Progesterone receptor (PR)", "Positive", "60%, moderate", "1E2"),
        ("HER2", "Equivocal", "2+", "4B5"),
        ("Ki-67", "18%", "hot spot count", "30-9"),
    ]
    return [
        together(
            heading("Receptors (immunohistochemistry, block A3)", LOOK),
            gap(3),
            grid(("Marker", "Result", "Score or share of cells", "Clone"), rows, (2, 1, 1.6, 0.9), LOOK),
            gap(3),
            text(
                "ER and PR are called positive from 1% of nuclei. HER2 2+ calls for a test by in situ hybridization; see "
                "the addendum. Controls stained as expected. Cold ischemia time 35 minutes, fixation 14 hours.",
                7.8,
            ),
        )
    ]


def _addendum() -> list[Flowable]:
    rows = [
        ("HER2 copies per cell", "2.6"),
        ("CEP17 copies per cell", "2.0"),
        ("HER2/CEP17 ratio", "1.3"),
        ("Result", "<b>HER2 FISH: negative (not amplified), ASCO/CAP 2023 group 5</b>"),
    ]
    return [
        together(
            heading("Addendum of 2025-02-04: HER2 by FISH", LOOK),
            gap(3),
            grid(("Item", "Value"), rows, (1.5, 3.2), LOOK),
            gap(3),
            text("With this result the tumor is HER2-negative. ER, PR and Ki-67 are unchanged."),
        )
    ]


def _end() -> list[Flowable]:
    return [
        together(
            heading("Gross description", LOOK),
            gap(3),
            text(
                "A. A lumpectomy of 62 x 48 x 30 mm, inked in six colors, holds a firm white mass of 16 x 14 x 12 mm, 3 mm from "
                "the posterior edge. Blocks A1 to A9. B. Three lymph nodes of 7 to 13 mm, cut at 2 mm and all embedded.",
                7.8,
            ),
            heading("Signature", LOOK),
            gap(3),
            text(
                "Electronically signed by Emeka Vastergaard, MD, on 2025-01-28 at 11:42. "
                "Addendum signed by the same on 2025-02-04 at 16:10."
            ),
        )
    ]

# ruff: noqa: E501 - rows and sentences of a report stay whole
"""Layouts that test what is said of diagnosis, stage and treatment: boards, second opinions, resections."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from tests.generator.case import Case, Gold
from tests.generator.letters import _month, _stage
from tests.generator.paper import Paper


def tumor_board(case: Case, gold: Gold) -> Paper:
    """A table of treatments with start, end and reason; what the board discusses is no treatment."""
    paper = Paper(size=A4, accent=HexColor("#234a5a"), foot=case.number)
    paper.title("Multidisciplinary Tumor Board")
    paper.text(f"Patient: {case.name}, born {case.born:%Y-%m-%d}, {case.sex}")
    tnm, group = _stage(case, gold)
    paper.text(f"Diagnosis: {case.cancer.text}")
    paper.text(f"Stage at diagnosis: {tnm}, stage {group}")
    gold.say("histology", None, case.cancer.text.lower(), "present", code=case.cancer.code)
    first, second, third = case.treatments
    begin, begin_iso = _month(case.collected, back=18)
    end, end_iso = _month(case.collected, back=12)
    again, again_iso = _month(case.collected, back=11)
    paper.heading("Treatment history")
    paper.table(
        [["Treatment", "Start", "End", "Comment"], [first, begin, end, "progression"], [second, again, "ongoing", ""]],
        (1.4, 1, 1, 1.4),
    )
    gold.say(
        "treatment",
        None,
        first,
        "given",
        start=begin_iso,
        end=end_iso,
        accept=[{"result": "completed"}, {"result": "stopped"}],
    )
    gold.say("treatment", None, second, "ongoing", start=again_iso)
    paper.heading("Discussion")
    paper.text(f"{third.capitalize()} could be considered at progression. The patient might benefit from a trial.")
    gold.ban(type="treatment", alteration=third, result="given")
    gold.ban(type="treatment", alteration=third, result="ongoing")
    return paper


def second_opinion(case: Case, gold: Gold) -> Paper:
    """A hedged diagnosis with a differential, an earlier cancer and a denied one."""
    paper = Paper(family="serif", base=11, margin=60, foot=case.number)
    paper.title("Second Opinion")
    paper.lines(
        [case.hospital, f"Patient: {case.name}, born {case.born:%d %B %Y}", f"Reported: {case.reported:%d %B %Y}"]
    )
    paper.heading("Clinical history")
    paper.text("History of papillary thyroid carcinoma in 2009, treated with thyroidectomy.")
    gold.expected.append(
        {
            "type": "histology",
            "gene": None,
            "alteration": "papillary thyroid carcinoma",
            "result": "present",
            "code": "THPA",
            "temporality": "historical",
        }
    )
    gold.say("treatment", None, "thyroidectomy", "given")
    paper.heading("Interpretation")
    paper.text(
        "The findings favor urothelial carcinoma. There is no evidence of squamous cell carcinoma, and lymphoma is ruled out."
    )
    gold.say("histology", None, "urothelial carcinoma", "present", certainty="favored", code="BLCA")
    gold.ban(type="histology", alteration="squamous cell carcinoma")
    gold.ban(type="histology", alteration="lymphoma")
    paper.text(
        "Urothelial carcinoma is more common in smokers. FGFR3 mutations have been found in low-grade tumors of the bladder."
    )
    gold.traps.add("FGFR3")
    return paper


def resection(case: Case, gold: Gold) -> Paper:
    """A lung resection whose T, N and M stand in rows of their own."""
    paper = Paper(size=A4, accent=HexColor("#4a3b12"), foot=f"{case.name} {case.number}")
    paper.title("Lung Resection, Synoptic Report")
    paper.text(f"Patient: {case.name}   Born: {case.born:%Y-%m-%d}   Sex: {case.sex}")
    t, n = case.draw.choice([("pT1c", "pN0"), ("pT2a", "pN1"), ("pT3", "pN0"), ("pT2b", "pN2")])
    involved = 0 if n == "pN0" else case.draw.randint(1, 3)
    examined = case.draw.randint(8, 22)
    stas, pleura = case.draw.choice(["Present", "Not identified"]), case.draw.choice(["Present", "Not identified"])
    size = f"{case.draw.uniform(1.1, 4.8):.1f} cm"
    rows = [
        ["Procedure", "Lobectomy"], ["Specimen", "Right upper lobe"], ["Tumor size", size], ["Histologic type", "Lung adenocarcinoma"],
        ["Spread through air spaces", stas], ["Visceral pleural invasion", pleura], ["Margins", "Uninvolved by tumor"],
        ["Number of lymph nodes examined", str(examined)], ["Number of lymph nodes involved", str(involved)],
        ["Primary tumor (pT)", t], ["Regional lymph nodes (pN)", n],
    ]  # fmt: skip
    paper.table(rows, (1.5, 2), head=False)
    gold.say("histology", None, "lung adenocarcinoma", "present", code="LUAD")
    gold.say("lab", None, "tumor size", size)
    for name, said in (("spread through air spaces", stas), ("visceral pleural invasion", pleura)):
        gold.say("lab", None, name, "present" if said == "Present" else "not_detected")
    gold.say("lab", None, "margins", "negative")
    gold.say("lab", None, "lymph nodes", f"{involved}/{examined}")
    gold.say("stage", None, f"{t} {n}", "stated", system="TNM")
    gold.say("treatment", None, "lobectomy", "given", optional=True)
    return paper


LAYOUTS = {"tumor-board": tumor_board, "second-opinion": second_opinion, "resection": resection}

"""Layouts in which people write: letters, portal print-outs, notes and plain text."""

# ruff: noqa: E501 - rows and sentences of a report stay whole
from __future__ import annotations

from datetime import date

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from tests.generator.case import Case, Gold
from tests.generator.paper import Paper


def _stage(case: Case, gold: Gold) -> tuple[str, str]:
    tnm, group = case.stage
    gold.say("stage", None, tnm, "stated", system="TNM")
    gold.say("stage", None, group, "stated", system="AJCC")
    return tnm, group


def _month(day: date, *, back: int) -> tuple[str, str]:
    """Return a month before a day, as printed and in ISO form."""
    months = day.year * 12 + day.month - 1 - back
    then = date(months // 12, months % 12 + 1, 1)
    return f"{then:%b %Y}", f"{then:%Y-%m}"


def letter(case: Case, gold: Gold) -> Paper:
    """A letter of an oncologist: history, treatments, plan and family."""
    paper = Paper(size=A4, family="serif", base=11, margin=64)
    paper.lines([case.hospital, "Medical Oncology", f"{case.reported:%d %B %Y}"])
    paper.text(f"Re: {case.name}, born {case.born:%d %B %Y}")
    first, second, third = case.treatments
    tnm, group = _stage(case, gold)
    start, start_iso = _month(case.collected, back=14)
    end, end_iso = _month(case.collected, back=9)
    again, again_iso = _month(case.collected, back=6)
    she = "She" if case.sex == "female" else "He"
    paper.text("Dear colleague,")
    diagnosis = case.cancer.text[0].lower() + case.cancer.text[1:]
    paper.text(f"Thank you for seeing this patient with {diagnosis}, stage {group} ({tnm}).")
    gold.say("histology", None, diagnosis, "present", code=case.cancer.code)
    paper.text(
        f"{she} received {first} from {start} to {end}, stopped for progression. {she} is currently on {second} since {again}."
    )
    gold.say("treatment", None, first, "stopped", start=start_iso, end=end_iso, accept=[{"result": "given"}])
    gold.say("treatment", None, second, "ongoing", start=again_iso)
    paper.text(f"We plan to start {third} if the next scan shows growth. {she} declined radiotherapy.")
    gold.say("treatment", None, third, "planned")
    gold.say("treatment", None, "radiotherapy", "declined", accept=[{"alteration": "radiation"}])
    found = case.found[0]
    paper.text(
        f"Sequencing of the biopsy showed {found.change.gene} {found.change.p} at {found.vaf}%. {case.absent[0]} was negative."
    )
    gold.variant(found)
    gold.expected[-1].pop("c")
    gold.none_in(case.absent[0])
    paper.text(
        "Family history: the mother had ovarian cancer at 58 with a BRCA1 mutation. The patient has not been tested."
    )
    if found.change.gene != "BRCA1":
        gold.ban(type="variant", gene="BRCA1", result="detected")
    gold.ban(type="histology", alteration="ovarian cancer")
    paper.text(f"With kind regards, {case.doctor}")
    return paper


def portal(case: Case, gold: Gold) -> Paper:
    """What a patient prints from a portal: component, value, range, flag."""
    paper = Paper(
        base=9.2,
        accent=HexColor("#0b5394"),
        head="My Health Record · printed by patient",
        foot="Page content from the patient portal",
    )
    paper.title("Test Results")
    paper.text(
        f"Name: {case.name} | DOB: {case.born:%m/%d/%Y} | Sex: {case.sex} | Collected: {case.collected:%m/%d/%Y} 08:12 | Result date: {case.reported:%m/%d/%Y}"
    )
    paper.heading("Tumor mutation panel")
    rows = [["Component", "Your value", "Standard range", "Flag"]]
    for found in case.found:
        rows.append([f"{found.change.gene} gene", f"{found.change.p} detected", "Not detected", "Abnormal"])
        gold.variant(found)
        gold.expected[-1].pop("c")
        gold.expected[-1].pop("vaf")
    for gene in case.absent:
        rows.append([f"{gene} gene", "Not detected", "Not detected", ""])
        gold.none_in(gene)
    paper.table(rows, (1.4, 2, 1.3, 0.9))
    paper.heading("Blood tests")
    alp, ldh = case.draw.randint(50, 260), case.draw.randint(150, 700)
    paper.table(
        [
            ["Component", "Your value", "Standard range", "Flag"],
            ["Alkaline phosphatase", f"{alp} U/L", "40 - 120 U/L", ""],
            ["LDH", f"{ldh} U/L", "135 - 225 U/L", "High" if ldh > 225 else ""],
        ],
        (1.4, 2, 1.3, 0.9),
    )
    gold.say("lab", None, "alkaline phosphatase", str(alp), unit="U/L")
    gold.say("lab", None, "lactate dehydrogenase", str(ldh), unit="U/L")
    gold.ban(gene="ALK", result="positive", type="ihc")
    return paper


def note(case: Case, gold: Gold) -> Paper:
    """A progress note with headings and bullets."""
    paper = Paper(base=9.6, foot=f"{case.name} MRN SAMPLE-{case.number}")
    paper.title("Oncology Progress Note")
    paper.text(f"Patient: {case.name}   DOB: {case.born:%Y-%m-%d}   Date of service: {case.reported:%Y-%m-%d}")
    tnm, group = _stage(case, gold)
    paper.heading("Assessment")
    paper.text(f"{case.cancer.text}, {tnm}, stage {group}.")
    gold.say("histology", None, case.cancer.text.lower(), "present", code=case.cancer.code)
    first, second, third = case.treatments
    begin, begin_iso = _month(case.collected, back=20)
    begin2, begin2_iso = _month(case.collected, back=10)
    cycles = case.draw.randint(2, 6)
    paper.heading("Oncologic history")
    paper.lines(
        [f"- 1L {first} x {cycles} cycles, started {begin}, completed", f"- 2L {second} since {begin2}, ongoing"]
    )
    gold.say(
        "treatment", None, first, "completed", line=1, cycles=cycles, start=begin_iso, accept=[{"result": "given"}]
    )
    gold.say("treatment", None, second, "ongoing", line=2, start=begin2_iso)
    paper.heading("Plan")
    paper.lines([f"- Continue {second}", f"- Consider {third} at progression", "- Repeat imaging in 8 weeks"])
    gold.ban(type="treatment", alteration=third, result="given")
    gold.ban(type="treatment", alteration=third, result="ongoing")
    paper.heading("Other problems")
    paper.text("CKD stage 3, eGFR 52 mL/min/1.73m2. Back pain: MRI shows a T2 hyperintense lesion at T10.")
    gold.say("lab", None, "estimated glomerular filtration rate", "52")
    gold.ban(type="stage", alteration="III")
    gold.ban(type="stage", alteration="T2")
    gold.ban(gene="EGFR")
    return paper


def typed(case: Case, gold: Gold) -> Paper:
    """A typewriter page in capitals, as old systems print it."""
    paper = Paper(family="typed", base=10, margin=56)
    paper.lines(
        [
            case.hospital.upper(),
            "SURGICAL PATHOLOGY",
            f"PATIENT: {case.name.upper()}",
            f"DOB: {case.born:%m/%d/%Y}",
            f"DATE OF REPORT: {case.reported:%m/%d/%Y}",
        ]
    )
    paper.heading("FINAL DIAGNOSIS:")
    paper.text("A. RIGHT COLON, HEMICOLECTOMY: MODERATELY DIFFERENTIATED ADENOCARCINOMA OF THE COLON.")
    gold.say("histology", None, "moderately differentiated adenocarcinoma of the colon", "present", code="COAD")
    positive, examined = case.draw.randint(0, 4), case.draw.randint(12, 28)
    tnm = f"pT3 pN{0 if not positive else '1a' if positive == 1 else '1b' if positive < 4 else '2a'}"
    paper.lines(
        [
            f"B. LYMPH NODES: {positive} OF {examined} POSITIVE.",
            "C. SURGICAL MARGINS ARE NEGATIVE.",
            "D. NO LYMPHOVASCULAR INVASION IDENTIFIED.",
            f"E. PATHOLOGIC STAGE: {tnm}",
        ]
    )
    gold.say("lab", None, "lymph nodes", f"{positive}/{examined}")
    gold.say("lab", None, "margins", "negative")
    gold.say("lab", None, "lymphovascular invasion", "not_detected")
    gold.say("stage", None, tnm, "stated", system="TNM")
    gold.say("treatment", None, "hemicolectomy", "given", optional=True)
    paper.lines(
        [
            "MISMATCH REPAIR PROTEINS MLH1, MSH2, MSH6 AND PMS2 ARE RETAINED.",
            "KRAS: WILD TYPE.",
            "BRAF V600E: NOT DETECTED.",
        ]
    )
    for gene in ("MLH1", "MSH2", "MSH6", "PMS2"):
        gold.say("ihc", gene, "protein expression", "retained")
    gold.say("variant", "KRAS", "any mutation", "not_detected")
    gold.say("variant", "BRAF", "p.V600E", "not_detected")
    return paper


LAYOUTS = {"letter": letter, "portal": portal, "progress-note": note, "typewriter": typed}

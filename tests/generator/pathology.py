"""Layouts of pathology, immunohistochemistry, FISH, flow and chromosome reports."""

# ruff: noqa: E501 - rows and sentences of a report stay whole
from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from tests.generator.case import Case, Found, Gold, myeloid
from tests.generator.paper import Paper


def _receptors(case: Case, gold: Gold) -> list[tuple[str, str, str]]:
    """Return rows for ER, PR, HER2 and Ki-67: marker, result, score or share."""
    draw = case.draw
    er, pr, ki = draw.randint(40, 99), draw.choice([0, draw.randint(20, 90)]), draw.randint(5, 60)
    score = draw.choice(["0", "1+", "3+"])
    her2 = "Positive" if score == "3+" else "Negative"
    gold.say("ihc", "ESR1", "protein expression", "positive", marker="ER", value=f"{er}%")
    gold.say("ihc", "PGR", "protein expression", "positive" if pr else "negative", marker="PR", value=f"{pr}%")
    gold.say("ihc", "ERBB2", "protein expression", her2.lower(), marker="HER2", score=score)
    gold.say("ihc", "MKI67", "protein expression", "reported", marker="Ki-67", value=f"{ki}%")
    return [
        ("Estrogen receptor (ER)", "Positive", f"{er}%"),
        ("Progesterone receptor (PR)", "Positive" if pr else "Negative", f"{pr}%"),
        ("HER2", her2, score),
        ("Ki-67", f"{ki}%", ""),
    ]


def _head(case: Case, paper: Paper, title: str) -> None:
    paper.title(title)
    paper.text(f"{case.hospital}, Department of Pathology")
    rows = [
        ["Patient:", case.name, "Accession:", case.number],
        ["Born:", f"{case.born:%Y-%m-%d}", "Sex:", case.sex.title()],
        ["Collected:", f"{case.collected:%Y-%m-%d}", "Reported:", f"{case.reported:%Y-%m-%d}"],
    ]
    paper.table(rows, (1, 2, 1, 1.4), ruled=False, head=False)


def _breast_stage(case: Case, gold: Gold) -> tuple[str, str, int]:
    tnm, positive = case.draw.choice(
        [("pT1c pN0(sn)", 0), ("pT2 pN1a(sn)", 1), ("pT1b pN1mi(sn)", 1), ("pT3 pN0(i+)(sn)", 0)]
    )
    examined = case.draw.randint(2, 5)
    gold.say("stage", None, tnm, "stated", system="TNM")
    gold.say("lab", None, "lymph nodes", f"{positive}/{examined}")
    return tnm, f"{positive} of {examined}", examined


def synoptic(case: Case, gold: Gold) -> Paper:
    """A breast resection in the manner of a synoptic protocol."""
    paper = Paper(accent=HexColor("#1d4d2f"), foot=f"{case.name} {case.number}")
    _head(case, paper, "Surgical Pathology Report")
    grade = case.draw.choice("123")
    paper.heading("Final diagnosis")
    paper.text(f"Left breast, lumpectomy: Invasive ductal carcinoma, grade {grade}.")
    gold.say("histology", None, "invasive ductal carcinoma", "present", grade=grade, code="IDC")
    tnm, nodes, _ = _breast_stage(case, gold)
    lvi, pni = case.draw.choice(["Present", "Not identified"]), case.draw.choice(["Present", "Not identified"])
    gold.say("lab", None, "lymphovascular invasion", "present" if lvi == "Present" else "not_detected")
    gold.say("lab", None, "perineural invasion", "present" if pni == "Present" else "not_detected")
    gold.say("lab", None, "margins", "negative")
    size = case.draw.randint(8, 45)
    gold.say("lab", None, "tumor size", f"{size} mm")
    rows = [
        ["Element", "Finding"], ["Procedure", "Lumpectomy"], ["Laterality", "Left"], ["Histologic type", "Invasive ductal carcinoma"],
        ["Tumor size", f"{size} mm"], ["Lymphovascular invasion", lvi], ["Perineural invasion", pni], ["Margins", "Negative for carcinoma"],
        ["Regional lymph nodes", f"{nodes} positive"], ["Pathologic stage (AJCC 8th edition)", tnm],
    ]  # fmt: skip
    paper.heading("Synoptic report")
    paper.table(rows, (1.4, 2))
    paper.heading("Biomarkers")
    paper.table([["Marker", "Result", "Score"], *(list(row) for row in _receptors(case, gold))], (2, 1, 1))
    gold.say("treatment", None, "lumpectomy", "given", optional=True)
    return paper


def addendum(case: Case, gold: Gold) -> Paper:
    """A report whose addendum corrects the HER2 score."""
    paper = Paper(family="serif", base=10.5, foot=case.number)
    _head(case, paper, "Pathology Report with Addendum")
    paper.heading("DIAGNOSIS")
    paper.text("Right breast, core biopsy: Invasive lobular carcinoma, grade 2.")
    gold.say("histology", None, "invasive lobular carcinoma", "present", grade="2", code="ILC")
    paper.heading("IMMUNOHISTOCHEMISTRY")
    paper.lines(["ER: positive, 90%", "PR: positive, 75%", "HER2: equivocal (2+)"])
    gold.say("ihc", "ESR1", "protein expression", "positive", value="90%")
    gold.say("ihc", "PGR", "protein expression", "positive", value="75%")
    gold.expected.append(
        {
            "type": "ihc",
            "gene": "ERBB2",
            "alteration": "protein expression",
            "result": "equivocal",
            "temporality": "historical",
            "optional": True,
        }
    )
    paper.heading(f"ADDENDUM ({case.reported:%Y-%m-%d})")
    paper.text("On review, the HER2 immunohistochemistry score is corrected from 2+ (equivocal) to 3+ (positive).")
    gold.say("ihc", "ERBB2", "protein expression", "positive", score="3+")
    return paper


def stains(case: Case, gold: Gold) -> Paper:
    """A metastasis with a panel of stains as bullets."""
    paper = Paper(size=A4, base=10, foot=case.number)
    _head(case, paper, "Consultation Report")
    paper.heading("Diagnosis")
    paper.text("Liver, core biopsy: Metastatic adenocarcinoma, favor lung primary.")
    gold.say("histology", None, "metastatic adenocarcinoma", "present")
    paper.heading("Stains")
    for marker, gene, result in (
        ("CK7", "KRT7", "positive"),
        ("TTF-1", "NKX2-1", "positive"),
        ("Napsin A", "NAPSA", "positive"),
        ("CK20", "KRT20", "negative"),
        ("CDX2", "CDX2", "negative"),
        ("p40", "TP63", "negative"),
    ):
        paper.text(f"• {marker}: {case.draw.choice([result, result.title()])}")
        gold.say("ihc", gene, "protein expression", result, marker=marker)
    tps = case.draw.choice([0, 5, 20, 60, 90])
    paper.text(f"• PD-L1 (22C3): TPS {tps}%" if tps else "• PD-L1 (22C3): TPS &lt;1% (negative)")
    gold.say(
        "ihc",
        "CD274",
        "protein expression",
        "reported" if tps else "negative",
        clone="22C3",
        score="TPS",
        accept=[{"result": "positive"}] if tps else [],
    )
    paper.text("• MLH1, PMS2, MSH2 and MSH6: intact nuclear staining")
    for gene in ("MLH1", "PMS2", "MSH2", "MSH6"):
        gold.say("ihc", gene, "protein expression", "intact")
    paper.heading("Comment")
    paper.text("A colonic primary is unlikely with this pattern. No evidence of hepatocellular carcinoma.")
    gold.ban(type="histology", alteration="hepatocellular carcinoma")
    return paper


def fish_flow(case: Case, gold: Gold) -> Paper:
    """Flow cytometry and FISH of a chronic lymphocytic leukemia."""
    paper = Paper(accent=HexColor("#3a2a66"), foot=f"{case.name} {case.number}")
    _head(case, paper, "Flow Cytometry and FISH")
    paper.heading("Interpretation")
    rai = case.draw.choice(["I", "II", "III"])
    paper.text(f"Chronic lymphocytic leukemia. Rai stage {rai}.")
    gold.say("histology", None, "chronic lymphocytic leukemia", "present", code="CLLSLL")
    gold.say("stage", None, rai, "stated", system="Rai")
    paper.heading("Flow cytometry")
    paper.text("The abnormal B cells are positive for CD5, CD19, CD23 and CD200 and negative for CD10 and FMC7.")
    for marker, gene in (("CD5", "CD5"), ("CD19", "CD19"), ("CD23", "FCER2"), ("CD200", "CD200")):
        gold.say("ihc", gene, "protein expression", "positive", marker=marker)
    gold.say("ihc", "MME", "protein expression", "negative", marker="CD10")
    gold.expected.append(
        {
            "type": "ihc",
            "gene": None,
            "marker": "FMC7",
            "alteration": "protein expression",
            "result": "negative",
            "optional": True,
        }
    )
    paper.heading("FISH")
    share = case.draw.randint(20, 85)
    rows = [
        ["Probe", "Target", "Result", "Nuclei"],
        ["D13S319", "13q14 deletion", "Detected", f"{share}%"],
        ["ATM", "11q22 deletion", "Not detected", "1%"],
        ["TP53", "17p13 deletion", "Not detected", "2%"],
        ["CEP12", "Trisomy 12", "Not detected", "0%"],
    ]
    paper.table(rows, (1, 1.6, 1.2, 0.8))
    gold.say("cytogenetics", None, "del(13q14)", "detected", accept=[{"type": "ish"}])
    gold.say("ish", "ATM", "deletion", "not_detected", accept=[{"type": "cytogenetics"}, {"result": "negative"}])
    gold.say("ish", "TP53", "deletion", "not_detected", accept=[{"type": "cytogenetics"}, {"result": "negative"}])
    gold.say("cytogenetics", None, "trisomy 12", "not_detected", accept=[{"type": "ish"}])
    return paper


def chromosomes(case: Case, gold: Gold) -> Paper:
    """Karyotype and myeloid panel of an acute myeloid leukemia."""
    paper = Paper(size=A4, family="serif", base=10.5, accent=HexColor("#6b1f1f"), foot=case.number)
    _head(case, paper, "Hematopathology: Bone Marrow")
    paper.heading("Diagnosis")
    blasts = case.draw.randint(24, 90)
    paper.text("Acute myeloid leukemia.")
    gold.say("histology", None, "acute myeloid leukemia", "present", code="AML")
    paper.text(f"Blasts: {blasts}%")
    gold.say("lab", None, "blasts", str(blasts), unit="%")
    paper.heading("Karyotype")
    sex = "XX" if case.sex == "female" else "XY"
    if case.draw.random() < 0.5:
        paper.text(f"46,{sex}[20]. Normal karyotype.")
        gold.say(
            "cytogenetics",
            None,
            f"46,{sex}[20]",
            "not_detected",
            accept=[{"alteration": "normal karyotype", "result": "detected"}],
        )
    else:
        paper.text(f"46,{sex},t(8;21)(q22;q22)[16]/46,{sex}[4]")
        gold.say(
            "cytogenetics",
            "RUNX1::RUNX1T1",
            "t(8;21)",
            "detected",
            accept=[{"type": "fusion", "alteration": "fusion"}, {"gene": None}],
        )
    found, absent = myeloid(case)
    paper.heading("Myeloid panel")
    rows = [["Gene", "Variant", "Coding", "VAF (%)"]]
    for one in found:
        rows.append([one.change.gene, one.change.p, one.change.c.replace(">", "&gt;"), one.vaf])
        gold.variant(Found(one.change, one.vaf))
    paper.table(rows, (1, 1.6, 1.4, 0.8), ruled=False)
    paper.text(f"No variants detected in {', '.join(absent)}.")
    for gene in absent:
        gold.none_in(gene)
    return paper


def spanish(case: Case, gold: Gold) -> Paper:
    """A breast biopsy in Spanish."""
    paper = Paper(size=A4, base=10, foot=case.number)
    paper.title("INFORME DE ANATOMÍA PATOLÓGICA")
    paper.lines(
        [
            "Hospital Santa Clara del Río",
            f"Paciente: {case.name}",
            f"Fecha de nacimiento: {case.born:%d/%m/%Y}",
            f"Fecha de informe: {case.reported:%d/%m/%Y}",
            "Tipo de muestra: biopsia con aguja gruesa de mama derecha",
        ]
    )
    grade = case.draw.choice("123")
    paper.heading("DIAGNÓSTICO")
    paper.text(f"Carcinoma ductal infiltrante, grado histológico {grade}.")
    gold.say("histology", None, "invasive ductal carcinoma", "present", grade=grade, code="IDC")
    er, ki = case.draw.randint(50, 99), case.draw.randint(5, 45)
    paper.heading("INMUNOHISTOQUÍMICA")
    paper.lines(
        [
            f"Receptores de estrógeno: positivo, {er}%",
            "Receptores de progesterona: negativo, 0%",
            "HER2: negativo (1+)",
            f"Ki-67: {ki}%",
        ]
    )
    gold.say("ihc", "ESR1", "protein expression", "positive", value=f"{er}%")
    gold.say("ihc", "PGR", "protein expression", "negative", value="0%")
    gold.say("ihc", "ERBB2", "protein expression", "negative", score="1+")
    gold.say("ihc", "MKI67", "protein expression", "reported", value=f"{ki}%")
    paper.heading("COMENTARIO")
    paper.text("No se identifica invasión linfovascular. No se detectó mutación de PIK3CA.")
    gold.say("lab", None, "lymphovascular invasion", "not_detected")
    gold.say("variant", "PIK3CA", "any mutation", "not_detected")
    return paper


LAYOUTS = {
    "synoptic": synoptic, "addendum": addendum, "stains": stains, "fish-flow": fish_flow, "chromosomes": chromosomes,
    "spanish": spanish,
}  # fmt: skip

"""Layouts of sequencing reports."""

# ruff: noqa: E501 - rows and sentences of a report stay whole
from __future__ import annotations

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import FrameBreak

from tests.generator.case import Case, Found, Gold
from tests.generator.paper import Paper
from tests.generator.pools import PANEL

CLEAR = ("Not detected", "None detected", "Negative", "No alteration found")


def _identity(case: Case, paper: Paper, *, ruled: bool = True) -> None:
    rows = [
        ["Patient", case.name, "Date of birth", f"{case.born:%m/%d/%Y}"],
        ["Sex", case.sex.title(), "Case number", case.number],
        ["Specimen", case.cancer.site, "Collected", f"{case.collected:%m/%d/%Y}"],
        ["Ordered by", case.doctor, "Reported", f"{case.reported:%m/%d/%Y}"],
    ]
    paper.table(rows, (1, 2.2, 1, 1.3), ruled=ruled, head=False)


def _diagnosis(case: Case, paper: Paper, gold: Gold) -> None:
    paper.text(f"<b>Diagnosis:</b> {case.cancer.text}")
    gold.say("histology", None, case.cancer.text.lower(), "present", code=case.cancer.code)


def _signatures(case: Case, gold: Gold) -> list[tuple[str, str]]:
    """Return the rows of the genomic signatures and note them."""
    high = float(case.tmb) >= 10
    call = "High" if high else "Low"
    gold.say("signature", None, "MSI", "MSI-H" if case.msi == "MSI-High" else "MSS")
    gold.say("signature", None, "TMB", call.lower(), value=float(case.tmb), unit="mut/Mb")
    return [("Microsatellite status", case.msi), ("Tumor mutational burden", f"{case.tmb} mut/Mb ({call})")]


def _classed(found: Found) -> str:
    return "Uncertain significance" if found.change.rank == "vus" else "Pathogenic"


def _fusion(case: Case, gold: Gold, sign: str = "-") -> str:
    gold.say("fusion", case.fusion, "fusion", "detected")
    return case.fusion.replace("::", sign)


def _negatives(case: Case, gold: Gold) -> None:
    for gene in case.absent:
        gold.none_in(gene)


def _failed(case: Case, gold: Gold) -> str:
    gold.say(
        "variant",
        case.failed,
        "any mutation",
        "not_evaluated",
        reason="below_depth",
        accept=[{"reason": "insufficient"}, {"reason": "failed"}, {"type": "fusion"}, {"type": "cnv"}],
    )
    return f"{case.failed}: not evaluated, insufficient coverage"


def ruled(case: Case, gold: Gold) -> Paper:
    """A grid of findings, then negatives and uncertain variants."""
    paper = Paper(accent=HexColor("#123f6b"), foot=f"{case.name} · {case.number} · {case.laboratory}")
    paper.title(f"{case.laboratory}: Solid Tumor Sequencing Panel")
    _identity(case, paper)
    _diagnosis(case, paper, gold)
    paper.heading("Results")
    rows = [["Gene", "Alteration", "Coding change", "VAF", "Classification"]]
    for found in case.found:
        rows.append(
            [found.change.gene, found.change.p, found.change.c.replace(">", "&gt;"), f"{found.vaf}%", _classed(found)]
        )
        gold.variant(found)
    for gene, event, copies in case.copies:
        rows.append(
            [
                gene,
                event.capitalize(),
                "–",
                f"{copies} copies" if event == "amplification" else "–",
                "Likely pathogenic",
            ]
        )
        gold.say("cnv", gene, event, "detected")
    paper.table(rows, (1, 2, 1.6, 1, 1.8))
    if case.fusion:
        paper.text(f"<b>Gene fusion:</b> {_fusion(case, gold)} fusion detected by RNA sequencing.")
    paper.heading("Genomic signatures")
    paper.table([["Signature", "Result"], *(list(row) for row in _signatures(case, gold))], (1, 1.4))
    paper.heading("Pertinent negatives")
    paper.text(f"No reportable alterations were detected in {', '.join(case.absent)}.")
    _negatives(case, gold)
    if case.failed:
        paper.text(_failed(case, gold) + ".")
    paper.heading("Variants of uncertain significance")
    rows = [["Gene", "Protein change", "Coding change", "VAF"]]
    for found in case.unclear:
        rows.append([found.change.gene, found.change.p, found.change.c.replace(">", "&gt;"), f"{found.vaf}%"])
        gold.variant(found)
    paper.table(rows, (1, 1.4, 1.4, 0.8))
    return paper


def unruled(case: Case, gold: Gold) -> Paper:
    """Columns told apart by white space only, in a serif face."""
    paper = Paper(size=A4, family="serif", base=10, foot=case.number)
    paper.title("Molecular Pathology Report")
    _identity(case, paper, ruled=False)
    _diagnosis(case, paper, gold)
    paper.heading("ALTERATIONS DETECTED")
    rows = [["Gene", "Variant", "Allele fraction", "Interpretation"]]
    for found in case.found:
        rows.append(
            [
                found.change.gene,
                f"{found.change.p} ({found.change.c.replace('>', '&gt;')})",
                f"{found.vaf} %",
                _classed(found),
            ]
        )
        gold.variant(found)
    paper.table(rows, (1, 2.6, 1.2, 1.4), ruled=False)
    paper.heading("GENES WITHOUT ALTERATION")
    clear = case.draw.choice(CLEAR)
    paper.table([["Gene", "Result"], *([gene, clear] for gene in case.absent)], (1, 2), ruled=False)
    _negatives(case, gold)
    paper.heading("OTHER MEASURES")
    for label, value in _signatures(case, gold):
        paper.text(f"{label}: {value}")
    return paper


def key_value(case: Case, gold: Gold) -> Paper:
    """Labels and values with dots between, one a line."""
    paper = Paper(family="typed", base=9, foot=f"{case.laboratory}   {case.number}")
    paper.title("TUMOR SEQUENCING REPORT")
    dotted = lambda label, value: f"{label} {'.' * max(3, 34 - len(label))} {value}"  # noqa: E731
    paper.lines(
        [
            dotted("Name", case.name),
            dotted("DOB", f"{case.born:%Y-%m-%d}"),
            dotted("Sex", case.sex),
            dotted("Specimen", case.cancer.site),
        ]
    )
    paper.lines(
        [
            dotted("Collected", f"{case.collected:%Y-%m-%d}"),
            dotted("Reported", f"{case.reported:%Y-%m-%d}"),
            dotted("Diagnosis", case.cancer.text),
        ]
    )
    gold.say("histology", None, case.cancer.text.lower(), "present", code=case.cancer.code)
    paper.heading("FINDINGS")
    for found in case.found:
        paper.text(dotted(f"{found.change.gene} {found.change.p}", f"DETECTED (VAF {found.vaf}%)"))
        gold.variant(found)
    for gene in case.absent:
        paper.text(dotted(gene, "NOT DETECTED"))
    _negatives(case, gold)
    for label, value in _signatures(case, gold):
        paper.text(dotted(label, value))
    return paper


def two_columns(case: Case, gold: Gold) -> Paper:
    """Results in the left column, what is known about them in the right."""
    paper = Paper(columns=2, base=8.6, margin=42, accent=HexColor("#7a2f1d"), foot=case.laboratory)
    paper.heading("Patient")
    paper.lines(
        [
            f"Name: {case.name}",
            f"Date of birth: {case.born:%d %b %Y}",
            f"Sex: {case.sex}",
            f"Collected: {case.collected:%d %b %Y}",
            f"Reported: {case.reported:%d %b %Y}",
        ]
    )
    _diagnosis(case, paper, gold)
    paper.heading("Findings")
    for found in case.found:
        paper.text(f"<b>{found.change.gene} {found.change.p}</b>")
        paper.text(f"{found.change.c.replace('>', '&gt;')}, VAF {found.vaf}%", small=True)
        gold.variant(found)
    if case.fusion:
        paper.text(f"<b>{_fusion(case, gold, '::')} fusion</b>")
    paper.heading("Not found")
    paper.text(f"{', '.join(case.absent)}: no alteration.")
    _negatives(case, gold)
    for label, value in _signatures(case, gold):
        paper.text(f"{label}: {value}")
    paper.story.append(FrameBreak())
    paper.heading("Background")
    for gene, drug in case.cancer.traps:
        paper.text(
            f"{gene} alterations have been reported in patients with this tumor type. Trials of {drug} ask for a change in {gene}."
        )
        gold.traps.add(gene)
        gold.ban(type="treatment", alteration=drug)
    paper.text(
        "The assay reads exons of 120 genes with a limit of detection of 5%. It does not tell inherited from acquired changes."
    )
    return paper


def sidebar(case: Case, gold: Gold) -> Paper:
    """A dark bar at the left with the person, findings as cards at the right."""

    def bar(canvas: Canvas, _: float, height: float) -> None:
        canvas.setFillColor(HexColor("#26323f"))
        canvas.rect(0, 0, 150, height, stroke=0, fill=1)
        canvas.setFillColor(white)
        lines = [
            case.laboratory,
            "",
            "Patient",
            case.name,
            "Born",
            f"{case.born:%Y-%m-%d}",
            "Sex",
            case.sex.title(),
            "Case",
            case.number,
            "Collected",
            f"{case.collected:%Y-%m-%d}",
            "Reported",
            f"{case.reported:%Y-%m-%d}",
        ]
        for at, line in enumerate(lines):
            canvas.setFont("Helvetica-Bold" if at % 2 == 0 else "Helvetica", 8.5)
            canvas.drawString(16, height - 60 - at * 17, line)

    paper = Paper(size=A4, side=120, margin=44, base=9.4, accent=HexColor("#26323f"), draw_side=bar)
    paper.title("Tumor Profile")
    _diagnosis(case, paper, gold)
    paper.heading("Reportable findings")
    for found in case.found:
        paper.table(
            [[f"<b>{found.change.gene}</b>", f"{found.change.p}", f"VAF {found.vaf}%"]], (1, 2, 1.2), head=False
        )
        gold.variant(found)
    for gene, event, _copies in case.copies:
        paper.table([[f"<b>{gene}</b>", event, ""]], (1, 2, 1.2), head=False)
        gold.say("cnv", gene, event, "detected")
    paper.heading("Signatures")
    for label, value in _signatures(case, gold):
        paper.text(f"{label}: <b>{value}</b>")
    paper.heading("Tested without finding")
    paper.text(", ".join(case.absent))
    _negatives(case, gold)
    return paper


def liquid(case: Case, gold: Gold) -> Paper:
    """One blood sample: a short table and the share of tumor DNA."""
    paper = Paper(accent=HexColor("#8a1538"), foot=f"{case.name} {case.number}")
    paper.title("Plasma Cell-Free DNA Report")
    _identity(case, paper)
    _diagnosis(case, paper, gold)
    paper.heading("Alterations found in plasma")
    rows = [["Gene", "Alteration", "% cfDNA"]]
    for found in case.found:
        share = f"{float(found.vaf) / 8:.1f}"
        rows.append([found.change.gene, found.change.p.removeprefix("p."), f"{share}%"])
        gold.variant(Found(found.change, share))
        gold.expected[-1].pop("c")
    paper.table(rows, (1, 2, 1))
    share = f"{case.draw.uniform(0.5, 18):.1f}"
    paper.text(f"Estimated tumor fraction: {share}%")
    gold.say("signature", None, "tumor fraction", "reported", value=float(share))
    paper.text(f"No alterations detected in: {', '.join(case.absent)}")
    _negatives(case, gold)
    paper.heading("Comments")
    paper.text(
        "A change that is not seen in plasma may still be present in the tumor. If EGFR T790M or MET amplification is suspected, tissue can be tested."
    )
    gold.ban(gene="EGFR", alteration="p.T790M", result="detected")
    return paper


def time_points(case: Case, gold: Gold) -> Paper:
    """Blood samples over time: the newest column is the current one."""
    paper = Paper(size=A4, accent=HexColor("#0f5c4a"), foot=case.number)
    paper.title("Serial ctDNA Report")
    _identity(case, paper)
    _diagnosis(case, paper, gold)
    year = case.collected.year
    first, second = f"{year - 1}-04-10", f"{year - 1}-10-02"
    now = f"{case.collected:%Y-%m-%d}"
    rows = [["Gene", "Alteration", first, second, now]]
    for found in case.found:
        shares = [f"{case.draw.uniform(0.3, 6):.1f}%" for _ in range(3)]
        rows.append([found.change.gene, found.change.p, *shares])
        gold.variant(Found(found.change, shares[2].rstrip("%")))
        gold.expected[-1].pop("c")
        for day, share in zip((first, second), shares, strict=False):
            past = {"temporality": "historical", "date": day, "vaf": float(share.rstrip("%")), "optional": True}
            gold.expected.append(
                {
                    "type": "variant",
                    "gene": found.change.gene,
                    "alteration": found.change.p,
                    "result": "detected",
                    **past,
                }
            )
    paper.heading("Share of cell-free DNA by date of collection")
    paper.table(rows, (1, 1.6, 1, 1, 1))
    return paper


def gene_list(case: Case, gold: Gold) -> Paper:
    """A short result page, then two pages of method and genes."""
    paper = Paper(base=8.8, accent=HexColor("#43307a"), foot=f"{case.name} | {case.number}", head=case.laboratory)
    paper.title("Comprehensive Panel, 190 genes")
    _identity(case, paper)
    _diagnosis(case, paper, gold)
    paper.heading("Summary of findings")
    for found in case.found:
        paper.text(
            f"<b>{found.change.gene}</b> {found.change.c.replace('>', '&gt;')}, {found.change.p}; variant allele fraction {found.vaf}%. {_classed(found)}."
        )
        gold.variant(found)
    for label, value in _signatures(case, gold):
        paper.text(f"{label}: {value}")
    paper.page()
    paper.heading("Methodology")
    paper.text(
        "Tumor DNA is captured with probes and sequenced. The test detects substitutions such as BRAF V600E and EGFR L858R from 5% allele fraction, and amplification of ERBB2 or MET from 6 copies."
    )
    paper.heading("Genes tested")
    rows = [PANEL[at : at + 8] for at in range(0, len(PANEL), 8)]
    paper.table([[*row, *([""] * (8 - len(row)))] for row in rows], [1] * 8, head=False, scale=0.85)
    gold.traps |= {"BRAF", "EGFR", "ERBB2", "MET"} - {f.change.gene for f in case.found}
    return paper


def trials(case: Case, gold: Gold) -> Paper:
    """Findings first, then pages of therapies and trials that name other genes and drugs."""
    paper = Paper(size=letter, base=9, accent=HexColor("#5b4a12"), foot=f"{case.name} {case.number}")
    paper.title(f"{case.laboratory} Tumor Report")
    _identity(case, paper)
    _diagnosis(case, paper, gold)
    paper.heading("Genomic findings")
    rows = [["Finding", "VAF"]]
    for found in case.found:
        rows.append([f"{found.change.gene} {found.change.p}", f"{found.vaf}%"])
        gold.variant(found)
        gold.expected[-1].pop("c")
    paper.table(rows, (3, 1))
    paper.page()
    paper.heading("Therapies with clinical evidence")
    therapies = [
        [
            f"{case.found[0].change.gene} {case.found[0].change.p}",
            ", ".join(case.treatments[:2]),
            "Approved in this tumor type",
        ]
    ]
    therapies += [[f"{gene} alteration", drug, "Approved in other tumor types"] for gene, drug in case.cancer.traps]
    paper.table([["Biomarker", "Therapy", "Evidence"], *therapies], (1.4, 1.6, 1.6))
    paper.heading("Clinical trials")
    rows = [["Title", "Phase", "Looks for"]]
    for gene, drug in case.cancer.traps:
        rows.append([f"A study of {drug} in solid tumors with {gene} mutation or fusion", "II", f"{gene} alteration"])
        gold.traps.add(gene)
        gold.ban(type="treatment", alteration=drug)
    for drug in case.treatments[:2]:
        gold.ban(type="treatment", alteration=drug)
    paper.table(rows, (3, 0.6, 1.4))
    return paper


LAYOUTS = {
    "ruled-panel": ruled, "unruled-panel": unruled, "key-value": key_value, "two-columns": two_columns, "sidebar": sidebar,
    "liquid-biopsy": liquid, "time-points": time_points, "gene-list": gene_list, "trial-pages": trials,
}  # fmt: skip

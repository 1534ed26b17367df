"""Which kind of fact a statement makes of a marker: the words beside it decide, then how it is usually meant."""

from __future__ import annotations

import re

from app.biomarkers.item import CHANGES
from app.biomarkers.kind import Passage
from app.biomarkers.parts import cue_text
from app.biomarkers.statement import Statement, Subject

VARIANT, FUSION, CNV, ISH, IHC, METHYLATION = "variant", "fusion", "cnv", "ish", "ihc", "methylation"
CHROMOSOME = "cytogenetics"
BAND = re.compile(r"\s?\((?P<band>\d{1,2}[pq]\d[\d.]*)\)")
_DOSE = {"amplification", "gain", "loss", "homozygous deletion"}
_JOINED = {"fusion", "rearrangement"}
_SPECIAL = {"itd", "tkd", "ptd", "kdd", "viii", "v7"}
MMR_GENES = frozenset({"MLH1", "MSH2", "MSH6", "PMS2"})
_STAIN_SCORE = re.compile(
    r"(?<![\w.])[0-3]\s?\+(?!\d)|\bscore:? [0-3]\b|\b(?:TPS|CPS|Allred|H-score)\b|\bIHC [0-3]\b", re.I
)
_COPIES = re.compile(r"\b(?:copy[- ]number|CN[AV]s?|deletions?|losses)\b", re.I)
_RATIO = re.compile(r"\b(?:ratio|CEP ?\d+|signals?/(?:cell|nucleus)|signals per)\b", re.I)
_STAIN_WORDS = frozenset(
    {
        "positive",
        "negative",
        "pos",
        "neg",
        "positivo",
        "positiva",
        "negativo",
        "negativa",
        "positiv",
        "negativ",
        "positif",
        "négatif",
        "positief",
        "negatief",
        "weakly positive",
        "absent",
        "present",
        "ausente",
        "presente",
        "ausentes",
        "presentes",
        "negativos",
        "negativas",
        "positivos",
        "positivas",
        "fehlend",
        "+",
        "-",
        "(+)",
        "(-)",
        "++",
        "+++",
        "dim",
        "bright",
        "expressed",
        "reactive",
        "nonreactive",
    }
)
_STAIN_SIGN = re.compile(r"\(?(?:\w+ ?)?(?:\+{1,3}|-)\)?|0")
_FOR_STAIN = re.compile(
    r"(?:positive|negative|reactive|positivas?|positivos?|negativas?|negativos?|negativ|positiv|négatives?|positives?"
    r"|stain\w*) (?:for|para|für|pour|voor)|express|positive stains|negative stains",
    re.I,
)


def kinds(passage: Passage, statement: Statement, subject: Subject) -> set[str]:
    """Return the kinds of facts that the statement makes of the marker; decided once for all kinds."""
    key = (id(statement), id(subject))
    chosen = passage.chosen.get(key)
    if chosen is None:
        chosen = passage.chosen[key] = _kinds(passage, statement, subject)
    return chosen


def _kinds(passage: Passage, statement: Statement, subject: Subject) -> set[str]:
    text = passage.text
    if subject.sort == "fusion":
        return {ISH if "fish" in statement.assays() and not {"ngs", "pcr"} & statement.assays() else FUSION}
    gene = subject.genes[0]
    region = text[statement.head_start : statement.tail_end]
    events, assays = statement.events(), statement.assays()
    changed = any(item.sort in CHANGES for item in statement.items) or bool(events & _SPECIAL)
    stained = "ihc" in assays or "flow" in assays
    fished = "fish" in assays or (bool(_RATIO.search(region)) and not changed and not stained)
    found: set[str] = set()
    if changed:
        found.add(VARIANT)
    if "methylation" in events:
        return {METHYLATION}
    if statement.asserted.call and not changed:
        dosed = cue_text(passage, statement) == "no loss" and not stained and gene not in MMR_GENES
        dosed = dosed and sum(item.sort == "call" for item in statement.tail) == 1
        in_line = _COPIES.search(text, text.rfind("\n", 0, subject.start) + 1, subject.start)
        return {CNV} if dosed and (not subject.name or in_line) else {IHC}
    if changed:
        events = events - {"loss"} if not events & {"homozygous deletion"} else events
        if events & {"amplification", "gain", "homozygous deletion"}:
            found.add(CNV)
        return found
    if (
        BAND.match(text, subject.end)
        and not events & {"amplification", "gain", *_JOINED}
        and (fished or _in_panel(passage, statement))
    ):
        return {CHROMOSOME}
    scored = bool(_STAIN_SCORE.search(region)) or any(item.sort in {"score", "clone"} for item in statement.items)
    if fished and scored and _after_fish(text, statement):
        return {ISH, IHC}
    if events & _JOINED:
        found.add(ISH if fished else FUSION)
    if "mutation" in events and events & _DOSE == {"loss"} and re.search(r"\d\s?-?bp\b|type [12]", region):
        events = events - {"loss"}
    if events & _DOSE or "copy number" in events:
        stain_name = bool(subject.name) and subject.name != "c-KIT" and text[subject.start : subject.end] != gene
        lost_stain = events & _DOSE == {"loss"} and (
            gene in MMR_GENES or stained or "expression" in events or stain_name
        )
        if lost_stain:
            return {IHC}
        found |= {ISH} if fished else _dosed(statement, events)
    if found:
        return found
    if fished and not scored:
        return {ISH}
    if scored or "expression" in events or (stained and subject.name):
        return {IHC}
    if (
        events & {"mutation", "promoter"}
        or any(item.sort == "exon" for item in statement.items)
        or statement.cell("variant")
    ):
        return {VARIANT}
    return {_usual(passage, statement, subject, stained)}


def _dosed(statement: Statement, events: set[str]) -> set[str]:
    """Return what a change of the number of copies makes, and "no mutation or amplification" beside it."""
    if "mutation" not in events or statement.asserted.result != "not_detected":
        return {CNV}
    return {VARIANT} if {"loss", "gain"} <= events else {VARIANT, CNV}


def _after_fish(text: str, statement: Statement) -> bool:
    """Tell whether the call stands behind the word FISH and a score of staining before it ("2+, FISH negative")."""
    fish = next((item for item in statement.tail if item.sort == "assay" and item.means == "fish"), None)
    cue = statement.asserted.cue
    if fish is None or cue is None or cue[0] < fish.end or cue[0] - fish.end > 24:
        return False
    return bool(_STAIN_SCORE.search(text, statement.subjects[-1].end, fish.start))


def _in_panel(passage: Passage, statement: Statement) -> bool:
    """Tell whether the line also speaks of chromosome changes or of FISH."""
    start = passage.text.rfind("\n", 0, statement.clause[0]) + 1
    stop = passage.text.find("\n", statement.clause[1])
    line = passage.text[start : stop if stop >= 0 else len(passage.text)]
    return bool(re.search(r"\bFISH\b|\bdel\(|trisomy|monosomy|probe|nuclei|ISH\b", line))


def is_open(passage: Passage, statement: Statement, gene: str) -> bool:
    """Tell whether a bare negative leaves open which sort of change was looked for ("ALK: not detected")."""
    negative = (statement.asserted.result or statement.context.result) == "not_detected"
    return negative and gene in passage.rules.mutation_or_fusion and "mutation" not in statement.events()


def _usual(passage: Passage, statement: Statement, subject: Subject, stained: bool) -> str:
    """Return how a bare call of the marker is usually meant."""
    gene = subject.genes[0]
    words = cue_text(passage, statement)
    if subject.name:
        same_as_gene = passage.text[subject.start : subject.end] == gene
        if not same_as_gene or re.match(r"CD\d", passage.text[subject.start : subject.end]):
            return VARIANT if words in {"wild type", "wildtype", "wild-type", "mutated", "mutant"} else IHC
        if statement.context.assay == "ngs" or "ngs" in statement.assays():
            return VARIANT
        if words in _STAIN_WORDS or _STAIN_SIGN.fullmatch(words) or _FOR_STAIN.search(words):
            return IHC
        if gene in MMR_GENES and statement.asserted.result == "indeterminate":
            return IHC
        percent = re.search(r"\d\s?%", passage.text[subject.end : statement.tail_end])
        return IHC if percent and not words else VARIANT
    if stained:
        return IHC
    if (
        _FOR_STAIN.search(words)
        and re.search(r"cells?|stain|tumou?r|neoplas", passage.text[statement.clause[0] : subject.start], re.I)
        and "negative for" not in words.replace("tests", "")
    ):
        return IHC
    if gene in passage.rules.fusion_genes:
        return VARIANT if is_open(passage, statement, gene) else FUSION
    return VARIANT

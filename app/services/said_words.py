"""What a person fills in about themselves → a fact in the words of the vocabulary, or what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.mention import FactType, Reading
from app.domain.record import SaidKind
from app.domain.term import Disease, Gene, Vocabulary
from app.errors import RefusedError

Form = Mapping[str, str]
Understand = Callable[[str], tuple[Reading, ...]]
AS_WRITTEN = "as-written"
MOST_CHOICES = 12
LONGEST = 200

CHANGES: dict[str, str] = {
    "mutation": "A change in a gene (mutation)",
    "fusion": "Two genes joined (fusion, rearrangement)",
    "amplification": "Extra copies of a gene (amplification)",
    "loss": "Lost copies of a gene (deletion)",
    "protein": "A protein on the cells (staining, IHC)",
    "msi": "Repair of DNA (MSI, MMR)",
    "tmb": "Number of changes in the tumor (TMB)",
    "chromosome": "A change of a chromosome",
    "methylation": "Methylation of a gene",
}
RESULTS: dict[str, str] = {
    "found": "Found (positive)",
    "not_found": "Looked for, not found (negative)",
    "unclear": "Could not be judged",
    "pending": "Still waiting for the result",
    "not_done": "Not tested",
}
STATES: dict[str, str] = {
    "ongoing": "I am getting it now",
    "completed": "I have finished it",
    "stopped": "It was stopped early",
    "planned": "It is planned",
    "declined": "I decided against it",
}
GROUPS = (
    "0",
    "I",
    "IA",
    "IB",
    "IC",
    "II",
    "IIA",
    "IIB",
    "IIC",
    "III",
    "IIIA",
    "IIIB",
    "IIIC",
    "IV",
    "IVA",
    "IVB",
    "IVC",
)
"""Stage groups of the AJCC manual, without subdivisions that only one cancer has."""
NO_GENE = frozenset({"msi", "tmb", "chromosome"})
TYPES: dict[str, tuple[FactType, ...]] = {
    "mutation": (FactType.VARIANT,),
    "fusion": (FactType.FUSION, FactType.ISH),
    "amplification": (FactType.CNV, FactType.ISH),
    "loss": (FactType.CNV, FactType.ISH),
    "protein": (FactType.IHC,),
    "msi": (FactType.SIGNATURE,),
    "tmb": (FactType.SIGNATURE,),
    "chromosome": (FactType.CYTOGENETICS,),
    "methylation": (FactType.METHYLATION,),
}
ABSENT = frozenset({"not_detected", "negative", "MSS", "pMMR", "unmethylated", "low"})
UNCLEAR = frozenset({"indeterminate", "equivocal"})
SPOKEN = {
    "found": "detected",
    "not_found": "not detected",
    "unclear": "indeterminate",
    "pending": "pending",
    "not_done": "not tested",
}
DAY = re.compile(r"(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
CATEGORY = {
    "t": re.compile(r"[ycpra]{0,3}T(is|a|X|[0-4][a-d]?\d?)", re.IGNORECASE),
    "n": re.compile(r"[ycpra]{0,3}N(X|[0-3][a-d]?)", re.IGNORECASE),
    "m": re.compile(r"[ycpra]{0,3}M(X|[01][a-d]?)", re.IGNORECASE),
}


class FieldError(RefusedError):
    """One field needs another value."""

    code = "input.field"

    def __init__(self, field: str, message: str) -> None:
        """Name the field and what it needs."""
        self.field = field
        super().__init__(message)


class ChooseError(RefusedError):
    """What was written may mean several things, or none that we know; the person chooses."""

    code = "input.choose"

    def __init__(self, field: str, choices: Sequence[tuple[str, str]]) -> None:
        """Keep the field and what there is to choose from: value and name of each."""
        self.field = field
        self.choices = tuple(choices)
        super().__init__("Choose the name that is meant.")


@dataclass(frozen=True, slots=True)
class SaidWords:
    """A fact, as one reading or as the pieces of one, and how it is told back to the person."""

    readings: tuple[Reading, ...]
    text: str


def said_words(kind: SaidKind, form: Form, vocabulary: Vocabulary, understand: Understand) -> SaidWords:
    """Turn a filled-in form into a fact.

    Args:
        kind: Which form it is.
        form: Names of fields → what was filled in.
        vocabulary: Names of genes, drugs and diseases.
        understand: The extraction core, for the names of changes.

    Raises:
        FieldError: A field is missing or cannot be used.
        ChooseError: The person has to choose among names.
    """
    told = {k: " ".join(v.split())[:LONGEST] for k, v in form.items()}
    if kind is SaidKind.DIAGNOSIS:
        return _diagnosis(told, vocabulary)
    if kind is SaidKind.STAGE:
        return _stage(told)
    if kind is SaidKind.TREATMENT:
        return _treatment(told, vocabulary)
    return _marker(told, vocabulary, understand)


def _day(form: Form, name: str) -> str:
    day = form.get(name, "")
    if day and not DAY.fullmatch(day):
        raise FieldError(name, "Write a date as 2024, 2024-03 or 2024-03-15, or leave it empty.")
    return day


def _diagnosis(form: Form, vocabulary: Vocabulary) -> SaidWords:
    name, code = form.get("name", ""), form.get("code", "")
    if not name:
        raise FieldError("name", "Write the name of the cancer, such as lung adenocarcinoma.")
    disease = vocabulary.diseases.get(code)
    if disease is None and code != AS_WRITTEN:
        exact, near = diseases_named(name, vocabulary)
        if exact is None:
            raise ChooseError("code", [(d.code, d.name) for d in near])
        disease = exact
    text = disease.name if disease else name
    reading = Reading(FactType.HISTOLOGY, None, text, "present", code=disease.code if disease else None)
    return SaidWords((reading,), name if name.lower() == text.lower() or not disease else f"{text} ({name})")


def diseases_named(name: str, vocabulary: Vocabulary) -> tuple[Disease | None, list[Disease]]:
    """Return the disease of this very name, else None, and those whose names hold all its words."""
    wanted = _plain(name)
    words = wanted.split()
    near: list[tuple[int, int, Disease]] = []
    for disease in vocabulary.diseases.values():
        names = [_plain(n) for n in (disease.name, *disease.synonyms)]
        if wanted in names or name == disease.code:
            return disease, [disease]
        fits = [n for n in names if all(any(part.startswith(w) for part in n.split()) for w in words)]
        if words and fits and disease.parent:
            near.append((min(map(len, fits)), len(disease.name), disease))
    near.sort(key=lambda found: (found[0], found[1], found[2].code))
    return None, [disease for *_, disease in near[:MOST_CHOICES]]


def _plain(text: str) -> str:
    low = text.lower().replace("tumour", "tumor").replace("leukaemia", "leukemia")
    return " ".join(re.findall(r"[^\W_]+", low))


def _stage(form: Form) -> SaidWords:
    group = form.get("group", "").upper().removeprefix("STAGE ")
    if group and group not in GROUPS:
        raise FieldError("group", "Choose one of the stages, or leave it empty.")
    pieces = []
    for axis, pattern in CATEGORY.items():
        given = form.get(axis, "").replace(" ", "")
        if given and not pattern.fullmatch(given):
            raise FieldError(axis, f"Write it as in the report, such as {axis.upper()}1, or leave it empty.")
        if given:
            pieces.append(given)
    if not (group or pieces):
        raise FieldError("group", "Choose a stage, or write T, N or M.")
    tnm = " ".join(pieces)
    readings = [Reading(FactType.STAGE, None, group, "stated", system="AJCC")] if group else []
    if tnm:
        readings.append(Reading(FactType.STAGE, None, tnm, "stated", system="TNM"))
    return SaidWords(tuple(readings), f"{group} ({tnm})" if group and tnm else group or tnm)


def _treatment(form: Form, vocabulary: Vocabulary) -> SaidWords:
    name, state = form.get("name", ""), form.get("state", "")
    if not name:
        raise FieldError("name", "Write the name of the treatment, such as osimertinib or surgery.")
    if state not in STATES:
        raise FieldError("state", "Choose how it stands.")
    start, end = _day(form, "start"), _day(form, "end")
    if start and end and end[: len(start)] < start[: len(end)]:
        raise FieldError("end", "It cannot end before it begins. Check both dates.")
    low = name.lower()
    drugs = vocabulary.drugs.values()
    drug = next((d for d in drugs if low in (d.generic.lower(), *(n.lower() for n in (*d.brands, *d.synonyms)))), None)
    kind = drug.kind if drug else "other"
    reading = Reading(
        FactType.TREATMENT,
        None,
        drug.generic if drug else name,
        state,
        category=kind,
        start=start or None,
        end=end or None,
    )
    text = f"{reading.alteration} ({name})" if reading.alteration.lower() != low else name
    return SaidWords((reading,), text)


def _marker(form: Form, vocabulary: Vocabulary, understand: Understand) -> SaidWords:
    change, result = form.get("change", ""), form.get("result", "")
    if change not in CHANGES:
        raise FieldError("change", "Choose what kind of result it is.")
    if result not in RESULTS:
        raise FieldError("result", "Choose what came out.")
    day, detail, gene = _day(form, "day"), form.get("detail", ""), form.get("gene", "")
    if change not in NO_GENE and not gene:
        raise FieldError("gene", "Write the name of the gene or protein, such as EGFR or PD-L1.")
    if change == "chromosome" and not detail:
        raise FieldError("detail", "Write the change as in the report, such as t(8;21) or del(17p).")
    if change == "tmb" and result in ("found", "not_found") and not re.search(r"\d", detail):
        raise FieldError("detail", "Write the number, such as 12.")
    symbol = gene_named(gene, vocabulary) if gene else ""
    gene = symbol if symbol.lower() == gene.lower() else gene
    read = [r for r in understand(_line(change, result, gene, detail)) if r.type in TYPES[change]]
    about = [r for r in read if _about(r, gene, symbol)]
    fits = [r for r in about if _says(r, result)]
    if change == "tmb" and read:
        fits = read[:1]
    elif (about and not fits) or (change == "protein" and detail and _contradicted(gene, detail, result, understand)):
        raise FieldError("detail", "What you wrote there does not go together with the result that you chose.")
    if fits:
        lost = (detail or None) if change == "mutation" and fits[0].alteration == "any mutation" else None
        reading = replace(fits[0], marker=fits[0].marker or gene or None, note=lost)
    elif gene and not symbol:
        several = genes_named(gene, vocabulary)
        if several:
            raise ChooseError("gene", [(g.symbol, f"{g.symbol}, {g.name}") for g in several[:MOST_CHOICES]])
        raise FieldError("gene", "We do not know this gene or protein. Write it as in the report, such as EGFR.")
    else:
        reading = _bare(change, result, symbol, gene, detail)
    label = " ".join(part for part in (gene if change not in NO_GENE else "", _named(change, detail)) if part)
    return SaidWords((replace(reading, date=day or None),), f"{label}: {RESULTS[result].lower()}")


def _contradicted(gene: str, detail: str, result: str, understand: Understand) -> bool:
    """Tell whether a printed score alone says otherwise, as HER2 1+ is negative."""
    alone = [r for r in understand(f"{gene}: {detail}") if r.type is FactType.IHC and r.result != "reported"]
    return bool(alone) and not any(_says(r, result) for r in alone)


def genes_named(name: str, vocabulary: Vocabulary) -> list[Gene]:
    """Return the genes that go by a name: the one whose symbol it is, else cancer genes, else all others."""
    low = name.strip().lower()
    exact = next((g for g in vocabulary.genes.values() if g.symbol.lower() == low), None)
    if exact:
        return [exact]
    found = [g for g in vocabulary.genes.values() if low in [n.lower() for n in (*g.aliases, *g.previous)]]
    return [g for g in found if g.cancer] or found


def gene_named(name: str, vocabulary: Vocabulary) -> str:
    """Return the symbol of the one gene that goes by a name; "" where there is none or more than one."""
    found = genes_named(name, vocabulary)
    return found[0].symbol if len(found) == 1 else ""


def _named(change: str, detail: str) -> str:
    words = {"msi": "MSI", "tmb": "TMB", "fusion": "fusion", "amplification": "amplification", "loss": "deletion"}
    parts = [words.get(change, ""), detail] if change in ("msi", "tmb") else [detail, words.get(change, "")]
    if change == "methylation":
        parts = ["methylation"]
    return " ".join(dict.fromkeys(p for p in parts if p)) or ("mutation" if change == "mutation" else "")


def _line(change: str, result: str, gene: str, detail: str) -> str:
    """Write the fact as a report would, for the extraction core."""
    told = SPOKEN[result]
    if change == "mutation":
        return f"{gene} {detail or 'mutation'}: {told}"
    if change == "fusion":
        both = detail if gene.lower() in detail.lower() else f"{detail}::{gene}" if detail else gene
        return f"{both} fusion: {told}"
    if change in ("amplification", "loss"):
        return f"{gene} {'amplification' if change == 'amplification' else 'deletion'}: {told}"
    if change == "protein":
        words = {"found": "positive", "not_found": "negative", "unclear": "equivocal"}
        return f"{gene}: {words.get(result, told)} {detail}".strip()
    if change == "msi":
        return {"found": "MSI-High", "not_found": "MSI: stable (MSS)"}.get(result, f"MSI: {told}")
    if change == "tmb":
        return f"TMB: {detail} mut/Mb" if result in ("found", "not_found") else f"TMB: {told}"
    if change == "methylation":
        words = {"found": "methylated", "not_found": "not methylated"}
        return f"{gene} promoter: {words.get(result, told)}"
    return f"{detail}: {told}"


def _about(reading: Reading, gene: str, symbol: str) -> bool:
    """Tell whether a reading is about the gene that was named; the core's own name for a marker goes first."""
    if not gene:
        return True
    return (reading.marker or "").lower() == gene.lower() or symbol in (reading.gene or "").split("::")


def _says(reading: Reading, result: str) -> bool:
    """Tell whether a reading has the outcome that the person chose."""
    if reading.result == "not_evaluated":
        return result == reading.reason or (result == "unclear" and reading.reason not in ("pending", "not_done"))
    if reading.result in UNCLEAR:
        return result == "unclear"
    return result == ("not_found" if reading.result in ABSENT else "found")


def _bare(change: str, result: str, symbol: str, marker: str, detail: str) -> Reading:
    """Return the fact in plain form, where the core has no name for the change."""
    kind = TYPES[change][0]
    alteration = {
        "mutation": detail or "any mutation",
        "fusion": "fusion",
        "amplification": "amplification",
        "loss": "loss",
        "protein": "protein expression",
        "msi": "MSI",
        "tmb": "TMB",
        "chromosome": detail,
        "methylation": "promoter methylation",
    }[change]
    pairs = {
        FactType.IHC: ("positive", "negative", "equivocal"),
        FactType.METHYLATION: ("methylated", "unmethylated", "not_evaluated"),
        FactType.SIGNATURE: ("MSI-H", "MSS", "indeterminate")
        if change == "msi"
        else ("reported", "reported", "not_evaluated"),
    }
    found, absent, unclear = pairs.get(kind, ("detected", "not_detected", "indeterminate"))
    word = {"found": found, "not_found": absent, "unclear": unclear}.get(result, "not_evaluated")
    reason = result if result in ("pending", "not_done") else "failed" if word == "not_evaluated" else None
    value = detail if change in ("protein", "tmb") and detail else None
    gene = None if change in NO_GENE else symbol
    return Reading(kind, gene, alteration, word, marker=marker or None, value=value, reason=reason)

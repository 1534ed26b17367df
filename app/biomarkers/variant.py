"""Small variants: sequence changes by HGVS, older or lay name, by exon, or by class (ITD, TKD, promoter, skipping).

Sources: HGVS Nomenclature 21.1; ELN 2022 for FLT3, NPM1, CEBPA (doi:10.1182/blood.2022016867); WHO CNS 2021 for H3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.biomarkers import choice, hgvs
from app.biomarkers.bare import asks_for
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import hit, number, origin, result_of, unread_list, vaf
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import ANY_ALTERATION, FactType, Reading

NAME = "variant"
_SPECIAL = {
    "itd": "ITD",
    "tkd": "TKD",
    "ptd": "PTD",
    "kdd": "kinase domain duplication",
    "viii": "EGFRvIII",
    "v7": "AR-V7",
}
_PROMOTER_C = {
    "C228T": "c.-124C>T",
    "C250T": "c.-146C>T",
    "-124C>T": "c.-124C>T",
    "-146C>T": "c.-146C>T",
    "-57A>C": "c.-57A>C",
}
_RATIO = re.compile(r"\b(?:allelic )?ratio\W{0,4}(\d+(?:[.,]\d+)?)", re.I)
_TYPE = re.compile(r"\btype (?:1|2|A|B|D)\b(?!-)", re.I)
_SPLICE = re.compile(r"c\.\d+[+-][12](?!\d)")
_WITH = re.compile(
    r"\b(?:with|harbou?ring|carrying|con|mit|avec|met)\s+(?:an?\s+|una?\s+|une\s+|einer?\s+|een\s+)?(?:mutated\s+"
    r"|mutant\s+)?$",
    re.I,
)
_SORT = re.compile(
    r"\s(?:(?:alteration|mutation|variant)\s)?\(?(?P<sort>frameshift|nonsense|splice(?:[- ]site)?|truncation"
    r"|stop[- ]gain)"
    r"(?:\s(?:mutation|variant|alteration))?\)?(?=\s*(?:[,;.|\n]|\(\d|\d|$))",
    re.I,
)
"""A sort of change that stands for the change itself ("PTEN frameshift", "RB1 alteration (splice)")."""
_BELOW = re.compile(
    r"[ \t)]*\n[ \t]*(?P<told>(?:[A-Za-z][A-Za-z ()]{1,30}[:=]?\s*)?\d{1,2}(?:[.,]\d+)?\s?%)[ \t]*(?=\n|$)"
)
_CHIP = re.compile(
    r"clonal h(?:a)?ematopoiesis|\bCHIP\b|hematopoyesis clonal|klonale H[äa]matopoese|hématopoïèse clonale", re.I
)


@dataclass(slots=True)
class _Change:
    """One change as its names are gathered."""

    p: hgvs.Protein | None = None
    c: str = ""
    category: str = ""
    alias: str = ""
    written: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    last: int = 0
    weak: bool = False


def read(passage: Passage) -> Iterable[Hit]:
    """Read the variants of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for position, subject in enumerate(statement.subjects):
            if subject.sort != "gene" or not subject.genes[0]:
                continue
            if choice.VARIANT not in choice.kinds(passage, statement, subject):
                continue
            last = position == len(statement.subjects) - 1
            yield from _changed(passage, statement, subject, last)


def _changed(passage: Passage, statement: Statement, subject: Subject, last: bool) -> Iterator[Hit]:
    gene = subject.genes[0]
    changes = _gather(passage, statement, gene) if last or not statement.row else []
    if not changes or (not last and not _shared(statement)):
        yield from _unnamed(passage, statement, subject)
        return
    for at, change in enumerate(changes):
        stop = (
            changes[at + 1].places[0][0]
            if at + 1 < len(changes) and changes[at + 1].places[0][0] > change.last
            else statement.tail_end
        )
        yield from _named(passage, statement, subject, change, max(stop, change.last))


def _shared(statement: Statement) -> bool:
    """Tell whether a category behind a list of genes is meant for all of them ("KRAS and NRAS exon 2 mutations")."""
    return all(item.sort == "category" for item in statement.items if item.sort in CHANGES)


def _gather(passage: Passage, statement: Statement, gene: str) -> list[_Change]:
    """Put the names of a statement together into changes."""
    found: list[_Change] = []
    for item in (_as_change(item, gene) for item in statement.items):
        if item.sort not in CHANGES or (item.means == "promoter mutation" and gene != "TERT"):
            continue
        change = found[-1] if found and _belongs(passage, found[-1], item, gene) else None
        if change is None:
            change = _Change(weak=item.weak)
            found.append(change)
        _add(change, item)
    return found


def _as_change(item: Item, gene: str) -> Item:
    """Return the class of changes that an event word names ("ITD"), else the item itself."""
    if item.sort == "event" and item.means in _SPECIAL:
        return item._replace(sort="category", means=_SPECIAL[item.means])
    if item.sort == "event" and item.means == "promoter" and gene == "TERT":
        return item._replace(sort="category", means="promoter mutation")
    return item


def _add(change: _Change, item: Item) -> None:
    if item.sort == "protein":
        change.p = change.p or hgvs.protein(item.note.replace("p.", ""))
        change.written = change.written or item.note
    elif item.sort in {"coding", "genomic"}:
        change.c = change.c or item.means
    else:
        if item.note in _PROMOTER_C:
            change.c = change.c or _PROMOTER_C[item.note]
        change.category = change.category or item.means
    change.places.append((item.start, item.end))
    change.last = max(change.last, item.end)


def _belongs(passage: Passage, change: _Change, item: Item, gene: str) -> bool:
    """Tell whether a further name is another name of the same change."""
    gap = passage.text[change.last : item.start]
    if item.sort == "protein":
        read = hgvs.protein(item.note)
        if read is None:
            return True
        if change.p is not None:
            return read.text == change.p.text or _synonym(passage, gene, change.p.text) == _synonym(
                passage, gene, read.text
            )
        if change.c and hgvs.agrees(change.c, read) is False:
            return len(gap) <= 4
        return not change.category or _fits(passage, gene, change.category, read)
    if item.sort in {"coding", "genomic"}:
        if change.c:
            return change.c == item.means or bool(re.match(r"c\.-\d", change.c) and item.means in change.c)
        agrees = hgvs.agrees(item.means, change.p) if change.p else None
        return agrees is not False or len(gap) <= 4
    if item.means == change.category or (item.means == "promoter mutation" and change.category == "promoter mutation"):
        return True
    if change.category:
        return False
    return change.p is None or _fits(passage, gene, item.means, change.p)


def _fits(passage: Passage, gene: str, category: str, p: hgvs.Protein) -> bool:
    exon = re.match(r"exon (\d+) ", category)
    if exon is None:
        return not (category == "ITD" and p.sort == "sub")
    codons = passage.rules.exons.get(gene, {}).get(int(exon[1]))
    if codons is not None and not codons[0] - 2 <= p.first <= codons[1] + 2:
        return False
    return not (p.sort == "sub" and "skipping" not in category)


def _synonym(passage: Passage, gene: str, text: str) -> str:
    return passage.rules.synonyms.get((gene, text.removeprefix("p.")), text)


def _named(passage: Passage, statement: Statement, subject: Subject, change: _Change, stop: int) -> Iterator[Hit]:
    """Yield the fact of one named change."""
    gene, text = subject.genes[0], passage.text
    fraction = vaf(text, change.last, stop) or _column_vaf(passage, statement)
    if fraction is None and not statement.row:
        fraction = (
            vaf(text, statement.head_start, change.places[0][0])
            if re.search(r"VAF|allele", text[statement.head_start : change.places[0][0]])
            else None
        ) or _vaf_below(text, change.last)
    result, _ = result_of(passage.text, statement, bare=True)
    if not result and fraction is not None and not asks_for(text, statement):
        result = "detected"
    labelled = fraction is not None and text[fraction[1]].isalpha()
    if fraction is not None and labelled and fraction[0] == 0 and result == "detected":
        result = "not_detected"
    if not result or (change.weak and change.places[0][0] - subject.end > 12):
        return
    told: dict[str, Any] = {"origin": origin(text, statement)}
    alteration, told["category"], told["alias"] = _names(passage, gene, change)
    if (change.c and alteration != change.c) or change.c:
        told["c"] = change.c
    if alteration.startswith("c.") and _SPLICE.match(alteration):
        told["category"] = told["category"] or "splice variant"
    if gene == "MET" and change.category == "exon 14 skipping":
        alteration, told["category"] = (alteration, change.category) if change.p else (change.category, None)
    places = list(change.places)
    if result != "not_detected" and fraction is not None:
        told["vaf"] = fraction[0]
        places.append((fraction[1], fraction[2]))
    ratio = _RATIO.search(text, change.last, stop) if change.category == "ITD" else None
    if ratio:
        told["value"] = ratio[0] if ratio[0].lower().startswith("allelic") else f"ratio {ratio[1]}"
        places.append(ratio.span())
    kind = _TYPE.search(text, subject.end, stop) if gene in {"CALR", "NPM1"} else None
    if kind and told["alias"] is None:
        told["alias"] = (
            kind[0].lower().replace("type a", "type A").replace("type b", "type B").replace("type d", "type D")
        )
    if _CHIP.search(text, statement.head_start, statement.tail_end):
        told["note"] = "probable clonal haematopoiesis"
    if change.p and change.c and hgvs.agrees(change.c, change.p) is False:
        told["flags"] = ("doubtful",)
    yield hit(passage, statement, subject, FactType.VARIANT, gene, alteration, result, places, **told)


def _names(passage: Passage, gene: str, change: _Change) -> tuple[str, str | None, str | None]:
    """Return alteration, category and alias of a change."""
    category = change.category or None
    if change.p is None:
        if change.category == "promoter mutation" or not change.c:
            return change.category, None, None
        return change.c, category, None
    today = _synonym(passage, gene, change.p.text)
    alias = change.p.text.removeprefix("p.") if today != change.p.text else None
    if alias is None and gene.startswith("H3"):
        older = [old for (g, old), new in passage.rules.synonyms.items() if g == gene and new == today]
        alias = older[0] if older else None
    for exon, codons in passage.rules.exons.get(gene, {}).items():
        if codons[0] <= change.p.first <= codons[1]:
            category = passage.rules.classes.get(gene, {}).get(exon, {}).get(change.p.sort) or category
    return today, category if category != today else None, alias


def _column_vaf(passage: Passage, statement: Statement) -> tuple[Any, int, int] | None:
    cell = statement.cell("vaf")
    if cell is None:
        return None
    found = re.match(r"\s*[~≈]?(\d+(?:[.,]\d+)?)\s?%?\s*$", passage.text[cell[0] : cell[1]])
    return (number(found[1]), *cell) if found else None


def _vaf_below(text: str, end: int) -> tuple[Any, int, int] | None:
    """Return the allele fraction that has the line below the change to itself."""
    found = _BELOW.match(text, end)
    return vaf(text, found.start("told"), found.end("told")) if found else None


def _unnamed(passage: Passage, statement: Statement, subject: Subject) -> Iterator[Hit]:
    """Yield the fact of a gene of which no change is named ("KRAS: wild type", "NPM1 mutation detected")."""
    led = _WITH.search(passage.text, max(0, subject.start - 28), subject.start) and "mutation" in statement.events()
    result, _ = result_of(passage.text, statement, bare=False)
    sort = _SORT.match(passage.text, subject.end) if not (result or statement.has_verb) else None
    denied = any(item.sort == "cue" and item.means in {"negated", "unsure", "untested"} for item in statement.items)
    if not result and not statement.has_verb and (led or (sort and not denied)):
        result = "detected"
    if not result:
        return
    gene = subject.genes[0]
    if unread_list(passage, statement):
        return
    exon = next((item for item in statement.tail if item.sort == "exon"), None)
    alteration, places = "any mutation", []
    if result == "not_detected" and choice.is_open(passage, statement, gene):
        alteration = ANY_ALTERATION
    if exon is not None and len(re.findall(r"\d+", exon.means)) == 1:
        places.append((exon.start, exon.end))
        alteration = f"{exon.means} mutation"
        if gene == "MET" and exon.means == "exon 14":
            alteration = "exon 14 skipping"
    if any(item.sort == "event" and item.means == "skipping" for item in statement.items) and gene == "MET":
        alteration = "exon 14 skipping"
    if sort and result == "detected":
        alteration = sort["sort"].lower()
        places.append(sort.span("sort"))
    fraction = vaf(passage.text, subject.end, statement.tail_end) if result == "detected" else None
    told: dict[str, Any] = {"origin": origin(passage.text, statement)}
    if fraction:
        told["vaf"] = fraction[0]
        places.append((fraction[1], fraction[2]))
    yield hit(passage, statement, subject, FactType.VARIANT, gene, alteration, result, places, **told)


_SHOWN = {
    "detected": "detected",
    "not_detected": "not detected",
    "indeterminate": "indeterminate",
    "not_evaluated": "failed",
}


def show(reading: Reading) -> str:
    """Write a variant as one line that `read` reads back."""
    coding = f" ({reading.c})" if reading.c and reading.c != reading.alteration else ""
    vaf_text = f", VAF {reading.vaf} %" if reading.vaf is not None else ""
    what = "" if reading.alteration in {"any mutation", ANY_ALTERATION} else f" {reading.alteration}"
    return f"{reading.gene}{what}{coding}: {_SHOWN[reading.result]}{vaf_text}"

"""Chromosome events: one name for the ways in which reports write them, and the gene fusions that they make.

Source: ISCN 2020 for the notation; WHO classification of haematolymphoid tumours, 5th edition (2022), for the fusions.
"""

from __future__ import annotations

import re

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"t\((\d+|[XY]);(\d+|[XY])(?:;(\d+|[XY]))?\)"), "t"),
    (re.compile(r"(?:inv|inversion) ?\(?(\d+)\)?"), "inv"),
    (re.compile(r"del ?\(?(\d+|[XY])(?:\)\()?(p|q)"), "del"),
    (re.compile(r"^(\d+)(p|q)-$|^(\d+)(p|q) ?deletion"), "del"),
    (re.compile(r"(?:add|gain) ?\(?(\d+|[XY])(?:\)\()?(p|q)|^(\d+)(p|q)\+"), "gain"),
    (re.compile(r"i\((\d+)\)\((p|q)"), "i"),
    (re.compile(r"^(?:-|monosomy ?)(\d+|[XY])$"), "-"),
    (re.compile(r"^(?:\+|trisomy ?)(\d+|[XY])$"), "+"),
)

FUSIONS: dict[str, tuple[str, str]] = {
    "t(8;21)": ("RUNX1", "RUNX1T1"),
    "inv(16)": ("CBFB", "MYH11"),
    "t(16;16)": ("CBFB", "MYH11"),
    "t(15;17)": ("PML", "RARA"),
    "t(9;22)": ("BCR", "ABL1"),
    "t(6;9)": ("DEK", "NUP214"),
    "t(9;11)": ("MLLT3", "KMT2A"),
    "t(4;11)": ("KMT2A", "AFF1"),
    "t(11;19)": ("KMT2A", "MLLT1"),
    "t(6;11)": ("KMT2A", "AFDN"),
    "t(10;11)": ("KMT2A", "MLLT10"),
    "t(12;21)": ("ETV6", "RUNX1"),
    "t(1;19)": ("TCF3", "PBX1"),
    "t(8;16)": ("KAT6A", "CREBBP"),
    "inv(3)": ("GATA2", "MECOM"),
    "t(3;3)": ("GATA2", "MECOM"),
    "t(1;22)": ("RBM15", "MRTFA"),
    "t(11;14)": ("IGH", "CCND1"),
    "t(14;18)": ("IGH", "BCL2"),
    "t(8;14)": ("IGH", "MYC"),
    "t(4;14)": ("IGH", "NSD2"),
    "t(14;16)": ("IGH", "MAF"),
    "t(14;20)": ("IGH", "MAFB"),
    "t(11;22)": ("EWSR1", "FLI1"),
    "t(2;5)": ("NPM1", "ALK"),
    "t(2;13)": ("PAX3", "FOXO1"),
    "t(1;13)": ("PAX7", "FOXO1"),
    "t(5;12)": ("ETV6", "PDGFRB"),
}
"""Event → the fusion that it makes."""

ARMS: dict[str, str] = {
    "TP53": "del(17p)",
    "ATM": "del(11q)",
    "RB1": "del(13q)",
    "CDKN2C": "del(1p)",
    "CKS1B": "gain(1q)",
}
"""Gene whose loss or gain by FISH stands for an event of its chromosome arm."""


def name(text: str) -> str:
    """Return the one name of an event: "del(17p)" for "del(17)(p13.1)", "inv(16)" for "inv(16)(p13q22)"."""
    plain = text.strip().replace("−", "-").replace("–", "-")
    lowered = plain.lower()
    for words in ("complex", "monosomal karyotype", "normal karyotype", "hyperdiploid", "hypodiploid"):
        if words in lowered:
            return "complex karyotype" if words == "complex" else words
    if "1p" in lowered and "19q" in lowered:
        return "1p/19q codeletion"
    for pattern, kind in _FORMS:
        found = pattern.search(plain)
        if found:
            parts = [part for part in found.groups() if part]
            return f"{kind}({';'.join(parts)})" if kind == "t" else f"{kind}({''.join(parts)})"
    return lowered


def fusion(text: str) -> tuple[str, str] | None:
    """Return the two genes that an event joins, or None."""
    return FUSIONS.get(name(text))

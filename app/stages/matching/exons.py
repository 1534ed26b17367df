"""Where exons that guidelines name lie in a protein, and what kind of change a protein notation describes.

Source: NCBI RefSeq coding exons of EGFR NM_005228, ERBB2 NM_004448, KIT NM_000222, PDGFRA NM_006206, MET NM_000245,
FLT3 NM_004119, KRAS NM_004985, NRAS NM_002524, JAK2 NM_004972, CALR NM_004343, PIK3CA NM_006218, ALK NM_004304.
"""

from __future__ import annotations

import re

EXONS: dict[tuple[str, str], tuple[int, int]] = {
    ("EGFR", "18"): (688, 728),
    ("EGFR", "19"): (729, 761),
    ("EGFR", "20"): (762, 823),
    ("EGFR", "21"): (824, 875),
    ("ERBB2", "20"): (770, 831),
    ("KIT", "9"): (449, 514),
    ("KIT", "11"): (550, 592),
    ("KIT", "13"): (627, 664),
    ("KIT", "14"): (665, 714),
    ("KIT", "17"): (788, 828),
    ("PDGFRA", "12"): (552, 596),
    ("PDGFRA", "14"): (631, 668),
    ("PDGFRA", "18"): (814, 854),
    ("MET", "14"): (963, 1010),
    ("FLT3", "14"): (572, 615),
    ("FLT3", "15"): (616, 649),
    ("FLT3", "20"): (807, 847),
    ("KRAS", "2"): (1, 37),
    ("KRAS", "3"): (38, 97),
    ("KRAS", "4"): (98, 150),
    ("NRAS", "2"): (1, 37),
    ("NRAS", "3"): (38, 97),
    ("NRAS", "4"): (98, 150),
    ("JAK2", "12"): (505, 547),
    ("CALR", "9"): (352, 417),
    ("PIK3CA", "9"): (515, 555),
    ("PIK3CA", "10"): (515, 555),
    ("PIK3CA", "20"): (979, 1068),
    ("PIK3CA", "21"): (979, 1068),
}
"""First and last amino acid of a gene's exon, both included. PIK3CA exons are counted in two ways in print."""

DOMAINS: dict[tuple[str, str], tuple[int, int]] = {
    ("ERBB2", "kinase domain"): (720, 987),
    ("ESR1", "ligand-binding domain"): (310, 547),
}
"""First and last amino acid of a protein's domain. Source: UniProt P04626 and P03372."""

_CHANGE = re.compile(
    r"p\.\(?(?P<first>[A-Z])(?P<start>\d+)(?:_[A-Z](?P<end>\d+))?(?P<what>delins|del|ins|dup|fs|ext|\*|=|[A-Z])?"
)
_NAMED = re.compile(r"exons? ?(?P<exon>\d+) ?(?P<what>deletion|insertion|mutation|skipping)s?", re.IGNORECASE)
_SPLICE_14 = re.compile(r"c\.(28\d\d[-_]|288[2-9]|30(2[0-9]|3[0-9])([+_-]|[A-Z>]|del))")

KINDS = {
    "deletion": {"del", "delins"},
    "insertion": {"ins", "dup"},
    "mutation": {"del", "delins", "ins", "dup", "sub", "fs", "*"},
}


def place(protein: str) -> tuple[int, int, str] | None:
    """Read a one-letter protein notation.

    Returns:
        First and last amino acid, and what happens there: sub, del, delins, ins, dup, fs or "*"; None if it is none.
    """
    found = _CHANGE.match(protein)
    if not found:
        return None
    start = int(found["start"])
    what = found["what"] or ""
    kind = what if what in {"delins", "del", "ins", "dup", "fs", "*"} else "sub"
    return start, int(found["end"] or start), kind


def codon(protein: str) -> str:
    """Return the amino acid and its position, such as "V600" of "p.V600E"; "" where the notation has none."""
    found = _CHANGE.match(protein)
    return f"{found['first']}{found['start']}" if found else ""


def is_in(gene: str, protein: str, category: str) -> bool | None:
    """Tell whether a change belongs to a category that names an exon; None where the category names none."""
    named = _NAMED.fullmatch(category)
    domain = DOMAINS.get((gene, category))
    if not named:
        inside = domain is not None and _inside(domain, protein)
        return inside if domain is not None else None
    what = named["what"].lower()
    span = EXONS.get((gene, named["exon"]))
    where = place(protein)
    if span is None or where is None or what == "skipping":
        return False
    start, end, kind = where
    inside = span[0] <= start <= span[1] and span[0] - 1 <= end <= span[1] + 1
    if what == "insertion" and kind == "delins":
        return inside and _longer(protein, start, end)
    return (
        inside
        and kind in KINDS[what]
        and not (what == "deletion" and kind == "delins" and _longer(protein, start, end))
    )


def _inside(span: tuple[int, int], protein: str) -> bool:
    """Tell whether a change that does not stop the protein early lies in a stretch of it."""
    where = place(protein)
    return where is not None and not truncates(protein) and span[0] <= where[0] and where[1] <= span[1]


def _longer(protein: str, start: int, end: int) -> bool:
    """Tell whether a deletion-insertion puts in more amino acids than it takes out."""
    put_in = protein.partition("delins")[2].rstrip(")")
    return len(re.sub(r"[^A-Z*]", "", put_in)) > end - start + 1


def skips_met_14(coding: str) -> bool:
    """Tell whether a coding change of MET lies at the splice sites of exon 14 (c.2888 to c.3028 in NM_000245)."""
    return bool(_SPLICE_14.match(coding))


def is_internal_duplication(gene: str, protein: str) -> bool:
    """Tell whether a change of FLT3 is an internal tandem duplication of exons 14 and 15."""
    where = place(protein)
    return gene == "FLT3" and where is not None and 572 <= where[0] <= 649 and where[2] in {"dup", "ins"}


def is_kinase_point(gene: str, protein: str) -> bool:
    """Tell whether a change of FLT3 is one of the tyrosine kinase domain (D835, I836 and their neighbours)."""
    where = place(protein)
    return gene == "FLT3" and where is not None and where[0] in {676, 691, 835, 836, 839, 840, 841, 842}


def truncates(protein: str) -> bool:
    """Tell whether a change stops the protein early."""
    where = place(protein)
    return bool(where and where[2] in {"*", "fs"}) or protein.endswith("*")

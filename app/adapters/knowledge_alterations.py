"""How public tables write alterations ("L858R", "EXON 19 DELETION", "BCR::ABL1 Fusion AND ABL1 T315I"), as conditions.

What is not understood gives nothing: a row that we cannot read whole is left out, never half.
"""

from __future__ import annotations

import re
from itertools import product

from app.domain.statement import Change, Condition

MOST = 12
"""Alternatives of one row at most; a row with more is left out."""

_ATOM = re.compile(r"\s*(\(|\)|\bAND\b|\bOR\b|\bNOT\b)\s*")
_PROTEIN = re.compile(
    r"(?P<ref>[A-Z])(?P<pos>\d+)(?P<rest>[A-Z*]|fs\*?\d*|FS\*?\d*|(?:_[A-Z]\d+)?(?:delins|del|dup|ins)[A-Z]*)?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"([A-Z]\d+)([A-Z])((?:/[A-Z])+)")
_EXON = re.compile(r"EXON (\d+) (MUTATION|DELETION|INSERTION)S?", re.IGNORECASE)
_WORDS: dict[str, tuple[Change, str, bool]] = {
    "mutation": (Change.MUTATION, "", False),
    "oncogenic mutation": (Change.MUTATION, "", False),
    "any": (Change.MUTATION, "", False),
    "loss-of-function": (Change.MUTATION, "", False),
    "truncating mutation": (Change.CATEGORY, "truncating", False),
    "frameshift truncation": (Change.CATEGORY, "truncating", False),
    "wildtype": (Change.MUTATION, "", True),
    "wild type": (Change.MUTATION, "", True),
    "fusion": (Change.FUSION, "", False),
    "rearrangement": (Change.FUSION, "", False),
    "amplification": (Change.AMPLIFICATION, "", False),
    "copy number gain": (Change.GAIN, "", False),
    "gain": (Change.GAIN, "", False),
    "loss": (Change.LOSS, "", False),
    "deletion": (Change.LOSS, "", False),
    "copy number loss": (Change.LOSS, "", False),
    "expression": (Change.EXPRESSION, "positive", False),
    "overexpression": (Change.EXPRESSION, "positive", False),
    "loss of protein expression": (Change.LOST_EXPRESSION, "", False),
    "loss of nuclear protein expression": (Change.LOST_EXPRESSION, "", False),
    "underexpression": (Change.LOST_EXPRESSION, "", False),
    "promoter methylation": (Change.METHYLATION, "", False),
    "promoter hypermethylation": (Change.METHYLATION, "", False),
    "methylation": (Change.METHYLATION, "", False),
    "promoter mutation": (Change.CATEGORY, "promoter mutation", False),
    "exon 14 skipping mutation": (Change.CATEGORY, "exon 14 skipping", False),
    "itd": (Change.CATEGORY, "ITD", False),
    "flt3-itd": (Change.CATEGORY, "ITD", False),
    "tkd mutation": (Change.CATEGORY, "TKD", False),
    "kinase domain mutation": (Change.MUTATION, "", False),
}
"""Words for an alteration → class, detail, and whether it says that the marker must be absent."""

Way = tuple[Condition, ...]


def read(genes: str, alteration: str) -> tuple[Way, ...]:
    """Read a row's alteration.

    Args:
        genes: The row's gene column, such as "EGFR" or "BCR::ABL1;ABL1".
        alteration: The row's alteration column.

    Returns:
        Ways in which it can be met, each a tuple of conditions that hold together; empty where it is not understood.
    """
    if " AND " not in alteration and " OR " not in alteration:
        one = _condition(genes, alteration)
        return ((one,),) if one else ()
    tokens = [token for token in _ATOM.split(alteration) if token.strip()]
    try:
        ways, rest = _either(tokens)
    except _NotUnderstoodError:
        return ()
    return tuple(dict.fromkeys(ways)) if not rest and len(ways) <= MOST else ()


class _NotUnderstoodError(Exception):
    """Part of an expression has no reading."""


def _either(tokens: list[str]) -> tuple[list[Way], list[str]]:
    ways, rest = _both(tokens)
    while rest and rest[0] == "OR":
        more, rest = _both(rest[1:])
        ways = ways + more
    return ways, rest


def _both(tokens: list[str]) -> tuple[list[Way], list[str]]:
    ways, rest = _single(tokens)
    while rest and rest[0] == "AND":
        more, rest = _single(rest[1:])
        ways = [(*left, *right) for left, right in product(ways, more)]
    return ways, rest


def _single(tokens: list[str]) -> tuple[list[Way], list[str]]:
    if not tokens:
        raise _NotUnderstoodError
    if tokens[0] == "(":
        ways, rest = _either(tokens[1:])
        if not rest or rest[0] != ")":
            raise _NotUnderstoodError
        return ways, rest[1:]
    gene, _, change = tokens[0].partition(" ")
    condition = _condition(gene, change)
    if condition is None:
        raise _NotUnderstoodError
    return [(condition,)], tokens[1:]


def _condition(gene: str, alteration: str) -> Condition | None:
    text = re.sub(r"\s*\(c\..*\)$", "", alteration.strip())
    if gene in {"MSI", "TMB"}:
        return _signature(gene, text)
    if ";" in gene or not gene:
        return None
    if "::" in gene:
        return _joined(gene)
    known = _WORDS.get(text.lower())
    if known:
        change, detail, negated = known
        return Condition(gene, change, detail, negated)
    exon = _EXON.fullmatch(text)
    if exon:
        return Condition(gene, Change.CATEGORY, f"exon {exon[1]} {exon[2].lower()}")
    detail = "|".join(filter(None, (_protein(part) for part in _split(text))))
    whole = detail.count("|") + 1 == len(_split(text))
    return Condition(gene, Change.VARIANT, detail) if detail and whole else None


def _signature(gene: str, text: str) -> Condition | None:
    high = "high" in text.lower()
    if not high:
        return None
    return Condition(None, Change.SIGNATURE, "MSI-H" if gene == "MSI" else "TMB >=10")


def _joined(gene: str) -> Condition | None:
    first, _, second = gene.partition("::")
    if "::" in second or first == second:
        return None
    if first == "v":
        return Condition(second, Change.FUSION)
    if second == "v":
        return Condition(first, Change.FUSION)
    return Condition(second, Change.FUSION, first)


def _split(text: str) -> list[str]:
    several = _SEVERAL.fullmatch(text)
    if several:
        return [several[1] + letter for letter in (several[2], *several[3].strip("/").split("/"))]
    return [part.strip() for part in re.split(r"[,;/]", text) if part.strip()]


def _protein(text: str) -> str:
    """Write a protein change as "p.L858R", or "p.V600" where only the place is given; "" where it is none."""
    found = _PROTEIN.fullmatch(text.removeprefix("p."))
    if not found:
        return ""
    rest = found["rest"] or ""
    rest = re.sub(r"delins|del|dup|ins|fs", lambda word: word[0].lower(), rest, flags=re.IGNORECASE)
    if "_" in rest:
        rest = rest[:1] + rest[1:2].upper() + rest[2:]
    return f"p.{found['ref'].upper()}{found['pos']}{rest}"

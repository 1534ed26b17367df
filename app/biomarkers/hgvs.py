"""Names of sequence changes: how they are written, read into one-letter HGVS, and checked.

Source: HGVS Nomenclature 21.1 (hgvs-nomenclature.org), protein and DNA recommendations; den Dunnen et al. 2016,
doi:10.1002/humu.22981. Older and lay spellings (R213X, E746-A750del15, V600_K601>E, 2573T>G) as found in reports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

THREE_TO_ONE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H",
    "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W",
    "Tyr": "Y", "Val": "V", "Ter": "*", "Sec": "U",
}  # fmt: skip
ONE = "[ACDEFGHIKLMNPQRSTVWY]"
_THREE = "(?:" + "|".join(THREE_TO_ONE) + ")"
_ANY = f"(?:{_THREE}|{ONE})"
_STOP = r"(?:\*|X|Ter|Stop)"
_SHIFT = rf"fs(?:{_STOP}?\??\d*)"
_RANGE = rf"{_ANY}\d{{1,4}}[ ]?[_-][ ]?{_ANY}?\d{{1,4}}"
_CHANGE = (
    rf"(?:del ?ins ?(?:{_ANY}+|\d+)|del ?(?:{_ANY}+|\d+)? ?ins ?{_ANY}+|del(?:{_ANY}+|\d+)?|dup(?:{_ANY}+|\d+)?"
    rf"|ins ?(?:{_ANY}+|\d+|{_STOP})?|> ?{_ANY}+)"
)
PROTEIN = re.compile(
    r"(?<![\w.*+])(?P<prefix>p\. ?|p(?=[A-Z]\d{2,4}[A-Z*]))?\(?\[?"
    r"(?P<body>"
    rf"{_RANGE} ?{_CHANGE}"
    rf"|del(?:eted)? ?{_RANGE}"
    rf"|{_ANY}\d{{1,4}}(?:{_THREE}{_SHIFT}|{ONE}?{_SHIFT}|_splice|{_CHANGE}|{_STOP}|{_THREE}|{ONE}|=|\?)"
    r"(?:/{ONE})?"
    r")(?P<close>[\])]{0,2})"
    r"(?![a-zA-Z0-9*]|-\w*\d|-[A-Z]{2}\b|\.\d)".replace("{ONE}", ONE)
)
CODING = re.compile(
    r"(?<![\w.])(?:(?P<ref>(?:NM|NR|ENST|LRG|XM)[_\d][\w.]*(?:\([\w-]+\))?):? ?)?"
    r"(?P<body>[cC]\. ?\(?[-*]?\d+(?:[+-]\d+)?(?:_\(?[-*]?\d+(?:[+-]\d+)?)?"
    r" ?(?:[ACGTacgt]{1,10} ?> ?[ACGTacgt]{1,10}|del[ACGT]*ins ?[ACGT]+|delins ?(?:[ACGT]+|\d+)?|del ?(?:[ACGT]+"
    r"|\d+)?|dup ?(?:[ACGT]+|\d+)?|ins ?(?:[ACGT]+|\d+)?|inv)\)?)"
    r"(?![a-z])"
)
BARE_CODING = re.compile(r"(?<![\w.:>-])(?P<body>\d{1,5}(?:[+-]\d{1,3})?[ACGT]>[ACGT])(?![\w>])")
GENOMIC = re.compile(r"(?<![\w.])(?P<body>g\.\d{4,}(?:_\d+)?(?:[ACGT]>[ACGT]|del[ACGT]*|dup[ACGT]*|ins[ACGT]+))(?!\w)")


@dataclass(frozen=True, slots=True)
class Protein:
    """A protein change.

    Attributes:
        text: One-letter HGVS with "p.", such as "p.E746_A750del".
        first: First changed residue.
        last: Last changed residue.
        sort: sub, del, ins, dup, delins, fs, stop, silent, splice or other.
    """

    text: str
    first: int
    last: int
    sort: str


_PARTS = re.compile(
    rf"^(?P<a>{ONE}|\*)(?P<first>\d+)(?:_(?P<b>{ONE}?)(?P<last>\d+))?(?P<change>.*)$",
)


_SPELLED = re.compile(_THREE)
_DELETED = re.compile(rf"del(?:eted)?({ONE}\d+)[_-]({ONE}?\d+)$")
_WITH_HYPHEN = re.compile(rf"^({ONE}\d+)-({ONE}?\d+)")
_EITHER = re.compile(rf"^({ONE}\d+{ONE})/{ONE}$")


def protein(body: str) -> Protein | None:
    """Normalise a protein change as `PROTEIN` finds it; None where it is none after all."""
    one = _SPELLED.sub(lambda found: THREE_TO_ONE[found[0]], body).replace("Stop", "*").replace(" ", "")
    lead = _DELETED.match(one)
    if lead:
        one = f"{lead[1]}_{lead[2]}del"
    one = _WITH_HYPHEN.sub(r"\1_\2", one) if "-" in one else one
    one = _EITHER.sub(r"\1", one) if "/" in one else one
    parts = _PARTS.match(one)
    if parts is None:
        return None
    first, last = int(parts["first"]), int(parts["last"] or parts["first"])
    if first == 0 or last < first:
        return None
    change = parts["change"]
    told, sort = _change(change, parts["a"])
    if told is None:
        return None
    where = f"{parts['a']}{first}" + (f"_{parts['b'] or ''}{last}" if parts["last"] else "")
    return Protein(f"p.{where}{told}", first, last, sort)


def _change(change: str, before: str) -> tuple[str | None, str]:
    shift = re.fullmatch(rf"({ONE}?)fs(?:(?:\*|X)?\??(\d*))", change) if "fs" in change else None
    if shift:
        return f"{shift[1]}fs" + (f"*{shift[2]}" if shift[2] else ""), "fs"
    if change in {"*", "X"}:
        return "*", "stop"
    if re.fullmatch(ONE, change):
        return (change, "sub") if change != before else ("=", "silent")
    if change == "=":
        return "=", "silent"
    if change == "?":
        return "?", "other"
    if change == "_splice":
        return "_splice", "splice"
    for pattern, told, sort in (
        (rf"del(?:{ONE}+|\d+)?ins({ONE}+|\d+)", r"delins\1", "delins"),
        (rf">({ONE}+)", r"delins\1", "delins"),
        (rf"del(?:{ONE}+|\d+)?", "del", "del"),
        (rf"dup(?:{ONE}+|\d+)?", "dup", "dup"),
        (rf"ins({ONE}+|\d+|\*|X)?", r"ins\1", "ins"),
    ):
        found = re.fullmatch(pattern, change)
        if found:
            return found.expand(told) if "\\1" in told and found[1] else told.replace(r"\1", ""), sort
    return None, ""


def coding(body: str) -> str:
    """Normalise a coding change: small "c.", no spaces, capitals for bases, no bases spelled out after del or dup."""
    text = body.replace(" ", "").replace("(", "").replace(")", "")
    text = re.sub(r"^[cC]\.", "c.", text)
    text = text if text.startswith("c.") else f"c.{text}"
    text = re.sub(r"[acgt]+(?=>)|(?<=>)[acgt]+", lambda found: found[0].upper(), text)
    text = re.sub(r"del[ACGT]+ins", "delins", text)
    text = re.sub(r"del\d+ins", "delins", text)
    return re.sub(r"(del|dup)(?:[ACGT]+|\d+)$", r"\1", text)


def agrees(c: str, p: Protein) -> bool | None:
    """Tell whether a coding position falls into the codon of the protein change; None where that cannot be said.

    Only plain positions inside the coding sequence are compared: codon = (position + 2) // 3.
    """
    found = re.match(r"c\.(\d+)(?:_(\d+))?(?![+\d-])", c)
    if found is None or p.sort in {"splice", "other"}:
        return None
    first = (int(found[1]) + 2) // 3
    last = (int(found[2] or found[1]) + 2) // 3
    if p.sort in {"fs", "del", "ins", "dup", "delins"}:
        # The 3' rule may shift the named residue away from the changed base by a repeat's length.
        return abs(first - p.first) <= 12 or abs(last - p.last) <= 12
    return first <= p.first <= max(last, first)

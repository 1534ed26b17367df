"""Finds the names of changes in a text: HGVS, exon-level classes, codons, promoter positions, histone spellings.

Each grammar is tried only where a quick look says that it may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.biomarkers import hgvs
from app.biomarkers.item import Item

_EX = r"(?:exons?|esone|esoni|éxons?|ex\.?|ex[oó]n(?:es)?|éxon|Exons?|EXON|E)"
_DO = (
    r"(?P<{0}>in-?frame deletions?|deletions?|del|deleci[oó]n(?:es)?|delezion[ei]|deleç(?:ão|ões)|délétions?"
    r"|deleties?|insertions?"
    r"|inserci[oó]n(?:es)?|inserzion[ei]|inserç(?:ão|ões)|ins|inserties?"
    r"|duplications?|dup|skipping|skip|salto|saut|indels?|delins)"
)
CATEGORY = re.compile(
    rf"\b{_EX}[ -]?(?P<exon>\d{{1,2}})(?: ?\(?(?:in-?frame|activating|sensitizing"
    rf"|splice(?: site)?)\)?)?[ :-]*{_DO.format('do')}\b"
    rf"|\b{_DO.format('lead')}(?: mutations?)?[ -]*(?:in|of|at|within|dell?['’]|do|no"
    rf"|en(?: el)?|del?(?: l['’])?|im|dans(?: l['’])?"
    rf"|de l['’]|van|in het)?[ -]*{_EX}[ -]?(?P<ledexon>\d{{1,2}})\b"
    rf"|\b(?P<short>del|ins)[ -]?(?P<shortexon>19|20|18)\b"
    rf"|\b(?P<numexon>19|20|18)[ -]?(?P<numdo>del|ins)\b|(?:\b"
    rf"|(?<=MET))ex(?:on)?[ -]?(?P<gluedexon>\d{{1,2}})[ -]?(?P<glued>del(?:etion)?|ins(?:ertion)?|skipping)?\b",
    re.I,
)
EXON = re.compile(
    rf"\b{_EX}[ -]?(?P<exon>\d{{1,2}}(?:(?: ?[,/&-] ?| and | or | y | et | und | en )\d{{1,2}})*)\b"
    rf"|(?<=[A-Z0-9] )(?P<residue>[ACDEFGHIKLMNPQRSTVWY]\d{2, 4})(?![\w.*-])|\b(?:codons?|codón"
    rf"|Codon) ?(?P<codon>\d{{1,4}}(?:(?: ?[,/&-] ?| and | or )\d{{1,4}})*)"
)
_PROMOTER = re.compile(r"(?<![\w.>])(?:c\.)?(?P<change>C2[25][80]T|-1(?:24|46)C>T|-57A>C)(?!\w)")
_MET14 = re.compile(r"\bMET ?(?:Δ|delta|ex(?:on)?) ?-?(?:ex(?:on)? ?)?14\b|\bMETex14\b", re.I)
_HISTONE = re.compile(r"(?<![\w.])(?P<gene>H3(?:\.3A?|F3A)?)[ -]?(?:p\.)?(?P<body>K27[MI]|K28M|G3[45][RVW])(?!\w)")
_DO_MEANS = (
    ("skip", "skipping"),
    ("salto", "skipping"),
    ("saut", "skipping"),
    ("dup", "duplication"),
    ("ins", "insertion"),
    ("indel", "insertion-deletion"),
    ("del", "deletion"),
    ("dél", "deletion"),
)

_MAY_PROMOTER = re.compile(r"TERT|romot")
_MAY_MET14 = re.compile(r"MET", re.I)
_MAY_EXON = re.compile(
    r"[EeÉé][Xx][OoÓó. -]|[Ee]son[ei]|[Ee]x\d|\bE ?\d|(?:del|ins)[ -]?(?:18|19|20)|(?:18|19|20)[ -]?(?:del|ins)"
    r"|[Cc]od[oó]n"
    r"|[A-Z0-9] [A-Z]\d{2,4}\b"
)
_MAY_PROTEIN = re.compile(
    r"(?<![\w.*+])(?:p\. ?|p(?=[A-Z]\d\d))?[\[(]{0,2}(?:[A-Z]\d|[A-Z][a-z]{2}\d|del)|(?<=p\.)[A-Z]"
)


def _proteins(text: str) -> Iterator[re.Match[str]]:
    """Find protein changes, trying the grammar only where one may begin."""
    reached = 0
    for start in _MAY_PROTEIN.finditer(text):
        if start.start() >= reached and (found := hgvs.PROTEIN.match(text, start.start())):
            reached = found.end()
            yield found


def _lines_with(gate: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the lines on which the gate opens."""
    found: list[tuple[int, int]] = []
    at = 0
    while opened := gate.search(text, at):
        start = text.rfind("\n", 0, opened.start()) + 1
        end = text.find("\n", opened.end())
        end = end if end >= 0 else len(text)
        found.append((start, end))
        at = end + 1
    return found


def _on_lines(pattern: re.Pattern[str], text: str, lines: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for start, end in lines:
        yield from pattern.finditer(text, start, end)


def find(text: str) -> Iterator[Item]:
    """Find the changes of a text; a place is read by one grammar only."""
    spans: list[tuple[int, int]] = []
    for pattern, sort, gate in (
        (hgvs.CODING, "coding", "."),
        (hgvs.GENOMIC, "genomic", "g."),
        (hgvs.BARE_CODING, "coding", ">"),
    ):
        for found in pattern.finditer(text) if gate in text else ():
            start, end = found.span("body")
            if not any(a < end and start < b for a, b in spans):
                spans.append((start, end))
                body = found["body"]
                yield Item(start, end, sort, hgvs.coding(body) if sort == "coding" else body)
    for found in _PROMOTER.finditer(text) if _MAY_PROMOTER.search(text) else ():
        yield Item(*found.span(), "category", "promoter mutation", found["change"])
        spans.append(found.span())
    for found in _HISTONE.finditer(text) if "H3" in text else ():
        spans.append(found.span())
        yield Item(*found.span("gene"), "gene", "H3-3A")
        yield Item(*found.span("body"), "protein", f"p.{found['body']}", found["body"])
    for found in _proteins(text):
        start, end = found.start(), found.end()
        read = hgvs.protein(found["body"])
        if read is None or found["body"] == "A1C" or any(a < end and start < b for a, b in spans):
            continue
        end = found.end("body") + (1 if found["close"].startswith(")") and "(" in found[0] else 0)
        spans.append((start, end))
        bare = not found["prefix"] and "del" not in found["body"] and len(re.sub(r"\D", "", found["body"])) < 2
        yield Item(start, end, "protein", read.text, found["body"], bare)
    for found in _MET14.finditer(text) if _MAY_MET14.search(text) else ():
        spans.append(found.span())
        yield Item(found.start(), found.start() + 3, "gene", "MET")
        yield Item(found.start() + 3, found.end(), "category", "exon 14 skipping")
    lines = _lines_with(_MAY_EXON, text)
    for found in _on_lines(CATEGORY, text, lines):
        if any(a < found.end() and found.start() < b for a, b in spans):
            continue
        exon = found["exon"] or found["ledexon"] or found["shortexon"] or found["numexon"] or found["gluedexon"]
        do = (found["do"] or found["lead"] or found["short"] or found["numdo"] or found["glued"] or "").lower()
        if do:
            means = next(name for start, name in _DO_MEANS if start in do)
            spans.append(found.span())
            yield Item(*found.span(), "category", f"exon {exon} {means}")
    for found in _on_lines(EXON, text, lines):
        if not any(a < found.end() and found.start() < b for a, b in spans):
            codon = found["codon"] or (found["residue"] or "")[1:]
            told = f"exon {found['exon']}" if found["exon"] else f"codon {codon}"
            yield Item(*found.span(), "exon", told)

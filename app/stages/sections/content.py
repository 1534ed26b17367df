"""What a stretch of text is for, told by what it says: trials, literature, methods and gene lists without a heading.

A wrong "positive" read from a trial or a gene list is the worst error, so content may take a section's right to hold
results, and never gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.section import SectionKind
from app.stages.sections.layouts import Layouts
from app.stages.sections.rows import Row

NO_RESULTS = frozenset(
    {
        SectionKind.THERAPIES,
        SectionKind.TRIALS,
        SectionKind.METHOD,
        SectionKind.GENE_LIST,
        SectionKind.LITERATURE,
        SectionKind.BOILERPLATE,
    }
)
"""Kinds of sections that state nothing about this person; only a heading that we know ends them."""

_SYMBOL = re.compile(r"^[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,4})?(?:orf\d+)?\*?$|^C\d+orf\d+$")
_OWN = re.compile(
    r"\b(?:detected|identified|found|seen|present|observed|harbou?rs?)\b.{0,40}\b(?:in|by) (?:this|the) "
    r"(?:patient|specimen|sample|tumou?r|case|biopsy)|\b(?:this|the) (?:patient'?s?|specimen|sample|tumou?r) "
    r"(?:is|was|has|shows?|showed|harbou?rs?|carries|contains?|tested)\b",
    re.I,
)
"""Words that speak of this person: what holds them is never set aside by its content."""
_TOKEN = re.compile(r"[^\s,;|/]+")
_SAYS = re.compile(
    r"detect|negativ|positiv|mutat|wild|identif|present|absent|p\.|c\.\d|\d\s*%|intact|lost|loss\b|equivocal|amplif|fusion"
    r"|variant|alter|normal|stain|report",
    re.I,
)


def kind_by_content(rows: Sequence[Row], layouts: Layouts) -> SectionKind | None:
    """Return what a stretch of rows is for, where its content leaves no doubt.

    Args:
        rows: Rows that stand together.
        layouts: Hold the patterns.
    """
    text = "\n".join(row.text for row in rows)
    if _OWN.search(text):
        return None
    if is_gene_list(text):
        return SectionKind.GENE_LIST
    best, most = None, 1
    for kind, patterns in layouts.content.items():
        hits = sum(1 for pattern in patterns if pattern.search(text))
        if hits > most:
            best, most = kind, hits
    return best


def is_gene_list(text: str) -> bool:
    """Tell whether a text only lists gene symbols."""
    tokens = [token.strip("().:;®") for token in _TOKEN.findall(text)]
    tokens = [
        token
        for token in tokens
        if token and token.lower() not in ("and", "exon", "exons", "intron", "introns", "promoter")
    ]
    tokens = [token for token in tokens if not token[0].isdigit()]
    if len(tokens) < 12 or _SAYS.search(text):
        return False
    symbols = sum(1 for token in tokens if _SYMBOL.match(token))
    return symbols >= 0.85 * len(tokens)

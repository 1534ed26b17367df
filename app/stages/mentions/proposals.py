"""Names that an optional statistical model takes for genes and that the vocabulary does not know.

The model may only propose: a name becomes a note for the reader of the profile, never a finding. Off by default.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from app.biomarkers.scan import Scanner

_LABELS = frozenset({"GENE_OR_GENE_PRODUCT", "GENE", "PROTEIN", "GGP", "ENTITY"})
_SHAPE = re.compile(r"[A-Z][A-Z0-9]{2,9}(?:-[A-Z0-9]{1,3})?")


def unknown_names(text: str, model: str, scanner: Scanner) -> tuple[str, ...]:
    """Return names of the shape of a gene symbol that the model proposes and nobody knows, in order.

    Args:
        text: A section about results.
        model: Name of an installed spaCy or scispaCy model.
        scanner: Knows all symbols, aliases and previous symbols.
    """
    doc = _loaded(model)(text)
    named = (entity.text for entity in doc.ents if entity.label_ in _LABELS and _SHAPE.fullmatch(entity.text))
    return tuple(dict.fromkeys(name for name in named if scanner.symbol(name) is None and not scanner.knows(name)))


@cache
def _loaded(model: str) -> Any:
    import spacy

    return spacy.load(model)

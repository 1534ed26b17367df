"""Letters that a reader of scans took for digits in a stage, and the other way round, put right in their place.

"Stage IlA" is IIA and "pTlc pNO" is pT1c pN0: no system has a stage l or a category O, so no guess is made. Whoever
uses a repaired place says so (`ocr_corrected`).
"""

from __future__ import annotations

import re

_GROUP = re.compile(r"(?<=[Ss]tage )(?=[IVl1|]*[l|1][IVl1|]*)(?P<roman>[IVl1|]{2,4}|[l|])(?=[A-Ea-e]?[1-3]?(?![\w]))")
_CATEGORY = re.compile(
    r"(?<![A-Za-z0-9])(?:[ypcra]{1,3}[TNM]|[TNM](?=[lI|]?[a-d]?\s?[pc]?N))(?P<digit>[lOI|]|i(?=[a-d]))(?=[a-d]?(?:mi)?(?![a-z0-9]))"
)
_QUICK = re.compile(r"[TNM][lOIi|]|tage [IV1]*[l|1]")
_AS_ROMAN = str.maketrans("l1|", "III")
_AS_DIGIT = {"l": "1", "I": "1", "|": "1", "i": "1", "O": "0"}


def repaired(text: str) -> tuple[str, frozenset[int]]:
    """Return a text of the same length with such letters put right, and where they stood."""
    if not _QUICK.search(text):
        return text, frozenset()
    at: set[int] = set()
    for match in (*_GROUP.finditer(text), *_CATEGORY.finditer(text)):
        group = "roman" if match.re is _GROUP else "digit"
        said = match[group]
        right = said.translate(_AS_ROMAN) if group == "roman" else _AS_DIGIT[said]
        if right not in ("IIII", said):
            at |= {place for place in range(*match.span(group)) if text[place] != right[place - match.start(group)]}
            text = text[: match.start(group)] + right + text[match.end(group) :]
    return text, frozenset(at)

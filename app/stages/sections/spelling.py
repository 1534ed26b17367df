"""Spellings made comparable: headings that were letter-spaced, accented, numbered or continued."""

from __future__ import annotations

import re
import unicodedata

_CONTINUED = re.compile(
    r"[\s(\[-]*\b(?:continued|cont'?d?|continuaci[oó]n|suite|fortsetzung|vervolg)\b\.?[)\]]?\s*$", re.I
)
_NUMBER = re.compile(r"^\s*(?:(?:\d{1,2}|[IVX]{1,4})(?:\.\d)*[.)]\s+|section\s+\d+[.:]?\s+)", re.I)
_KEPT = re.compile(r"[^a-z0-9+%/]+")


def folded(text: str) -> str:
    """Return the text in lower case without accents; "®" and "™" go."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("®", "").replace("™", "").replace("ß", "ss"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def squeezed(text: str) -> str:
    """Return the letters and digits alone, so that letter-spaced and hyphenated headings compare equal."""
    return _KEPT.sub("", folded(text))


def heading_text(text: str) -> str:
    """Return a heading without its number, its "(continued)" and its decoration."""
    bare = text.strip().strip("-–—_=*#•·: \t")
    return _CONTINUED.sub("", _NUMBER.sub("", bare)).strip(" :-–—")

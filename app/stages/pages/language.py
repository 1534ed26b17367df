"""Which language a page is in, by its small words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.domain.page import Word

NAMES = {"en": "English", "es": "Spanish", "de": "German", "fr": "French", "nl": "Dutch"}

_LISTS = {
    "en": "the of and in to is for with was not are by no this that from or be as on at were has been",
    "es": "el la los las de del y en que se con por para un una es no al lo su como más fue sin",
    "de": "der die das und in von mit den dem des ist nicht ein eine zu für auf im bei wurde werden kein keine",
    "fr": "le la les de des du et en un une est pas pour dans avec sur au aux par sans que ce cette ne",
    "nl": "de het een van en in is niet op te met voor zijn dat bij er geen aan door als wordt werd uit",
}

SMALL_WORDS = {code: frozenset(words.split()) for code, words in _LISTS.items()}
ANY_SMALL_WORD = frozenset().union(*SMALL_WORDS.values())
MARKS = ".,;:!?()[]\"'“”‘’«»¿¡…"


def language(words: Iterable[Word]) -> str:
    """Return the ISO 639-1 code of the likeliest language; "" where a page says too little."""
    counts: Counter[str] = Counter()
    for word in words:
        text = word.text.strip(MARKS).lower()
        if text in ANY_SMALL_WORD:
            counts.update(code for code, small in SMALL_WORDS.items() if text in small)
    best = counts.most_common(2)
    if not best or best[0][1] < 4 or (len(best) > 1 and best[0][1] < 1.3 * best[1][1]):
        return ""
    return best[0][0]

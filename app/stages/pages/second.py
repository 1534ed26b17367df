"""The words that matter most are read twice: gene symbols and changes, by a second and independent reader.

A fax turns c.1735C>T into c.1736C>T, which no grammar can see. Where both readers and the grammar agree, the word
stands; where they do not, the likelier reading is kept and marked doubtful, for a person to look at. A repair never
makes a variant that neither reader read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.page import Word
from app.domain.provenance import Box
from app.stages.pages.repair import BEHEADED, Repair, agrees, is_symbol, looks_like_result, repair

if TYPE_CHECKING:  # types only: the reading process starts sooner without them
    import numpy as np
    from numpy.typing import NDArray

    from app.ports import Ocr

TRUSTED = 0.6
"""Confidence over which the first reader's valid word stands on a good page: under it, letters were read twice."""

GOOD_PAGE = 0.85
SECOND_SURE = 0.93
ODD_CAPITALS = re.compile(r"[A-Z0-9|!&{}\[\]/-]{2,8}")
"""May be a symbol of which a letter was lost or mistaken."""

READ_TWICE = frozenset({"coding", "protein", "symbol", "short"})


@dataclass(frozen=True, slots=True)
class _Case:
    """A word to be read again.

    Attributes:
        place: Position among the words.
        piece: Where to look: the word, and a little more where nothing else stands.
    """

    place: int
    piece: Box


def confirmed(words: Sequence[Word], picture: NDArray[np.uint8], *, ocr: Ocr, most: int) -> tuple[Word, ...]:
    """Repair the words of known fields, and read again those that matter and are in doubt.

    Args:
        words: Of the first reader, in its order, with boxes in points of the picture.
        picture: On which they were read.
        ocr: Has the second reader.
        most: Most words to read again.
    """
    joined = _joined(words)
    sure = sum((w.confidence or 0.0) for w in joined) / max(len(joined), 1)
    cases = [
        _Case(place, _reach(joined, place)) for place, word in enumerate(joined) if _in_doubt(joined, place, word, sure)
    ]
    cases = sorted(cases, key=lambda c: joined[c.place].confidence or 0.0)[:most]
    seconds = ocr.again([_cut(picture, case.piece) for case in cases])
    again = {case.place: second for case, second in zip(cases, seconds, strict=False)}
    settled = [_settled(word, _after_gene(joined, place), again.get(place), sure) for place, word in enumerate(joined)]
    return tuple(_checked(settled))


def _joined(words: Sequence[Word]) -> list[Word]:
    """Put together a change that the first reader took for two words."""
    found: list[Word] = []
    for word in words:
        before = found[-1] if found else None
        if before is not None and _touch(before, word):
            whole = repair(before.text + word.text)
            parts = repair(before.text), repair(word.text)
            if whole is not None and whole.field in ("coding", "protein") and parts[0] is None:
                confidence = min(before.confidence or 0.0, word.confidence or 0.0)
                found[-1] = replace(
                    before, text=before.text + word.text, box=before.box.joined(word.box), confidence=confidence
                )
                continue
        found.append(word)
    return found


def _touch(before: Word, word: Word) -> bool:
    height = max(before.size_pt, word.box.y1 - word.box.y0)
    apart = word.box.x0 - before.box.x1
    level = abs((before.box.y0 + before.box.y1) - (word.box.y0 + word.box.y1)) / 2
    return -0.3 * height < apart < 0.6 * height and level < 0.4 * height


def _after_gene(words: Sequence[Word], place: int) -> bool:
    return place > 0 and is_symbol(words[place - 1].text.strip("():,;"))


def _in_doubt(words: Sequence[Word], place: int, word: Word, page_sure: float) -> bool:
    found = repair(word.text, after_gene=_after_gene(words, place))
    if found is None or found.field not in READ_TWICE:
        odd = bool(ODD_CAPITALS.fullmatch(word.text)) and (word.confidence or 0.0) < 0.8
        return odd or looks_like_result(word.text)
    if page_sure < GOOD_PAGE:
        return True
    return not found.sure or (word.confidence or 0.0) < TRUSTED


def _reach(words: Sequence[Word], place: int) -> Box:
    """Widen a word's box a little, up to its neighbours, so that a letter that was cut off is seen."""
    box = words[place].box
    height = box.y1 - box.y0
    # Where the "c." or "p." may have been lost, look for it two letters to the left.
    lost = BEHEADED.match(words[place].text) is not None
    left, right = box.x0 - (2.6 if lost else 0.45) * height, box.x1 + 0.45 * height
    for other in words[max(place - 3, 0) : place + 4]:
        if other is words[place] or min(other.box.y1, box.y1) - max(other.box.y0, box.y0) < 0.3 * height:
            continue
        if other.box.x1 <= box.x0 + 1 and not (lost and len(other.text) <= 2):
            left = max(left, other.box.x1 + 1)
        elif other.box.x0 >= box.x1 - 1:
            right = min(right, other.box.x0 - 1)
    return Box(min(left, box.x0), box.y0 - 0.15 * height, max(right, box.x1), box.y1 + 0.15 * height)


def _cut(picture: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    height, width = picture.shape
    top, bottom = max(int(box.y0), 0), min(int(box.y1) + 1, height)
    left, right = max(int(box.x0), 0), min(int(box.x1) + 1, width)
    return picture[top : max(bottom, top + 1), left : max(right, left + 1)]


def _settled(word: Word, after_gene: bool, second: tuple[str, float] | None, page_sure: float) -> Word:
    """Decide between the readings of one word."""
    first = repair(word.text, after_gene=after_gene)
    if second is None:
        return word if first is None else _with(word, first.text if first.sure else word.text, doubtful=not first.sure)
    text, sure = second[0].replace(" ", ""), second[1]
    other = repair(text, after_gene=after_gene)
    if first is None and other is None:
        return _with(word, word.text, doubtful=_must_be_result(word.text))
    if first is not None and other is not None and _same(first, other):
        return _with(word, first.text if first.sure else other.text, doubtful=False)
    if other is None or other.field not in READ_TWICE:
        return _first_alone(word, first, page_sure)
    if first is None or not first.sure:
        likely = sure >= SECOND_SURE and other.sure
        safe = likely and (page_sure >= GOOD_PAGE or _alike(word.text, other.text))
        return _with(word, other.text if likely else word.text, doubtful=not safe)
    return _of_two(word, first, other, sure)


def _same(first: Repair, other: Repair) -> bool:
    if first.text == other.text:
        return first.sure or other.sure
    plain = [r.text.strip("()[],;:.") for r in (first, other)]
    return plain[0] == plain[1] and (first.sure or other.sure)


def _first_alone(word: Word, first: Repair | None, page_sure: float) -> Word:
    """The second reader made nothing of it."""
    if first is None:
        return word
    steady = first.sure and (word.confidence or 0.0) >= 0.6 and page_sure >= GOOD_PAGE
    return _with(word, first.text, doubtful=not steady and first.field in READ_TWICE)


def _of_two(word: Word, first: Repair, other: Repair, second_sure: float) -> Word:
    """Both readings are valid and differ: the likelier one, for a person to look at."""
    if first.field == "symbol" and other.field == "symbol" and first.text == word.text and (word.confidence or 0) > 0.9:
        return _with(word, first.text, doubtful=second_sure > 0.97)
    text = other.text if second_sure >= (word.confidence or 0.0) else first.text
    return _with(word, text, doubtful=True)


def _must_be_result(text: str) -> bool:
    return text[:2].lower() in ("p.", "c.") and any(c.isdigit() for c in text)


def _alike(read: str, text: str) -> bool:
    """Tell whether two readings differ only in letters that look alike, or in a "c." or "p." that was lost."""
    shapes = str.maketrans("OoQDIlLi|!SBZGgqJ¢€C*\"'[]{}", "00001111115826991ccc***()()")
    heads = r"^[cCpP¢€]?[.,:·-]?"
    plain = [re.sub(heads, "", t).translate(shapes).lower() for t in (read, text)]
    return plain[0] == plain[1]


def _with(word: Word, text: str, *, doubtful: bool) -> Word:
    if text == word.text:
        return replace(word, doubtful=doubtful) if doubtful else word
    return replace(word, text=text, as_read=word.as_read or word.text, doubtful=doubtful)


def _checked(words: list[Word]) -> list[Word]:
    """Mark a coding and a protein change that stand together and whose positions cannot both be right."""
    for place, word in enumerate(words):
        if not word.text.startswith("c."):
            continue
        for near in (place + 1, place - 1):
            if not 0 <= near < len(words) or not _on_a_line(word, words[near]):
                continue
            other = words[near].text.strip("(),;[]")
            verdict = agrees(word.text.strip(",;()"), other if other.startswith("p.(") is False else other + ")")
            if verdict is False:
                words[place] = replace(words[place], doubtful=True)
                words[near] = replace(words[near], doubtful=True)
            elif verdict and ">" in word.text:
                # Both positions were read apart and fit: neither can be off by a digit.
                words[place] = replace(words[place], doubtful=False)
                words[near] = replace(words[near], doubtful=False)
            if verdict is not None:
                break
    return words


def _on_a_line(word: Word, other: Word) -> bool:
    height = word.box.y1 - word.box.y0
    return abs((word.box.y0 + word.box.y1) - (other.box.y0 + other.box.y1)) / 2 < 0.6 * height

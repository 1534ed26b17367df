"""Printed answers with boxes: what stands at an empty box was not chosen and says nothing.

A box stands before its answer ("☐ positive ☒ negative") or, where the line ends with one, behind it ("Yes [ ] No [x]").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN = r"(?:[☐□❏▢◻○◯]|\[[ _]?\]|\( ?\)|(?<![\w_])_{2,}(?!_*[xX✓√]))"
_TICKED = r"(?:[☒☑✓✔⊠⊗■◼◉●]|\[ ?[xX✓✔√] ?\]|\( ?[xX✓✔√•●*] ?\)|(?<![\w_])_+[xX✓√]_+)"
_BOX = re.compile(rf"(?P<open>{_OPEN})|(?P<ticked>{_TICKED})")
_SURE = re.compile(r"[☒☑✓✔⊠]|[\[(] ?[xX✓✔√•●*] ?[\])]|_[xX✓√]_")
_ANY = re.compile(r"[☐□❏▢◻○◯☒☑✓✔⊠⊗■◼◉●]|[\[(] ?[xX✓✔√•●*_]? ?[\])]|_[xX✓√]_")
_FULL = re.compile(r"[■◼◉●⊗]")
_CELL = re.compile(r"\t|\n| {2}| \| ")
_LAST_ANSWER = re.compile(r"(?:\b(?:not|no|wild|low|non|weakly|strongly|highly)[ -])?[^\s:|☐□]+[ ]?$", re.I)


def without_unticked(text: str, mark: str) -> str:
    """Blank, character for character, the answers at empty boxes, and the boxes themselves.

    Args:
        text: The passage.
        mark: The character to blank with.
    """
    if not _ANY.search(text):
        return text
    chosen = _SURE.search(text) is not None
    parts: list[str] = []
    at = 0
    for start, end in _unticked(text, chosen):
        if start >= at:
            parts += (text[at:start], mark * (end - start))
            at = end
    return "".join([*parts, text[at:]])


def _unticked(text: str, chosen: bool) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the empty boxes with their answers."""
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        boxes = list(_BOX.finditer(text, begin, end)) if _ANY.search(line) or "__" in line else []
        free = [box for box in boxes if box["open"]]
        full = [box for box in boxes if box["ticked"] and (free or not _FULL.match(box[0]))]
        if not free:
            yield from (box.span() for box in full)
        elif full or chosen or len(free) > 1:
            behind = (
                boxes[-1].end() == begin + len(line.rstrip()) and text[begin : boxes[0].start()].strip(" -•*") != ""
            )
            for at, box in enumerate(boxes):
                if not box["open"]:
                    yield box.span()
                    continue
                if behind and len(boxes) > 1:
                    answer = _LAST_ANSWER.search(text, boxes[at - 1].end() if at else begin, box.start())
                    yield (answer.start() if answer else box.start(), box.end())
                else:
                    yield box.start(), _stop(text, box.end(), boxes[at + 1].start() if at + 1 < len(boxes) else end)
        begin = end + 1


def _stop(text: str, start: int, end: int) -> int:
    """Return where the answer behind a box ends: at the next box, cell or line."""
    word = start + len(text[start:end]) - len(text[start:end].lstrip())
    cell = _CELL.search(text, word, end)
    return cell.start() if cell else end

"""Light print on filled boxes comes out as dark print on white; all else stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.stages.pages import pills
from tests.reading import papers

FONT = ImageFont.load_default(size=44)


def sheet(fill: int, ink: int, *, height: int = 90, frame: int = 0) -> np.ndarray:
    image = Image.new("L", (1200, 800), 250)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((200, 300, 520, 300 + height), radius=30, fill=fill, outline=0, width=frame)
    pen.text((270, 300 + height // 2 - 26), "Stable", fill=ink, font=FONT)
    pen.text((600, 310), "Equivocal", fill=0, font=FONT)
    return np.asarray(image)


@pytest.mark.parametrize(("fill", "ink"), [(0, 255), (60, 240), (130, 255), (170, 255)])
def test_light_print_on_a_filled_box_becomes_dark_on_white(fill, ink):
    before = sheet(fill, ink)
    after, boxes = pills.unfilled(before)
    assert len(boxes) == 1
    inside = after[310:380, 240:480]
    assert np.median(inside) == 255
    assert inside.min() < 40


@pytest.mark.parametrize(
    "before",
    [sheet(225, 0), sheet(250, 0, frame=4), sheet(0, 0), sheet(0, 255, height=300)],
    ids=["dark on light colour", "only a frame", "nothing on it", "a picture"],
)
def test_other_boxes_are_left_as_they_are(before):
    after, boxes = pills.unfilled(before)
    assert boxes == ()
    assert after is before


def test_print_beside_a_box_is_untouched():
    before = sheet(0, 255)
    after, _ = pills.unfilled(before)
    assert (after[:, 560:] == before[:, 560:]).all()


def test_only_words_in_the_boxes_are_marked_as_inverse():
    _, boxes = pills.unfilled(sheet(0, 255))
    marked = pills.marked([papers.word("Stable", 270, 320), papers.word("Equivocal", 600, 320)], boxes)
    assert [w.inverse for w in marked] == [True, False]

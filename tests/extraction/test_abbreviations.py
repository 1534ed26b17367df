from __future__ import annotations

import pytest

from app.stages import mentions
from tests.extraction.reading import facts


@pytest.mark.parametrize(
    "text",
    [
        "Best overall result was a partial response (PR). PR positive on the second scan as well.",
        "Seen in the emergency room (ER). ER negative for trauma.",
        "She has allergic rhinitis (AR). AR positive on prick test.",
    ],
)
def test_a_short_name_that_the_report_defines_as_something_else_is_no_marker(
    text: str, lexicon: mentions.Lexicon
) -> None:
    assert facts(text, lexicon, "ihc") == []


def test_a_short_name_that_the_report_defines_as_the_marker_stays_one(lexicon: mentions.Lexicon) -> None:
    text = "Progesterone receptor (PR) staining was done. PR negative."
    assert [(f["marker"], f["result"]) for f in facts(text, lexicon, "ihc")] == [("PR", "negative")]

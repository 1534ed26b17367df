"""Dots between a label and its value that a scan turned into words state nothing."""

from __future__ import annotations

import pytest

from app.adapters.labs import load_layouts
from app.domain.page import Page, Word
from app.domain.provenance import Box
from app.domain.section import SectionKind
from app.stages.pages.layout import lines
from app.stages.sections import divide

LAYOUTS = load_layouts()
SILENT = SectionKind.BOILERPLATE


def scanned(*words: tuple[str, int]) -> Page:
    """Set words on one line, each with how sure (in hundredths) the reader of the picture was."""
    made, x = [], 50.0
    for text, sure in words:
        made.append(Word(text, Box(x, 100.0, x + 6.0 * len(text), 110.0), confidence=sure / 100, size_pt=10.0))
        x += 6.0 * len(text) + 4.0
    return Page(1, 612.0, 792.0, lines(made))


def stated(*words: tuple[str, int]) -> str:
    """Return what is left to be read as a statement."""
    report = divide((scanned(*words),), 0, layouts=LAYOUTS).value
    every = " ".join(section.text for section in report.sections).split()
    assert sorted(every) == sorted(text for text, _ in words), "every word stays in a section"
    return " ".join(" ".join(s.text.split()) for s in report.sections if s.kind is not SILENT)


def test_words_made_of_dots_are_set_apart_from_the_call_behind_them() -> None:
    read = stated(("NTRK1", 2), ("SEEN", 29), ("eo", 14), ("is", 27), ("ror", 0), ("NOT", 97), ("DETECTED", 96))
    assert read == "NTRK1 NOT DETECTED"


@pytest.mark.parametrize("denial", ["not", "Not", "negative", "without", "unremarkable", "lost", "wild-type", "N0T"])
def test_a_word_that_turns_the_call_round_is_never_taken_away(denial: str) -> None:
    read = stated(("ALK", 40), ("gene", 20), (denial, 25), ("was", 20), ("ever", 20), ("DETECTED", 95))
    assert denial in read.split()


def test_a_change_that_was_hard_to_read_stays_while_the_dots_around_it_go() -> None:
    read = stated(("KRAS", 50), ("p.G12C", 35), ("ee", 10), ("oie", 5), ("DETECTED", 95))
    assert read == "KRAS p.G12C DETECTED"


def test_a_name_that_runs_into_noise_gives_no_call_to_anything() -> None:
    read = stated(("HRAS’DBLOBIR", 27), ("Sn", 40), ("ys", 33), ("bec", 18), ("DETECTED", 89))
    assert read == ""


def test_a_line_that_was_read_with_certainty_stays_whole() -> None:
    words = [("EGFR", 95), ("exon", 93), ("19", 90), ("deletion", 94), ("DETECTED", 95)]
    assert stated(*words) == "EGFR exon 19 deletion DETECTED"


def test_a_line_whose_not_was_half_read_states_neither_call() -> None:
    assert stated(("ROS1", 60), ("oie", 20), ("hOT", 40), ("DETECTED", 95)) == ""


def test_a_line_that_is_left_out_whole_raises_an_issue_and_dots_between_sure_words_raise_none() -> None:
    lost = (("HRAS’DBLOBIR", 27), ("Sn", 40), ("ys", 33), ("bec", 18), ("DETECTED", 89))
    assert [i.code for i in divide((scanned(*lost),), 0, layouts=LAYOUTS).issues] == ["page.unsure_line"]
    dots = (("NTRK1", 2), ("SEEN", 29), ("eo", 14), ("is", 27), ("ror", 0), ("NOT", 97), ("DETECTED", 96))
    assert divide((scanned(*dots),), 0, layouts=LAYOUTS).issues == ()

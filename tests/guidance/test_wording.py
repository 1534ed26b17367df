"""The wording as data: complete in each language, plain, and free of forbidden words."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

from app.adapters.wording import load_wording
from app.errors import DataFileError
from app.stages.guidance import grade
from app.stages.guidance.checker import forbidden
from tests.answers.teller import Teller

FOLDER = Path(__file__).parents[2] / "app" / "data" / "wording"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_wording_holds_forbidden_words(teller: Teller, language: str) -> None:
    tongue = teller.wording.tongues[language]
    for template in tongue.templates.values():
        for text in (template.text, template.clinical):
            assert not forbidden(re.sub(r"\{\w+\}", "x", text), tongue), template.id
    assert not forbidden(tongue.disclaimer, tongue)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_part_has_a_heading(teller: Teller, language: str) -> None:
    assert set(teller.wording.tongues[language].headings) == set(teller.wording.tongues["en"].headings)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You should take osimertinib.", "en"),
        ("Stop taking the pill.", "en"),
        ("Don't worry about this.", "en"),
        ("Unfortunately the test failed.", "en"),
        ("This drug can cure the cancer.", "en"),
        ("The median survival was 9 months.", "en"),
        ("He has six months to live.", "en"),
        ("That is good news.", "en"),
        ("Usted debe tomar la pastilla.", "es"),
        ("No se preocupe por esto.", "es"),
        ("Esto cura el cáncer.", "es"),
    ],
)
def test_forbidden_words_are_seen(teller: Teller, text: str, language: str) -> None:
    assert forbidden(text, teller.wording.tongues[language])


def test_the_glossary_is_wide_unique_and_plain(teller: Teller) -> None:
    terms = teller.wording.tongues["en"].glossary
    names = [name.lower() for term in terms for name in (term.term, *term.names)]
    assert len(terms) >= 250
    assert len({term.id for term in terms}) == len(terms)
    assert len(set(names)) == len(names)
    grades = sorted(grade.flesch_kincaid(term.meaning) for term in terms)
    assert grades[len(grades) // 2] <= 7
    for term in terms:
        assert len(term.meaning.split()) <= 30, term.id
        assert not forbidden(term.meaning, teller.wording.tongues["en"]), term.id


def test_the_spanish_glossary_explains_the_same_words_as_plainly(teller: Teller) -> None:
    english = {term.id: term for term in teller.wording.tongues["en"].glossary}
    spanish = teller.wording.tongues["es"].glossary
    names = [name.lower() for term in spanish for name in (term.term, *term.names)]
    assert [term.id for term in spanish] == list(english)
    assert len(set(names)) == len(names)
    for term in spanish:
        assert re.findall(r"\d+", term.meaning) == re.findall(r"\d+", english[term.id].meaning), term.id
        assert not forbidden(term.meaning, teller.wording.tongues["es"]), term.id
    eases = [grade.fernandez_huerta(term.meaning) for term in spanish if len(term.meaning.split()) > 5]
    assert min(eases) >= 60
    assert sorted(eases)[len(eases) // 2] >= 90


def copied(tmp_path: Path, change: tuple[str, str, str]) -> Path:
    file, old, new = change
    for source in FOLDER.rglob("*.yaml"):
        target = tmp_path / source.relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True, parents=True)
        text = source.read_text()
        if str(source.relative_to(FOLDER)) == file:
            assert old in text
            text = text.replace(old, new, 1)
        target.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("en/sentences.yaml", "{kind: report", "{kind: opinion"), "sentences.yaml"),
        (("en/answers.yaml", "plain:", "plane:"), "answers.yaml"),
        (("es/sentences.yaml", "urgent.call:", "urgent.shout:"), "urgent.call"),
        (("es/sentences.yaml", "{disease}", "{cancer}"), "in_short.diagnosis"),
        (("es/headings.yaml", "vus:", "vuss:"), "vus"),
        (("questions.yaml", "'inherit'", "'inherit('"), "inherited"),
        (("en/rules.yaml", "guarantee", "guarantee("), "forbidden"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_a_mistake_in_a_file_stops_the_start_and_is_named(
    tmp_path: Path, change: tuple[str, str, str], named: str
) -> None:
    with pytest.raises(DataFileError, match=re.escape(named)):
        load_wording(copied(tmp_path, change))


TEXTS = (
    "Your report shows a change in the EGFR gene (p.L858R). It's a test. That does not show that it works. OK now.",
    "Guidelines for acute myeloid leukemia name more tests than your documents show. They may be elsewhere.",
    "One.",
    "What has to happen today? Call your care team!",
)


def test_grades_are_those_of_textstat(monkeypatch: pytest.MonkeyPatch) -> None:
    # textstat asks at import for a module that newer setuptools no longer have, and uses it for word lists only.
    monkeypatch.setitem(sys.modules, "pkg_resources", types.ModuleType("pkg_resources"))
    from textstat import textstat

    for text in TEXTS:
        textstat.set_lang("en_US")
        assert grade.flesch_kincaid(text) == textstat.flesch_kincaid_grade(text)
    textstat.set_lang("es_ES")
    spanish = "Su informe dice que esto es cáncer de pulmón. Pregunte a su médico por la prueba."
    assert grade.fernandez_huerta(spanish) == textstat.fernandez_huerta(spanish)

"""Every page can be had in Spanish, wholly."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.web import shape
from app.web.pages import MONTHS, script_words
from app.web.tongue import texts_of, translated, words_of
from tests.web.conftest import Site

TEMPLATES = Path(__file__).parents[2] / "app" / "web" / "templates"
WORDS = words_of("es")
# Navigators' pages are in English (`pages.STAFF`).
OWN = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "navigator"]
TEXTS = {text for path in OWN for text in texts_of(path.read_text())}


def test_every_text_of_every_template_has_a_translation() -> None:
    assert sorted(TEXTS - set(WORDS)) == []


def test_words_that_the_code_chooses_have_one_too() -> None:
    chosen = {*shape.WORDS.values(), *shape.REVIEWS.values(), *MONTHS}
    assert sorted(chosen - set(WORDS)) == []


def test_words_of_the_scripts_have_one_and_are_sent_along(site: Site) -> None:
    spoken = script_words(TEMPLATES.parent / "static")
    assert len(spoken) > 10
    assert sorted(set(spoken) - set(WORDS)) == []
    assert "data-words" not in site.browser.get("/upload").text
    page = site.browser.get("/upload", headers={"Accept-Language": "es"}).text
    assert "&#34;Close&#34;: &#34;Cerrar&#34;" in page


def test_no_translation_loses_an_expression() -> None:
    assert [text for text, told in WORDS.items() if text.count("{}") != told.count("{}")] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: p.name)
def test_a_template_that_is_not_translated_stays_as_it_is(path: Path) -> None:
    source = path.read_text()
    assert translated(source, {"nothing of it": "nada"}) == source


def test_statements_and_expressions_keep_their_places() -> None:
    source = '<p>Page {{ n }} of {{ m }}{% if x > 1 %} is read{% endif %}</p><a aria-label="Remove {{ n }}">x</a>'
    words = {"Page {} of {}": "Página {} de {}", "is read": "leída", "Remove {}": "Quitar {}"}
    assert translated(source, words) == (
        '<p>Página {{ n }} de {{ m }}{% if x > 1 %} leída{% endif %}</p><a aria-label="Quitar {{ n }}">x</a>'
    )


def test_pages_speak_the_language_of_the_browser_and_then_the_one_that_was_chosen(site: Site) -> None:
    spanish = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
    assert '<html lang="es">' in site.browser.get("/", headers=spanish).text
    assert "Subir sus informes" in site.browser.get("/", headers=spanish).text
    site.browser.get("/language/en?back=/upload")
    assert "Upload your reports" in site.browser.get("/", headers=spanish).text


def test_a_record_speaks_its_own_language_and_can_change_it(site: Site) -> None:
    address = site.record(data={"language": "es"})
    page = site.browser.get(address).text
    assert "Todo lo que leímos" in page
    site.post(f"{address}/language", {"language": "en"})
    site.work()
    assert "Everything we read" in site.browser.get(address).text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_a_language_leads_nowhere_else(site: Site, back: str) -> None:
    answer = site.browser.get("/language/es", params={"back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"

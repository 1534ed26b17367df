"""What the code says to a person is said in Spanish too, whatever stands in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from app import errors
from app.services import work_job
from app.services.explain_record import READY
from app.stages.intake.portable import FormWithoutPagesError
from app.stages.intake.sniffing import PROGRAM_SIGNS
from app.web import shape
from app.web.errors import BUG, STATUS
from app.web.security import BodyTooLargeError, FormError
from app.web.tongue import TONGUES, listed, message
from tests.web.conftest import Site

ROOT = Path(__file__).parents[2]
PATIENT_SIDE = ("accounts", "said_words", "send_pieces", "invite", "receive_upload", "keep_record", "say_fact")
NAMED = (
    errors.EmptyFileError("mi informe.pdf"),
    errors.EncryptedReportError("mi informe.pdf"),
    errors.EncryptedReportError("mi informe.pdf", wrong=True),
    errors.DamagedFileError("mi informe.pdf"),
    errors.NotADocumentError("mi informe.pdf"),
    errors.NotADocumentError("mi informe.pdf", "a film"),
    errors.TooLargeError("mi informe.pdf", "more than 100 MB"),
    errors.TooLargeError("mi informe.pdf", "612 pages, more than 500"),
    FormWithoutPagesError("mi informe.pdf"),
    BodyTooLargeError(301),
)


def raised() -> list[str]:
    """Every sentence with which a use case of the patient's side refuses something; {} for what changes."""
    found = []
    for name in PATIENT_SIDE:
        tree = ast.parse((ROOT / "app" / "services" / f"{name}.py").read_text())
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
            what = call.func
            refuses = isinstance(what, ast.Name) and what.id in ("RefusedError", "FieldError")
            if refuses or (isinstance(what, ast.Attribute) and what.attr == "__init__"):
                found += [_text(a) for a in call.args if isinstance(a, ast.Constant | ast.JoinedStr)]
    return [text for text in found if " " in text]


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in node.values)


@pytest.mark.parametrize("text", raised())
def test_every_refusal_has_a_translation(text: str) -> None:
    assert message(text, "es") != text


def test_there_are_refusals_to_be_tested() -> None:
    assert len(raised()) > 30


@pytest.mark.parametrize("error", NAMED, ids=lambda e: type(e).__name__)
def test_a_name_in_a_message_stays_as_it_is(error: errors.AppError) -> None:
    told = message(str(error), "es")
    assert told != str(error)
    assert "mi informe.pdf" in told or "301" in told
    assert " is " not in told
    assert "more than" not in told


def test_headings_and_other_fixed_words_have_one() -> None:
    fixed = [BUG, str(errors.NotFoundError()), str(FormError()), work_job.GIVEN_UP.format(name="x.pdf")]
    fixed += [heading for _, _, heading in STATUS] + list(PROGRAM_SIGNS.values())
    fixed += [*shape.RESULTS.values(), *shape.REASONS.values()]
    assert [text for text in fixed if message(text, "es") == text] == []


def test_no_translation_loses_what_changes() -> None:
    told = yaml.safe_load((ROOT / "app" / "data" / "web" / "es_messages.yaml").read_text())
    assert [k for k, v in told.items() if k.count("{}") != v.count("{}")] == []


def test_values_are_translated_one_by_one() -> None:
    assert listed("positive, 80%, germline", "es") == "positivo, 80%, heredado (germinal)"
    assert listed("positive, 80%", "en") == "positive, 80%"


def test_the_note_is_there_in_every_language() -> None:
    assert set(READY) == set(TONGUES)


def test_errors_are_told_in_the_language_of_the_browser(site: Site) -> None:
    spanish = {"Accept-Language": "es"}
    site.browser.headers.update(spanish)
    assert "está dañado" in site.upload(b"BROKEN").text
    assert "Aquí no hay nada" in site.browser.get("/nowhere").text
    answer = site.browser.get("/r/none", headers={"Accept": "application/json"})
    assert "No hay nada en esta dirección" in answer.json()["error"]
    told = site.post("/profile/marker", {"change": "mutation", "gene": "QQQQ", "result": "found"}).text
    assert "No conocemos este gen" in told
    failed = site.record(b"REPORT\n!refuse", data={"language": "es"})
    assert "está dañado o se cortó" in site.browser.get(failed).text

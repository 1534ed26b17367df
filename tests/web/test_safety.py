"""Nothing that comes from a document is ever markup, and no page loads anything from elsewhere."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Site
from tests.web_fakes import report

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img/src=x/onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "{{7*7}}",
    "</svg><script>alert(1)</script>",
    "javascript:alert(1)",
    "\u202egnp.exe",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_of_a_document_is_shown_as_text(site: Site, words: str) -> None:
    gene = words.replace(" ", "\u00a0")
    address = site.record(report(f"{gene} p.L858R detected"))
    pages = [
        site.browser.get(address),
        site.browser.get(f"{address}/source/f1/0"),
        site.browser.get(f"{address}/wrong/f1"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img/src" not in page.text
        assert not re.search(r"<[^>]+\son\w+=", page.text)
        assert "49 p.L858R" not in page.text
    assert "p.L858R" in pages[0].text


@pytest.mark.parametrize(
    "name", ["<b>.pdf", '"onload=x.pdf', "../../etc/passwd", "a\r\nSet-Cookie: x=1.pdf", "x" * 900]
)
def test_hostile_file_names_are_shown_as_text_and_go_nowhere(site: Site, name: str) -> None:
    files = [("files", (name, report("EGFR p.L858R detected"), "application/pdf"))]
    answer = site.post("/upload", files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    site.work()
    page = site.browser.get(answer.headers["location"])
    assert "<b>.pdf" not in page.text
    original = next(part for part in page.text.split('"') if part.endswith("/original"))
    download = site.browser.get(original)
    assert "x-cookie" not in download.headers
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', download.headers["content-disposition"])
    assert download.headers["content-type"] == "application/octet-stream"


def test_hostile_questions_are_shown_as_text(site: Site) -> None:
    for words in HOSTILE:
        page = site.browser.get("/ask", params={"q": words})
        assert "<script>alert" not in page.text
        assert not re.search(r"<[^>]+\son\w+=", page.text)


def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(site: Site) -> None:
    address = site.record()
    places = ["/", "/upload", "/answers", "/sign-in", "/sign-up", "/privacy", "/nowhere", address]
    places += [f"{address}/{p}" for p in ("source/f1/0", "share", "trail", "delete", "add", "wrong/f1")]
    for place in places:
        page = site.browser.get(place)
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), place
        assert " style=" not in page.text, place
        assert "<style" not in page.text, place
        loaded = re.findall(r'<(?:script|img|link|image|iframe)[^>]+(?:src|href)="([^"]+)"', page.text)
        assert all(a.startswith("/") for a in loaded), (place, loaded)


def test_records_are_kept_out_of_caches_and_search_engines(site: Site) -> None:
    page = site.browser.get(site.record())
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"


def test_the_first_page_is_small(site: Site) -> None:
    page = site.browser.get("/").text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    size = len(page) + sum(len(site.browser.get(part).content) for part in parts)
    assert size < 100_000


def test_a_bug_shows_a_plain_sentence_and_logs_no_words(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    def broken(question: str, *, language: str) -> None:
        raise ValueError(question)

    site.desk.reading.ask = broken  # type: ignore[attr-defined,method-assign]
    answer = site.browser.get("/ask", params={"q": "What about Jane Doe?"})
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "ValueError" in caplog.text
    assert "Jane" not in caplog.text

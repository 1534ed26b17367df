"""Each document is read in a process of its own, which a poison file cannot take down."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
import pytest

from app.adapters.page_json import page_from, page_to
from app.adapters.reader import SafeReader
from app.domain.document import Format
from app.domain.page import Line, Page, TextSource, Word
from app.domain.provenance import Box
from app.errors import DamagedFileError, EncryptedReportError
from tests.reading import papers


def test_pages_come_one_by_one_and_in_order():
    content = papers.pdf(*[[(72, 72, f"page {n}")] for n in range(1, 6)])
    told = []
    outcome = SafeReader().read(papers.document(content, Format.PDF), lambda page, total: told.append((page, total)))
    assert told == [(n, 5) for n in range(1, 6)]
    assert [page.lines[0].text for page in outcome.value] == [f"page {n}" for n in range(1, 6)]


def test_a_refusal_in_the_process_is_the_same_error_outside(tmp_path):
    path = tmp_path / "locked.pdf"
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(path, encryption=pikepdf.Encryption(user="secret", owner="x"))
    document = papers.document(path.read_bytes(), Format.PDF, "locked.pdf")
    with pytest.raises(EncryptedReportError, match=r"password is needed to open locked\.pdf"):
        SafeReader().read(document, lambda page, total: None)


def test_broken_content_is_refused_and_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(DamagedFileError):
        SafeReader().read(papers.document(b"%PDF-1.7 nothing", Format.PDF), lambda page, total: None)
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_takes_too_long_is_ended_in_time():
    content = papers.pdf(*[[(72, 72, "page")]] * 3)
    began = time.monotonic()
    with pytest.raises(DamagedFileError):
        SafeReader(seconds=0.001).read(papers.document(content, Format.PDF), lambda page, total: None)
    assert time.monotonic() - began < 30


def test_a_page_that_kills_the_process_is_named_and_the_others_are_read(tmp_path, monkeypatch):
    """The process is replaced by one that dies on its second page."""
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        "order = json.loads(sys.stdin.buffer.readline())\n"
        "for n in range(order['first'], 4):\n"
        "    if n == 2: os.kill(os.getpid(), 9)\n"
        "    page = dict(number=n, width=1, height=1, lines=[], text_source='native', rotation=0,\n"
        "                ocr_confidence=None, image=None, language='')\n"
        "    print(json.dumps(dict(number=n, total=3, page=page, issues=[])), flush=True)\n"
        "print(json.dumps(dict(end=True)), flush=True)\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    outcome = SafeReader().read(papers.document(b"x", Format.PDF), lambda page, total: None)
    assert [page.number for page in outcome.value] == [1, 3]
    assert [(issue.code, issue.page) for issue in outcome.issues if issue.page] == [("page.unreadable", 2)]


def test_it_works_where_processes_may_not_have_children_of_their_own():
    script = (
        "import multiprocessing as m\n"
        "from app.adapters.reader import SafeReader\n"
        "from app.domain.document import Format\n"
        "from tests.reading import papers\n"
        "def work():\n"
        "    content = papers.pdf([(72, 72, 'KRAS')])\n"
        "    outcome = SafeReader().read(papers.document(content, Format.PDF), lambda page, total: None)\n"
        "    assert outcome.value[0].words[0].text == 'KRAS'\n"
        "if __name__ == '__main__':\n"
        "    p = m.Process(target=work, daemon=True); p.start(); p.join(60); raise SystemExit(p.exitcode)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert done.returncode == 0


def test_a_page_survives_the_pipe():
    words = (
        Word("KRAS", Box(1.0, 2.0, 3.0, 4.0), size_pt=9.0, bold=True),
        Word("p.G12C", Box(4.0, 2.0, 9.0, 4.0), 0.5, "p.Gl2C", 9.0, doubtful=True, inverse=True),
    )
    page = Page(3, 612.0, 792.0, (Line(words, 2),), TextSource.MIXED, 90, 0.91, b"\x89PNG", "en")
    assert page_from(page_to(page)) == page

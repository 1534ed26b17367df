"""Spoiled files end in words or in a refusal; the long run is `tests/bench/reading_fuzz.py`."""

from __future__ import annotations

import tempfile

from app.adapters.reader import SafeReader
from app.domain.document import SourceFile
from app.errors import InputError
from app.stages import intake
from tests.reading.mutants import spoiled


def test_a_spoiled_file_ends_in_words_or_in_a_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reader = SafeReader(seconds=60, page_seconds=20)
    ended = {"read": 0, "refused": 0}
    for name, content in spoiled(27):
        try:
            for document in intake.accept(SourceFile(name, content)).value:
                reader.read(document, lambda page, total: None)
            ended["read"] += 1
        except InputError:
            ended["refused"] += 1
    assert min(ended.values()) > 2
    assert list(tmp_path.iterdir()) == []

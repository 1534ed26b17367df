from __future__ import annotations

import pytest

from app.adapters.extraction_rules import load_rules
from app.adapters.terms import load_vocabulary
from app.stages import mentions


@pytest.fixture(scope="session")
def lexicon() -> mentions.Lexicon:
    return mentions.prepare(load_vocabulary(), rules=load_rules())

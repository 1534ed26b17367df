from __future__ import annotations

import pytest

from tests.answers.teller import Teller, shipped


@pytest.fixture(scope="session")
def teller() -> Teller:
    return shipped()

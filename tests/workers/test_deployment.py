"""The files for running the product in parts say what the code understands. Containers themselves are not run here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import yaml

from app.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
COMMANDS = {"serve", "web", "worker", "db"}


def test_compose_has_every_part() -> None:
    assert {"web", "worker", "postgres", "redis", "files"} <= set(COMPOSE["services"])


def test_every_setting_in_compose_is_one_that_the_code_reads() -> None:
    known = {f"CASEGUIDE_{name.upper()}" for name in Settings.model_fields}
    for name, service in COMPOSE["services"].items():
        environment = service.get("environment", {})
        assert {k for k in environment if k.startswith("CASEGUIDE_")} <= known, name


def test_every_command_in_compose_and_dockerfile_is_one_of_the_command_line() -> None:
    commands = [s["command"] for s in COMPOSE["services"].values() if s.get("command", [""])[0] == "caseguide"]
    found = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    commands.append(yaml.safe_load(found[1]))
    assert len(commands) == 4
    assert all(command[1] in COMMANDS for command in commands)


def test_what_is_waited_for_exists_and_volumes_are_declared() -> None:
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"]


def test_the_dockerfile_copies_only_what_is_there_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    for line in (line for line in lines if line.startswith("COPY") and "--from" not in line):
        for source in shlex.split(line)[1:-1]:
            assert (ROOT / source).exists(), line
    assert "USER caseguide" in lines


def test_documented_settings_exist() -> None:
    known = {f"CASEGUIDE_{name.upper()}" for name in Settings.model_fields}
    told = set(re.findall(r"CASEGUIDE_[A-Z0-9_]+", (ROOT / "docs" / "operations.md").read_text()))
    assert told <= known

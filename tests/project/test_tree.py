"""What holds for the tree as a whole."""

from __future__ import annotations

import ast
import os
import re
import subprocess

import pytest

from tests.conftest import ROOT

HOSTS = re.compile(
    "|".join([r"py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", r"deb\." + r"debian\.org"])
)
PATHS = re.compile(r"/(?:work|root)/|/tmp/bash" + "_jobs")
MIDWAY = re.compile(r"(?i)\b(to" + r"do|fix" + r"me|x" + r"xx|place" + r"holder|simplified version)\b")
TOP = {
    ".ci",
    ".dockerignore",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "app",
    "deploy",
    "docker-compose.yml",
    "docs",
    "migrations",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "scripts",
    "tests",
    "workers",
}


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, text=True, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_registry_host_or_a_machine_path():
    named = [
        f"{p.relative_to(ROOT)}: {m.group(0)}"
        for p in tracked()
        if (m := HOSTS.search(t := text_of(p)) or PATHS.search(t))
    ]
    assert named == []


def test_the_top_level_is_fixed():
    assert {p.relative_to(ROOT).parts[0] for p in tracked()} <= TOP


def test_no_code_is_left_half_way():
    code = [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ("app", "workers")]
    assert [str(p.relative_to(ROOT)) for p in code if MIDWAY.search(text_of(p))] == []


def test_modules_and_functions_stay_readable():
    long = []
    for path in tracked():
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in ("app", "workers"):
            continue
        text = text_of(path)
        if text.count("\n") > 500:
            long.append(str(path.relative_to(ROOT)))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 70:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


@pytest.mark.parametrize("name", ["scripts/run", "scripts/test", ".ci/run"])
def test_the_commands_can_be_run(name):
    assert os.access(ROOT / name, os.X_OK)


def test_the_lock_files_hold_every_package_with_a_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert len(blocks) > 50
        assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []


def test_importing_the_core_starts_nothing():
    code = (
        "import app.pipeline, sys; print([m for m in ('celery', 'sqlalchemy', 'fastapi', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run([os.sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True)
    assert [m for m in ("celery", "sqlalchemy", "fastapi") if m in done.stdout] == []

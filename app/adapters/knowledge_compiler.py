"""Knowledge files → one read-only SQLite file; the same files always give the same bytes.

Nothing is looked up and nothing is guessed here: a row that does not fit stops the build with file and field.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.adapters.knowledge_rows import Noun, written
from app.adapters.knowledge_schema import DATE, FOLDERS, Rowed, read_file
from app.domain.statement import (
    Condition,
    DiseaseCard,
    Frequency,
    MarkerCard,
    Method,
    Source,
    Statement,
    TestAdvice,
)
from app.errors import DataFileError

ROOT = Path(__file__).resolve().parents[1] / "data" / "statements"
COMPILED = Path(__file__).resolve().parents[1] / "data" / "compiled" / "knowledge.sqlite"
FORMAT = "2"
"""Number of the table layout below; a change makes every compiled file stale."""

LAYOUT = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE statement (position INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE about (gene TEXT, position INTEGER, PRIMARY KEY (gene, position)) WITHOUT ROWID;
CREATE TABLE advice (disease TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (disease, id)) WITHOUT ROWID;
CREATE TABLE card (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE frequency (gene TEXT, disease TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (gene, disease, id))
    WITHOUT ROWID;
CREATE TABLE method (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE disease (code TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """A noun and the file that it stands in.

    Attributes:
        noun: The noun.
        file: Path below the knowledge folder.
    """

    noun: Noun
    file: str


def files(root: Path) -> list[Path]:
    """Return all knowledge files under the folder, in order."""
    curated = [path for kind in FOLDERS for path in sorted((root / kind).glob("*.yaml"))]
    return [*curated, *sorted((root / "machine").glob("*.tsv")), root / "VERSION"]


def read_all(root: Path = ROOT) -> list[Filed]:
    """Read every knowledge file; a source that a curator lists stands for the derived one of the same id.

    Raises:
        DataFileError: A file or row does not fit; names file and field.
    """
    filed: list[Filed] = []
    for kind, row in FOLDERS.items():
        for path in sorted((root / kind).glob("*.yaml")):
            filed.extend(Filed(read.noun(), f"{kind}/{path.name}") for read in read_file(path, row))
        curated = {each.noun.id for each in filed if isinstance(each.noun, Source)}
        machine = root / "machine" / f"{kind}.tsv"
        for read in _machine_rows(machine, row) if machine.is_file() else ():
            noun = read.noun()
            if not (isinstance(noun, Source) and noun.id in curated):
                filed.append(Filed(noun, f"machine/{machine.name}"))
    return filed


def _machine_rows(path: Path, row: type[Rowed]) -> Iterator[Rowed]:
    """Read a derived table: column names are field names; conditions and lists are written as JSON."""
    with path.open(encoding="utf-8", newline="") as handle:
        for number, cells in enumerate(csv.DictReader(handle, delimiter="\t"), start=2):
            told = {k: json.loads(v) if v[:1] in "[{" and v else v for k, v in cells.items() if v}
            try:
                yield row.model_validate(told)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"]) or "row"
                raise DataFileError(f"machine/{path.name}: line {number}, field {field}: {first['msg']}") from error


def fingerprint(root: Path = ROOT) -> str:
    """Return a cheap mark of the files' names, sizes and times; reads none of them."""
    mark = hashlib.sha256(FORMAT.encode())
    for path in files(root):
        if path.is_file():
            stat = path.stat()
            mark.update(f"{path.relative_to(root)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return mark.hexdigest()


def build(root: Path = ROOT, target: Path = COMPILED) -> str:
    """Compile the folder into the file, in one step that a reader never sees half done.

    Returns:
        The version, such as "2026-11-25+3f2a9c1".

    Raises:
        DataFileError: A file or row does not fit; names file and field.
    """
    mark = fingerprint(root)
    filed = read_all(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".building")
    os.close(handle)
    try:
        connection = sqlite3.connect(name)
        version = fill(connection, filed, day=day(root))
        connection.close()
        os.chmod(name, 0o644)
        os.replace(name, target)
        target.with_suffix(".mark").write_text(mark, encoding="utf-8")
    finally:
        Path(name).unlink(missing_ok=True)
    return version


def day(root: Path) -> str:
    """Return the day of the last change to the knowledge, from the file VERSION."""
    path = root / "VERSION"
    told = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if not DATE.fullmatch(told):
        raise DataFileError("VERSION: must hold one ISO date, the day of the last change to the knowledge")
    return told


def fill(connection: sqlite3.Connection, filed: Sequence[Filed], *, day: str) -> str:
    """Write the nouns into an empty database, in one order whatever the files' order.

    Returns:
        The version: the day and the first seven digits of the hash of all rows.
    """
    rows = sorted(_rows(filed))
    digest = hashlib.sha256("\n".join("\t".join(map(str, row)) for row in rows).encode()).hexdigest()
    version = f"{day}+{digest[:7]}"
    connection.executescript(LAYOUT)
    for table, *cells in rows:
        if table == "statement":
            continue
        marks = ",".join("?" * len(cells))
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", cells)  # noqa: S608 - our own names
    _fill_statements(connection, filed)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", [("hash", digest), ("version", version)])
    connection.commit()
    connection.execute("VACUUM")
    return version


def _rows(filed: Sequence[Filed]) -> Iterator[tuple[str, ...]]:
    for each in filed:
        match each.noun:
            case Statement() as said:
                yield "statement", said.id, written(said)
            case TestAdvice() as advised:
                yield "advice", advised.disease, advised.id, written(advised)
            case MarkerCard() as card:
                yield "card", card.id, written(card)
            case Frequency() as often:
                for gene in often.condition.genes:
                    yield "frequency", gene or "", often.disease, often.id, written(often)
            case Method() as way:
                yield "method", way.id, written(way)
            case DiseaseCard() as cancer:
                yield "disease", cancer.disease, written(cancer)
            case Source() as source:
                yield "source", source.id, written(source)


def _fill_statements(connection: sqlite3.Connection, filed: Sequence[Filed]) -> None:
    said = {f.noun.id: f.noun for f in reversed(filed) if isinstance(f.noun, Statement)}
    for position, identity in enumerate(sorted(said)):
        row = said[identity]
        connection.execute("INSERT INTO statement VALUES (?, ?, ?)", (position, identity, written(row)))
        genes = sorted({gene or "" for condition in row.conditions for gene in _indexed(condition)})
        connection.executemany("INSERT INTO about VALUES (?, ?)", [(gene, position) for gene in genes])


def _indexed(condition: Condition) -> tuple[str | None, ...]:
    """Return the genes under which a condition is found; a cytogenetic event also as one without a gene."""
    return (*condition.genes, None) if condition.change == "cytogenetic" else condition.genes

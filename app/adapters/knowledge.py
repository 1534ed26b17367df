"""The compiled knowledge base, read from one SQLite file; never touches the network."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from app.adapters import knowledge_compiler as compiler
from app.adapters import knowledge_rows as rows
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice
from app.errors import DataFileError


class CompiledKnowledge:
    """Reads all statements when it opens, since every profile needs them, and the rest as it is asked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap an open connection and read the statements."""
        self._connection = connection
        self._lock = Lock()
        self._advice: dict[str, tuple[TestAdvice, ...]] = {}
        self._cards: tuple[MarkerCard, ...] | None = None
        self._sources: dict[str, Source | None] = {}
        self._version = str(self._ask("SELECT value FROM meta WHERE key = 'version'")[0][0])
        self._statements = tuple(
            rows.statement(str(body)) for (body,) in self._ask("SELECT body FROM statement ORDER BY position")
        )
        self._about: dict[str, list[int]] = {}
        for gene, position in self._ask("SELECT gene, position FROM about ORDER BY gene, position"):
            self._about.setdefault(str(gene), []).append(int(str(position)))

    def _ask(self, query: str, *cells: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._connection.execute(query, cells).fetchall()

    @property
    def version(self) -> str:
        """Date and short hash, such as "2026-11-25+3f2a9c1"."""
        return self._version

    def about(self, genes: Sequence[str | None]) -> Sequence[Statement]:
        """Return the statements with a condition on any of the genes; None stands for signatures and cytogenetics."""
        wanted = sorted({position for gene in genes for position in self._about.get(gene or "", ())})
        return tuple(self._statements[position] for position in wanted)

    def statements(self) -> Sequence[Statement]:
        """Return all statements, in order of id."""
        return self._statements

    def advice(self, diseases: Sequence[str]) -> Sequence[TestAdvice]:
        """Return what guidelines say to test in any of the diseases (codes or groups), in the order given."""
        return tuple(row for disease in dict.fromkeys(diseases) for row in self._advice_for(disease))

    def _advice_for(self, disease: str) -> tuple[TestAdvice, ...]:
        if disease not in self._advice:
            found = self._ask("SELECT body FROM advice WHERE disease = ? ORDER BY id", disease)
            self._advice[disease] = tuple(rows.advice(str(body)) for (body,) in found)
        return self._advice[disease]

    def cards(self) -> Sequence[MarkerCard]:
        """Return all marker cards."""
        if self._cards is None:
            self._cards = tuple(rows.card(str(body)) for (body,) in self._ask("SELECT body FROM card ORDER BY id"))
        return self._cards

    def frequencies(self, gene: str | None, diseases: Sequence[str]) -> Sequence[Frequency]:
        """Return how often changes of the gene are found in any of the diseases, in the order given."""
        query = "SELECT body FROM frequency WHERE gene = ? AND disease = ? ORDER BY id"
        found = [body for disease in dict.fromkeys(diseases) for (body,) in self._ask(query, gene or "", disease)]
        return tuple(rows.frequency(str(body)) for body in found)

    def method(self, identity: str) -> Method | None:
        """Return a way of testing."""
        found = self._ask("SELECT body FROM method WHERE id = ?", identity)
        return rows.method(str(found[0][0])) if found else None

    def disease_card(self, code: str) -> DiseaseCard | None:
        """Return a cancer's plain words."""
        found = self._ask("SELECT body FROM disease WHERE code = ?", code)
        return rows.disease_card(str(found[0][0])) if found else None

    def source(self, identity: str) -> Source | None:
        """Return what can be cited under the id."""
        if identity not in self._sources:
            found = self._ask("SELECT body FROM source WHERE id = ?", identity)
            self._sources[identity] = rows.source(str(found[0][0])) if found else None
        return self._sources[identity]


class KnowledgeFiles:
    """The folder of knowledge files and the compiled file beside it."""

    def __init__(self, root: Path = compiler.ROOT, compiled: Path = compiler.COMPILED) -> None:
        """Name the folder and the compiled file; nothing is read yet."""
        self._root = root
        self._compiled = compiled

    def rows(self) -> Sequence[compiler.Filed]:
        """Read every row of every file."""
        return compiler.read_all(self._root)

    def build(self) -> str:
        """Compile the files and return the version."""
        return compiler.build(self._root, self._compiled)

    def open(self, compiled: Path | None = None) -> CompiledKnowledge:
        """Open a compiled file; the current one by default.

        Raises:
            DataFileError: The file is no compiled knowledge base.
        """
        return _open(compiled) if compiled else open_knowledge(root=self._root, compiled=self._compiled)

    def day(self) -> str:
        """Return the day of the last change, from the file VERSION."""
        return compiler.day(self._root)


def open_knowledge(*, root: Path = compiler.ROOT, compiled: Path = compiler.COMPILED) -> CompiledKnowledge:
    """Open the compiled file; build it first where it is missing or older than the files that it was made from.

    Where the folder cannot be written, the base is built in memory.

    Raises:
        DataFileError: A knowledge file does not fit; names file and field.
    """
    mark = compiled.with_suffix(".mark")
    fresh = compiled.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == compiler.fingerprint(root)
    if not fresh:
        try:
            compiler.build(root, compiled)
        except OSError:
            return in_memory(root)
    return _open(compiled)


def _open(compiled: Path) -> CompiledKnowledge:
    address = f"{compiled.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        return CompiledKnowledge(sqlite3.connect(address, uri=True, check_same_thread=False))
    except sqlite3.DatabaseError as error:
        raise DataFileError(f"{compiled.name}: is no compiled knowledge base") from error


def in_memory(root: Path = compiler.ROOT) -> CompiledKnowledge:
    """Compile the folder into memory."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    compiler.fill(connection, compiler.read_all(root), day=compiler.day(root))
    return CompiledKnowledge(connection)

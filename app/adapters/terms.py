"""The vocabulary, read from the tables in `app/data/terms`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.term import Disease, Drug, Gene, Vocabulary
from app.errors import DataFileError

KINDS = frozenset({"drug", "regimen", "surgery", "radiation", "transplant", "other"})


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    members: tuple[str, ...]
    names: tuple[str, ...] = ()


class _Groups(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: tuple[_Group, ...]


def load_vocabulary(folder: Traversable | None = None) -> Vocabulary:
    """Read genes, drugs, diseases and groups.

    Args:
        folder: Where the tables lie; the ones that we ship by default.

    Raises:
        DataFileError: A table is malformed; the message names file, line and field.
    """
    where = folder or files("app") / "data" / "terms"
    genes = _genes(where / "genes.tsv")
    drugs = _drugs(where / "drugs.tsv")
    diseases = _diseases(where / "diseases.tsv")
    diseases.update(_groups(where / "groups.yaml", diseases))
    return Vocabulary(genes, drugs, diseases)


def _rows(table: Traversable, header: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    lines = table.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != header:
        raise DataFileError(f"{table.name}, line 1: the columns must be {', '.join(header)}.")
    width = len(header)
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != width:
            raise DataFileError(f"{table.name}, line {number}: {len(cells)} fields instead of {width}.")
        if not cells[0]:
            raise DataFileError(f"{table.name}, line {number}, field {header[0]}: must not be empty.")
        yield number, cells


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _genes(table: Traversable) -> dict[str, Gene]:
    genes: dict[str, Gene] = {}
    for number, row in _rows(table, ("hgnc_id", "symbol", "name", "aliases", "previous", "cancer")):
        identity, symbol, name, aliases, previous, cancer = row
        if symbol in genes:
            raise DataFileError(f"{table.name}, line {number}, field symbol: {symbol} stands here twice.")
        genes[symbol] = Gene(identity, symbol, name, _several(aliases), _several(previous), cancer == "1")
    return genes


def _drugs(table: Traversable) -> dict[str, Drug]:
    drugs: dict[str, Drug] = {}
    owner: dict[str, str] = {}
    for number, row in _rows(table, ("generic", "brands", "synonyms", "drug_class", "kind")):
        generic, brands, synonyms, drug_class, kind = row
        if kind not in KINDS:
            raise DataFileError(
                f"{table.name}, line {number}, field kind: {kind!r} is none of {', '.join(sorted(KINDS))}."
            )
        drug = Drug(generic, _several(brands), _several(synonyms), drug_class, kind)
        _claim(owner, {generic, *drug.brands, *drug.synonyms}, generic, f"{table.name}, line {number}")
        drugs[generic] = drug
    return drugs


def _diseases(table: Traversable) -> dict[str, Disease]:
    diseases: dict[str, Disease] = {}
    owner: dict[str, str] = {}
    header = ("code", "name", "parent", "ncit", "main_type", "tissue", "synonyms")
    for number, (code, name, parent, ncit, main_type, tissue, synonyms) in _rows(table, header):
        disease = Disease(code, name, parent or None, ncit, main_type, tissue, _several(synonyms))
        _claim(owner, set(disease.synonyms), code, f"{table.name}, line {number}")
        diseases[code] = disease
    for disease in diseases.values():
        if disease.parent and disease.parent not in diseases:
            raise DataFileError(f"{table.name}, code {disease.code}, field parent: {disease.parent} is no code here.")
    return diseases


def _groups(source: Traversable, diseases: dict[str, Disease]) -> dict[str, Disease]:
    try:
        read = _Groups.model_validate(yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (ValidationError, yaml.YAMLError) as error:
        raise DataFileError(f"{source.name}: {error}") from error
    groups: dict[str, Disease] = {}
    for group in read.groups:
        unknown = [member for member in group.members if member not in diseases]
        if unknown:
            raise DataFileError(f"{source.name}, code {group.code}, field members: {', '.join(unknown)} is no code.")
        if group.code in diseases or group.code in groups:
            raise DataFileError(f"{source.name}, field code: {group.code} stands here twice.")
        groups[group.code] = Disease(group.code, group.name, synonyms=group.names, members=group.members)
    return groups


def _claim(owner: dict[str, str], names: set[str], entry: str, place: str) -> None:
    for name in names:
        holder = owner.setdefault(name.lower(), entry)
        if holder != entry:
            raise DataFileError(f"{place}: the name {name!r} belongs to {holder} already.")

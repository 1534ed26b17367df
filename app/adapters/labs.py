"""The layouts of laboratories' reports, read from `app/data/labs`."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.document import ReportKind
from app.domain.section import SectionKind
from app.errors import DataFileError
from app.stages.sections import Labels, Layout, Layouts
from app.stages.sections.spelling import squeezed

GENERIC, HEADS, CONTENT = "_generic.yaml", "_heads.yaml", "_content.yaml"

T = TypeVar("T", bound=BaseModel)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Wording(_Model):
    kind: SectionKind
    pattern: str


class _Test(_Model):
    phrase: str
    name: str
    kind: ReportKind | None = None


class _Lab(_Model):
    laboratory: str = ""
    recognise: tuple[str, ...] = ()
    tests: tuple[_Test, ...] = ()
    headings: dict[SectionKind, tuple[str, ...]] = {}
    wording: tuple[_Wording, ...] = ()
    columns: dict[str, tuple[str, ...]] = {}
    drop: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class _Kind(_Model):
    kind: ReportKind
    phrases: tuple[str, ...]


class _Heads(_Model):
    fields: dict[str, tuple[str, ...]]
    sexes: dict[str, tuple[str, ...]]
    kinds: tuple[_Kind, ...]


class _Content(_Model):
    content: dict[SectionKind, tuple[str, ...]]
    scales: tuple[tuple[str, ...], ...] = ()
    commands: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


def load_layouts(folder: Traversable | None = None) -> Layouts:
    """Read the generic rules and every laboratory's file.

    Args:
        folder: Where the files lie; the ones that we ship by default.

    Raises:
        DataFileError: A file is malformed; the message names file and field.
    """
    where = folder or files("app") / "data" / "labs"
    labs = sorted((p for p in where.iterdir() if p.name.endswith(".yaml") and p.name[0] != "_"), key=lambda p: p.name)
    heads = _read(where / HEADS, _Heads)
    content = _read(where / CONTENT, _Content)
    return Layouts(
        generic=_layout(where / GENERIC),
        labs=tuple(_layout(path) for path in labs),
        labels=Labels(
            fields=_inverted(heads.fields, HEADS, "fields"),
            sexes=_inverted(heads.sexes, HEADS, "sexes"),
            kinds=tuple((squeezed(phrase), entry.kind) for entry in heads.kinds for phrase in entry.phrases),
        ),
        content={k: tuple(_pattern(p, CONTENT, k.value) for p in v) for k, v in content.content.items()},
        scales=tuple(frozenset(squeezed(word) for word in scale) for scale in content.scales),
        references=tuple(_pattern(p, CONTENT, "references") for p in content.references),
        commands=tuple(_pattern(p, CONTENT, "commands") for p in content.commands),
    )


def _layout(path: Traversable) -> Layout:
    read = _read(path, _Lab)
    if path.name != GENERIC and not read.recognise:
        raise DataFileError(f"{path.name}, field recognise: at least one phrase must tell the laboratory.")
    return Layout(
        name=path.name.removesuffix(".yaml"),
        laboratory=read.laboratory,
        recognise=tuple(squeezed(phrase) for phrase in read.recognise),
        tests=tuple((squeezed(test.phrase), test.name, test.kind) for test in read.tests),
        headings=_inverted(read.headings, path.name, "headings"),
        wording=tuple((_pattern(w.pattern, path.name, "wording"), w.kind) for w in read.wording),
        columns=_inverted(read.columns, path.name, "columns"),
        drop=tuple(_pattern(p, path.name, "drop") for p in read.drop),
        inner=frozenset(squeezed(phrase) for phrase in read.inner),
        people=tuple(_pattern(p, path.name, "people") for p in read.people),
    )


K = TypeVar("K")


def _inverted(listed: dict[K, tuple[str, ...]], name: str, field: str) -> dict[str, K]:
    """Return squeezed phrase → key; a phrase may stand under one key only."""
    found: dict[str, K] = {}
    for key, phrases in listed.items():
        for phrase in phrases:
            tight = squeezed(phrase)
            if not tight:
                raise DataFileError(f"{name}, field {field}: {phrase!r} holds no letters.")
            if found.setdefault(tight, key) != key:
                raise DataFileError(f"{name}, field {field}: {phrase!r} stands under {found[tight]} and {key}.")
    return found


def _pattern(pattern: str, name: str, field: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.I | re.M)
    except re.error as error:
        raise DataFileError(f"{name}, field {field}: {pattern!r} is no pattern ({error}).") from error


def _read(path: Traversable, model: type[T]) -> T:
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name}: {error}") from error

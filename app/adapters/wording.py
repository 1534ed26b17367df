"""The wording, read from `app/data/wording` and checked at start-up."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.domain.guidance import Saying
from app.domain.mention import FactType
from app.domain.question import LayCancer, LayMarker, QuestionWords
from app.domain.statement import Trust
from app.errors import DataFileError
from app.stages.guidance.wordings import GlossaryTerm, Helpline, Template, Tongue, Wordings

LANGUAGES = ("en", "es")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Template(_Row):
    kind: Saying
    plain: str
    clinical: str = ""


class _Term(_Row):
    id: str
    term: str
    meaning: str
    names: tuple[str, ...] = ()


class _Rules(_Row):
    forbidden: tuple[str, ...]


class _Names(_Row):
    not_genes: frozenset[str]
    not_drugs: frozenset[str]


class _Cancer(_Row):
    name: str
    codes: tuple[str, ...]
    words: tuple[str, ...]


class _Marker(_Row):
    name: str
    type: FactType
    gene: str | None
    alteration: str
    result: str = "detected"
    words: tuple[str, ...]
    also: dict[str, str] = {}


class _Questions(_Row):
    cancers: tuple[_Cancer, ...]
    markers: tuple[_Marker, ...]
    changes: dict[str, tuple[str, ...]]
    usual_change: dict[str, str]
    intents: dict[str, tuple[str, ...]]
    refusals: dict[str, tuple[str, ...]]
    common: frozenset[str]
    not_markers: frozenset[str]


class _Helpline(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    country: str
    kind: str
    name: str
    contact: str
    hours: str = ""
    trust: Trust = Trust.UNVERIFIED


def load_wording(folder: Traversable | None = None, *, country: str = "") -> Wordings:
    """Read templates, headings, words, glossary and question words of every language.

    Args:
        folder: Where the files lie; the ones that we ship by default.
        country: ISO code of the country whose helplines come first, or "".

    Raises:
        DataFileError: A file is malformed; the message names file and field.
    """
    where = folder or files("app") / "data" / "wording"
    names = _read(where / "names.yaml", _Names)
    tongues = {code: _tongue(where / code, code) for code in LANGUAGES if (where / code / "sentences.yaml").is_file()}
    for code, tongue in tongues.items():
        _same_slots(tongues["en"], tongue, code)
    return Wordings(
        tongues=tongues,
        questions=_questions(where / "questions.yaml"),
        not_genes=names.not_genes,
        not_drugs=names.not_drugs,
        helplines=_helplines(where.joinpath("..", "statements", "helplines.yaml"), country),
        country=country,
    )


def _read(file: Traversable, shape: Any) -> Any:
    """Read a YAML file into a shape, or say which field of which file is wrong."""
    try:
        raw = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  (a safe loader, in C where built)
        return TypeAdapter(shape).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise DataFileError(f"{file.name}, field {place}: {first['msg']}.") from None
    except yaml.YAMLError as error:
        raise DataFileError(f"{file.name} is no valid YAML: {error}.") from None


def _tongue(folder: Traversable, code: str) -> Tongue:
    templates: dict[str, Template] = {}
    for name in ("sentences.yaml", "answers.yaml"):
        rows: dict[str, _Template] = _read(folder / name, dict[str, _Template])
        for identity, row in rows.items():
            if identity in templates:
                raise DataFileError(f"{code}/{name}, field {identity}: the id is used twice.")
            _check_slots(row, f"{code}/{name}, field {identity}")
            templates[identity] = Template(identity, row.kind, row.plain, row.clinical)
    words: dict[str, str] = _read(folder / "words.yaml", dict[str, str])
    terms: list[_Term] = _read(folder / "glossary.yaml", list[_Term])
    rules: _Rules = _read(folder / "rules.yaml", _Rules)
    for pattern in rules.forbidden:
        _compiled(pattern, f"{code}/rules.yaml, field forbidden")
    return Tongue(
        code=code,
        templates=templates,
        headings=_read(folder / "headings.yaml", dict[str, str]),
        words=words,
        diseases=_optional(folder / "diseases.yaml", dict[str, str]),
        disclaimer=words["disclaimer"],
        forbidden=rules.forbidden,
        texts=_texts(folder / "texts", code),
        glossary=tuple(GlossaryTerm(t.id, t.term, t.meaning, t.names) for t in terms),
    )


def _texts(folder: Traversable, code: str) -> dict[str, str]:
    """Read what the knowledge base says in another language, by the English text."""
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else ():
        told: dict[str, str] = _read(file, dict[str, str])
        twice = sorted(set(told) & set(texts))
        if twice:
            raise DataFileError(f"{code}/texts/{file.name}, field “{twice[0]}”: the text is translated twice.")
        texts |= told
    return texts


def _optional(file: Traversable, shape: Any) -> Any:
    return _read(file, shape) if file.is_file() else {}


def _check_slots(row: _Template, place: str) -> None:
    """Refuse a clinical wording that needs a slot which the plain one's maker may not fill."""
    try:
        row.plain.format_map(_AnySlot())
        row.clinical.format_map(_AnySlot())
    except (ValueError, IndexError) as error:
        raise DataFileError(f"{place}: the braces do not match ({error}).") from None


class _AnySlot(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


SLOT = re.compile(r"\{(\w+)\}")


def _same_slots(english: Tongue, other: Tongue, code: str) -> None:
    """Refuse a language that lacks a template, heading or word of the English one, or that asks for other slots."""
    for identity, template in english.templates.items():
        theirs = other.templates.get(identity)
        if theirs is None:
            raise DataFileError(f"{code}: the sentence {identity} is missing.")
        allowed = set(SLOT.findall(template.text)) | set(SLOT.findall(template.clinical))
        # A name with its English article, {a_marker}, is also there without it.
        allowed |= {slot.removeprefix("a_") for slot in allowed} | {f"a_{slot}" for slot in allowed}
        extra = set(SLOT.findall(theirs.text)) - allowed
        if extra or theirs.kind is not template.kind:
            raise DataFileError(
                f"{code}: the sentence {identity} has another kind or the unknown slots {sorted(extra)}."
            )
    for what, mine, others in (("heading", english.headings, other.headings), ("word", english.words, other.words)):
        missing = sorted(set(mine) - set(others))
        if missing:
            raise DataFileError(f"{code}: the {what} {missing[0]} is missing.")


def _compiled(pattern: str, place: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise DataFileError(f"{place}: “{pattern}” is no valid pattern ({error}).") from None


def _questions(file: Traversable) -> QuestionWords:
    read: _Questions = _read(file, _Questions)
    for field, patterns in (*read.intents.items(), *read.refusals.items()):
        for pattern in patterns:
            _compiled(pattern, f"{file.name}, field {field}")
    return QuestionWords(
        cancers=tuple(LayCancer(c.name, c.words, c.codes) for c in read.cancers),
        markers=tuple(
            LayMarker(m.name, m.words, m.type, m.gene, m.alteration, m.result, (*m.also.items(),)) for m in read.markers
        ),
        changes=tuple(read.changes.items()),
        usual_change=tuple(read.usual_change.items()),
        intents=tuple(read.intents.items()),
        refusals=tuple(read.refusals.items()),
        common=read.common,
        not_markers=read.not_markers,
    )


def _helplines(file: Traversable, country: str) -> tuple[Helpline, ...]:
    """Read whom to call: the own country first, then as listed."""
    if not file.is_file():
        return ()
    rows: list[_Helpline] = _read(file, list[_Helpline])
    ordered = sorted(rows, key=lambda row: row.country != country)
    return tuple(Helpline(r.country, r.kind, r.name, r.contact, r.hours, r.trust) for r in ordered)

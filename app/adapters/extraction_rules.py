"""Loads the curated rules of extraction from `app/data`; a mistake in a file stops the start, naming file and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from app.biomarkers.rules import Entry, Rules
from app.errors import DataFileError

DATA = Path(__file__).resolve().parent.parent / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_rules(data: Path = DATA) -> Rules:
    """Load markers, signatures, events, genes and cues.

    Args:
        data: Folder that holds `biomarkers/` and `terms/`.

    Raises:
        DataFileError: A file is missing, is no YAML, or a field has another form than its neighbours.
    """
    genes = _mapping(data / "biomarkers" / "genes.yaml")
    entries = (
        *_markers(data / "biomarkers" / "markers.yaml"),
        *_signatures(data / "biomarkers" / "signatures.yaml"),
        *_events(data / "biomarkers" / "events.yaml"),
        *_cues(data / "terms" / "cues.yaml"),
        *(Entry(name, "gene", symbol, _short(name)) for name, symbol in _texts("genes.yaml", "names", genes).items()),
        *(Entry(name, "family", name, exact=True) for name in _section("genes.yaml", "families", genes)),
    )
    return Rules(
        entries=entries,
        guarded=frozenset(_list("genes.yaml", "guarded", genes)),
        words=frozenset(_list("genes.yaml", "words", genes)),
        families={k: tuple(v) for k, v in _section("genes.yaml", "families", genes).items()},
        fusion_genes=frozenset(_list("genes.yaml", "fusion_genes", genes)),
        mutation_or_fusion=frozenset(_list("genes.yaml", "mutation_or_fusion", genes)),
        five_prime={k: frozenset(v) for k, v in _section("genes.yaml", "fusions", genes).items()},
        translocations=_texts("genes.yaml", "translocations", genes),
        exons=_exons(genes),
        classes=_section("genes.yaml", "category_classes", genes),
        synonyms={(gene, change): today for gene, change, today in _list("genes.yaml", "synonyms", genes)},
        headings=tuple(_headings(data / "biomarkers" / "headings.yaml")),
        columns={name.casefold(): role for name, role in _texts("genes.yaml", "columns", genes).items()},
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except (OSError, yaml.YAMLError) as error:
        raise DataFileError(f"{path.name}: {error}") from error
    if not isinstance(loaded, dict):
        raise DataFileError(f"{path.name}: a mapping is expected at the top")
    return loaded


def _section(file: str, field: str, of: dict[str, Any]) -> dict[str, Any]:
    found = of.get(field)
    if not isinstance(found, dict):
        raise DataFileError(f"{file}: {field}: a mapping is expected")
    return found


def _texts(file: str, field: str, of: dict[str, Any]) -> dict[str, str]:
    found = _section(file, field, of)
    for name, value in found.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise DataFileError(f"{file}: {field}: {name}: text is expected")
    return found


def _list(file: str, field: str, of: dict[str, Any]) -> list[Any]:
    found = of.get(field)
    if not isinstance(found, list) or any(value is None or isinstance(value, bool) for value in found):
        raise DataFileError(f"{file}: {field}: a list of texts is expected (put no, yes, on and off in quotes)")
    return found


def _phrases(file: str, field: str, of: dict[str, Any]) -> Iterator[str]:
    for phrase in _list(file, field, of):
        if not isinstance(phrase, str):
            raise DataFileError(f"{file}: {field}: {phrase}: put it in quotes")
        yield phrase


def _short(name: str) -> bool:
    return len(name) <= 4


def _markers(path: Path) -> Iterator[Entry]:
    for marker, rule in _mapping(path).items():
        if not isinstance(rule, dict):
            raise DataFileError(f"{path.name}: {marker}: gene, names and exact are expected")
        gene = rule.get("gene") or ""
        for field in ("names", "exact"):
            for name in _phrases(path.name, field, rule):
                yield Entry(name, "marker", gene, field == "exact", str(marker))


def _signatures(path: Path) -> Iterator[Entry]:
    for name, rule in _mapping(path).items():
        for phrase in _phrases(path.name, "names", rule):
            yield Entry(phrase, "signature", name, len(phrase) <= 4)
        for call, phrases in _section(path.name, "calls", rule).items():
            for phrase in phrases:
                yield Entry(phrase, "signature", name, len(phrase) <= 3, str(call))


def _events(path: Path) -> Iterator[Entry]:
    for sort, meanings in _mapping(path).items():
        for means in meanings:
            for phrase in _phrases(path.name, means, meanings):
                yield Entry(phrase, sort, means, phrase.isupper() and len(phrase) <= 4)


def _cues(path: Path) -> Iterator[Entry]:
    cues = _mapping(path)
    for sort, groups in cues.items():
        nested = sort in {"negated", "affirmed", "unsure", "untested", "silent"}
        for group, by_language in groups.items() if nested else [("", groups)]:
            for language in by_language:
                for written in _phrases(path.name, language, by_language):
                    for phrase in _spread(written):
                        yield Entry(phrase, "cue", sort, sort == "verb", str(group))


_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")


def _spread(phrase: str) -> Iterator[str]:
    """Yield a phrase once for each choice of its brackets: "no [fue|fueron] vist[o|a]"."""
    found = _CHOICE.search(phrase)
    if found is None:
        yield " ".join(phrase.split())
        return
    for choice in found[1].split("|"):
        yield from _spread(phrase[: found.start()] + choice + phrase[found.end() :])


_SAYS = {"silent", "historical", "classification", "origin", "result", "reason", "assay"}


def _headings(path: Path) -> Iterator[tuple[str, dict[str, str | bool]]]:
    for at, rule in enumerate(_list(path.name, "headings", _mapping(path)), start=1):
        says, patterns = rule.get("says"), rule.get("patterns")
        if not isinstance(says, dict) or not says.keys() <= _SAYS or not patterns:
            raise DataFileError(
                f"{path.name}: headings: rule {at}: says (some of {', '.join(sorted(_SAYS))}) and patterns"
            )
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise DataFileError(f"{path.name}: headings: rule {at}: {pattern}: {error}") from error
            yield pattern, says


def _exons(genes: dict[str, Any]) -> dict[str, dict[int, tuple[int, int]]]:
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for gene, exons in _section("genes.yaml", "exons", genes).items():
        for exon, codons in exons.items():
            if not isinstance(exon, int) or len(codons) != 2 or codons[0] > codons[1]:
                raise DataFileError(f"genes.yaml: exons: {gene}: {exon}: first and last codon are expected")
            found.setdefault(gene, {})[exon] = (codons[0], codons[1])
    return found

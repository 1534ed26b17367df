"""Public source tables → the derived tables in `app/data/statements/machine`.

Only rows that say something whole are taken: a direction, a disease that we know, an alteration that we can read.
PMKB's rows give no direction and oncoref's targets name no marker, so neither becomes a statement. Nothing becomes an
approval: tables of this kind have wrong and missing ones.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from app.adapters.knowledge_alterations import Way, read
from app.adapters.knowledge_compiler import ROOT
from app.domain.statement import Change, Condition, Direction, Frequency, Level, Source, Statement, Trust
from app.domain.term import Vocabulary

DIRECTIONS: dict[str, Direction] = {
    "sensitivity": Direction.SENSITIVE,
    "resistance": Direction.RESISTANT,
    "reduced_sensitivity": Direction.RESISTANT,
    "no_sensitivity": Direction.NO_EFFECT,
    "prognosis_better": Direction.FAVORABLE,
    "prognosis_poor": Direction.ADVERSE,
    "diagnostic_positive": Direction.DIAGNOSTIC,
    "diagnostic_negative": Direction.DIAGNOSTIC_NEGATIVE,
    "diagnostic_defining": Direction.DIAGNOSTIC,
    "predisposition": Direction.PREDISPOSING,
}
CGI_LEVELS = {
    "FDA guidelines": Level.GUIDELINE,
    "NCCN guidelines": Level.GUIDELINE,
    "NCCN/CAP guidelines": Level.GUIDELINE,
    "European LeukemiaNet guidelines": Level.GUIDELINE,
    "Late trials": Level.CLINICAL,
    "Clinical trials": Level.CLINICAL,
    "Early trials": Level.CLINICAL,
    "Case report": Level.CASE,
}
TABLES = {"CIViC": "civic", "CGI-2017": "cgi", "oncoref": "oncoref"}


class Import:
    """One run over the source tables; what is left out is counted by reason."""

    def __init__(self, folder: Path, mapping: Path, vocabulary: Vocabulary) -> None:
        """Name the folder of the tables, the file that maps disease names, and the terms."""
        self._folder = folder
        self._vocabulary = vocabulary
        told = yaml.safe_load(mapping.read_text(encoding="utf-8"))
        self._diseases: dict[str, str] = told["diseases"]
        self._implied: dict[str, list[dict[str, str]]] = told["implied"]
        self._cancers: dict[str, str] = told["cancers"]
        self._generic = {
            name.lower(): drug.generic
            for drug in vocabulary.drugs.values()
            for name in (*drug.synonyms, *drug.brands, drug.generic)
        }
        self.left_out: Counter[str] = Counter()

    def write(self, target: Path) -> None:
        """Write statements, frequencies and sources as tables into the folder."""
        merged = _merged(self._statements())
        often = {row.id: row for row in self._frequencies()}
        cited = {source for row in merged for source in row.sources}
        cited |= {source for row in often.values() for source in row.sources}
        _write(target / "statements.tsv", merged)
        _write(target / "frequencies.tsv", sorted(often.values(), key=lambda row: row.id))
        _write(target / "sources.tsv", [_source(identity) for identity in sorted(cited)])

    def _rows(self, table: str) -> Iterator[dict[str, str]]:
        with (self._folder / table).open(encoding="utf-8", newline="") as handle:
            yield from csv.DictReader(handle, delimiter="\t")

    def _statements(self) -> Iterator[Statement]:
        for row in self._rows("statements.tsv"):
            table = TABLES.get(row["source"])
            direction = DIRECTIONS.get(row["direction"])
            if table is None or direction is None:
                self.left_out[f"{row['source']}: {row['direction']}"] += 1
                continue
            level = _level(row)
            if level is Level.PRECLINICAL:
                self.left_out[f"{row['source']}: cells, animals or inference only"] += 1
                continue
            disease = self._disease(row)
            ways = self._ways(row)
            if not disease or not ways:
                self.left_out[f"{row['source']}: {'alteration' if disease else 'disease'} not understood"] += 1
                continue
            yield from self._said(row, table, direction, level, disease, ways)

    def _said(
        self, row: dict[str, str], table: str, direction: Direction, level: Level, disease: str, ways: tuple[Way, ...]
    ) -> Iterator[Statement]:
        drugs = self._drugs(row["therapy"])
        if direction in {Direction.SENSITIVE, Direction.RESISTANT} and not drugs:
            self.left_out[f"{row['source']}: no therapy"] += 1
            return
        implied = tuple(
            Condition(c["gene"], Change(c["change"]), c["detail"]) for c in self._implied.get(row["disease"], ())
        )
        if any(drug not in self._vocabulary.drugs for together in drugs for drug in together):
            self.left_out[f"{row['source']}: names a class or a drug that the table of drugs lacks"] += 1
            return
        identity = _identity(table, row)
        paper = re.fullmatch(r"PMID:(\d+)", row["citation"])
        sources = (*((f"pmid:{paper[1]}",) if paper else ()), _cited(table, row))
        for number, way in enumerate(ways, start=1):
            for alternative, together in enumerate(drugs or ((),), start=1):
                suffix = f".{number}" if len(ways) > 1 else ""
                suffix += f".d{alternative}" if len(drugs) > 1 else ""
                inherited = "germline" if direction is Direction.PREDISPOSING else ""
                whole = (*way, *(condition for condition in implied if condition not in way))
                held = tuple(replace(condition, origin=inherited) for condition in whole)
                yield Statement(
                    f"{identity}{suffix}",
                    held,
                    disease,
                    direction,
                    level,
                    together,
                    sources=sources,
                    date=row["date"],
                    trust=Trust.MACHINE,
                )

    def _ways(self, row: dict[str, str]) -> tuple[Way, ...]:
        gene = row["gene"].replace(";", "::") if row["source"] == "oncoref" else row["gene"]
        alteration = "Fusion" if row["source"] == "oncoref" else row["alteration"]
        ways = read(gene, alteration)
        known = self._vocabulary.genes
        fits = all(g is None or g in known for way in ways for c in way for g in (*c.genes, _partner(c)))
        return ways if fits else ()

    def _disease(self, row: dict[str, str]) -> str:
        named = self._diseases.get(row["disease"], "")
        code = named or self._diseases.get(row["oncotree"], row["oncotree"])
        return code if code in self._vocabulary.diseases else ""

    def _drugs(self, text: str) -> tuple[tuple[str, ...], ...]:
        """Return the therapies: " + " and ";" join drugs given together, " | " separates alternatives."""
        if not text or ">" in text:
            return ()
        together = []
        for alternative in text.split(" | "):
            parts = [part.strip() for part in re.split(r" \+ |;", alternative) if part.strip()]
            together.append(tuple(self._generic.get(part.lower(), part.lower()) for part in parts))
        return tuple(dict.fromkeys(together))

    def _frequencies(self) -> Iterator[Frequency]:
        for row in self._rows("typicality.tsv"):
            number = re.fullmatch(r"~?(\d+(?:\.\d+)?)%?", row["frequency_pct"])
            disease = self._cancers.get(row["cancer"], "")
            paper = re.fullmatch(r"PMID:(\d+)", row["citation"])
            genes = row["gene"].split("::")
            known = all(gene in self._vocabulary.genes for gene in genes)
            if not (number and disease in self._vocabulary.diseases and paper and known):
                self.left_out["frequency: number, cancer, paper or gene not understood"] += 1
                continue
            condition = (
                Condition(genes[1], Change.FUSION, genes[0])
                if len(genes) == 2
                else Condition(genes[0], Change.MUTATION)
            )
            slug = "-".join(genes).lower()
            yield Frequency(
                f"oncoref:often-{slug}-{disease.lower()}",
                condition,
                disease,
                float(number[1]),
                100.0,
                (f"pmid:{paper[1]}", "oncoref:1.20"),
                Trust.MACHINE,
            )


def derive(tables: Path, target: Path = ROOT / "machine") -> Counter[str]:
    """Write the derived tables anew and return how many rows were left out, by reason."""
    from app.adapters.terms import load_vocabulary

    run = Import(tables, target / "mapping.yaml", load_vocabulary())
    run.write(target)
    return run.left_out


def _partner(condition: Condition) -> str | None:
    return condition.detail if condition.change is Change.FUSION and condition.detail else None


def _level(row: dict[str, str]) -> Level:
    """Map a table's level onto our scale; docs/knowledge.md has the table."""
    word = row["evidence_level"]
    civic = re.fullmatch(r"CIViC ([A-E])(?: \((\d) stars\))?", word)
    if civic:
        sure = int(civic[2] or 0) >= 3
        return {
            "A": Level.GUIDELINE if sure else Level.CLINICAL,
            "B": Level.CLINICAL if sure else Level.CASE,
            "C": Level.CASE,
        }.get(civic[1], Level.PRECLINICAL)
    if word.startswith("CGI "):
        return CGI_LEVELS.get(word.removeprefix("CGI ").split(",")[0], Level.PRECLINICAL)
    return Level.CLINICAL if word.startswith("oncoref high") else Level.CASE


def _identity(table: str, row: dict[str, str]) -> str:
    if table == "civic":
        return f"civic:{row['source_id']}"
    told = "\t".join(row[k] for k in ("gene", "alteration", "disease", "direction", "therapy", "citation"))
    return f"{table}:{hashlib.sha256(told.encode()).hexdigest()[:10]}"


def _cited(table: str, row: dict[str, str]) -> str:
    return {"civic": f"civic:{row['source_id']}", "cgi": "cgi:2017", "oncoref": "oncoref:1.20"}[table]


def _source(identity: str) -> Source:
    """Return what can be cited under an id of a derived row."""
    scheme, _, number = identity.partition(":")
    match scheme:
        case "pmid":
            url = f"https://pubmed.ncbi.nlm.nih.gov/{number}/"
            return Source(identity, f"Article, PubMed {number}", url, "", "facts only", "article", Trust.MACHINE)
        case "civic":
            url = f"https://civicdb.org/evidence/{number.removeprefix('EID')}/summary"
            title = f"CIViC evidence item {number.removeprefix('EID')}"
            return Source(identity, title, url, "2026-04-25", "CC0-1.0", "database", Trust.MACHINE)
        case "cgi":
            title = "Cancer Genome Interpreter, biomarkers database 2017"
            url = "https://www.cancergenomeinterpreter.org/biomarkers"
            return Source(identity, title, url, "2017", "CC0-1.0", "database", Trust.MACHINE)
    url = "https://github.com/pirl-unc/oncoref"
    return Source(identity, "oncoref 1.20", url, "2026-10", "Apache-2.0", "database", Trust.MACHINE)


def _merged(rows: Iterable[Statement]) -> list[Statement]:
    """Join rows that say the same; the sources add up. Rows that contradict each other are both kept."""
    kept: dict[tuple[object, ...], Statement] = {}
    for row in rows:
        key = (frozenset(row.conditions), row.disease, row.direction, row.level, frozenset(row.therapies))
        first = kept.get(key)
        kept[key] = replace(first, sources=tuple(dict.fromkeys((*first.sources, *row.sources)))) if first else row
    return sorted(kept.values(), key=lambda row: row.id)


def _write(path: Path, rows: Iterable[Statement | Frequency | Source]) -> None:
    """Write rows as a table with the field names on top; lists and conditions as JSON."""
    told = [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in rows]
    columns = list(told[0]) if told else []
    used = [column for column in columns if any(row[column] not in ("", ()) for row in told)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter="\t", lineterminator="\n")
        writer.writerow(used)
        for row in told:
            writer.writerow([_cell(row[column]) for column in used])


def _cell(value: object) -> str:
    if isinstance(value, Condition):
        return json.dumps(_condition(value), ensure_ascii=False)
    if isinstance(value, tuple):
        if value and isinstance(value[0], Condition):
            return json.dumps([_condition(condition) for condition in value], ensure_ascii=False)
        return json.dumps(list(value), ensure_ascii=False) if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _condition(condition: Condition) -> dict[str, object]:
    told = {name: getattr(condition, name) for name in Condition.__dataclass_fields__}
    return {name: value for name, value in told.items() if value not in ("", (), False, None)}

"""Use case: score the pipeline on a folder of gold cases, by type of fact and by the way the report came to us.

A case is a folder with a `gold.json` and the report's files beside it. `gold.json` holds `expected` (facts that must be
found), `not_expected` (patterns that no output may match), `traps` (genes that must not be called positive) and, where
known, `medium` (native, scan, photo) and `layout`. Facts are compared by type, gene, change, polarity and time;
diagnoses, stages, treatments and laboratory facts by their words. A fact with `optional` is neither rewarded nor
punished; `accept` lists other right forms of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import UsageError

Fact = Mapping[str, Any]
Analyse = Callable[[list[Path]], Mapping[str, Any]]

_WORDED = frozenset({"histology", "stage", "treatment", "lab"})
_POSITIVE = frozenset(
    {
        "detected",
        "positive",
        "present",
        "high",
        "msi_h",
        "dmmr",
        "mutated",
        "methylated",
        "low_positive",
        "aberrant",
        "intact",
        "retained",
    }
)
_NEGATIVE = frozenset(
    {
        "not_detected",
        "negative",
        "absent",
        "low",
        "mss",
        "pmmr",
        "unmutated",
        "unmethylated",
        "lost",
        "wild_type_pattern",
    }
)
_UNSURE = frozenset({"indeterminate", "equivocal"})
_ONE_EVENT = (frozenset({"cnv", "ish", "cytogenetics"}), frozenset({"fusion", "ish", "cytogenetics"}))
"""FISH, copy number and karyotype say one event in several ways."""
_NORMAL = re.compile(r"normal\b|46,\s?X[XY]\s?(?:\[\d+\])?$", re.IGNORECASE)
"""A normal karyotype, which some call detected and some negative."""
_EVENT = re.compile(r"(?:t|inv|del)\s?\([^)]*\)|trisomy \d+|\+\d+")
_DONE = frozenset({"given", "completed", "stopped", "ongoing"})
_CATEGORIES = (
    ("amplification", r"amplif"), ("gain", r"gain|trisom|\+\d"), ("loss", r"loss|delet|del\(|monosom"),
    ("itd", r"\bitd\b|tandem"), ("exon 19 deletion", r"exon 19 del"), ("exon 20 insertion", r"exon 20 ins"),
    ("exon 14 skipping", r"exon 14"), ("promoter", r"promoter"), ("fusion", r"fusion|rearr|t\(|inv\("),
    ("tkd", r"\btkd\b"),
)  # fmt: skip


@dataclass(slots=True)
class Count:
    """Facts found, said too much, and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 1 where nothing was said."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 1 where nothing is there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed


@dataclass(slots=True)
class Scores:
    """The result of an evaluation.

    Attributes:
        cases: Number of cases.
        by_medium: Counts by medium and type of fact.
        wrong_positives: Facts called positive that the gold does not hold, with their case.
        forbidden: Outputs that a case forbids, with their case.
        notes: What was missed and what was too much, a line each.
        failed: Cases that gave no analysis, with the reason.
    """

    cases: int = 0
    by_medium: dict[str, dict[str, Count]] = field(default_factory=dict)
    wrong_positives: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def total(self, medium: str, kinds: Sequence[str] | None = None) -> Count:
        """Return the sum over types in one medium."""
        whole = Count()
        for kind, count in self.by_medium.get(medium, {}).items():
            if kinds is None or kind in kinds:
                whole.add(count)
        return whole

    def json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        media = {
            medium: {
                kind: {"p": c.precision, "r": c.recall, "f1": c.f1, "tp": c.right, "fp": c.extra, "fn": c.missed}
                for kind, c in kinds.items()
            }
            for medium, kinds in self.by_medium.items()
        }
        return {
            "cases": self.cases,
            "by_medium": media,
            "wrong_positives": self.wrong_positives,
            "forbidden": self.forbidden,
            "failed": self.failed,
        }

    def text(self, *, notes: int = 0) -> str:
        """Return a table for the terminal, media apart, then the worst errors and so many lines of notes."""
        lines = [f"{self.cases} cases"]
        for medium in sorted(self.by_medium, key=lambda m: (_MEDIA.index(m) if m in _MEDIA else len(_MEDIA), m)):
            head = f"{medium:<14}{'precision':>10}{'recall':>9}{'F1':>8}{'found':>8}{'extra':>7}{'missed':>8}"
            rows = {**dict(sorted(self.by_medium[medium].items())), "all": self.total(medium)}
            lines += ["", head, *(_row(kind, count) for kind, count in rows.items())]
        lines += ["", f"wrong positives {len(self.wrong_positives)}, forbidden outputs {len(self.forbidden)}"]
        lines += [f"  {line}" for line in (*self.wrong_positives, *self.forbidden)]
        if self.failed:
            lines += [f"no analysis for {len(self.failed)} cases:", *(f"  {line}" for line in self.failed)]
        return "\n".join([*lines, *self.notes[:notes]])


_MEDIA = ("native", "scan", "photo")


def _row(kind: str, c: Count) -> str:
    return f"{kind:<14}{c.precision:>10.3f}{c.recall:>9.3f}{c.f1:>8.3f}{c.right:>8}{c.extra:>7}{c.missed:>8}"


def evaluate(folder: Path, analyse: Analyse, *, on_case: Callable[[str], None] = lambda _: None) -> Scores:
    """Score every case of a folder.

    Args:
        folder: Holds one folder a case.
        analyse: Reads a case's files and returns its analysis (contract `caseguide.analysis/1`).
        on_case: Called with the name of each case before it is read.

    Raises:
        UsageError: The folder holds no case.
    """
    golds = sorted(folder.glob("*/gold.json"))
    if not golds:
        raise UsageError(f"{folder} holds no cases: each needs a folder of its own with a gold.json.")
    scores = Scores()
    for path in golds:
        case = path.parent
        on_case(case.name)
        gold = json.loads(path.read_text(encoding="utf-8"))
        files = sorted(f for f in case.iterdir() if f.is_file() and f.suffix.lower() not in (".json", ".md"))
        scores.cases += 1
        try:
            said = list(facts_of(analyse(files)))
        except Exception as error:  # a case that breaks the reader must not hide the score of the others
            scores.failed.append(f"{case.name}: {type(error).__name__}")
            said = []
        _score(case.name, gold, said, gold.get("medium") or _medium_of(files), scores)
    return scores


def _medium_of(files: Sequence[Path]) -> str:
    images = {".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff"}
    return "photo" if any(f.suffix.lower() in images for f in files) else "native"


def facts_of(analysis: Mapping[str, Any]) -> Iterator[Fact]:
    """Return what an analysis says as one list of facts."""
    profile = analysis["profile"]
    yield from profile.get("findings", ())
    for diagnosis in profile.get("diagnoses", ()):
        told = {"text": diagnosis.get("text"), "code": diagnosis.get("oncotree"), "grade": diagnosis.get("grade")}
        past = {"temporality": "historical"} if diagnosis.get("temporality") == "historical" else {}
        yield {"type": "histology", "alteration": diagnosis.get("name") or "", "result": "present", **told, **past}
    for stage in profile.get("stages", ()):
        tnm = " ".join(str(stage[key]) for key in "tnm" if stage.get(key))
        if tnm:
            yield {"type": "stage", "alteration": tnm, "result": "stated", "system": "TNM"}
        if stage.get("value"):
            yield {"type": "stage", "alteration": stage["value"], "result": "stated", "system": stage.get("system")}
    for treatment in profile.get("treatments", ()):
        yield {**treatment, "type": "treatment", "alteration": treatment.get("name")}


def _score(case: str, gold: Mapping[str, Any], said: list[Fact], medium: str, scores: Scores) -> None:
    expected = [fact for fact in gold.get("expected", ()) if fact.get("experiencer") != "family"]
    needed = [fact for fact in expected if not fact.get("optional")]
    spare = [fact for fact in expected if fact.get("optional")]
    counts = scores.by_medium.setdefault(medium, {})
    left = list(said)
    for fact in needed:
        count = counts.setdefault(fact["type"], Count())
        found = _take(fact, left)
        if found:
            count.right += 1
        else:
            count.missed += 1
            scores.notes.append(f"{case}: missed {brief(fact)}")
    for fact in spare:
        _take(fact, left)
    asked = {fact["type"] for fact in needed}
    for extra in left:
        worded = extra["type"] in _WORDED
        if any(same(fact, extra) for fact in expected) or (worded and extra["type"] not in asked):
            continue
        counts.setdefault(extra["type"], Count()).extra += 1
        scores.notes.append(f"{case}: extra  {brief(extra)}")
        if not worded and _polarity(extra) == "positive" and not _is_past(extra) and not _half_right(expected, extra):
            scores.wrong_positives.append(f"{case}: {brief(extra)}")
    for fact in said:
        if any(_matches(pattern, fact) for pattern in gold.get("not_expected", ())) or _is_trap(gold, fact):
            scores.forbidden.append(f"{case}: {brief(fact)}")


def _take(fact: Fact, left: list[Fact]) -> bool:
    """Take the output that says a fact out of the list; tell whether there is one."""
    forms = [fact, *({**fact, **other} for other in fact.get("accept", ()))]
    found = next((said for form in forms for said in left if same(form, said)), None)
    if found is not None:
        left.remove(found)
    return found is not None


def same(gold: Fact, said: Fact) -> bool:
    """Tell whether an output says a fact."""
    kinds = {gold["type"], said["type"]}
    if gold["type"] in _WORDED or said["type"] in _WORDED:
        return len(kinds) == 1 and _same_words(gold, said)
    if len(kinds) > 1 and not any(kinds <= group for group in _ONE_EVENT):
        return False
    if _is_past(gold) != _is_past(said) or _polarity(gold) != _polarity(said):
        return False
    if _genes(gold) != _genes(said) and not (kinds & {"cytogenetics", "ish"} and not (_genes(gold) and _genes(said))):
        return False
    if gold["type"] == "signature":
        return _squeezed(gold.get("alteration")) == _squeezed(said.get("alteration"))
    if gold["type"] in ("variant", "cnv") and _polarity(gold) == "positive":
        return bool(_changes(gold) & _changes(said))
    if "cytogenetics" in kinds and _polarity(gold) != "normal":
        return bool(_changes(gold) & _changes(said))
    return (
        gold["type"] != "ihc"
        or bool(gold.get("gene"))
        or _squeezed(gold.get("marker")) == _squeezed(said.get("marker"))
    )


def _same_words(gold: Fact, said: Fact) -> bool:
    if gold["type"] == "stage":
        return _squeezed(gold["alteration"]) == _squeezed(said["alteration"])
    if gold["type"] == "histology" and gold.get("code") and gold["code"] == said.get("code"):
        return True
    wanted = _words(gold.get("alteration"))
    told = max((_words(said.get(key)) for key in ("alteration", "text")), key=lambda words: len(wanted & words))
    if len(wanted & told) < 0.6 * max(1, min(len(wanted), len(told))):
        return False
    if gold["type"] == "treatment":
        results = {str(gold.get("result")), str(said.get("result"))}
        return len(results) == 1 or ("given" in results and results <= _DONE)
    if gold["type"] == "lab":
        return _number(gold.get("result")) == _number(said.get("result"))
    return True


def _words(name: object) -> set[str]:
    return set(re.findall(r"[a-z0-9.+]+", str(name or "").lower())) - {"of", "the", "with", "and", "nos"}


def _squeezed(name: object) -> str:
    return re.sub(r"\W", "", str(name or "").lower())


def _number(value: object) -> str:
    text = str(value or "").strip().rstrip("%").lower().replace("_", " ")
    return f"{float(text):g}" if re.fullmatch(r"\d+(?:\.\d+)?", text) else text


def _is_past(fact: Fact) -> bool:
    return fact.get("temporality") == "historical"


def _polarity(fact: Fact) -> str:
    if fact.get("type") == "cytogenetics" and _NORMAL.match(str(fact.get("alteration") or "")):
        return "normal"
    result = str(fact.get("result") or "").lower().replace("-", "_").replace(" ", "_")
    if result == "mss" or result in _NEGATIVE:
        return "negative"
    if result in _POSITIVE:
        return "positive"
    if result in _UNSURE:
        return "unsure"
    return result


def _genes(fact: Fact) -> frozenset[str]:
    return frozenset(part for part in str(fact.get("gene") or "").upper().split("::") if part)


def _changes(fact: Fact) -> set[str]:
    """Return comparable names of a change: its HGVS forms, categories, chromosome events."""
    found: set[str] = set()
    for key in ("alteration", "c", "p", "alias", "category"):
        text = str(fact.get(key) or "").lower()
        if text:
            found.add(re.sub(r"fs\*?\d*", "fs", re.sub(r"^p\.", "", text)).replace("(", "").replace(")", ""))
            found |= {name for name, pattern in _CATEGORIES if re.search(pattern, text)}
            found |= {
                re.sub(r"\s", "", event) for event in re.findall(r"(?:t|inv|del)\s?\([^)]*\)|trisomy \d+|\+\d+", text)
            }
    return found


def _half_right(expected: Sequence[Fact], said: Fact) -> bool:
    """Tell whether the gold says as much of this gene in another form: a repeat is clumsy, but no wrong positive."""
    return any(
        _polarity(fact) in ("positive", "reported") and not _is_past(fact) and _genes(fact) & _genes(said)
        and (fact["type"] != said["type"] or said.get("alteration") == "any mutation"
             or _changes(fact) & _changes(said))
        for fact in expected
    )  # fmt: skip


def _is_trap(gold: Mapping[str, Any], said: Fact) -> bool:
    genes = _genes(said)
    return said["type"] not in _WORDED and _polarity(said) == "positive" and bool(genes & set(gold.get("traps", ())))


def _matches(pattern: Mapping[str, Any], said: Fact) -> bool:
    for key, value in pattern.items():
        told = said.get(key)
        if key == "gene" and not _genes({"gene": value}) & _genes(said):
            return False
        if key == "result" and _polarity({"result": value}) != _polarity(said):
            return False
        if (
            key == "alteration"
            and _squeezed(value) != _squeezed(told)
            and not ({_squeezed(value)} & {_squeezed(c) for c in _changes(said)})
        ):
            return False
        if key not in ("gene", "result", "alteration") and told != value:
            return False
    return True


def brief(fact: Fact) -> str:
    """Return a fact in a few words."""
    gene = f"{fact['gene']} " if fact.get("gene") else ""
    return f"{fact['type']} {gene}{fact.get('alteration') or fact.get('marker') or ''} -> {fact.get('result')}"

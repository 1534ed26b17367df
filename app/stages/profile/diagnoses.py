"""Histologies read in any document → the person's diagnoses, each once under its most specific name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.finding import Finding
from app.domain.mention import FactType, Reading
from app.domain.profile import Diagnosis
from app.domain.term import Vocabulary

_ABSENT = frozenset({"absent", "not_detected", "negative", "not_present", "excluded", "not_evaluated"})
_SPREAD = re.compile(
    r"\b(?:metastatic|metastases|metastasis|metastasi[sz]ed|recurrent|relapsed|refractory|residual|primary|stage \w+"
    r"|grade \w+|invasive|infiltrating|advanced|newly diagnosed|poorly|moderately|well|differentiated|high[- ]grade"
    r"|low[- ]grade|of the|consistent with|c/w|compatible with|known|history of|focal|multifocal)\b",
    re.I,
)
_GENERAL = (
    "adenocarcinoma",
    "squamous",
    "neuroendocrine",
    "small cell",
    "carcinoma",
    "lymphoma",
    "leukemia",
    "sarcoma",
    "melanoma",
    "glioma",
)
_UNSPECIFIC = frozenset(
    {
        "ADNOS",
        "SCCNOS",
        "NETNOS",
        "NECNOS",
        "PDC",
        "CUP",
        "CUPNOS",
        "SCUP",
        "UDMN",
        "ACN",
        "SARCNOS",
        "GNOS",
        "MT",
        "MLYM",
    }
)


class Names:
    """The vocabulary's diseases by every name, in lower case."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Index the names; an OncoTree type comes before a group of the same name."""
        self._vocabulary = vocabulary
        self._codes: dict[str, str] = {}
        for disease in sorted(vocabulary.diseases.values(), key=lambda d: bool(d.members)):
            for name in (disease.name, *disease.synonyms):
                self._codes.setdefault(_plain(name), disease.code)

    def code(self, text: str) -> str:
        """Return the code of the longest name that the text holds, or ""."""
        for form in (text, _SPREAD.sub(" ", text)):
            words = _plain(form).split()
            for length in range(min(len(words), 10), 0, -1):
                for start in range(len(words) - length + 1):
                    found = self._codes.get(" ".join(words[start : start + length]))
                    if found and (length > 1 or len(words[start]) > 3 or words[start].upper() in form):
                        return found
        return ""

    def oncotree(self, code: str) -> str:
        """Return an OncoTree code: the code itself, for a group the nearest type above all its members, or ""."""
        disease = self._vocabulary.diseases.get(code)
        if disease is None or not disease.members:
            return code if disease else ""
        chains = [self.chain(member) for member in disease.members]
        common = next((c for c in chains[0] if all(c in chain for chain in chains)), "")
        return "" if common in ("", "TISSUE") else common

    def chain(self, code: str) -> tuple[str, ...]:
        """Return the code and its ancestors, without groups."""
        return tuple(c for c in self._vocabulary.ancestors(code) if not self._vocabulary.diseases[c].members)

    def named(self, code: str) -> tuple[str, str]:
        """Return preferred name and NCIt code of a type."""
        disease = self._vocabulary.diseases.get(code)
        return (disease.name, disease.ncit) if disease else ("", "")


def diagnoses_of(findings: Sequence[Finding], names: Names) -> tuple[tuple[Diagnosis, ...], dict[str, str]]:
    """Merge histologies into diagnoses.

    Returns:
        The diagnoses, current ones first, and for each of their texts and codes the id of the diagnosis that holds it.
    """
    merged: list[Diagnosis] = []
    for finding in findings:
        reading = finding.reading
        if reading.type is not FactType.HISTOLOGY or reading.experiencer == "family" or reading.result in _ABSENT:
            continue
        new = _diagnosis(finding, names)
        at = next((n for n, old in enumerate(merged) if _one(old, new, names)), None)
        if at is None:
            merged.append(new)
        else:
            merged[at] = _joined(merged[at], new, names)
    merged = _without_repeats(_again(merged, names), names)
    merged.sort(key=lambda d: d.temporality != "current")
    numbered = tuple(replace(d, id=f"d{n}") for n, d in enumerate(merged, start=1))
    keys = {key.lower(): d.id for d in reversed(numbered) for key in (d.text, d.name, d.oncotree) if key}
    return numbered, keys


def _diagnosis(finding: Finding, names: Names) -> Diagnosis:
    reading: Reading = finding.reading
    code = names.oncotree(reading.code or names.code(reading.alteration))
    name, ncit = names.named(code)
    return Diagnosis(
        id="",
        text=reading.alteration,
        name=name or reading.alteration,
        oncotree=code,
        ncit=ncit,
        temporality="historical" if reading.temporality == "historical" else "current",
        grade=reading.grade or "",
        certainty=reading.certainty or "",
        evidence=finding.evidence,
    )


def _again(merged: list[Diagnosis], names: Names) -> list[Diagnosis]:
    """Merge once more: a specific name read late can join two general ones read before it."""
    kept: list[Diagnosis] = []
    for diagnosis in merged:
        at = next((n for n, old in enumerate(kept) if _one(old, diagnosis, names)), None)
        if at is None:
            kept.append(diagnosis)
        else:
            kept[at] = _joined(kept[at], diagnosis, names)
    return kept


def _without_repeats(merged: list[Diagnosis], names: Names) -> list[Diagnosis]:
    """Join an earlier mention of a disease that is still the current one to it: no second disease."""
    kept = [d for d in merged if d.temporality == "current"]
    for past in (d for d in merged if d.temporality != "current"):
        at = next((n for n, d in enumerate(kept) if _one(d, replace(past, temporality=d.temporality), names)), None)
        if at is None:
            kept.append(past)
        else:
            kept[at] = replace(kept[at], evidence=tuple(dict.fromkeys((*kept[at].evidence, *past.evidence))))
    return kept


def _one(old: Diagnosis, new: Diagnosis, names: Names) -> bool:
    """Tell whether two diagnoses are one, said more and less exactly."""
    if old.temporality != new.temporality:
        return False
    if old.oncotree and new.oncotree:
        if old.oncotree == new.oncotree:
            return True
        if old.oncotree in names.chain(new.oncotree) or new.oncotree in names.chain(old.oncotree):
            return True
        return _covers(old, new) or _covers(new, old)
    first, second = _plain(old.text), _plain(new.text)
    if first == second or f" {first} " in f" {second} " or f" {second} " in f" {first} ":
        return True
    coded, bare = (old, new) if old.oncotree else (new, old)
    words, wanted = (
        (_bag(f"{coded.name} {coded.text}"), _bag(bare.text)) if coded.oncotree else (_bag(old.text), _bag(new.text))
    )
    return bool(wanted) and (wanted <= words if coded.oncotree else wanted == words)


def _bag(text: str) -> frozenset[str]:
    """Return the words of a histology, without those of grade and spread; "cancer" and "carcinoma" are one word."""
    words = _plain(_SPREAD.sub(" ", text)).replace("carcinoma", "cancer").split()
    return frozenset(words) - {"of", "the", "and", "with", "in", "to"}


def _covers(general: Diagnosis, specific: Diagnosis) -> bool:
    """Tell whether an unspecific histology ("adenocarcinoma") is the specific one's, said without its site."""
    if general.oncotree not in _UNSPECIFIC or specific.oncotree in _UNSPECIFIC:
        return False
    wanted = [word for word in _GENERAL if word in general.name.lower()] or ["carcinoma"]
    told = f"{specific.name} {specific.text}".lower()
    cancer = "cancer" in told and wanted[0] in ("adenocarcinoma", "carcinoma")
    return general.oncotree in ("CUP", "CUPNOS", "MT", "UDMN", "PDC") or wanted[0] in told or cancer


def _joined(old: Diagnosis, new: Diagnosis, names: Names) -> Diagnosis:
    better, other = (new, old) if _depth(new, names) > _depth(old, names) else (old, new)
    return replace(
        better,
        grade=better.grade or other.grade,
        certainty=old.certainty if old.certainty == new.certainty else "",
        evidence=tuple(dict.fromkeys((*old.evidence, *new.evidence))),
    )


def _depth(diagnosis: Diagnosis, names: Names) -> int:
    if not diagnosis.oncotree:
        return 0
    return 1 if diagnosis.oncotree in _UNSPECIFIC else 1 + len(names.chain(diagnosis.oncotree))


def _plain(text: str) -> str:
    return " ".join(
        re.findall(
            r"[^\W_]+(?:[-'’][^\W_]+)*", text.lower().replace("tumour", "tumor").replace("leukaemia", "leukemia")
        )
    )

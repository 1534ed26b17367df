"""What besides markers decides how close a statement is: the cancer, its stage, and the treatments so far."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.profile import Diagnosis, Profile
from app.domain.statement import Statement
from app.domain.term import Vocabulary

ROOTS = {"TISSUE", "solid_tumor", "any_cancer", "cancer", "MT", "OTHER"}
"""Codes too wide for a statement about one cancer to count as being about the person's."""

HAD = {"given", "ongoing", "completed", "stopped"}
SPREAD = {"metastatic", "advanced", "unresectable", "recurrent", "relapsed_refractory"}
LOCAL = {"early", "resected"}


@dataclass(frozen=True, slots=True)
class Setting:
    """The person's cancer, stage and treatments.

    Attributes:
        near: Codes and groups that a statement about counts as "here", the person's own first.
        below: Codes that are kinds of the person's cancer, where the documents name only a wide group.
        known: Whether any cancer with a code is known.
        extent: "spread", "local", "regional" or "" where not stated.
        had: Generic names of drugs that were given.
        classes: Their classes, in lower case.
        treated: Whether any treatment was given.
    """

    near: tuple[str, ...]
    below: frozenset[str]
    known: bool
    extent: str
    had: frozenset[str]
    classes: frozenset[str]
    treated: bool

    def is_here(self, statement: Statement) -> bool:
        """Tell whether a statement is about the person's cancer."""
        if any(code in self.near for code in statement.not_in):
            return False
        return self.takes_in(statement)

    def takes_in(self, statement: Statement) -> bool:
        """Tell whether the disease of a statement takes in the person's cancer, exceptions set aside."""
        return statement.disease in self.near or statement.disease in self.below


def read(known: Profile, vocabulary: Vocabulary, *, diagnosis: str = "") -> Setting:
    """Read the setting from the profile; of one diagnosis alone where its id is given."""
    codes = [d.oncotree for d in _diagnoses(known) if d.oncotree and diagnosis in {"", d.id}]
    near = tuple(dict.fromkeys(code for own in codes for code in indexed(vocabulary).above(own)))
    below = frozenset(kind for code in codes if code not in ROOTS for kind in indexed(vocabulary).below(code)) - {*near}
    had = frozenset(name for t in known.treatments if t.result in HAD for name in drugs(t.name, vocabulary))
    classes = frozenset(
        vocabulary.drugs[name].drug_class.lower()
        for name in had
        if name in vocabulary.drugs and vocabulary.drugs[name].drug_class
    )
    treated = any(t.result in HAD for t in known.treatments)
    return Setting(near, below, bool(codes), _extent(known), had, classes, treated)


def of_each(known: Profile, vocabulary: Vocabulary) -> dict[str, Setting]:
    """Return the setting of each diagnosis by its id, where there are several: a finding may belong to one of them."""
    several = [d for d in _diagnoses(known) if d.oncotree]
    return {d.id: read(known, vocabulary, diagnosis=d.id) for d in several} if len(several) > 1 else {}


def _diagnoses(known: Profile) -> list[Diagnosis]:
    current = [d for d in known.diagnoses if d.temporality != "historical"]
    return current or list(known.diagnoses)


def drugs(text: str, vocabulary: Vocabulary) -> set[str]:
    """Return the generic names in a treatment's name, in lower case; brands and code names are resolved."""
    plain = text.lower().strip()
    parts = {plain, *(part.strip() for part in re.split(r"\s*(?:\+|/|,| and | with )\s*", plain))}
    names = indexed(vocabulary).names
    return {names.get(part, part).lower() for part in parts if part}


@dataclass(frozen=True, slots=True)
class Index:
    """What is looked up in a vocabulary for every profile, made once.

    Attributes:
        vocabulary: The vocabulary that it was made from.
        names: Spelling of a drug in lower case → generic name.
        children: Code → codes right below it; a group → its members.
        groups: Group → its members.
        kept: Code → its ancestors, as far as they were asked for.
    """

    vocabulary: Vocabulary
    names: dict[str, str]
    children: dict[str, tuple[str, ...]]
    groups: dict[str, frozenset[str]]
    kept: dict[str, tuple[str, ...]]

    def above(self, code: str) -> tuple[str, ...]:
        """Return the code, its ancestors and the groups that hold any of them, as the vocabulary does."""
        if code not in self.kept:
            self.kept[code] = self.vocabulary.ancestors(code)
        return self.kept[code]

    def below(self, code: str) -> set[str]:
        """Return all codes below a code or group, and the groups that hold nothing else."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            for child in self.children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found | {group for group, members in self.groups.items() if members and members <= found | {code}}


_INDEX: list[Index] = []
"""The index of the vocabulary in use; one process has one vocabulary, which never changes while it runs."""


def indexed(vocabulary: Vocabulary) -> Index:
    """Return the index of the vocabulary."""
    kept = _INDEX[0] if _INDEX else None
    if kept is not None and kept.vocabulary is vocabulary:
        return kept
    children: dict[str, list[str]] = {}
    for disease in vocabulary.diseases.values():
        if disease.parent:
            children.setdefault(disease.parent, []).append(disease.code)
        if disease.members:
            children.setdefault(disease.code, []).extend(disease.members)
    names = {
        spelt.lower(): drug.generic
        for drug in vocabulary.drugs.values()
        for spelt in (*drug.synonyms, *drug.brands, drug.generic)
    }
    groups = {d.code: frozenset(d.members) for d in vocabulary.diseases.values() if d.members and d.code not in ROOTS}
    made = Index(vocabulary, names, {code: tuple(below) for code, below in children.items()}, groups, {})
    _INDEX[:] = [made]
    return made


def _extent(known: Profile) -> str:
    """Return how far the cancer has spread, from the stages of solid tumours; a pT alone means that it was cut out."""
    extents = set()
    for stage in known.stages:
        value = stage.value.upper().strip()
        if "M1" in stage.m.upper() or re.match(r"(STAGE )?(IV|4)", value):
            extents.add("spread")
        elif re.match(r"(STAGE )?(III|3)", value):
            extents.add("regional")
        else:
            early = re.match(r"(STAGE )?(0|I|1|2)", value) and "AJCC" in stage.system.upper()
            cut_out = not value and re.match(r"Y?PT(IS|[0-4])", stage.t.upper())
            extents.update(["local"] if early or cut_out else [])
    for word in ("spread", "regional", "local"):
        if word in extents:
            return word
    return ""


def remarks(statement: Statement, setting: Setting) -> tuple[str, ...]:
    """Say where the statement's setting is not the person's, one short clause each."""
    told: list[str] = []
    if statement.stage in SPREAD and setting.extent == "local":
        told.append("meant for cancer that has spread; your documents say an earlier stage")
    if statement.line in {"adjuvant", "neoadjuvant", "perioperative"} and setting.extent == "spread":
        told.append("meant for cancer that can be operated on; your documents say that it has spread")
    if statement.line == "first" and setting.treated and setting.extent == "spread":
        told.append("meant as first treatment; your documents show earlier treatment")
    missing = [name for name in statement.after if not _was_given(name, setting)]
    if missing:
        told.append(f"meant after earlier treatment ({', '.join(missing)}), which your documents do not show")
    elif statement.line == "later" and not setting.treated:
        told.append("meant after an earlier treatment, which your documents do not show")
    return tuple(told)


WIDE: dict[str, tuple[str, ...]] = {
    "endocrine therapy": ("aromatase inhibitor", "selective estrogen receptor", "gnrh", "androgen"),
    "chemotherapy": (
        "platinum", "taxane", "anthracycline", "antimetabolite", "alkylating", "topoisomerase", "vinca", "antifolate",
        "cytarabine", "fluorouracil", "microtubule", "docetaxel", "cyclophosphamide",
    ),
    "androgen receptor inhibitor": ("androgen",),
}  # fmt: skip
"""Wide class of treatment → parts of the names of the drug classes that belong to it."""


def _was_given(name: str, setting: Setting) -> bool:
    plain = name.lower()
    if "systemic therapy" in plain:
        return setting.treated
    parts = (*WIDE.get(plain, ()), plain)
    return plain in setting.had or any(part in kind or kind in plain for kind in setting.classes for part in parts)


def taken(statement: Statement, setting: Setting) -> tuple[str, ...]:
    """Return the therapies of the statement that the person already had."""
    return tuple(name for name in statement.therapies if name.lower() in setting.had)

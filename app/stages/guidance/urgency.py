"""What cannot wait: signs of acute promyelocytic leukemia, a new acute leukemia, and urgent words in a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.guidance import Sentence
from app.domain.mention import FactType
from app.domain.page import Page
from app.domain.profile import Diagnosis, Profile, ReadDocument
from app.stages.guidance import facts
from app.stages.guidance.writing import Writer

APL = "APLPMLRARA"
ACUTE = frozenset({"AML", "BLL", "TLL", "ALAL", APL})
"""Acute leukemias with all that descend from them.

Source: a new acute leukemia, and above all acute promyelocytic leukemia, is treated as an emergency (Sanz, Blood 2019,
doi:10.1182/blood-2019-894980: treat on suspicion; ELN 2022, doi:10.1182/blood.2022016867).
"""
TREATED = frozenset({"given", "ongoing", "completed", "stopped", "held"})
LETTERS = (
    (
        "letter.spinal_cord",
        re.compile(r"spinal cord compression|cord compression|cauda equina|compresi[oó]n medular", re.I),
    ),
    (
        "letter.airway",
        re.compile(r"airway (?:obstruction|compromise|narrowing)|stridor|obstrucci[oó]n de la v[ií]a a[eé]rea", re.I),
    ),
    (
        "letter.vena_cava",
        re.compile(r"superior vena cava (?:syndrome|obstruction)|\bSVC (?:syndrome|obstruction)", re.I),
    ),
)
"""Words for conditions that oncology treats as emergencies."""
DENIED = re.compile(
    r"\b(?:no|not|without|negative|denies|denied|rule[sd]? out|exclude[sd]?|risk of|history of|prior|previous)\b|"
    r"\b(?:if|unless|should|call|educat\w+|warning|may cause|sin|niega|ante)\b",
    re.I,
)
"""Words in the same line after which the condition is not said to be there now."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to call today.

    Attributes:
        kind: apl, acute or letter.
        about: Ids of the facts; empty for words in a letter.
        word: Key of the words in a letter.
        document: Position of the letter, from 0.
        page: Page of the letter.
    """

    kind: str
    about: tuple[str, ...] = ()
    word: str = ""
    document: int = 0
    page: int = 0


def signs(known: Profile, documents: Sequence[ReadDocument], writer: Writer) -> list[Sign]:
    """Return every reason to call the care team today."""
    found = [
        Sign("apl", (f.id,))
        for f in known.findings
        if _is_apl(f.reading.gene, f.reading.alteration, f.reading.type)
        and f.reading.result in ("detected", "positive")
        and not facts.is_earlier(f.reading)
    ]
    treated = any(t.result in TREATED for t in known.treatments)
    if treated:
        found = []
    else:
        found += [Sign("acute", (d.id,)) for d in known.diagnoses if _is_acute(d, writer)]
    for position, document in enumerate(documents):
        found += _letter(position, document.pages)
    return found


def _is_apl(gene: str | None, alteration: str, kind: FactType) -> bool:
    if gene and set(gene.split("::")) == {"PML", "RARA"}:
        return True
    return kind is FactType.CYTOGENETICS and alteration.replace(" ", "").startswith("t(15;17)")


def _is_acute(diagnosis: Diagnosis, writer: Writer) -> bool:
    if diagnosis.temporality != "current" or not diagnosis.oncotree or _asked(diagnosis):
        return False
    return bool(ACUTE & set(writer.ancestors(diagnosis.oncotree)))


def _asked(diagnosis: Diagnosis) -> bool:
    return any(e.source.value == "question" for e in diagnosis.evidence)


def _letter(position: int, pages: Sequence[Page]) -> list[Sign]:
    """Find urgent words in lines that do not deny them, once a kind."""
    found: dict[str, Sign] = {}
    for page in pages:
        for line in _lines(page):
            if DENIED.search(line):
                continue
            for key, pattern in LETTERS:
                if key not in found and pattern.search(line):
                    found[key] = Sign("letter", word=key, document=position, page=page.number)
    return list(found.values())


def _lines(page: Page) -> list[str]:
    return [" ".join(word.text for word in line.words) for line in page.lines]


def tell(known: Profile, documents: Sequence[ReadDocument], writer: Writer) -> list[Sentence]:
    """Say each reason, and why it cannot wait."""
    sentences: list[Sentence] = []
    codes: list[str] = []
    for sign in signs(known, documents, writer):
        if sign.kind == "apl":
            finding = next(f for f in known.findings if f.id == sign.about[0])
            sentences.append(writer.say("urgent.apl", about=sign.about, printed=facts.name(finding.reading, writer)))
            codes.insert(0, APL)
        elif sign.kind == "acute":
            diagnosis = next(d for d in known.diagnoses if d.id == sign.about[0])
            named = writer.disease(diagnosis.oncotree)
            sentences.append(writer.say("urgent.disease", about=sign.about, disease=named))
            codes.append(diagnosis.oncotree)
        else:
            words = writer.word(sign.word)
            number = sign.document + 1
            sentences.append(writer.say("urgent.letter", words=words, document=number, page=sign.page))
    return sentences + _reasons(codes, known, writer)


def _reasons(codes: Sequence[str], known: Profile, writer: Writer) -> list[Sentence]:
    about = [d.id for d in known.diagnoses if d.oncotree in codes]
    for code in dict.fromkeys(a for c in codes for a in writer.ancestors(c)):
        card = writer.knowledge.disease_card(code)
        why = writer.told(card.urgent) if card else ""
        if card and why:
            return [writer.say("urgent.why", about=about, cites=[card], text=why)]
    return []

"""Family history: which relative had what. It is no finding of the person, and its readings say so.

Source: the relations and conditions are taken as printed; no risk is worked out from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from app.biomarkers.diagnosis_codes import codes
from app.biomarkers.diagnosis_names import Named, names_in
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.prose import Prose, Sentence, is_of_others, mentions_relative, names_relative, plain_letters
from app.biomarkers.word_lists import alternation, mapping, strings
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind

NAME = "family"

_GENE = re.compile(
    r"(?<![\w-])(?P<gene>[A-Z][A-Z0-9]{2,6})(?=[\s-]+(?:positive|mutat\w+|carrier|pathogenic|variant|germline|\+)"
    r"|\s*\+)"
)
_DENIED = re.compile(
    r"\b(?:no|not|negative|denies|without|non-?contributory|unremarkable|unknown|none)\b[^.;]{0,40}\Z", re.IGNORECASE
)


def read(passage: Passage) -> Iterable[Hit]:
    """Read the conditions of relatives from a section."""
    passage = plain_letters(passage)
    text = passage.text
    if is_of_others(passage):
        return ()
    whole = passage.kind is SectionKind.FAMILY
    if not whole and not mentions_relative(text):
        return ()
    prose = Prose(text, clauses=False)
    return list(_read(passage, prose, whole=whole))


def _read(passage: Passage, prose: Prose, *, whole: bool) -> Iterator[Hit]:
    seen: set[tuple[str, str]] = set()
    yield from _carriers(passage, prose)
    for named in names_in(passage.text):
        sentence = prose.around(named.start)
        line = prose.line(named.start)
        before = passage.text[min(sentence.start, line.start) : named.start]
        relation = _relation(before, passage.text[named.end : sentence.end])
        told = whole or names_relative(before) is not None or (relation is not None and not _relations().search(before))
        if not told or _DENIED.search(before[-60:]):
            continue
        hit = _hit(passage, sentence, named, relation, before)
        key = (hit.reading.relation or "", hit.reading.alteration)
        if key not in seen:
            seen.add(key)
            yield hit


def _carriers(passage: Passage, prose: Prose) -> Iterator[Hit]:
    """Read which relative carries a change in a gene, where no condition of theirs is named."""
    for gene in _GENE.finditer(passage.text):
        sentence = prose.around(gene.start())
        before = sentence.text[: gene.start() - sentence.start]
        word = names_relative(before)
        if word is None or gene["gene"] not in passage.terms.symbols or _DENIED.search(before[-60:]):
            continue
        if next(names_in(sentence.text), None) is None:
            symbol = passage.terms.symbols[gene["gene"]]
            reading = Reading(
                FactType.HISTOLOGY,
                symbol,
                f"{symbol} mutation",
                "present",
                experiencer="family",
                relation=_relation(before, ""),
            )
            cue = (sentence.start + word.start(), sentence.start + word.end())
            yield Hit(reading, (gene.span("gene"),), cue)


def _relation(before: str, after: str) -> str | None:
    """Return the relative named last before the condition, else the one in brackets behind it."""
    found = _relation_behind().match(after)
    if found is None:
        for match in _relations().finditer(before):
            found = match
    if found is None:
        return None
    said = {name.rstrip("2"): words for name, words in found.groupdict().items() if words}
    side = re.sub(r"\s+", " ", said.get("side", "").strip().lower())
    relation = mapping("family", "relations").get(said["relation"].lower(), said["relation"].lower())
    return f"{side} {relation}".strip()


def _hit(passage: Passage, sentence: Sentence, named: Named, relation: str | None, before: str) -> Hit:
    gene = next((m for m in _GENE.finditer(sentence.text) if m["gene"] in passage.terms.symbols), None)
    code = named.code or codes(passage.terms.vocabulary).of(named.name)
    reading = Reading(
        FactType.HISTOLOGY,
        passage.terms.symbols[gene["gene"]] if gene else None,
        named.name,
        "present",
        experiencer="family",
        relation=relation,
        code=code or None,
    )
    spans = [(named.start, named.end)]
    if gene:
        spans.append((sentence.start + gene.start("gene"), sentence.start + gene.end("gene")))
    word = names_relative(before)
    at = named.start - len(before)
    cue = (at + word.start(), at + word.end()) if word else None
    return Hit(reading, tuple(spans), cue)


@cache
def _relations() -> re.Pattern[str]:
    sides = alternation(strings("family", "sides"))
    return re.compile(
        rf"(?<!\w)(?P<side>(?:(?:{sides})\s+){{0,2}})(?P<relation>{alternation(mapping('family', 'relations'))})",
        re.IGNORECASE,
    )


@cache
def _relation_behind() -> re.Pattern[str]:
    relation = _relations().pattern
    again = relation.replace("<side>", "<side2>").replace("<relation>", "<relation2>")
    whose = r"(?:his|her|the|a)?\s*"
    return re.compile(rf"\s*[(:,–-]\s*(?:in\s+)?{whose}{relation}|\s+in\s+{whose}{again}", re.IGNORECASE)

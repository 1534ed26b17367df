"""All names that a question may hold, found by their letters and digits alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from app.domain.question import LayCancer, LayMarker, QuestionWords
from app.domain.statement import MarkerCard
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase

LONGEST_NAME = 8
"""Words in the longest name that is looked up."""


def plain(name: str) -> str:
    """Reduce a name to lower-case letters and digits, accents taken off, so that "HER-2" is "her 2"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    kept = bare.replace("ß", "ss").replace("+", "plus")
    return re.sub(r"[^a-z0-9]", "", kept)


@dataclass(slots=True)
class Names:
    """Names by their plain form.

    Attributes:
        cancers: Lay names, then every name of the vocabulary.
        markers: Lay names of markers with their change.
        cards: Marker cards by any of their names.
        genes: Symbols by symbol, alias and display name.
        drugs: Generic names by any name.
        changes: Class of change by word.
        by_gene: Cards of a gene.
        usual: What a gene named without its change is about.
        everyday: Words that are no gene unless in capitals.
        spelling: Words that a misspelt word may have meant, by first letter.
    """

    cancers: dict[str, LayCancer] = field(default_factory=dict)
    markers: dict[str, LayMarker] = field(default_factory=dict)
    cards: dict[str, MarkerCard] = field(default_factory=dict)
    genes: dict[str, str] = field(default_factory=dict)
    drugs: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    by_gene: dict[str, list[MarkerCard]] = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    everyday: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    spelling: dict[str, list[str]] = field(default_factory=dict)


_KEPT: list[tuple[KnowledgeBase, Vocabulary, QuestionWords, Names]] = []
"""Made once for each set: the vocabulary is large and none of them changes while the program runs."""


def names(knowledge: KnowledgeBase, vocabulary: Vocabulary, words: QuestionWords) -> Names:
    """Return all names of these sources."""
    for base, terms, asked, made in _KEPT:
        if base is knowledge and terms is vocabulary and asked is words:
            return made
    made = _gather(knowledge, vocabulary, words)
    _KEPT.append((knowledge, vocabulary, words, made))
    del _KEPT[:-4]
    return made


def _gather(knowledge: KnowledgeBase, vocabulary: Vocabulary, words: QuestionWords) -> Names:
    made = Names(usual=dict(words.usual_change), everyday=words.not_markers, common=frozenset(map(plain, words.common)))
    for change, spoken in words.changes:
        made.changes.update({plain(word): change for word in spoken})
    for marker in words.markers:
        for word in marker.words:
            made.markers.setdefault(plain(word), marker)
    for card in knowledge.cards():
        # A name with an organ in brackets, "HER2 (stomach)", is ours and would swallow the cancer of a question.
        own = () if "(" in card.marker else (card.marker, *card.marker.split(", "))
        for name in (*own, *card.names):
            made.cards.setdefault(plain(name), card)
        if card.gene:
            made.by_gene.setdefault(card.gene, []).append(card)
    _cancers(made, vocabulary, words)
    _genes(made, vocabulary)
    for drug in vocabulary.drugs.values():
        if drug.kind in ("drug", "regimen"):
            for name in (drug.generic, *drug.brands, *drug.synonyms):
                if len(plain(name)) > 4:
                    made.drugs.setdefault(plain(name), drug.generic)
    _spelling(made, words)
    return made


def _cancers(made: Names, vocabulary: Vocabulary, words: QuestionWords) -> None:
    for cancer in words.cancers:
        covered = tuple(code for code in cancer.codes if code in vocabulary.diseases)
        known = LayCancer(cancer.name, cancer.words, covered)
        for word in (cancer.name, *cancer.words):
            made.cancers.setdefault(plain(word), known)
    lay: dict[tuple[str, ...], LayCancer] = {c.codes: c for c in made.cancers.values() if len(c.codes) == 1}
    for disease in vocabulary.diseases.values():
        codes = disease.members if disease.members else (disease.code,)
        cancer = lay.get(codes) or LayCancer(_running(disease.name), (), codes[:6])
        for name in (disease.name, *disease.synonyms):
            if len(plain(name)) > 4 and plain(name) not in TOO_WIDE:
                made.cancers.setdefault(plain(name), cancer)


TOO_WIDE = frozenset(
    {"cancer", "malignancy", "tumor", "tumour", "anytumor", "allcancers", "lung", "breast", "skin", "bone", "brain"}
    | {"eye", "liver", "kidney", "bowel", "prostate", "thyroid", "stomach", "pancreas", "cervix", "uterus", "ovary"}
    | {
        "testis",
        "penis",
        "pleura",
        "thymus",
        "bladder",
        "tissue",
        "other",
        "mixed",
        "lymphoid",
        "myeloid",
        "softtissue",
    }
)
"""Names of the vocabulary that name an organ or anything at all, not a cancer that a question is about."""


def _running(name: str) -> str:
    """Write a disease's name as it stands in running text."""
    pieces = re.split(r"([\s/(),-]+)", name)
    kept = re.compile(r"[A-Z].*[A-Z0-9]|^[A-Z]$|.*\d|Hodgkin|Ewing|Burkitt|Merkel|Wilms|Langerhans|Paget|Waldenstrom")
    return "".join(p if kept.fullmatch(p) else p[:1].lower() + p[1:] for p in pieces)


def _genes(made: Names, vocabulary: Vocabulary) -> None:
    for gene in vocabulary.genes.values():
        made.genes.setdefault(plain(gene.symbol), gene.symbol)
    for gene in vocabulary.genes.values():
        for name in (*gene.previous, *gene.aliases) if gene.cancer else ():
            short = plain(name)
            if len(short) > 2 and " " not in name and any(c.isdigit() for c in short):
                made.genes.setdefault(short, gene.symbol)


def _spelling(made: Names, words: QuestionWords) -> None:
    """Collect what a misspelt word may have meant: words of cancers and changes, genes with a card, drugs."""
    meant: set[str] = set()
    for cancer in words.cancers:
        meant |= {plain(piece) for word in (cancer.name, *cancer.words) for piece in word.split()}
    meant |= set(made.changes)
    meant |= {short for short, symbol in made.genes.items() if symbol in made.by_gene and short == plain(symbol)}
    meant |= {short for short in made.drugs if len(short) > 6}
    meant |= {
        plain(piece) for m in words.markers for word in m.words for piece in word.split() if len(plain(piece)) > 4
    }
    for word in sorted(meant):
        if len(word) > 3:
            made.spelling.setdefault(word[0], []).append(word)

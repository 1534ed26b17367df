"""What finding mentions needs, prepared once."""

from __future__ import annotations

from dataclasses import dataclass

from app.biomarkers.compose import Composer
from app.biomarkers.names import Terms
from app.biomarkers.rules import Rules
from app.biomarkers.scan import Scanner
from app.domain.term import Vocabulary
from app.stages.mentions.abbreviations import Abbreviations


@dataclass(frozen=True)
class Lexicon:
    """Vocabulary and rules, compiled.

    Attributes:
        terms: Names of genes, drugs and diseases.
        rules: The curated rules of extraction.
        scanner: Finds the words that the kinds read by.
        composer: Puts them together into statements.
        abbreviations: Tells which short names a report defines as something else.
        model: Name of a spaCy model that may propose entities; none when empty.
    """

    terms: Terms
    rules: Rules
    scanner: Scanner
    composer: Composer
    abbreviations: Abbreviations
    model: str = ""


def prepare(vocabulary: Vocabulary, *, rules: Rules, model: str = "") -> Lexicon:
    """Compile the vocabulary and the rules.

    Args:
        vocabulary: Genes, drugs and diseases.
        rules: Markers, events, cues and gene rules.
        model: Name of an installed spaCy or scispaCy model that may propose entities; none when empty.
    """
    terms = Terms.of(vocabulary)
    scanner = Scanner(terms, rules)
    composer = Composer(scanner, rules, frozenset(vocabulary.genes))
    return Lexicon(terms, rules, scanner, composer, Abbreviations(terms, rules), model)

"""The curated rules that the kinds read by, as plain values; the files behind them stand in `app/data`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase with a meaning.

    Attributes:
        phrase: As written; hyphens, slashes and spaces in it stand for each other.
        sort: What it is: gene, signature, event, cue and so on.
        means: Its value, such as a symbol or a kind of cue.
        exact: Whether capitals count.
        note: What else the rule says, such as the reason of a missing result.
    """

    phrase: str
    sort: str
    means: str
    exact: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a curator may change about reading.

    Attributes:
        entries: Words and phrases with their meanings: markers, signatures, events, cues, assays, classifications.
        guarded: Symbols that are words or abbreviations too; they count only beside a change or a call.
        words: Symbols and aliases that are never a gene in running text.
        families: Name of a gene family → its members, such as RAS.
        fusion_genes: Genes for which a bare call speaks of a fusion.
        mutation_or_fusion: Genes of which a bare negative leaves open whether a mutation or a fusion was looked for.
        five_prime: Known fusions, as 5' gene → 3' genes.
        translocations: Events such as "t(9;22)" → fusion; "del(17p)" → gene.
        exons: Gene → exon → first and last codon.
        classes: Gene → exon → sort of change (del, ins, dup, delins) → name of the class.
        synonyms: (gene, change as written) → the change by today's name.
        columns: Heading of a table column, in lower case → role.
        headings: Pattern of a heading, and what it says of the lines below it (field of `layout.Context` → value).
    """

    entries: tuple[Entry, ...] = ()
    guarded: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    families: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fusion_genes: frozenset[str] = frozenset()
    mutation_or_fusion: frozenset[str] = frozenset()
    five_prime: dict[str, frozenset[str]] = field(default_factory=dict)
    translocations: dict[str, str] = field(default_factory=dict)
    exons: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)
    classes: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)
    synonyms: dict[tuple[str, str], str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    headings: tuple[tuple[str, dict[str, str | bool]], ...] = ()

"""One pass over a text that finds every word the kinds read by: genes, changes, events, cues, calls, assays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.biomarkers import cytogenetic_names, hgvs
from app.biomarkers.names import WORD, Terms
from app.biomarkers.rules import Entry, Rules


class Item(NamedTuple):
    """A word or name with a meaning.

    Attributes:
        start: First character.
        end: One past the last character.
        sort: gene, family, signature, cytogenetic, protein, coding, genomic, category, exon, event, cue and so on.
        means: Symbol, normalised name, or kind of cue.
        note: What else is known: marker, direction of a cue, reason.
        weak: Whether it counts only beside a change or a call.
    """

    start: int
    end: int
    sort: str
    means: str
    note: str = ""
    weak: bool = False


_FIRST = {"gene": 0, "marker": 1, "signature": 2, "family": 3}
NAMES = frozenset({"gene", "marker", "family", "signature", "cytogenetic"})
CHANGES = frozenset({"protein", "coding", "genomic", "category"})
_EX = r"(?:exons?|ex\.?|ex[oó]n(?:es)?|éxon|Exons?|EXON|E)"
_DO = (
    r"(?P<{0}>in-?frame deletions?|deletions?|del|deleci[oó]n(?:es)?|délétions?|deleties?|insertions?"
    r"|inserci[oó]n(?:es)?|ins|inserties?"
    r"|duplications?|dup|skipping|skip|indels?|delins)"
)
CATEGORY = re.compile(
    rf"\b{_EX}[ -]?(?P<exon>\d{{1,2}})(?: ?\(?(?:in-?frame|activating|sensitizing"
    rf"|splice(?: site)?)\)?)?[ -]*{_DO.format('do')}\b"
    rf"|\b{_DO.format('lead')}(?: mutations?)?[ -]*(?:in|of|at|within|en(?: el)?|del?(?: l['’])?|im|dans(?: l['’])?"
    rf"|de l['’]|van|in het)?[ -]*{_EX}[ -]?(?P<ledexon>\d{{1,2}})\b"
    rf"|\b(?P<short>del|ins)[ -]?(?P<shortexon>19|20|18)\b"
    rf"|\b(?P<numexon>19|20|18)[ -]?(?P<numdo>del|ins)\b|(?:\b"
    rf"|(?<=MET))ex(?:on)?[ -]?(?P<gluedexon>\d{{1,2}})[ -]?(?P<glued>del(?:etion)?|ins(?:ertion)?|skipping)?\b",
    re.I,
)
EXON = re.compile(
    rf"\b{_EX}[ -]?(?P<exon>\d{{1,2}}(?:(?: ?[,/&-] ?| and | or | y | et | und | en )\d{{1,2}})*)\b"
    rf"|(?<=[A-Z0-9] )(?P<residue>[ACDEFGHIKLMNPQRSTVWY]\d{2, 4})(?![\w.*-])|\b(?:codons?|codón"
    rf"|Codon) ?(?P<codon>\d{{1,4}}(?:(?: ?[,/&-] ?| and | or )\d{{1,4}})*)"
)
_PROMOTER = re.compile(r"(?<![\w.>])(?:c\.)?(?P<change>C2[25][80]T|-1(?:24|46)C>T|-57A>C)(?!\w)")
_MET14 = re.compile(r"\bMET ?(?:Δ|delta|ex(?:on)?) ?-?(?:ex(?:on)? ?)?14\b|\bMETex14\b", re.I)
_GLUED = re.compile(r"EGFR|AR(?=-?V7)")
_HISTONE = re.compile(r"(?<![\w.])(?P<gene>H3(?:\.3A?|F3A)?)[ -]?(?:p\.)?(?P<body>K27[MI]|K28M|G3[45][RVW])(?!\w)")
_DO_MEANS = (
    ("skip", "skipping"),
    ("dup", "duplication"),
    ("ins", "insertion"),
    ("indel", "insertion-deletion"),
    ("del", "deletion"),
    ("dél", "deletion"),
)


class Scanner:
    """Finds the items of a text; compiled once from the vocabulary and the rules."""

    def __init__(self, terms: Terms, rules: Rules) -> None:
        """Compile words, phrases and symbols into one table by first word."""
        self._terms = terms
        self._rules = rules
        self._table: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        for entry in (*rules.entries, *_hyphened(terms)):
            words = [word.lower() for word in WORD.findall(entry.phrase)]
            if words:
                self._table.setdefault(words[0], []).append((tuple(words[1:]), entry))
        for tails in self._table.values():
            tails.sort(key=lambda tail: (-len(tail[0]), _FIRST.get(tail[1].sort, 9)))
        self._symbols = _plain_symbols(terms, rules)

    def knows(self, word: str) -> bool:
        """Tell whether a word is a cancer gene's symbol or a marker's name as written."""
        if word in self._symbols:
            return True
        words = WORD.findall(word)
        tails = self._table.get(words[0].lower(), ()) if words else ()
        rest = tuple(part.lower() for part in words[1:])
        if word.islower() and not rest:
            return any(not tail for tail, _ in tails)
        return any(tail == rest and entry.sort in {"gene", "marker"} for tail, entry in tails)

    def symbol(self, name: str) -> str | None:
        """Return the current symbol of any gene name, alias or previous symbol, as written in a gene column."""
        found = self._terms.symbols.get(name.upper())
        known = [
            entry.means
            for tail, entry in self._table.get(name.lower(), ())
            if not tail and entry.sort in {"gene", "marker"}
        ]
        return known[0] if known and known[0] else found

    def scan(self, text: str) -> list[Item]:
        """Return the items in order of their start; a change swallows the words inside it."""
        items = [*self._phrases(text)]
        changes = [*_changes(text), *cytogenetic_names.find(text, self._rules.translocations)]
        if changes:
            taken = sorted((item.start, item.end) for item in changes if item.sort != "exon")
            items = [item for item in items if not _inside(item, taken)] + changes
        items += [more for item in items if item.note.startswith("CK") for more in self._further_keratins(text, item)]
        signs = [sign for item in items if item.sort == "gene" and (sign := _sign(text, item.end)) is not None]
        items += signs
        items.sort(key=lambda item: (item.start, -item.end))
        return items

    def _further_keratins(self, text: str, item: Item) -> Iterator[Item]:
        """Yield the keratins that a list goes on with ("CK5,6,14,7")."""
        at = item.end
        while found := _KERATIN.match(text, at):
            entries = [entry for tail, entry in self._table.get(f"ck{found['number']}", ()) if not tail]
            if not entries:
                return
            yield Item(found.start("number"), found.end(), "gene", entries[0].means, entries[0].note)
            at = found.end()

    def _phrases(self, text: str) -> Iterator[Item]:
        words = list(WORD.finditer(text))
        table, symbols, count = self._table, self._symbols, len(words)
        at = 0
        while at < count:
            word = words[at]
            written = word[0]
            tails = table.get(written.lower())
            if tails is not None:
                taken = self._longest(text, words, at, tails)
                if taken is not None:
                    length, found = taken
                    end = words[at + length - 1].end()
                    for entry in found:
                        glued = _GLUED.match(text, word.start()) if entry.means in {"viii", "v7"} else None
                        if glued:
                            yield Item(word.start(), glued.end(), "gene", glued[0])
                        yield self._item(glued.end() if glued else word.start(), end, entry, written)
                    if length > 1 and found[0].sort in {"cue", "call"}:
                        yield from self._inner_events(words[at : at + length])
                    at += length
                    continue
            found_symbol = symbols.get(written)
            if found_symbol is not None:
                yield Item(word.start(), word.end(), "gene", found_symbol[0], "", found_symbol[1])
            elif len(written) >= 4 and not written.isupper():
                loose = symbols.get(written.upper())
                if (
                    loose is not None
                    and written[0].isalpha()
                    and (written.islower() or written.istitle())
                    and not loose[1]
                ):
                    yield Item(word.start(), word.end(), "gene", loose[0], "", True)
            at += 1

    def _longest(
        self, text: str, words: list[re.Match[str]], at: int, tails: list[tuple[tuple[str, ...], Entry]]
    ) -> tuple[int, list[Entry]] | None:
        found: list[Entry] = []
        length = 0
        for tail, entry in tails:
            size = len(tail) + 1
            if size < length:
                break
            if at + size > len(words) or not _follows(text, words, at, tail):
                continue
            if entry.exact and _squeezed(text[words[at].start() : words[at + size - 1].end()]) != _squeezed(
                entry.phrase
            ):
                continue
            length = size
            found.append(entry)
        if not found:
            return None
        names = [entry for entry in found if entry.sort in _FIRST]
        return length, names[:1] + [entry for entry in found if entry.sort not in _FIRST]

    def _inner_events(self, words: list[re.Match[str]]) -> Iterator[Item]:
        for word in words:
            for tail, entry in self._table.get(word[0].lower(), ()):
                if not tail and entry.sort == "event":
                    yield Item(word.start(), word.end(), "event", entry.means)

    def _item(self, start: int, end: int, entry: Entry, written: str) -> Item:
        if entry.sort == "marker":
            weak = entry.phrase in self._rules.guarded
            return Item(start, end, "gene", entry.means, entry.note, weak)
        if entry.sort == "gene":
            return Item(start, end, "gene", entry.means, "", entry.phrase in self._rules.guarded)
        if entry.sort == "signature":
            return Item(start, end, "signature", entry.means, entry.note, written in self._rules.guarded)
        return Item(start, end, entry.sort, entry.means, entry.note)


_KERATIN = re.compile(r"\s?[,/]\s?(?P<number>\d{1,2})(?![\w%+.]\d|\w|%|\+)")
_SIGN = re.compile(
    r"\s?\((?P<inner>\+{1,3}|-|neg|pos)\)|(?P<plus>\+{1,3})(?=[\s,;/.)\]]|$)|(?P<minus>-)(?=[\s,;/.)\]]|$)"
)


def _sign(text: str, end: int) -> Item | None:
    """Return the call that a sign right behind a name makes ("CD20+", "ER(-)")."""
    found = _SIGN.match(text, end)
    if found is None:
        return None
    positive = bool(found["plus"]) or (found["inner"] or "")[:1] in {"+", "p"}
    return Item(found.start(), found.end(), "cue", "affirmed" if positive else "negated", "backward")


def _plain_symbols(terms: Terms, rules: Rules) -> dict[str, tuple[str, bool]]:
    """Cancer genes by symbol, alias and previous symbol, with whether the name is weak."""
    found: dict[str, tuple[str, bool]] = {}
    cancer = [gene for gene in terms.vocabulary.genes.values() if gene.cancer]
    for gene in cancer:
        if gene.symbol not in rules.words and "-" not in gene.symbol:
            found[gene.symbol] = (gene.symbol, gene.symbol in rules.guarded)
    for gene in cancer:
        for name in (*gene.previous, *gene.aliases):
            usable = len(name) >= 4 and name.isalnum() and any(c.isupper() for c in name)
            if usable and name not in rules.words and name not in terms.vocabulary.genes:
                found.setdefault(name, (gene.symbol, not any(c.isdigit() for c in name)))
    return found


def _hyphened(terms: Terms) -> Iterator[Entry]:
    for gene in terms.vocabulary.genes.values():
        if gene.cancer and "-" in gene.symbol:
            yield Entry(gene.symbol, "gene", gene.symbol, exact=True)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\-/.'()]+", "", text)


def _follows(text: str, words: list[re.Match[str]], at: int, tail: tuple[str, ...]) -> bool:
    for step, word in enumerate(tail, start=at + 1):
        follower = words[step]
        if follower[0].lower() != word:
            return False
        gap = text[words[step - 1].end() : follower.start()]
        if len(gap) > 3 or gap.strip(" -/.'()\n") or "\n\n" in gap or "  " in gap or ". " in gap:
            return False
    return True


def _inside(item: Item, taken: Iterable[tuple[int, int]]) -> bool:
    if item.sort in {"cue", "signature"}:
        return any(a <= item.start and item.end < b for a, b in taken)
    return any(a < item.end and item.start < b for a, b in taken)


def _changes(text: str) -> Iterator[Item]:
    spans: list[tuple[int, int]] = []
    for pattern, sort in ((hgvs.CODING, "coding"), (hgvs.GENOMIC, "genomic"), (hgvs.BARE_CODING, "coding")):
        for found in pattern.finditer(text):
            start, end = found.span("body")
            if not any(a < end and start < b for a, b in spans):
                spans.append((start, end))
                body = found["body"]
                yield Item(start, end, sort, hgvs.coding(body) if sort == "coding" else body)
    for found in _PROMOTER.finditer(text):
        yield Item(*found.span(), "category", "promoter mutation", found["change"])
        spans.append(found.span())
    for found in _HISTONE.finditer(text):
        spans.append(found.span())
        yield Item(*found.span("gene"), "gene", "H3-3A")
        yield Item(*found.span("body"), "protein", f"p.{found['body']}", found["body"])
    for found in hgvs.PROTEIN.finditer(text):
        start, end = found.start(), found.end()
        read = hgvs.protein(found["body"])
        if read is None or any(a < end and start < b for a, b in spans):
            continue
        end = found.end("body") + (1 if found["close"].startswith(")") and "(" in found[0] else 0)
        spans.append((start, end))
        bare = not found["prefix"] and "del" not in found["body"] and len(re.sub(r"\D", "", found["body"])) < 2
        yield Item(start, end, "protein", read.text, found["body"], bare)
    for found in _MET14.finditer(text):
        spans.append(found.span())
        yield Item(found.start(), found.start() + 3, "gene", "MET")
        yield Item(found.start() + 3, found.end(), "category", "exon 14 skipping")
    for found in CATEGORY.finditer(text):
        if any(a < found.end() and found.start() < b for a, b in spans):
            continue
        exon = found["exon"] or found["ledexon"] or found["shortexon"] or found["numexon"] or found["gluedexon"]
        do = (found["do"] or found["lead"] or found["short"] or found["numdo"] or found["glued"] or "").lower()
        if do:
            means = next(name for start, name in _DO_MEANS if start in do)
            spans.append(found.span())
            yield Item(*found.span(), "category", f"exon {exon} {means}")
    for found in EXON.finditer(text):
        if not any(a < found.end() and found.start() < b for a, b in spans):
            codon = found["codon"] or (found["residue"] or "")[1:]
            told = f"exon {found['exon']}" if found["exon"] else f"codon {codon}"
            yield Item(*found.span(), "exon", told)

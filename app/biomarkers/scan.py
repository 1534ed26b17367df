"""One pass over a text that finds every word the kinds read by: genes, changes, events, cues, calls, assays."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import cast

from app.biomarkers import change_names, cytogenetic_names, hgvs
from app.biomarkers.item import Item
from app.biomarkers.names import WORD, Terms
from app.biomarkers.rules import Entry, Rules

_Word = tuple[int, int, str]
_Node = dict[str, object]
"""A tree of words: next word → node; under "" the entries of the phrase that ends here."""
_FIRST = {"gene": 0, "marker": 1, "signature": 2, "family": 3}
_GLUED = re.compile(r"EGFR|AR(?=-?V7)")


class Scanner:
    """Finds the items of a text; compiled once from the vocabulary and the rules."""

    def __init__(self, terms: Terms, rules: Rules) -> None:
        """Compile words, phrases and symbols into one table by first word."""
        self._terms = terms
        self._rules = rules
        self._root: _Node = {}
        for entry in (*rules.entries, *_hyphened(terms)):
            _grow(self._root, entry)
        self._symbols = _plain_symbols(terms, rules)
        self._begin = frozenset({*self._root, *(symbol.lower() for symbol in self._symbols)})

    def knows(self, word: str) -> bool:
        """Tell whether a word is a cancer gene's symbol, a marker's name, or a word of the rules in small letters."""
        if word in self._symbols:
            return True
        return any(word.islower() or entry.sort in {"gene", "marker", "signature"} for entry in self._entries(word))

    def _entries(self, phrase: str) -> list[Entry]:
        node = self._root
        for word in WORD.findall(phrase):
            child = node.get(word.lower())
            if child is None:
                return []
            node = cast("_Node", child)
        return cast("list[Entry]", node.get("", []))

    def symbol(self, name: str) -> str | None:
        """Return the current symbol of any gene name, alias or previous symbol, as written in a gene column."""
        known = [entry.means for entry in self._entries(name) if entry.sort in {"gene", "marker"} and entry.means]
        return known[0] if known else self._terms.symbols.get(name.upper())

    def scan(self, text: str) -> list[Item]:
        """Return the items in order of their start; a change swallows the words inside it."""
        items = [*self._phrases(text)]
        changes = [*change_names.find(text), *cytogenetic_names.find(text, self._rules.translocations)]
        if changes:
            taken = _Taken((item.start, item.end) for item in changes if item.sort != "exon")
            items = [item for item in items if not taken.holds(item)] + changes
        items += self._joined(text)
        items += [more for item in items if item.note.startswith("CK") for more in self._further_keratins(text, item)]
        signs = [
            sign
            for item in items
            if (item.sort in _SIGNED or item.means in {"itd", "tkd"}) and (sign := _sign(text, item)) is not None
        ]
        items += signs
        if "ve" in text and ("-ve" in text or "+ve" in text):
            items += [
                Item(*m.span(), "cue", "affirmed" if m[0][0] == "+" else "negated", "backward")
                for m in _VE.finditer(text)
            ]
        items.sort(key=lambda item: (item.start, -item.end))
        return items

    def _joined(self, text: str) -> Iterator[Item]:
        """Yield gene and change that are written as one word ("BRAFV600E")."""
        for found in _JOINED.finditer(text):
            known = self._symbols.get(found["gene"])
            read = hgvs.protein(found["body"]) if known and found[0] not in self._symbols else None
            if known and read:
                yield Item(*found.span("gene"), "gene", known[0])
                yield Item(*found.span("body"), "protein", read.text, found["body"])

    def _further_keratins(self, text: str, item: Item) -> Iterator[Item]:
        """Yield the keratins that a list goes on with ("CK5,6,14,7")."""
        at = item.end
        while found := _KERATIN.match(text, at):
            entries = self._entries(f"ck{found['number']}")
            if not entries:
                return
            yield Item(found.start("number"), found.end(), "gene", entries[0].means, entries[0].note)
            at = found.end()

    def _phrases(self, text: str) -> Iterator[Item]:
        words = [(found.start(), found.end(), found[0]) for found in WORD.finditer(text)]
        small = [word[2].lower() for word in words]
        root, symbols, begin = self._root, self._symbols, self._begin
        upto = 0
        for at, low in enumerate(small):
            if low not in begin or at < upto:
                continue
            start, end, written = words[at]
            node = root.get(low)
            if node is not None:
                length, found = _longest(text, words, small, at, cast("_Node", node))
                if length:
                    end = words[at + length - 1][1]
                    for entry in found:
                        glued = _GLUED.match(text, start) if entry.means in {"viii", "v7"} else None
                        if glued:
                            yield Item(start, glued.end(), "gene", glued[0])
                        yield self._item(glued.end() if glued else start, end, entry, written)
                    if length > 1 and found[0].sort in {"cue", "call"}:
                        yield from self._inner_events(words[at : at + length])
                    upto = at + length
                    continue
            known = symbols.get(written)
            if written == "MAF" and _FRACTION.match(text, end):
                continue
            if known is not None:
                yield Item(start, end, "gene", known[0], "", known[1])
            elif end - start >= 4 and (written.islower() or written.istitle()) and written[0].isalpha():
                loose = symbols.get(written.upper())
                if loose is not None and not loose[1]:
                    yield Item(start, end, "gene", loose[0], "", True)

    def _inner_events(self, words: list[_Word]) -> Iterator[Item]:
        for start, end, written in words:
            for entry in self._entries(written):
                if entry.sort == "event":
                    yield Item(start, end, "event", entry.means)

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
_JOINED = re.compile(
    r"(?<![\w.-])(?P<gene>[A-Z]{2}[A-Z0-9]{1,7})(?:p\.)?(?P<body>[ACDEFGHIKLMNPQRSTVWY]\d{2,4}[ACDEFGHIKLMNPQRSTVWY*])(?!\w)"
)
_FRACTION = re.compile(r"\s*(?:\(%\)\s*)?[:=]?\s*[<>~≈]?\s*\d{1,3}(?:[.,]\d+)?\s*%")
"""What follows MAF where it is the mutant allele fraction and not the gene."""
_SIGNED = frozenset({"gene", "protein", "category"})
_HOW = r"(?:weak|focal|patchy|diffuse|strong|bright|dim|partial|variable)"
_SIGN = re.compile(
    rf"\s?\({_HOW}\)\s?(?P<graded>[+-])(?=[,;/.)\s]|$)"
    rf"|\s?[(\[](?:{_HOW}\s?)?(?P<inner>\+{{1,3}}|-|neg|pos)[)\]]"
    rf"|(?:\s|:\s?)?(?:{_HOW}\s?)?(?P<plus>\+{{1,3}})(?=[,;/.)\]\n]|\s*$|\s+[A-Z(])"
    r"|(?P<minus>-)(?=[\s,;/.)\]]|$)|(?:\s|:\s?)(?P<spaced>-)(?=\s*(?:[,;\n]|\.(?:\s|$)|$))"
    r"|\s(?P<zero>0)(?=\s*(?:[,;)\n]|\.(?:\s|$)|$))"
)


_SUSPENDED = re.compile(
    r"-(?:, ?[A-Z][\w/]*-)*,? (?:oder|und|sowie|bzw\.|of|en|or|and) [A-Z][\w/]*(?:-\d)?-"
    r"(?:gen|fusi|mutat|[rh]\w*rang|transl|herschik|amplif|alter|variant|expres)",
    re.I,
)
"""A hyphen that stands for a word said later ("ALK-, ROS1- oder RET-Fusionen")."""


_VE = re.compile(r"(?<![\w-])[-+]ve\b")


def _sign(text: str, item: Item) -> Item | None:
    """Return the call that a sign right behind a name makes ("CD20+", "ER(-)", "CK20 0")."""
    end = item.end
    found = _SIGN.match(text, end)
    if found is not None and found["minus"] and _SUSPENDED.match(text, end):
        return None
    if found is None or (found["zero"] and (not item.note or item.means == "TP53")):
        return None
    positive = bool(found["plus"]) or found["graded"] == "+" or (found["inner"] or "")[:1] in {"+", "p"}
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


def _grow(root: _Node, entry: Entry) -> None:
    """Add a phrase to the tree of words."""
    words = [word.lower() for word in WORD.findall(entry.phrase)]
    if not words:
        return
    node = root
    for word in words:
        node = cast("_Node", node.setdefault(word, {}))
    held = cast("list[Entry]", node.setdefault("", []))
    same = (entry.sort, entry.means, entry.note)
    if not any(
        (other.sort, other.means, other.note) == same and (not other.exact or other.phrase == entry.phrase)
        for other in held
    ):
        held.append(entry)
        held.sort(key=lambda one: _FIRST.get(one.sort, 9))


def _longest(text: str, words: list[_Word], small: list[str], at: int, node: _Node) -> tuple[int, list[Entry]]:
    """Return how many words the longest phrase from here takes, and what it means; 0 where there is none."""
    best: list[Entry] = []
    length, here = 0, at
    while True:
        entries = node.get("")
        if entries is not None:
            fits = [
                entry
                for entry in cast("list[Entry]", entries)
                if not entry.exact or _is_exact(text, words, at, here, entry)
            ]
            if fits:
                best, length = fits, here - at + 1
        here += 1
        if here >= len(words):
            break
        child = node.get(small[here])
        gap = text[words[here - 1][1] : words[here][0]]
        if (
            child is None
            or not _near(gap)
            or (small[here] == "a" and "(" in gap)
            or ("\n" in gap and text[max(0, words[at][0] - 2) : words[at][0]].endswith((": ", "\t", "| ")))
        ):
            break
        node = cast("_Node", child)
    if len(best) > 1:
        names = [entry for entry in best if entry.sort in _FIRST]
        best = names[:1] + [entry for entry in best if entry.sort not in _FIRST]
    return length, best


def _is_exact(text: str, words: list[_Word], first: int, last: int, entry: Entry) -> bool:
    if first == last and "-" not in entry.phrase:
        return words[first][2] == entry.phrase
    return _squeezed(text[words[first][0] : words[last][1]]) == _squeezed(entry.phrase)


def _near(gap: str) -> bool:
    """Tell whether what stands between two words may stand inside a phrase."""
    if gap in {" ", "-", "/"}:
        return True
    return len(gap) <= 3 and not gap.strip(" -/.'()\n") and not ("\n\n" in gap or "  " in gap or ". " in gap)


class _Taken:
    """Stretches of a text that names of changes take, with how far all that begin up to one of them reach."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = [0, *accumulate((end for _, end in ordered), max)]

    def holds(self, item: Item) -> bool:
        """Tell whether an item touches a stretch; a cue or a signature must lie wholly inside one."""
        if item.sort in {"cue", "signature"}:
            return self._reach[bisect_right(self._starts, item.start)] > item.end
        return self._reach[bisect_left(self._starts, item.end)] > item.start

"""Finds the markers that a line speaks of: genes, fusions of two, families, signatures, chromosome changes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.biomarkers.item import CHANGES, NAMES, Item
from app.biomarkers.rules import Rules
from app.biomarkers.statement import Subject

LIST_GAP = re.compile(
    r"^-?[\s)]*(?:,|/|&|\+|;|\band\b|\bor\b|\bnor\b|\by\b|\be\b|\bo\b|\bund\b|\boder\b|\bet\b|\bou\b|\ben\b|\bni\b"
    r"|\bnoch\b|\bof\b|\bas well as\b)?"
    r"[\s(]*(?:de|and|or|y|und|oder|et|ou|en|of|the|&)?[\s(]*(?:the |gene |genes |both "
    r"|(?<=and )(?:weakly|strongly|focally|diffusely|moderately|variably) (?:for )?)?$",
    re.I,
)
_SAME_GAP = re.compile(r"^[\s(\[/,)\]-]*(?:gene|protein|stain|aka|also known as|formerly)?[\s(:]*$", re.I)
_EXON_NOTE = r"(?:\s*[(\[]?\s*(?:ex(?:on)?s?\.?\s*|e)?\d{1,2}\s*[)\]]?)?"
_PAIR_GAP = re.compile(rf"^{_EXON_NOTE}\s*(?P<sign>:{{1,2}}|-{{1,3}}|/|~)\s*$", re.I)
_WORDED_PAIR = re.compile(r"^\s*(?:gene\s*)?(?:and|with|to|y|und|et|en|con|mit|avec|met)\s+(?:the\s+)?$", re.I)
_PAIR_LEAD = re.compile(
    r"(?:fusion|rearrangement|translocation|joining|fused|fusión|fusie)s?\s+(?:transcript\s+)?(?:between|of|involving"
    r"|joining|entre|zwischen|tussen|von)\s+(?:the\s+)?$",
    re.I,
)
_MORE = re.compile(r"(?:\s?[/,]\s?|\s?-\s?|\s?(?:and|&|or)\s)(?P<tail>\d{1,2}|[A-D])(?!\w|\.\d|%)")
_STEM = re.compile(r"(.*?)(\d+|[A-D])$")
_CALLED = frozenset({"cue", "label", "event", "call", "score", "assay", "clone", "class", "category", "exon", *CHANGES})


@dataclass(frozen=True, slots=True)
class Group:
    """Markers that share one call.

    Attributes:
        subjects: In order.
        start: First character of the first.
        end: One past the last.
        first: Position of the first item among the line's items.
        last: Position after the last item.
    """

    subjects: tuple[Subject, ...]
    start: int
    end: int
    first: int
    last: int


class SubjectFinder:
    """Finds subjects; made once from the rules."""

    def __init__(self, rules: Rules, symbols: frozenset[str]) -> None:
        """Take the fusion partners and families from the rules, and the known symbols for expanding "NTRK1/2/3"."""
        self._rules = rules
        self._symbols = symbols

    def groups(
        self, text: str, items: list[Item], breaks: tuple[tuple[int, int], ...], *, listed: bool = False
    ) -> list[Group]:
        """Return the groups of a line, in order; `listed` where a heading announces a list of genes."""
        singles = self._singles(text, items, listed)
        groups: list[Group] = []
        for subject, first, last in singles:
            held = groups[-1] if groups else None
            if held is not None and _named_again(text, held.subjects[-1], subject[0]):
                kept = (*held.subjects, *subject)
                if {held.subjects[-1].sort, subject[0].sort} == {"gene", "cytogenetic"}:
                    kept = tuple(s for s in kept if s.sort != "gene" or s.genes != subject[0].genes)
                groups[-1] = Group(kept, held.start, subject[-1].end, held.first, last)
            elif held is not None and self._listed(text, held, subject, items, first, breaks):
                groups[-1] = Group((*held.subjects, *subject), held.start, subject[-1].end, held.first, last)
            else:
                groups.append(Group(subject, subject[0].start, subject[-1].end, first, last))
        return groups

    @staticmethod
    def _listed(
        text: str,
        held: Group,
        subjects: tuple[Subject, ...],
        items: list[Item],
        first: int,
        breaks: tuple[tuple[int, int], ...],
    ) -> bool:
        gap = text[held.end : subjects[0].start]
        if any(held.end <= a and b <= subjects[0].start for a, b in breaks) and gap.strip(" \t|,") == "":
            return False
        if items[held.last : first] or (held.subjects[-1].note and held.subjects[-1].sort == "signature"):
            return False
        if {held.subjects[-1].sort, subjects[0].sort} & {"signature"} and held.subjects[-1].sort != subjects[0].sort:
            return False
        return bool(LIST_GAP.match(gap)) and gap.strip() != ""

    def _singles(self, text: str, items: list[Item], listed: bool) -> list[tuple[tuple[Subject, ...], int, int]]:
        found: list[tuple[tuple[Subject, ...], int, int]] = []
        at = 0
        while at < len(items):
            item = items[at]
            if item.sort not in NAMES:
                at += 1
                continue
            if item.sort == "gene":
                taken = self._fusion(text, items, at)
                if taken is not None:
                    found.append(((taken[0],), at, taken[1]))
                    at = taken[1]
                    continue
                last = self._same(text, items, at)
                sure = any(not i.weak for i in items[at:last]) or (listed and text[item.start : item.end].isupper())
                if not sure and not self._supported(text, items, at, last):
                    at = last
                    continue
                subjects = self._expanded(text, item, items[last - 1].end)
                found.append((subjects, at, last))
                at = last
                continue
            if item.sort == "family":
                genes = (self._rules.families or {})[item.means]
                found.append(
                    (
                        tuple(
                            Subject(
                                item.start,
                                item.end,
                                "gene",
                                (g,),
                                _STAINED_FAMILY.get(g, ""),
                                "family",
                                text[item.start : item.end],
                            )
                            for g in genes
                        ),
                        at,
                        at + 1,
                    )
                )
            elif item.sort == "signature":
                if not _other_than_signature(text, item):
                    name = text[item.start : item.end]
                    found.append(
                        ((Subject(item.start, item.end, "signature", (), item.means, item.note, name),), at, at + 1)
                    )
            else:
                genes = tuple(part for part in item.note.split("::") if part)
                found.append(
                    (
                        (
                            Subject(
                                item.start, item.end, "cytogenetic", genes, item.means, "", text[item.start : item.end]
                            ),
                        ),
                        at,
                        at + 1,
                    )
                )
            at += 1
        return found

    def _same(self, text: str, items: list[Item], at: int) -> int:
        """Return the position after further names of the same gene ("c-KIT (CD117)")."""
        last = at + 1
        while (
            last < len(items)
            and items[last].sort == "gene"
            and items[last].means == items[at].means
            and items[last].means
            and _SAME_GAP.match(text[items[last - 1].end : items[last].start])
        ):
            last += 1
        return last

    def _fusion(self, text: str, items: list[Item], at: int) -> tuple[Subject, int] | None:
        first = items[at]
        begin = self._same(text, items, at)
        if begin >= len(items) or items[begin].sort != "gene":
            if (
                begin < len(items)
                and items[begin].sort == "exon"
                and begin + 1 < len(items)
                and items[begin + 1].sort == "gene"
            ):
                second_at = begin + 1
            else:
                return None
        else:
            second_at = begin
        second = items[second_at]
        gap = text[items[begin - 1].end : second.start]
        if first.means == second.means or not first.means or not second.means:
            return None
        sign = _PAIR_GAP.match(gap)
        pair = self._ordered(first.means, second.means)
        known = pair is not None
        after = self._same(text, items, second_at)
        following = text[items[after - 1].end : items[after - 1].end + 2]
        if sign is None:
            worded = _WORDED_PAIR.match(gap) and _PAIR_LEAD.search(text[max(0, first.start - 48) : first.start])
            if not worded:
                return None
        elif sign["sign"] == "/":
            if not known or following.startswith("/") or first.note or text[first.start - 1 : first.start] == "/":
                return None
        elif sign["sign"] == "-" and not known and ((first.note and second.note) or " - " in gap or gap != "-"):
            return None
        genes = pair or (first.means, second.means)
        end = items[after - 1].end
        return Subject(first.start, end, "fusion", genes, "", "known" if known else "", text[first.start : end]), after

    def _ordered(self, one: str, other: str) -> tuple[str, str] | None:
        partners = self._rules.five_prime
        if other in partners.get(one, ()):
            return one, other
        if one in partners.get(other, ()):
            return other, one
        return None

    def _expanded(self, text: str, item: Item, end: int) -> tuple[Subject, ...]:
        """Return the gene, and its relatives where the text goes on ("NTRK1/2/3", "NTRK1-3", "CDKN2A/B")."""
        symbol, printed = item.means, text[item.start : end]
        subjects = [Subject(item.start, end, "gene", (symbol,), item.note, "", printed)]
        found = _MORE.match(text, end)
        stem = _STEM.match(symbol) if found else None
        while stem is not None and found is not None:
            ranged = found[0].lstrip().startswith("-")
            names = [stem[1] + found["tail"]]
            if ranged and found["tail"].isdigit() and stem[2].isdigit():
                names = [f"{stem[1]}{n}" for n in range(int(stem[2]) + 1, int(found["tail"]) + 1)][:6]
            if (
                not names
                or any(name not in self._symbols for name in names)
                or (ranged and not found["tail"].isdigit())
            ):
                break
            subjects += [
                Subject(found.start("tail"), found.end("tail"), "gene", (name,), "", "", printed) for name in names
            ]
            found = _MORE.match(text, found.end())
        return tuple(subjects)

    def _supported(self, text: str, items: list[Item], at: int, last: int) -> bool:
        """Tell whether a name that is also a word or an abbreviation stands beside a change, a call or another gene."""
        item, end = items[at], items[last - 1].end
        if text[item.start : end] == "ER" and _EMERGENCY.search(text, max(0, item.start - 24), item.start):
            return False
        strict = item.means in _LABORATORY or (not text[item.start : end].isupper() and not item.note)
        after = text[end : end + 14]
        if re.match(r"(?:\s?\(\w[\w-]*\))?[\s:=|.,(]*(?:[<>≥≤]?\s?\d{1,3}\s?%|[0-3]\+)", after) and not strict:
            return True
        if last < len(items):
            follower = _past_verb(text, items, last)
            gap = text[end : follower.start].replace("\ue001", "")
            near = len(gap) <= 3 or bool(
                re.fullmatch(
                    r"[\s:.\-(|]*(?:gene|protein|clone|is|was|are|were|status|expression|gen|\(\d{1,2}[pq][\d.]*\)|:"
                    r"|[\s.|\-])*[\s:(]*",
                    gap,
                    re.I,
                )
            )
            if near and follower.sort in _CALLED and not (strict and follower.sort == "cue"):
                return follower.sort != "cue" or follower.means in {"negated", "affirmed", "unsure", "untested"}
            if follower.sort == "gene" and LIST_GAP.match(gap) and text[item.start : end].isupper():
                return not follower.weak or self._supported(text, items, last, self._same(text, items, last))
        if at:
            before = items[at - 1]
            gap = text[before.end : item.start]
            if before.sort in {"gene", "family"} and LIST_GAP.match(gap) and text[item.start : end].isupper():
                return not before.weak or len(gap.strip()) == 1
            if before.sort in _CALLED and re.fullmatch(
                r"\s*(?:of|in|for|the|to|:|de|del|en|von|des|der|du|van|d['e])?(?: the)?\s*", gap, re.I
            ):
                return not (strict and before.sort == "cue") and before.means not in {"silent", "verb", "historical"}
        return False


def _other_than_signature(text: str, item: Item) -> bool:
    """Tell whether the word means something else here: loss of heterozygosity of a gene, ctDNA as the specimen."""
    if item.note:
        return False
    if item.means == "LOH":
        return _IN_GENE.match(text, item.end) is not None
    return item.means == "ctDNA" and _SPECIMEN_LEAD.search(text, max(0, item.start - 24), item.start) is not None


_STAINED = re.compile(r"(?:not |strongly |weakly |focally )?(?:express|positive|negative)", re.I)


def _past_verb(text: str, items: list[Item], last: int) -> Item:
    """Return what follows a name, past "is" or "are" where the call behind it is one of a stain."""
    follower = items[last]
    if follower.means == "verb" and last + 1 < len(items) and _STAINED.match(text, items[last + 1].start):
        return items[last + 1]
    return follower


def _named_again(text: str, held: Subject, here: Subject) -> bool:
    """Tell whether a chromosome change and a gene or fusion beside it name the same thing ("BCR::ABL1 t(9;22)")."""
    if (
        "cytogenetic" not in {held.sort, here.sort}
        or held.sort == here.sort
        or not held.genes
        or held.genes != here.genes
    ):
        return False
    return bool(re.fullmatch(r"[\s(\[/,;:)\]-]*", text[held.end : here.start]))


_STAINED_FAMILY = {"ESR1": "ER", "PGR": "PR"}
"""Names of the stains of the hormone receptors, the one family of which stains are meant."""
_EMERGENCY = re.compile(r"\b(?:in|to|at|from|via|visited|through)\s+(?:the|our|local|an)\s+$", re.I)
_IN_GENE = re.compile(r"\s*(?:in|of|at|for|involving)\s+(?:the\s+)?[A-Z][A-Z0-9]{1,7}\b")
_SPECIMEN_LEAD = re.compile(r"\b(?:in|from|by|on|of|using|via)\s+(?:the\s+|circulating\s+|plasma\s+)*$", re.I)
_LABORATORY = frozenset({"FH", "MAF", "TH", "TG", "KLK3", "CEACAM5", "AFP", "ALB", "TTR", "LDHA", "F3"})
"""Genes whose symbols are blood tests or other abbreviations: a bare call beside them is no gene result."""

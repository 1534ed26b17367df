"""Puts a passage's words together into statements: who is spoken of, what is said, under which headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.biomarkers import layout
from app.biomarkers.assertion import chained, resolve
from app.biomarkers.layout import Clause, Context, Line
from app.biomarkers.rules import Rules
from app.biomarkers.scan import CHANGES, Item, Scanner
from app.biomarkers.statement import Assertion, Statement, Subject
from app.biomarkers.subjects import Group, SubjectFinder
from app.domain.section import SectionKind

_SEPARATOR = re.compile(
    r"[,;|\t]|\s{2,}|\s-\s|\b(?:but|with|while|whereas|and|pero|con|aber|mit|und|mais|avec|et|maar|met|en)\b|\band\b",
    re.I,
)
_PRONOUN = re.compile(
    r"^\s*(?:it|this|these|they|which|that|the (?:variant|mutation|fusion|alteration)|this (?:variant|mutation|fusion|alteration)|se|esta|diese|cette|deze)\b",
    re.I,
)
_SYMBOL_BEFORE = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][A-Z0-9]{1,9}(?:orf\d+)?(?:-[A-Z0-9]{1,3})?)(?:\s*\([\w. ]+\))?[\s:,|(]*(?:NM_[\d.]+[\s:,(]*)?$"
)
_KNOWN_SORTS = frozenset(
    {
        "cue",
        "event",
        "assay",
        "class",
        "origin",
        "call",
        "label",
        "score",
        "clone",
        "zygosity",
        "exon",
        "category",
        "protein",
        "coding",
    }
)


@dataclass(slots=True)
class _State:
    """What holds while the lines of a passage are walked."""

    base: Context
    context: Context
    columns: tuple[tuple[str, int], ...] = ()
    last: list[Statement] | None = None
    row_gene: tuple[Item, ...] = ()
    labels: tuple[Subject, ...] = ()


class Composer:
    """Makes statements from a text; prepared once."""

    def __init__(self, scanner: Scanner, rules: Rules, symbols: frozenset[str]) -> None:
        """Keep the scanner and the rules."""
        self._scanner = scanner
        self._rules = rules
        self._finder = SubjectFinder(rules, symbols)

    def statements(
        self, text: str, kind: SectionKind, columns: tuple[str, ...] = (), specimen: str = ""
    ) -> list[Statement]:
        """Return the statements of a passage in order."""
        items = self._scanner.scan(text)
        starts = [item.start for item in items]
        base = replace(layout.opening(kind), specimen=specimen)
        state = _State(base, base, tuple((role, -1) for role in columns))
        found: list[Statement] = []
        for line in layout.lines(text):
            inside = items[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
            found += self._line(text, line, inside, state)
        return found

    def _line(self, text: str, line: Line, items: list[Item], state: _State) -> list[Statement]:
        header = self._header(text, line)
        if header:
            state.columns = header
            state.row_gene = ()
            return []
        labels, state.labels = state.labels, ()
        if labels and line.breaks and (below := self._below(text, line, items, labels, state)):
            return below
        items = self._unknown_genes(text, line, items)
        if line.breaks and not state.context.result:
            state.labels = self._label_row(text, line, items)
            if state.labels:
                return []
        named = any(item.sort in {"gene", "family", "cytogenetic", "signature"} for item in items)
        if not named and not any(item.sort in CHANGES for item in items) and self._is_heading(text, line, items, state):
            return []
        label = layout.specimen(text[line.start : line.end])
        if label:
            state.context = replace(state.context, specimen=label)
            state.base = replace(state.base, specimen=label)
        if not items:
            if line.breaks == () and len(text[line.start : line.end]) > 60:
                state.last = None
            return []
        lone = () if state.context.result else self._lone_gene(text, line, items)
        if lone:
            state.context = replace(state.context, gene=lone)
            state.last = None
            return []
        if named and not line.indented:
            state.context = replace(state.context, gene=())
        return self._statements(text, line, items, state)

    # -- headings and tables -------------------------------------------------------------------------------------------

    def _header(self, text: str, line: Line) -> tuple[tuple[str, int], ...]:
        """Return role and place of each column where the line is the header of a table."""
        if not line.breaks:
            return ()
        newline = text.rfind("\n", 0, line.start) + 1
        cells = [(a, b) for a, b in _cells(line) if text[a:b].strip()]
        roles = [
            (self._rules.columns.get(text[a:b].strip().rstrip(":*").casefold(), ""), a - newline) for a, b in cells
        ]
        known = sum(1 for role, _ in roles if role)
        if known >= 2 and known * 2 > len(roles):
            return tuple(roles)
        return ()

    def _is_heading(self, text: str, line: Line, items: list[Item], state: _State) -> bool:
        body = text[line.start : line.end]
        first = text[line.start : line.breaks[0][0]] if line.breaks else body
        if len(first) > 110 or (first.rstrip().endswith(".") and len(first) > 60):
            return False
        said = layout.heading(first.strip())
        if said is not None and not _has_call(items, said):
            state.context = layout.merged(state.base, said)
            state.last = None
            return True
        shaped = first.rstrip().endswith(":") or first.isupper() or (first.istitle() and len(first.split()) <= 6)
        if said is None and shaped and not items and not line.breaks:
            state.context = state.base
            state.columns = ()
            state.last = None
            return True
        return False

    @staticmethod
    def _lone_gene(text: str, line: Line, items: list[Item]) -> tuple[Item, ...]:
        """Return the gene of a line that holds nothing else."""
        genes = tuple(item for item in items if item.sort == "gene")
        if len(genes) != len(items) or not genes or len({item.means for item in genes}) != 1:
            return ()
        rest = text[line.start : line.end]
        for item in reversed(genes):
            rest = rest[: item.start - line.start] + rest[item.end - line.start :]
        return genes if not re.sub(r"(?i)gene|analysis|:|[\s()\-/*]", "", rest) else ()

    def _unknown_genes(self, text: str, line: Line, items: list[Item]) -> list[Item]:
        """Add genes that stand in no cancer gene list, where a change follows their symbol."""
        added: list[Item] = []
        for at, item in enumerate(items):
            if item.sort not in {"protein", "coding"}:
                continue
            found = _SYMBOL_BEFORE.search(text, max(line.start, item.start - 40), item.start)
            if found is None:
                continue
            a, b = found.span("name")
            if (
                any(other.start < b and a < other.end for other in (*items[:at], *added))
                or found["name"] in self._rules.words
            ):
                continue
            symbol = self._scanner.symbol(found["name"])
            if symbol:
                added.append(Item(a, b, "gene", symbol))
        return sorted([*items, *added], key=lambda item: (item.start, -item.end)) if added else items

    def _label_row(self, text: str, line: Line, items: list[Item]) -> tuple[Subject, ...]:
        """Return the names in a row that holds one name a cell and nothing else."""
        if any(item.sort not in {"gene", "signature"} for item in items):
            return ()
        cells = _cells(line)
        groups = self._finder.groups(text, items, line.breaks, listed=True)
        subjects = [group.subjects[0] for group in groups if len(group.subjects) == 1]
        filled = [text[a:b].strip() for a, b in cells]
        if len(subjects) != len(cells) or len(cells) < 2 or not all(s.name and not s.note for s in subjects):
            return ()
        whole = all(len(cell) <= len(subject.printed) + 12 for cell, subject in zip(filled, subjects, strict=True))
        return tuple(subjects) if whole else ()

    @staticmethod
    def _below(text: str, line: Line, items: list[Item], labels: tuple[Subject, ...], state: _State) -> list[Statement]:
        """Read a row of values under a row of names, cell by cell; by content where the numbers of cells differ."""
        if any(item.sort in {"gene", "cytogenetic"} or (item.sort == "signature" and not item.note) for item in items):
            return []
        cells = _cells(line)
        if len(cells) == len(labels):
            pairs = [(subject, [cell]) for subject, cell in zip(labels, cells, strict=True)]
        elif {subject.name for subject in labels} == {"TMB", "MSI"}:
            burden = [c for c in cells if re.search(r"\d|percentile", text[c[0] : c[1]])]
            pairs = [(s, burden if s.name == "TMB" else [c for c in cells if c not in burden]) for s in labels]
        else:
            return []
        made = []
        for subject, given in pairs:
            if not given:
                continue
            a, b = given[0][0], given[-1][1]
            inside = tuple(item for item in items if a <= item.start < b)
            here = replace(subject, start=a, end=a, label=(subject.start, subject.end))
            made.append(
                Statement(
                    (here,), (), inside, a, b, resolve(text, (), inside, b), state.context, row=True, clause=(a, b)
                )
            )
        return made

    # -- statements ----------------------------------------------------------------------------------------------------

    def _statements(self, text: str, line: Line, items: list[Item], state: _State) -> list[Statement]:
        made: list[Statement] = []
        context = state.context
        whole = (
            [Clause(line.start, line.end)]
            if line.breaks and not _prose_cells(text, line)
            else list(layout.clauses(text, line))
        )
        for clause in whole:
            inside = [item for item in items if clause.start <= item.start < clause.end]
            context = self._labelled(text, clause, inside, context, state)
            groups = self._finder.groups(text, inside, line.breaks, listed=bool(context.result))
            if not groups:
                self._carry(text, line, clause, inside, context, state, made)
                continue
            said = self._clause(text, line, clause, inside, groups, context, state)
            made += said
            state.last = said or state.last
        return made

    def _labelled(self, text: str, clause: Clause, items: list[Item], context: Context, state: _State) -> Context:
        """Take up what a label at the start of a clause says ("Germline: …", "Tier I: …")."""
        found = re.match(r"\s*(?P<label>[^:\n]{2,70}?)(?:\s\([^)]*\))?:(?!:)", text[clause.start : clause.end])
        if found is None:
            return context
        end = clause.start + found.end("label")
        if any(
            item.start < end and item.sort in {"gene", "signature", "cytogenetic", "protein"} and not item.weak
            for item in items
        ):
            return context
        said = layout.heading(found["label"])
        part = _PART.search(found[0])
        if part:
            context = replace(context, specimen=part["label"])
        if said is None:
            return context
        return layout.merged(replace(context, classification="", result="", reason="", assay=""), said)

    def _carry(
        self,
        text: str,
        line: Line,
        clause: Clause,
        items: list[Item],
        context: Context,
        state: _State,
        made: list[Statement],
    ) -> None:
        """Join a clause that names no marker to the statement before it, or to the gene of the heading line."""
        if not items:
            return
        changes = [item for item in items if item.sort in CHANGES]
        held = made[-1:] or (state.last or [])[-1:]
        if held and _PRONOUN.match(text[clause.start : clause.end]) and not changes:
            asserted = resolve(text, (), tuple(items), clause.end)
            kept = tuple(item for item in held[0].items if item.sort in CHANGES or item.sort == "event")
            if asserted.result in {"detected", "not_detected"}:
                copy = replace(
                    held[0], head=(), tail=tuple(sorted((*kept, *items))), asserted=asserted, tail_end=clause.end, clause=(clause.start, clause.end),
                    silenced=_silenced(text, items, clause, clause.end, clause.end, asserted), **_when(text, items, clause, context),
                )  # fmt: skip
                made.append(copy)
            return
        gene = context.gene or (state.row_gene if line.indented and line.breaks else ())
        if changes and gene and not (made and len(changes) == 1 and changes[0].sort == "coding"):
            group = Group(
                (Subject(gene[0].start, gene[-1].end, "gene", (gene[0].means,), gene[0].note, "", ""),),
                clause.start,
                clause.start,
                0,
                0,
            )
            made += self._clause(text, line, clause, items, [group], context, state)
            state.last = made[-1:]
            return
        if not held:
            return
        if changes and held[0].subjects[-1].sort == "gene":
            more = [item for item in changes if item.sort != "coding"]
            fresh = resolve(text, (), tuple(items), clause.end)
            lacks = not any(item.sort in {"coding", "genomic"} for item in held[0].items)
            negative = held[0].asserted.result == "not_detected"
            if (
                made
                and not (more and (fresh.result or negative or any(item.sort == "protein" for item in held[0].items)))
                and (more or lacks)
            ):
                made[-1] = replace(held[0], tail=(*held[0].tail, *items), tail_end=clause.end)
            elif made:
                subject = replace(held[0].subjects[-1], start=clause.start, end=clause.start)
                made += self._clause(
                    text, line, clause, items, [Group((subject,), clause.start, clause.start, 0, 0)], context, state
                )
                state.last = made[-1:]
        elif _only_known(text, clause, items) or (not held[0].asserted.result and _says_why(items, held[0])):
            self._called(text, line, clause, items, state, made)

    @staticmethod
    def _called(text: str, line: Line, clause: Clause, items: list[Item], state: _State, made: list[Statement]) -> None:
        """Give the call of a clause without a name to the statements before it."""
        fresh = resolve(text, (), tuple(items), clause.end)
        told = made or list(state.last or [])
        shared = told[-1].subjects
        joined = [
            replace(
                s,
                tail=(*s.tail, *items),
                tail_end=clause.end,
                asserted=fresh
                if not (s.asserted.result or s.asserted.call) or fresh.result == "not_evaluated"
                else s.asserted,
            )
            for s in told
            if s.subjects is shared
        ]
        if made:
            made[:] = [s for s in made if s.subjects is not shared] + joined
        elif _speaks_of_line_before(text, clause, told[-1], items):
            made += joined
        state.last = joined or state.last

    def _clause(
        self,
        text: str,
        line: Line,
        clause: Clause,
        items: list[Item],
        groups: list[Group],
        context: Context,
        state: _State,
    ) -> list[Statement]:
        drafts: list[Statement] = []
        left = clause.start
        pending: list[Item] = items[: groups[0].first] if groups[0].last else []
        for at, group in enumerate(groups):
            following = groups[at + 1] if at + 1 < len(groups) else None
            between = items[group.last : following.first] if following else items[group.last :]
            stop = clause.end
            next_head: list[Item] = []
            if following is not None:
                stop = _border(text, group.end, following.start, between, line.breaks)
                next_head = [item for item in between if item.start >= stop]
                between = [item for item in between if item.start < stop]
            head_start = left
            asserted = resolve(text, tuple(pending), tuple(between), stop, group.start, group.end)
            drafts.append(
                Statement(
                    group.subjects,
                    tuple(pending),
                    tuple(between),
                    head_start,
                    stop,
                    asserted,
                    context,
                    bool(line.breaks),
                    _silenced(text, items, clause, group.start, stop, asserted),
                    any(i.means == "verb" for i in items if i.sort == "cue"),
                    self._columns(text, line, state),
                    clause=(clause.start, clause.end),
                    **_when(text, [*pending, *between], clause, context),
                )  # fmt: skip
            )
            pending, left = next_head, stop
        genes = [item for item in items if item.sort == "gene"]
        if line.breaks and genes:
            state.row_gene = tuple(genes[:1])
        return chained(text, _whole(drafts))

    @staticmethod
    def _columns(text: str, line: Line, state: _State) -> tuple[tuple[str, int, int], ...]:
        """Give each cell of a row the role of its column: by number where the counts agree, else by place."""
        if not line.breaks or not state.columns:
            return ()
        cells = _cells(line)
        roles = state.columns
        if len(cells) == len(roles):
            return tuple((role, a, b) for (role, _), (a, b) in zip(roles, cells, strict=True) if role)
        if any(place < 0 for _, place in roles):
            return ()
        newline = text.rfind("\n", 0, line.start) + 1
        given = []
        for a, b in cells:
            role, place = min(roles, key=lambda column: abs(column[1] - (a - newline)))
            if role and abs(place - (a - newline)) <= 12:
                given.append((role, a, b))
        return tuple(given)


def _whole(drafts: list[Statement]) -> list[Statement]:
    """Join neighbouring statements of one marker where the first makes no call ("HER2/CEP17 ratio 2.6, HER2 copies 6.4: positive")."""
    made: list[Statement] = []
    for draft in drafts:
        held = made[-1] if made else None
        if (
            held is not None
            and len(held.subjects) == len(draft.subjects) == 1
            and (held.subjects[0].sort, held.subjects[0].genes, held.subjects[0].name)
            == (draft.subjects[0].sort, draft.subjects[0].genes, draft.subjects[0].name)
            and held.subjects[0].genes
            and not (held.asserted.result or held.asserted.call)
            and not any(item.sort in CHANGES for item in held.items)
            and not held.row
        ):
            made[-1] = replace(
                held, tail=(*held.tail, *draft.head, *draft.tail), tail_end=draft.tail_end, asserted=draft.asserted
            )
        else:
            made.append(draft)
    return made


def _cells(line: Line) -> list[tuple[int, int]]:
    edges = [line.start, *(x for pair in line.breaks for x in pair), line.end]
    return [(edges[k], edges[k + 1]) for k in range(0, len(edges), 2)]


def _prose_cells(text: str, line: Line) -> bool:
    """Tell whether a line with gaps holds sentences rather than cells."""
    return (
        len(line.breaks) <= 2
        and bool(re.search(r"[a-z]{3}[.;] +[A-Z]", text[line.start : line.end]))
        and "|" not in text[line.start : line.end]
        and "\t" not in text[line.start : line.end]
    )


def _border(text: str, left: int, right: int, between: list[Item], breaks: tuple[tuple[int, int], ...]) -> int:
    """Return where the words after one marker end and those before the next begin."""
    cells = [b for a, b in breaks if left <= a and b <= right]
    if cells:
        return cells[-1]
    forward = [
        item
        for item in between
        if item.sort == "cue" and item.note == "forward" and item.means in {"negated", "affirmed", "silent"}
    ]
    separators = [
        found.start()
        for found in _SEPARATOR.finditer(text, left, right)
        if text.count("(", found.end(), right) >= text.count(")", found.end(), right)
        and not any(i.start < found.end() and found.start() < i.end for i in between)
    ]
    border = separators[-1] if separators else right
    if not separators and forward:
        border = forward[-1].start
    if forward and separators and forward[-1].start < border and not text[forward[-1].end : border].strip(" ,"):
        border = forward[-1].start
    lead = [
        item
        for item in between
        if item.start < border
        and item.sort in {"event", "category", "protein"}
        and re.fullmatch(
            r"\s*(?:mutations?|variants?)?\s*(?:of|in|for|de|del|en|von|des|im|in|du|dans|van)(?: the| exon \d+ of)?\s*",
            text[item.end : right],
            re.I,
        )
    ]
    if lead and not separators:
        border = min(border, lead[0].start)
    return border


_ADJECTIVE = re.compile(
    r"(?:mutant|mutated|positive|negative|rearranged|amplified|deleted|expressing|deficient|wild[- ]type)[ -](?!by\b|in (?:this|the)\b|on\b|with\b|at\b|for\b)[a-zA-Z]",
    re.I,
)
_TRIAL = re.compile(r"\bNCT ?\d{4,}|\bPMID:? ?\d|\bdoi:|\bet al\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b")
_DATED_TEST = re.compile(r"\b(?:was|were)\b.{0,40}\b(?:in|on)\b.{0,24}\b(?:19|20)\d\d\b")
_NOW_LATER = re.compile(r"\b(?:current|currently|now|today|this (?:sample|specimen))\b", re.I)
_CLASS_TALK = re.compile(
    r"[^.;:\n]{1,36}?[ -](?:mutant|mutated|mutation|positive|negative|rearranged|amplified|deficient|altered|fusion|expressing|driven)s?(?:[ -]positive)?[ -](?:[a-z-]+ ){0,4}"
    r"(?:tumou?rs|cancers|patients|carcinomas|adenocarcinomas|melanomas|gliomas|lymphomas|leukemias|malignancies|individuals|NSCLCs)\b",
    re.I,
)
_PART = re.compile(r"\b(?:specimen|part|sample|muestra|material|block)\s+#?(?P<label>[A-H]|\d)\b", re.I)
_HARD_STOP = re.compile(r"\b(?:but|however|although|whereas|in this (?:sample|case|specimen|patient))\b", re.I)


def _silenced(text: str, items: list[Item], clause: Clause, start: int, end: int, asserted: Assertion) -> bool:
    """Tell whether the words around a marker speak of something else than the patient's own result."""
    cue = asserted.cue
    called = cue is not None and bool(asserted.result or asserted.call) and not _ADJECTIVE.match(text, cue[0])
    if _TRIAL.search(text, clause.start, clause.end) or _CLASS_TALK.match(text, start):
        return True
    for item in items:
        if item.sort != "cue":
            continue
        if item.means == "family" and not _HARD_STOP.search(text, min(item.end, start), max(item.start, start)):
            return True
        if item.means != "silent":
            continue
        led = item.end <= start and not _HARD_STOP.search(text, item.end, start)
        if led and (item.note == "forward" or (item.note == "soft" and not called)):
            return True
        if (
            item.note == "backward"
            and asserted.result != "not_evaluated"
            and start <= item.start < end
            and not (called and cue is not None and cue[0] < item.start)
        ):
            return True
    return False


def _when(text: str, items: list[Item], clause: Clause, context: Context) -> dict[str, object]:
    """Tell whether a statement is of an earlier test, and of when."""
    past = [item for item in items if item.sort == "cue" and item.means == "historical"]
    now = [item for item in items if item.sort == "cue" and item.means == "current"]
    words = text[clause.start : clause.end]
    if (
        not past
        and not now
        and _DATED_TEST.search(words)
        and _NOW_LATER.search(
            text, clause.end, text.find("\n", clause.end) if "\n" in text[clause.end :] else len(text)
        )
    ):
        return {"historical": True, "date": _YEAR.search(words)[0]}  # type: ignore[index]
    historical = (bool(past) or context.historical) and not now
    date = _YEAR.search(words) if historical else None
    return {"historical": historical, "date": date[0] if date else context.date}


def _has_call(items: list[Item], said: Context) -> bool:
    """Tell whether a line that looks like a heading makes a call of its own."""
    if said.result or said.silent:
        return False
    return any(item.sort == "cue" and item.means in {"negated", "affirmed", "untested", "unsure"} for item in items)


_FILLER = re.compile(r"[^\W\d_]+")
_LIGHT = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "in",
        "is",
        "was",
        "group",
        "for",
        "by",
        "this",
        "and",
        "or",
        "nuclear",
        "to",
        "be",
        "result",
        "are",
        "at",
        "de",
        "la",
        "el",
        "der",
        "die",
        "das",
        "le",
        "cells",
        "tumor",
        "tumour",
        "high",
        "low",
        "strong",
        "moderate",
        "weak",
        "stable",
    }
)


def _only_known(text: str, clause: Clause, items: list[Item]) -> bool:
    """Tell whether a clause holds little beside calls, events and numbers."""
    words = [w for w in _FILLER.finditer(text, clause.start, clause.end) if w[0].lower() not in _LIGHT]
    strange = [w for w in words if not any(i.start <= w.start() < i.end for i in items)]
    return bool(words) and len(strange) <= min(1, len(words) - 1) and all(item.sort in _KNOWN_SORTS for item in items)


def _speaks_of_line_before(text: str, clause: Clause, held: Statement, items: list[Item]) -> bool:
    """Tell whether a line without a name gives the result of the line right above it."""
    between = text[held.tail_end : clause.start]
    if between.count("\n") != 1 or held.asserted.result or any(item.sort in CHANGES for item in held.items):
        return False
    return bool(items) and (items[0].sort == "label" or any(item.sort in {"call", "event"} for item in items))


def _says_why(items: list[Item], held: Statement) -> bool:
    """Tell whether a sentence gives the reason why the test just named has no result."""
    failed = any(i.sort == "cue" and i.means == "untested" and i.note in {"insufficient", "failed"} for i in items)
    named = {i.means for i in items if i.sort == "event"}
    return failed and bool(named & held.events())


def iter_subjects(statement: Statement) -> Iterator[Subject]:
    """Yield the subjects of a statement."""
    yield from statement.subjects


__all__ = ["Assertion", "Composer", "iter_subjects"]

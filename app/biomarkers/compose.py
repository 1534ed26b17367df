"""Puts a passage's words together into statements: who is spoken of, what is said, under which headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from app.biomarkers import layout, records, rows
from app.biomarkers.asides import without_asides, without_reference
from app.biomarkers.assertion import chained, resolve
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.layout import Clause, Context, Line
from app.biomarkers.parting import parted
from app.biomarkers.reach import (
    ANSWER,
    border,
    has_call,
    only_known,
    other_test,
    says_why,
    silenced,
    speaks_of_line_before,
    when,
    whole,
)
from app.biomarkers.rules import Rules
from app.biomarkers.scan import Scanner
from app.biomarkers.statement import Statement, Subject
from app.biomarkers.subjects import Group, SubjectFinder
from app.biomarkers.timeline import by_time, settled
from app.biomarkers.unclear_calls import clear
from app.biomarkers.visits import Choices, Visits, by_mark, by_visit, choices, sign_call, uses_signs, visits
from app.biomarkers.voice import answered, is_indications, is_of_other_sample, without_reads, without_scale
from app.domain.section import SectionKind

_DETAIL = re.compile(
    r"\s*(?:mutation|variant|alteration|change|protein|cdna|nucleotide|amino acid|hgvs|mutación|variante)s?"
    r"(?: detected| change| name)?\s*[:=]",
    re.I,
)
_SHARE = re.compile(
    r"\s*(?:[-•*]\s*)?(?:percent(?:age)?|proportion|% )\s?(?:of )?(?:positive |stained |tumou?r "
    r"|neoplastic )?(?:cells?|nuclei|staining)",
    re.I,
)
_PRONOUN = re.compile(
    r"^\s*(?:it|this|these|they|which|that|the (?:variant|mutation|fusion|alteration)|this (?:variant|mutation|fusion"
    r"|alteration)|se|esta|diese|cette|deze)\b",
    re.I,
)
_SYMBOL_BEFORE = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][A-Z0-9]{1,9}(?:orf\d+)?(?:-[A-Z0-9]{1,3})?)(?:\s*\([\w. ]+\))?"
    r"[\s:,|(]*(?:NM_[\d.]+[\s:,(]*)?$"
)
_AMOUNT = re.compile(r"\d\s?%|\d\+")
_LABELLED = re.compile(r"\s*(?P<label>[^:\n]{2,70}?)(?:\s\([^)]*\))?:(?!:)")
_PART = re.compile(r"\b(?:specimen|part|sample|muestra|material|block)\s+#?(?P<label>[A-H]|\d)\b", re.I)


@dataclass(slots=True)
class _State:
    """What holds while the lines of a passage are walked."""

    base: Context
    context: Context
    columns: tuple[tuple[str, int], ...] = ()
    last: list[Statement] | None = None
    row_gene: tuple[Item, ...] = ()
    labels: tuple[Subject, ...] = ()
    taken: list[Statement] | None = None
    visits: Visits = ()
    answers: Choices = ()
    signs: bool = False


class Composer:
    """Makes statements from a text; prepared once."""

    def __init__(self, scanner: Scanner, rules: Rules, symbols: frozenset[str]) -> None:
        """Keep the scanner and the rules."""
        self._scanner = scanner
        self._rules = rules
        self._finder = SubjectFinder(rules, symbols)
        self._headings = layout.Headings(rules.headings)

    def statements(
        self,
        text: str,
        kind: SectionKind,
        columns: tuple[str, ...] = (),
        specimen: str = "",
        barred: frozenset[str] = frozenset(),
        heading: str = "",
    ) -> list[Statement]:
        """Return the statements of a passage in order.

        Args:
            text: The passage, made plain.
            kind: What the section is for.
            columns: Roles of its table columns, where known.
            specimen: Label of the specimen that the section is about, or "".
            barred: Short names that the text uses for something else than the marker of that name.
            heading: What stands above the section; it may say that all below it is of a FISH.
        """
        items = self._scanner.scan(text)
        if barred:
            items = [item for item in items if not (item.weak and text[item.start : item.end] in barred)]
        items = without_asides(text, records.without_empty_labels(text, items))
        starts = [item.start for item in items]
        base = replace(layout.opening(kind), specimen=specimen, assay=self._headings.assay_above(heading, text))
        state = _State(base, base, tuple((role, -1) for role in columns))
        found: list[Statement] = []
        lines = [
            (line, items[bisect_left(starts, line.start) : bisect_left(starts, line.end)])
            for line in layout.lines(text)
        ]
        state.signs = uses_signs(text, [line for line, _ in lines])
        for line, inside in records.joined(text, lines):
            said = self._line(text, line, inside, state)
            if state.taken:
                found = [statement for statement in found if not any(statement is old for old in state.taken)]
                state.taken = None
            if found and said and _continues(text, found[-1], said[0]):
                said = whole([found.pop(), *said])
            found += said
        return settled(text, found)

    def _line(self, text: str, line: Line, items: list[Item], state: _State) -> list[Statement]:
        head = rows.header(text, line, self._rules.columns)
        timed = visits(text, line) if not head and line.breaks else ()
        answers = choices(text, line, items) if line.breaks and not timed else ()
        if head or timed or answers:
            state.columns, state.visits, state.answers, state.row_gene = head, timed, answers, ()
            return []
        if is_indications(text, line):
            state.context = replace(state.context, silent=True)
            return []
        labels, state.labels = state.labels, ()
        if labels and line.breaks and (below := rows.below(text, line, items, labels, state.context)):
            return below
        items = self._unknown_genes(text, line, items)
        if line.breaks and items:
            items = by_mark(text, line, items, state.answers)
            line, items = without_reference(text, line, items, state.columns)
            if (state.visits) and (told := self._by_visit(text, line, items, state)):
                return told
            sign = sign_call(text, line, items, state.columns, signs=state.signs)
            items = sorted([*items, sign]) if sign else items
        if line.breaks and not state.context.result:
            state.labels = self._label_row(text, line, items)
            if state.labels:
                return []
        named = any(item.sort in {"gene", "family", "cytogenetic", "signature"} for item in items)
        replies = state.last is not None and ANSWER.match(text, line.start) is not None
        changed = any(item.sort in CHANGES for item in items)
        if not named and not changed and not replies and self._is_heading(text, line, items, state):
            return []
        label = layout.specimen(text[line.start : line.end])
        if label:
            state.context = replace(state.context, specimen=label)
            state.base = replace(state.base, specimen=label)
        if not items:
            if line.breaks == () and len(text[line.start : line.end]) > 60:
                state.last = None
            return []
        lone = () if state.context.result else records.lone_gene(text, line, items)
        if lone:
            state.context = replace(state.context, gene=lone)
            state.last = None
            return []
        if named and state.context.gene and not line.indented:
            state.context = replace(state.context, gene=())
        if named and not (items := without_scale(text, line, items)):
            return []
        said = self._statements(text, line, items, state)
        if len(said) == 1 and not line.breaks and line.end - line.start < 60:
            _announced(said[0], items, state)
        return said

    def _by_visit(self, text: str, line: Line, items: list[Item], state: _State) -> list[Statement]:
        """Read a row of a table whose columns are days."""
        name = [item for item in items if item.start < line.breaks[0][0]]
        groups = self._finder.groups(text, name, line.breaks)
        return by_visit(text, line, items, groups[0].subjects, state.visits, state.context) if groups else []

    # -- headings and tables -------------------------------------------------------------------------------------------

    def _is_heading(self, text: str, line: Line, items: list[Item], state: _State) -> bool:
        body = text[line.start : line.end]
        first = text[line.start : line.breaks[0][0]] if line.breaks else body
        if len(first) > 110 or (first.rstrip().endswith(".") and len(first) > 60):
            return False
        said = self._headings.says(first.strip())
        if said is not None and not has_call(items, said):
            state.context = layout.merged(state.base, said)
            state.last = None
            return True
        shaped = first.rstrip().endswith(":") or first.isupper() or (first.istitle() and len(first.split()) <= 6)
        if said is None and shaped and not items and not line.breaks:
            state.context = state.base
            state.columns, state.visits, state.answers = (), (), ()
            state.last = None
            return True
        return False

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
        if any(item.sort not in {"gene", "signature", "clone"} for item in items):
            return ()
        cells = rows.cells_of(line)
        groups = self._finder.groups(text, items, line.breaks, listed=True)
        subjects = [group.subjects[0] for group in groups if len(group.subjects) == 1]
        filled = [text[a:b].strip() for a, b in cells]
        if len(subjects) != len(cells) or len(cells) < 2 or any(s.note for s in subjects):
            return ()
        whole = all(len(cell) <= len(subject.printed) + 12 for cell, subject in zip(filled, subjects, strict=True))
        return tuple(subjects) if whole else ()

    # -- statements ----------------------------------------------------------------------------------------------------

    def _statements(self, text: str, line: Line, items: list[Item], state: _State) -> list[Statement]:
        made: list[Statement] = []
        context = state.context
        whole = (
            [Clause(line.start, line.end)]
            if line.breaks and not rows.prose_cells(text, line)
            else list(layout.clauses(text, line))
        )
        for clause in whole:
            inside = [item for item in items if clause.start <= item.start < clause.end]
            if is_of_other_sample(text, line, clause):
                continue
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
        words = text[clause.start : clause.end]
        found = _LABELLED.match(words) if ":" in words else None
        if found is None:
            return context
        end = clause.start + found.end("label")
        if any(
            item.start < end and item.sort in {"gene", "signature", "cytogenetic", "protein"} and not item.weak
            for item in items
        ):  # a marker's own label ends what the label before it was about
            return state.context if context.silent and not state.context.silent else context
        said = self._headings.says(found["label"])
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
            made += _of_the_same(text, clause, items, context, held[0])
            return
        gene = context.gene or (state.row_gene if line.indented and line.breaks else ())
        named = changes or (any(i.sort == "exon" for i in items) and any(i.sort == "cue" for i in items))
        if named and gene and not (made and len(changes) == 1 and changes[0].sort == "coding"):
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
            elif made or (_DETAIL.match(text, clause.start) and text[held[0].tail_end : clause.start].count("\n") == 1):
                subject = replace(held[0].subjects[-1], start=clause.start, end=clause.start)
                made += self._clause(
                    text, line, clause, items, [Group((subject,), clause.start, clause.start, 0, 0)], context, state
                )
                state.last = made[-1:]
        elif (
            not made
            and (_SHARE.match(text, clause.start) or (items[0].sort == "score" and not records.names_part(held[0])))
            and text[held[0].tail_end : clause.start].count("\n") == 1
        ):
            made.append(replace(held[0], tail=(*held[0].tail, *items), tail_end=clause.end))
            state.taken = held
            state.last = made[-1:]
        elif only_known(text, clause, items) or (not held[0].asserted.result and says_why(items, held[0])):
            self._called(text, line, clause, items, state, made)

    @staticmethod
    def _called(text: str, line: Line, clause: Clause, items: list[Item], state: _State, made: list[Statement]) -> None:
        """Give the call of a clause without a name to the statements before it."""
        fresh = resolve(text, (), tuple(items), clause.end)
        told = made or list(state.last or [])
        later = replace(told[-1], tail=(*told[-1].tail, *items), tail_end=clause.end)
        if made and len(parts := by_time(text, later)) > 1:
            made[-1:] = parts
            return
        if other_test(items, told[-1], fresh):
            subject = replace(told[-1].subjects[-1], start=clause.start, end=clause.start)
            made.append(
                replace(
                    told[-1],
                    subjects=(subject,),
                    head=(),
                    tail=tuple(items),
                    head_start=clause.start,
                    tail_end=clause.end,
                    asserted=fresh,
                    clause=(clause.start, clause.end),
                )
            )
            return
        if fresh.result == "not_detected" and any(item.sort == "origin" for item in items):
            return
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
        elif speaks_of_line_before(text, clause, told[-1], items):
            made += joined
            state.taken = [*(state.taken or []), *told]
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
        has_verb = any(item.means == "verb" for item in items if item.sort == "cue")
        placed = rows.placed(text, line, state.columns)
        telling = rows.without_remarks(line, items)
        for at, group in enumerate(groups):
            following = groups[at + 1] if at + 1 < len(groups) else None
            between = items[group.last : following.first] if following else items[group.last :]
            stop = clause.end
            next_head: list[Item] = []
            if following is not None:
                stop = border(text, group.end, following.start, between, line.breaks)
                next_head = [item for item in between if item.start >= stop]
                between = [item for item in between if item.start < stop]
            head_start = left
            asserted = resolve(text, tuple(pending), tuple(between), stop, group.start, group.end)
            changed = max((i.end for i in between if i.sort in CHANGES), default=None)
            told_to = max([group.end, *(i.end for i in between if i.sort in {*CHANGES, "event"})])
            asserted = clear(
                text, told_to, stop, answered(text, clause, without_reads(text, group.end, stop, asserted, changed))
            )
            past, date = when(text, [*pending, *between], clause, context)
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
                    silenced(text, telling, clause, group.start, stop, asserted),
                    has_verb,
                    placed,
                    clause=(clause.start, clause.end),
                    historical=past,
                    date=date,
                )
            )
            pending, left = next_head, stop
        genes = [item for item in items if item.sort == "gene"]
        if line.breaks and genes:
            state.row_gene = tuple(genes[:1])
        return chained(text, [part for draft in whole(drafts) for part in parted(text, draft)])


def _announced(statement: Statement, items: list[Item], state: _State) -> None:
    """Keep the assay of a title line such as "HER2 by FISH" for the lines on that gene below it."""
    assay = next((item.means for item in items if item.sort == "assay" and item.means in {"fish", "ihc"}), "")
    bare = not (statement.asserted.result or statement.asserted.call) and not any(i.sort in CHANGES for i in items)
    if assay and bare and len(statement.subjects) == 1 and statement.subjects[0].genes:
        state.context = replace(state.context, assay=assay, assay_of=statement.subjects[0].genes[0])


def _continues(text: str, held: Statement, here: Statement) -> bool:
    """Tell whether the line before gives numbers of the test whose call this line makes."""
    told = text[held.head_start : held.tail_end]
    if text.count("\n", held.tail_end, here.head_start) != 1 or _AMOUNT.search(told):
        return False
    return "fish" in held.assays() or bool(re.search(r"\bratio\b", told, re.I))


def _of_the_same(text: str, clause: Clause, items: list[Item], context: Context, held: Statement) -> list[Statement]:
    """Read what a clause that begins with a pronoun says of the marker named before ("It was not detected in …")."""
    asserted = resolve(text, (), tuple(items), clause.end)
    if asserted.result not in {"detected", "not_detected"}:
        return []
    past, date = when(text, items, clause, context)
    kept = tuple(item for item in held.items if item.sort in CHANGES or item.sort == "event")
    return [
        replace(
            held,
            head=(),
            tail=tuple(sorted((*kept, *items))),
            asserted=asserted,
            tail_end=clause.end,
            clause=(clause.start, clause.end),
            silenced=silenced(text, items, clause, clause.end, clause.end, asserted),
            historical=past,
            date=date,
        )
    ]

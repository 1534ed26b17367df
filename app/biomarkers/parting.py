"""Takes a statement apart whose parts have calls of their own: signs, fields, exons, tests, times, changes."""

from __future__ import annotations

import re
from dataclasses import replace

from app.biomarkers.assertion import resolve
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.reach import FILLER, LIGHT
from app.biomarkers.statement import Assertion, Statement
from app.biomarkers.timeline import by_change, by_specimen, by_time


def parted(text: str, draft: Statement) -> list[Statement]:
    """Take a statement apart, in the order in which its parts are told apart best."""
    made = by_specimen(text, draft)
    if len(made) == 1 and not draft.items and len(draft.subjects) == 1:
        return made
    for apart in (by_test, by_neither, by_partner, by_sign, by_exon, by_time, by_change):
        made = [part for one in made for part in apart(text, one)]
    return made


_SIGNS = re.compile(r"\s?:?\s?\(?(?P<signs>[+-](?:\s?/\s?[+-]){1,4})\)?(?=[\s,;.)]|$)")


def by_sign(text: str, statement: Statement) -> list[Statement]:
    """Give each member of a list its own sign ("ER/PR/HER2: +/+/-")."""
    found = _SIGNS.match(text, statement.subjects[-1].end) if len(statement.subjects) > 1 else None
    if found is None:
        return _by_word(text, statement)
    places = [at for at in range(*found.span("signs")) if text[at] in "+-"]
    if len(places) != len(statement.subjects):
        return [statement]
    return [
        replace(
            statement,
            subjects=(subject,),
            tail=(),
            tail_end=at + 1,
            asserted=Assertion("detected" if text[at] == "+" else "not_detected", "", (at, at + 1)),
        )
        for subject, at in zip(statement.subjects, places, strict=True)
    ]


_NEITHER = re.compile(r"\bneither\b(?P<one>[^.;]{3,60}?)\bnor\b", re.I)


def by_neither(text: str, statement: Statement) -> list[Statement]:
    """Take apart what is denied twice of one marker ("neither amplified nor overexpressed")."""
    found = _NEITHER.search(text, statement.subjects[-1].end, statement.tail_end) if statement.tail else None
    if found is None or len(statement.subjects) != 1:
        return [statement]
    denied = Assertion("not_detected", "", (found.start(), found.start() + len("neither")))
    parts = (
        tuple(i for i in statement.tail if found.start("one") <= i.start < found.end("one")),
        tuple(i for i in statement.tail if i.start >= found.end()),
    )
    if not all(any(i.sort == "event" or i.means == "affirmed" for i in part) for part in parts):
        return [statement]
    return [
        replace(
            statement, tail=tuple(_as_event(i, text) for i in part), asserted=denied, tail_end=max(i.end for i in part)
        )
        for part in parts
    ]


def _as_event(item: Item, text: str) -> Item:
    """Return a word such as "overexpressed" as the event that it names."""
    stained = item.sort == "cue" and re.search(r"express", text[item.start : item.end], re.I)
    return Item(item.start, item.end, "event", "expression") if stained else item


_TURN = re.compile(r"[,;]?\s*\b(?:but|however|although|while|whereas)\b", re.I)


def by_test(text: str, statement: Statement) -> list[Statement]:
    """Take apart what two tests of one marker gave ("IHC 1+, negative, but FISH amplified")."""
    assays = [i for i in statement.tail if i.sort == "assay" and i.means in {"ihc", "fish"}]
    if len({i.means for i in assays}) < 2 or len(statement.subjects) != 1:
        return [statement]
    second = next(i for i in assays if i.means != assays[0].means)
    turn = _TURN.search(text, assays[0].end, second.start)
    if turn is None:
        return [statement]
    cut = turn.start()
    before = tuple(i for i in statement.tail if i.start < cut)
    behind = tuple(i for i in statement.tail if i.start >= turn.end())
    subject = replace(statement.subjects[0], start=cut, end=cut, label=_named_at(statement))
    return [
        replace(statement, tail=before, tail_end=cut, asserted=resolve(text, statement.head, before, cut)),
        replace(
            statement,
            subjects=(subject,),
            head=(),
            tail=behind,
            head_start=cut,
            asserted=resolve(text, (), behind, statement.tail_end),
        ),
    ]


def _named_at(statement: Statement) -> tuple[int, int]:
    subject = statement.subjects[0]
    return subject.label or (subject.start, subject.end)


_FIELD_LEAD = re.compile(r"\s*(?:status|results?|ihc)?\s*[:=–-]*\s*", re.I)
_NUMBER_FIELD = re.compile(r"[<>~]?\s?(?:\d{1,3}(?:[.,]\d+)?\s?%|[1-3]\s?\+|(?P<nought>0)\+?)")


def _by_word(text: str, statement: Statement) -> list[Statement]:
    """Give each member of a list its own word or number ("EGFR/ALK/ROS1: neg/neg/pos", "ER, PR: 90%, 40%")."""
    begin = statement.subjects[-1].end
    lead = _FIELD_LEAD.match(text, begin, statement.tail_end)
    if len(statement.subjects) < 2 or lead is None or statement.row:
        return [statement]
    between = text[statement.subjects[0].end : statement.subjects[1].start]
    sign = "/" if "/" in between else ","
    fields: list[tuple[int, int]] = []
    at = lead.end()
    for field in text[at : statement.tail_end].split(sign):
        fields.append((at, at + len(field)))
        at += len(field) + 1
    if sign not in between or len(fields) != len(statement.subjects):
        return [statement]
    told = [_of_field(text, statement, at, *field) for at, field in enumerate(fields)]
    return [one for one in told if one is not None] if all(told) else [statement]


def _of_field(text: str, statement: Statement, at: int, start: int, end: int) -> Statement | None:
    """Return what one field of a list says of its member; None where it holds anything but a call or number."""
    subject = statement.subjects[at]
    inside = tuple(item for item in statement.tail if start <= item.start < end)
    number = _NUMBER_FIELD.fullmatch(text[start:end].strip(" .()"))
    if number is not None:
        nought = Assertion("not_detected", "", (start, end)) if number["nought"] else Assertion()
        subject = replace(subject, start=start, end=start, label=(subject.start, subject.end))
        return replace(
            statement, subjects=(subject,), head=(), tail=inside, head_start=start, tail_end=end, asserted=nought
        )
    words = list(FILLER.finditer(text, start, end))
    known = all(word[0].lower() in LIGHT or any(i.start <= word.start() < i.end for i in inside) for word in words)
    asserted = resolve(text, (), inside, end)
    if not known or not (asserted.result or asserted.call or any(i.sort in CHANGES for i in inside)):
        return None
    return replace(statement, subjects=(subject,), head=(), tail=inside, tail_end=end, asserted=asserted)


def by_exon(text: str, statement: Statement) -> list[Statement]:
    """Take a statement apart whose exons have calls of their own ("exon 18: wild type, exon 19: deletion")."""
    starts = [item.start for item in statement.tail if item.sort in {"exon", "category"}]
    if len(starts) < 2 or len(statement.subjects) != 1:
        return [statement]
    parts: list[Statement] = []
    for at, start in enumerate(starts):
        stop = starts[at + 1] if at + 1 < len(starts) else statement.tail_end
        inside = tuple(item for item in statement.tail if (start <= item.start or at == 0) and item.start < stop)
        told = resolve(text, statement.head if at == 0 else (), inside, stop)
        parts.append(
            replace(
                statement,
                head=statement.head if at == 0 else (),
                tail=inside,
                head_start=statement.head_start if at == 0 else start,
                tail_end=stop,
                asserted=told,
            )
        )
    called = [part for part in parts if part.asserted.result]
    return parts if len(called) >= 2 else [statement]


FIVE_PRIME_KINASES = frozenset({"FGFR1", "FGFR2", "FGFR3"})


def by_partner(text: str, statement: Statement) -> list[Statement]:
    """Give a change named behind a fusion to the gene that brings the kinase ("BCR::ABL1 T315I" is one of ABL1)."""
    subject = statement.subjects[0]
    if len(statement.subjects) != 1 or subject.sort != "fusion":
        return [statement]
    changes = [item for item in statement.tail if item.sort in {"protein", "coding"} and not item.weak]
    asked = "mutation" in statement.events() and not statement.events() & {"fusion", "rearrangement"}
    if not changes and not asked:
        return [statement]
    five, three = subject.genes
    gene = five if five in FIVE_PRIME_KINASES else three
    of_gene = replace(subject, sort="gene", genes=(gene,), note="")
    first = changes[0].start if changes else statement.tail_end
    before = tuple(i for i in statement.tail if i.start < first)
    own = replace(
        statement,
        subjects=(of_gene,),
        head=tuple(i for i in statement.head if i.means not in {"fusion", "rearrangement"}),
        tail=tuple(i for i in statement.tail if i.means not in {"fusion", "rearrangement"}),
    )
    if not changes or not any(
        i.means in {"fusion", "rearrangement"} or (i.sort == "cue" and i.note == "backward") for i in before
    ):
        return [own]
    behind = tuple(i for i in own.tail if i.start >= first)
    told = resolve(text, (), behind, statement.tail_end)
    of_fusion = resolve(text, statement.head, before, first, subject.start, subject.end)
    return [
        replace(statement, tail=before, tail_end=first, asserted=of_fusion if of_fusion.result else statement.asserted),
        replace(own, head=(), tail=behind, asserted=told if told.result else statement.asserted),
    ]

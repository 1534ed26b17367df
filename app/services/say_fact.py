"""What a person says of themselves without a document: add it, correct it, take it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.account import Visitor
from app.domain.finding import Finding, Review
from app.domain.provenance import Evidence, Spoken
from app.domain.record import SaidFact, SaidKind
from app.domain.term import Vocabulary
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, find, look
from app.services.desk import Desk, new_id
from app.services.facts import pack_readings, unpack_readings
from app.services.organisations import NOBODY
from app.services.plan_jobs import next_jobs
from app.services.receive_upload import NO_WISHES, Wishes, make_record, open_or_make
from app.services.said_words import MOST_CHOICES, diseases_named, said_words

MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to choose while typing.

    Attributes:
        value: What is filled in.
        label: What else helps to recognise it, or "".
    """

    value: str
    label: str


def say_fact(
    desk: Desk,
    visitor: Visitor,
    key: str,
    kind: SaidKind,
    form: Mapping[str, str],
    *,
    instead_of: str = "",
    wishes: Wishes = NO_WISHES,
) -> str:
    """Add a fact that the person says, and have the record explained anew.

    Args:
        desk: Store and pipeline.
        visitor: Who says it.
        key: Opens the record; a new one is made where it is "".
        kind: What the fact is about.
        form: What was filled in.
        instead_of: Id of a fact that the person said before and that this one corrects; "" for none.
        wishes: For a new record.

    Returns:
        The key of the record.

    Raises:
        FieldError: A field is missing or cannot be used.
        ChooseError: The person has to choose among names.
        RefusedError: There is no room for more.
    """
    words = said_words(kind, form, desk.reading.vocabulary(), desk.reading.understand)
    moment = desk.clock()
    wanted = Action.CHANGE if instead_of else Action.ADD
    opened, link = open_or_make(desk, key, visitor, wishes, action=wanted)
    record = opened.record.id
    fact = SaidFact(new_id(), record, kind, pack_readings(words.readings), words.text, json.dumps(dict(form)), moment)
    with desk.units() as unit:
        if key:
            unit.records.get(record, lock=True)
        else:
            # What has no page cannot be compared with one: nobody checks it unless the person asks for it.
            make_record(unit, opened.record, link, wishes.checks or NOBODY)
        before = {f.id for f in unit.records.said(record)}
        if len(before) >= MOST_SAID:
            raise RefusedError("There are as many entries as this record can hold. Remove one first.")
        if instead_of in before:
            unit.records.take_back(instead_of)
        unit.records.say(fact)
        look(unit, opened, "say.fact", moment, kind.value)
        following = next_jobs(unit, record, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)
    return opened.key


def take_back(desk: Desk, visitor: Visitor, key: str, fact: str) -> None:
    """Delete a fact that the person said.

    Raises:
        NotFoundError: There is none.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, moment)
        if fact not in [f.id for f in unit.records.said(opened.record.id)]:
            raise NotFoundError
        unit.records.take_back(fact)
        look(unit, opened, "take_back.fact", moment)
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)


def said_facts(unit: UnitOfWork, record: str) -> tuple[SaidFact, ...]:
    """Return what the person said, oldest first."""
    return tuple(unit.records.said(record))


def as_findings(said: Sequence[SaidFact]) -> tuple[Finding, ...]:
    """Return what the person said as facts; their evidence is the person, who is no page and has no box."""
    told = [(fact.text, reading) for fact in said for reading in unpack_readings(fact.reading)]
    return tuple(
        Finding(f"f{n}", reading, (Evidence(Spoken.PERSON, text),), "", 1.0, Review.ADDED)
        for n, (text, reading) in enumerate(told, 1)
    )


def suggestions(kind: str, typed: str, vocabulary: Vocabulary) -> tuple[Suggestion, ...]:
    """Return names that begin with, or hold, what was typed.

    Args:
        kind: "diagnosis", "gene" or "treatment"; any other has none.
        typed: So far.
        vocabulary: All names.
    """
    low = typed.strip().lower()[:80]
    if len(low) < 2:
        return ()
    if kind == "diagnosis":
        exact, near = diseases_named(low, vocabulary)
        found = [Suggestion(d.name, "; ".join(d.synonyms[:2])) for d in ([exact] if exact else near)]
    elif kind == "gene":
        found = [
            Suggestion(g.symbol, "; ".join((g.name, *g.aliases[:2])))
            for g in sorted(vocabulary.genes.values(), key=lambda g: (not g.cancer, len(g.symbol), g.symbol))
            if any(n.lower().startswith(low) for n in (g.symbol, *g.aliases, *g.previous))
        ]
    elif kind == "treatment":
        found = [
            Suggestion(d.generic, "; ".join((*d.brands[:2], d.drug_class)).strip("; "))
            for d in vocabulary.drugs.values()
            if any(n.lower().startswith(low) for n in (d.generic, *d.brands, *d.synonyms))
        ]
    else:
        found = []
    return tuple(found[:MOST_CHOICES])

"""The navigators' queue: which cases wait for whom, since when, and why each of them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.account import Account, Organisation, Role, Visitor
from app.domain.review import Asked, Seen
from app.errors import NotFoundError
from app.services.access import REVIEWERS
from app.services.desk import Desk
from app.services.keep_queue import Why

ON_A_PAGE = 50
SHOWN = ("waiting", "mine", "free", "done")
WORDS = {
    Why.DISPUTED: "The patient said something is wrong",
    Why.ANSWERED: "The patient answered",
    Why.CONFLICT: "Results disagree",
    Why.AGAIN: "Read differently since it was checked",
    Why.DIFFERENCES: "Two readers differ",
    Why.SECOND: "Waits for a second reading",
    Why.AMENDED: "An amended report",
    Why.DOUBTFUL: "Read with low confidence",
    Why.MISSING: "Something usual is missing",
    Why.NEW: "New",
    Why.SAMPLE: "Random sample",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case in the queue.

    Attributes:
        record: Id of the record.
        seen: The case, and who works on it.
        why: Reasons, with what each is about.
        mine: Whether the visitor holds it, or is to check it.
        held: Whether its lock still holds.
    """

    record: str
    seen: Seen
    why: tuple[tuple[Why, str], ...]
    mine: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue, counted before it was filtered.

    Attributes:
        rows: The cases of this page, those that wait longest first.
        found: How many cases were asked for, on all pages.
        page: Number of this page, from 1.
        pages: How many pages there are; 1 for none.
        mine: How many the visitor holds or is to check.
        free: How many nobody holds and nobody is to check.
        waiting: How many wait.
        done_today: How many the visitor finished today (UTC).
        by_reason: How many wait for each reason.
        organisations: Those that the visitor works for.
        colleagues: Who can be told to check a case; empty unless the visitor is a lead.
    """

    rows: tuple[Waiting, ...]
    found: int
    page: int
    pages: int
    mine: int
    free: int
    waiting: int
    done_today: int
    by_reason: Mapping[Why, int]
    organisations: tuple[Organisation, ...]
    colleagues: tuple[Account, ...]


def see_queue(
    desk: Desk, visitor: Visitor, *, reason: str = "", show: str = "waiting", search: str = "", page: int = 1
) -> Queue:
    """Return one page of the queue.

    Args:
        desk: The store.
        visitor: A navigator or lead.
        reason: Only cases with this reason.
        show: "waiting", "mine", "free" or "done".
        search: Part of a document's name, kind, laboratory, or the beginning of the record's id.
        page: Number of the page, from 1; one that does not exist becomes the nearest that does.

    Raises:
        NotFoundError: The visitor is no navigator.
    """
    account = visitor.account
    if account is None or not is_reviewer(visitor):
        raise NotFoundError
    moment = desk.clock()
    everything = Asked(account.id, moment)
    asked = replace(everything, show=show if show in SHOWN else "waiting", reason=reason, search=search)
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    with desk.units(reading=True) as unit:
        found = unit.queue.count(asked)
        pages = max(1, -(-found // ON_A_PAGE))
        number = min(max(1, page), pages)
        rows = unit.queue.seen(replace(asked, skip=(number - 1) * ON_A_PAGE, most=ON_A_PAGE))
        counted = unit.queue.by_reason(everything)
        organisations = tuple(unit.organisations.of_account(account.id))
        colleagues = {a.id: a for o in organisations for a in unit.organisations.members(o.id) if not a.disabled}
        return Queue(
            tuple(_waiting(row, account, moment) for row in rows),
            found,
            number,
            pages,
            unit.queue.count(replace(everything, show="mine")),
            unit.queue.count(replace(everything, show="free")),
            unit.queue.count(everything),
            unit.queue.done_since(account.id, today),
            {why: counted.get(why, 0) for why in Why},
            organisations,
            tuple(sorted(colleagues.values(), key=lambda a: a.email)) if leads(visitor) else (),
        )


def is_reviewer(visitor: Visitor) -> bool:
    """Tell whether the queue is for this visitor."""
    return visitor.account is not None and not visitor.account.disabled and visitor.account.role in REVIEWERS


def leads(visitor: Visitor) -> bool:
    """Tell whether a visitor may do what only a lead may."""
    return visitor.account is not None and not visitor.account.disabled and visitor.account.role is Role.LEAD


def _waiting(seen: Seen, account: Account, moment: datetime) -> Waiting:
    case = seen.case
    held = case.held_until is not None and case.held_until > moment
    mine = (held and case.holder == account.id) or account.id in (case.assigned, case.second_by)
    why = tuple((Why(w), what) for w, what in seen.listed.reasons)
    return Waiting(seen.listed.record, seen, why, mine, held)

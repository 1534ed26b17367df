"""What a lead sees of trust: how far two readers agree, and how far the machine's confidence can be believed."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import Organisation, Visitor
from app.errors import NotFoundError
from app.services.agreement import Kappa, agreement
from app.services.calibration import Calibration, calibrate
from app.services.desk import Desk
from app.services.must_decide import threshold_of
from app.services.review_queue import leads


@dataclass(frozen=True, slots=True)
class Trust:
    """The figures of the organisations that a lead works for.

    Attributes:
        agreement: Agreement for each field.
        differ: How many facts were read differently, and how many of these wait to be settled.
        calibration: The machine's confidence against what people decided.
        organisations: The lead's organisations, each with its threshold; None where every fact must be decided.
    """

    agreement: tuple[Kappa, ...]
    differ: tuple[int, int]
    calibration: Calibration
    organisations: tuple[tuple[Organisation, float | None], ...]


def see_trust(desk: Desk, visitor: Visitor) -> Trust:
    """Return the figures; they hold no name and no text of a record.

    Raises:
        NotFoundError: The visitor is no lead.
    """
    if visitor.account is None or not leads(visitor):
        raise NotFoundError
    with desk.units(reading=True) as unit:
        theirs = unit.organisations.of_account(visitor.account.id)
        compared = unit.seconds.compared(visitor.account.id)
        counted = unit.reviews.reviewed([o.id for o in theirs])
        holds = tuple((o, threshold_of(unit, o)) for o in theirs)
    differing = [r for r in compared if r.agreed is False]
    waiting = sum(r.settled_at is None for r in differing)
    return Trust(agreement(compared), (len(differing), waiting), calibrate(counted), holds)

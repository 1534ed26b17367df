"""How far two readers agree beyond chance: Cohen's kappa for each field of the facts that both have read.

Source: Cohen J. A coefficient of agreement for nominal scales. Educ Psychol Meas 1960;20(1):37-46, with its standard
error for large samples.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.finding import Review
from app.domain.review import SecondReading
from app.services.second_reading import COMPARED, plain

FEW = 30
"""Below so many pairs a kappa is only a hint."""
KEPT = "kept or rejected"
Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two readers in one field.

    Attributes:
        field: Name of the field, or `KEPT`.
        n: How many facts both have read.
        same: Share of them in which both say the same; 0 where n is 0.
        kappa: 1 for full agreement, 0 for what chance would give; None where it cannot be told.
        low: Lower end of its 95 % interval; None with it.
        high: Upper end.
        note: What to keep in mind, or "".
    """

    field: str
    n: int
    same: float
    kappa: float | None
    low: float | None
    high: float | None
    note: str


def cohens_kappa(pairs: Sequence[tuple[str, str]], field: str = "") -> Kappa:
    """Return the agreement of two readers.

    Args:
        pairs: What the first and the second said of each fact.
        field: Name of the field.
    """
    n = len(pairs)
    if not n:
        return Kappa(field, 0, 0.0, None, None, None, "Nothing was read twice yet.")
    same = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[word] * second[word] for word in first) / n**2
    if chance >= 1.0:
        return Kappa(field, n, same, None, None, None, "Both always said one and the same: chance alone explains it.")
    kappa = (same - chance) / (1 - chance)
    error = math.sqrt(same * (1 - same) / (n * (1 - chance) ** 2))
    note = f"Too few to rely on: {FEW} are needed." if n < FEW else ""
    return Kappa(field, n, same, kappa, max(-1.0, kappa - Z95 * error), min(1.0, kappa + Z95 * error), note)


def agreement(readings: Sequence[SecondReading]) -> tuple[Kappa, ...]:
    """Return the agreement for each field: whether a fact was kept at all, then the rest for those that both kept.

    Args:
        readings: Second readings that were compared with a first one.
    """
    kept = [(r, r.first_review != Review.REJECTED, r.review is not Review.REJECTED) for r in readings]
    words = {True: "kept", False: "rejected"}
    found = [cohens_kappa([(words[one], words[other]) for _, one, other in kept], KEPT)]
    both = [(json.loads(r.first_values), json.loads(r.values)) for r, one, other in kept if one and other]
    for name in COMPARED:
        pairs = [(plain(first, name), plain(second, name)) for first, second in both]
        # A field that neither of the two has says nothing about agreement.
        found.append(cohens_kappa([(one, other) for one, other in pairs if one or other], name))
    return tuple(found)

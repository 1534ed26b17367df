"""Whether the machine's confidence can be believed, told from what people decided, and what therefore must be decided.

Source: reliability diagrams after Niculescu-Mizil A, Caruana R, ICML 2005; intervals after Wilson EB, JASA 1927.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.finding import Review

BINS = 10
LEAST = 100
"""Of so many checked facts at least a threshold is derived."""
WANTED = 0.98
"""Share that must have been right above a derived threshold, with 97.5 % certainty."""
Z95 = 1.96
JUDGED = (Review.CONFIRMED, Review.CORRECTED, Review.REJECTED)
Counted = tuple[float, str, int]
"""Confidence, what the last decision was, how many facts."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Facts of about the same confidence.

    Attributes:
        low: From this confidence.
        high: Up to this one.
        n: How many were checked.
        said: Their mean confidence; the middle of the bin where n is 0.
        right: Share that was confirmed; None where n is 0.
        least: Lower end of its 95 % interval; None with it.
        most: Upper end.
    """

    low: float
    high: float
    n: int
    said: float
    right: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of the machine's confidence.

    Attributes:
        bins: From low to high confidence.
        n: How many facts were checked.
        gap: Mean distance between confidence and share of right ones, weighted by n; None where n is 0.
        threshold: Confidence from which a fact may stay undecided; None while none is known to be good enough.
    """

    bins: tuple[Bin, ...]
    n: int
    gap: float | None
    threshold: float | None


def calibrate(counted: Sequence[Counted]) -> Calibration:
    """Compare the machine's confidence with what people decided.

    Args:
        counted: What was decided last about facts that the machine had read.
    """
    judged = [(confidence, review, n) for confidence, review, n in counted if review in JUDGED]
    bins = tuple(_bin(k, [c for c in judged if _bin_of(c[0]) == k]) for k in range(BINS))
    n = sum(b.n for b in bins)
    gap = sum(b.n * abs(b.said - b.right) for b in bins if b.right is not None) / n if n else None
    return Calibration(bins, n, gap, _threshold(judged))


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    share = right / n
    middle = share + Z95**2 / (2 * n)
    spread = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    scale = 1 + Z95**2 / n
    # Rounding must not push an end past the share itself.
    return max(0.0, min(share, (middle - spread) / scale)), min(1.0, max(share, (middle + spread) / scale))


def _threshold(judged: Sequence[Counted]) -> float | None:
    """Return the lowest confidence from which on, step by step, enough of the checked facts were right."""
    found = None
    n = right = 0
    for confidence in sorted({c for c, _, _ in judged}, reverse=True):
        here = [(review, k) for c, review, k in judged if c == confidence]
        n += sum(k for _, k in here)
        right += sum(k for review, k in here if review == Review.CONFIRMED)
        if n >= LEAST:
            if wilson(right, n)[0] < WANTED:
                break
            found = confidence
    return found


def _bin_of(confidence: float) -> int:
    # The small step makes 0.3 * 10 three and not 2.9999….
    return min(BINS - 1, max(0, int(confidence * BINS + 1e-9)))


def _bin(number: int, judged: Sequence[Counted]) -> Bin:
    low, high = number / BINS, (number + 1) / BINS
    n = sum(k for _, _, k in judged)
    if not n:
        return Bin(low, high, 0, (low + high) / 2, None, None, None)
    right = sum(k for _, review, k in judged if review == Review.CONFIRMED)
    said = sum(c * k for c, _, k in judged) / n
    return Bin(low, high, n, said, right / n, *wilson(right, n))

"""What a stage hands on: its value, and everything that went less than well on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Severity(StrEnum):
    """How much an issue matters: for information, a doubt about a result, or nothing may be built on it."""

    INFO = "info"
    WARNING = "warning"
    BLOCKING = "blocking"


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that the reader of the profile must know.

    Attributes:
        code: Stable dotted name, such as "page.unreadable"; the list stands in docs/issues.md.
        message: One plain sentence for the patient, with the next step where there is one.
        severity: Whether it informs, warns or blocks guidance.
        document: Position of the document in the record, from 0; None where it is about the whole record.
        page: Page number, from 1; None where it is about the whole document.
    """

    code: str
    message: str
    severity: Severity = Severity.WARNING
    document: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A value and the issues met while making it."""

    value: T
    issues: tuple[Issue, ...] = ()

    def then(self, step: Callable[[T], Outcome[U]]) -> Outcome[U]:
        """Go on with the value and keep the issues."""
        following = step(self.value)
        return Outcome(following.value, self.issues + following.issues)

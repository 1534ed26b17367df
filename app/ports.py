"""What the core needs from outside, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.domain.account import Account, Session
from app.domain.document import SourceDocument
from app.domain.job import Job, JobState
from app.domain.outcome import Outcome
from app.domain.page import Page, Word
from app.domain.record import (
    Doubt,
    Invitation,
    Link,
    Look,
    PartialUpload,
    Record,
    SaidFact,
    StoredAnalysis,
    StoredDocument,
    StoredPage,
)
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice
from app.review_ports import Organisations, Questions, Queue, Reviews, SecondReadings

T = TypeVar("T")

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OnPage = Callable[[int, int], None]
"""Called after each page with its number, from 1, and the number of pages."""


class Ocr(Protocol):
    """Reads words from a picture of text that stands upright."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages whose data is installed."""
        ...

    def words(
        self, picture: NDArray[np.uint8], *, languages: Sequence[str], scattered: bool = False, seconds: float = 60.0
    ) -> tuple[Word, ...]:
        """Read all words, with boxes in points of the picture.

        Args:
            picture: Grey, 0 black to 255 white.
            languages: Of the text, likeliest first.
            scattered: Whether to look for words anywhere instead of for columns of text.
            seconds: When to give up.

        Raises:
            DependencyError: The engine is missing.
            TimeoutError: It took too long.
        """
        ...

    def again(self, pieces: Sequence[NDArray[np.uint8]]) -> tuple[tuple[str, float], ...]:
        """Read each piece, one word or a few on one line, with a second and independent reader.

        Returns:
            Text and confidence (0 to 1) of each piece; empty where there is no second reader.
        """
        ...


class DocumentReader(Protocol):
    """Reads the pages of a document, safe from what the document may do."""

    def read(self, document: SourceDocument, on_page: OnPage) -> Outcome[tuple[Page, ...]]:
        """Read all pages.

        Raises:
            InputError: The document is refused.
            DependencyError: The OCR engine is missing.
        """
        ...


class KnowledgeBase(Protocol):
    """The compiled facts. Reading it never touches the network."""

    @property
    def version(self) -> str:
        """Date and short hash, such as "2026-11-25+3f2a9c1"."""
        ...

    def about(self, genes: Sequence[str | None]) -> Sequence[Statement]:
        """Return the statements with a condition on any of the genes; None stands for signatures and cytogenetics."""
        ...

    def advice(self, diseases: Sequence[str]) -> Sequence[TestAdvice]:
        """Return what guidelines say to test in any of the diseases (codes or groups)."""
        ...

    def cards(self) -> Sequence[MarkerCard]:
        """Return all marker cards."""
        ...

    def frequencies(self, gene: str | None, diseases: Sequence[str]) -> Sequence[Frequency]:
        """Return how often changes of the gene are found in any of the diseases."""
        ...

    def method(self, identity: str) -> Method | None:
        """Return a way of testing."""
        ...

    def disease_card(self, code: str) -> DiseaseCard | None:
        """Return a cancer's plain words."""
        ...

    def source(self, identity: str) -> Source | None:
        """Return what can be cited under the id."""
        ...


class FileStore(Protocol):
    """Keeps bytes under keys such as "records/3f…/original"; a key is written once and never changed."""

    def put(self, key: str, content: bytes) -> None:
        """Store the bytes so that they outlive a power cut.

        Raises:
            DependencyError: The store is full or cannot be reached.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes.

        Raises:
            DependencyError: The key is missing or the store cannot be reached.
        """
        ...

    def purge(self, prefix: str) -> None:
        """Delete everything under the prefix; nothing there is no error."""
        ...

    def check(self) -> None:
        """Raise DependencyError unless the store can be written to."""
        ...


class JobQueue(Protocol):
    """Tells a worker that a job waits; the job itself is in the database."""

    def ring(self, job: str) -> bool:
        """Ring for the job with this id; False where nobody can be reached (the sweeper rings again)."""
        ...


class Mailer(Protocol):
    """Sends notes that hold no health data."""

    def send(self, receiver: str, subject: str, text: str) -> None:
        """Send a note.

        Raises:
            DependencyError: It could not be sent.
        """
        ...


class Kept(Protocol[T]):
    """A collection of one noun in the store."""

    def add(self, noun: T) -> None:
        """Add one."""
        ...

    def get(self, identity: str, *, lock: bool = False) -> T | None:
        """Return the one with this id; with `lock`, others wait until this unit of work ends."""
        ...

    def save(self, noun: T) -> None:
        """Write the changed one."""
        ...

    def delete(self, identity: str) -> None:
        """Delete the one with this id, and everything that hangs on it."""
        ...


class Records(Kept[Record], Protocol):
    """Records, their links, and what the person said of them."""

    def owned(self, account: str) -> Sequence[Record]:
        """Return the records that an account keeps, newest first."""
        ...

    def expired(self, now: datetime) -> Sequence[Record]:
        """Return the records whose time is over."""
        ...

    def add_link(self, link: Link) -> None:
        """Add a link."""
        ...

    def link(self, token_hash: str) -> Link | None:
        """Return the link with this hash."""
        ...

    def links(self, record: str) -> Sequence[Link]:
        """Return the links of a record, oldest first."""
        ...

    def delete_link(self, token_hash: str) -> None:
        """Make a link open nothing from now on."""
        ...

    def add_doubt(self, doubt: Doubt) -> None:
        """Put "this is wrong" into the reviewers' queue."""
        ...

    def doubts(self, record: str | None = None) -> Sequence[Doubt]:
        """Return what still waits for a reviewer, oldest first; of one record where it is given."""
        ...

    def say(self, fact: SaidFact) -> None:
        """Add what the person says."""
        ...

    def said(self, record: str) -> Sequence[SaidFact]:
        """Return what the person said, oldest first."""
        ...

    def take_back(self, identity: str) -> None:
        """Delete what the person said."""
        ...


class Invitations(Kept[Invitation], Protocol):
    """Invitations to see records."""

    def of_record(self, record: str) -> Sequence[Invitation]:
        """Return the invitations to a record, oldest first."""
        ...

    def accepted(self, account: str, record: str | None = None) -> Sequence[Invitation]:
        """Return what an account has accepted, newest first; of one record where it is given."""
        ...


class Uploads(Kept[PartialUpload], Protocol):
    """Files that are still coming, piece by piece."""

    def expired(self, now: datetime) -> Sequence[PartialUpload]:
        """Return what nobody claimed in time."""
        ...

    def waiting(self) -> int:
        """Return how many bytes were announced by all that are there."""
        ...


class Documents(Kept[StoredDocument], Protocol):
    """Documents of records, their pages, and what was read from them."""

    def of_record(self, record: str) -> Sequence[StoredDocument]:
        """Return the documents of a record in the order in which they came."""
        ...

    def progress(self, identity: str, page: int, pages: int) -> None:
        """Note that this many of the pages were read."""
        ...

    def put_pages(self, document: str, pages: Sequence[StoredPage]) -> None:
        """Replace the pages of a document."""
        ...

    def pages(self, document: str) -> Sequence[StoredPage]:
        """Return the pages of a document in order."""
        ...

    def put_facts(self, document: str, content: bytes) -> None:
        """Replace what was read from a document."""
        ...

    def facts(self, document: str) -> bytes | None:
        """Return what was read from a document."""
        ...


class Analyses(Kept[StoredAnalysis], Protocol):
    """What was made of records."""

    def latest(self, record: str, *, whole: bool = True) -> StoredAnalysis | None:
        """Return the newest analysis of a record; unless whole, without its JSON, which is most of it."""
        ...

    def before(self, analysis: StoredAnalysis) -> StoredAnalysis | None:
        """Return the analysis of the same record that came before this one."""
        ...

    def at(self, record: str, moment: datetime) -> StoredAnalysis | None:
        """Return the analysis of a record that was the newest at a moment."""
        ...

    def outdated(self, pipeline_version: str, knowledge_version: str, limit: int) -> Sequence[StoredAnalysis]:
        """Return newest analyses that other versions made, oldest first."""
        ...


class Jobs(Kept[Job], Protocol):
    """The truth about background work."""

    def of_record(self, record: str) -> Sequence[Job]:
        """Return all jobs of a record, oldest first."""
        ...

    def claim(self, identity: str, holder: str, now: datetime, until: datetime) -> Job | None:
        """Take the job if it waits or its lease has run out; None where somebody else has it or it is closed."""
        ...

    def extend(self, identity: str, holder: str, until: datetime) -> bool:
        """Prolong the lease; False where it was lost."""
        ...

    def finish(self, identity: str, holder: str, state: JobState, now: datetime, error_code: str = "") -> bool:
        """Close the job, or lay it back where the state is waiting; False where the lease was lost."""
        ...

    def close(self, identity: str, state: JobState, now: datetime) -> None:
        """Close an open job whoever holds it."""
        ...

    def due(self, now: datetime, rung_before: datetime) -> Sequence[Job]:
        """Return jobs that nobody holds and for which nobody rang since `rung_before`, oldest first."""
        ...

    def rung(self, identity: str, now: datetime) -> None:
        """Note that the broker was told."""
        ...


class Accounts(Kept[Account], Protocol):
    """Accounts and their sessions."""

    def by_email(self, email: str) -> Account | None:
        """Return the account with this address, in lower case."""
        ...

    def add_session(self, session: Session) -> None:
        """Add a session."""
        ...

    def session(self, token_hash: str) -> Session | None:
        """Return a session."""
        ...

    def delete_session(self, token_hash: str) -> None:
        """End a session."""
        ...

    def end_sessions(self, account: str) -> None:
        """End all sessions of an account."""
        ...

    def note_failure(self, key: str, at: datetime) -> None:
        """Remember a failed sign-in under an opaque key."""
        ...

    def failures(self, key: str, since: datetime) -> int:
        """Count failed sign-ins under the key."""
        ...

    def forget_failures(self, key: str) -> None:
        """Forget the failed sign-ins under the key."""
        ...


class Trail(Protocol):
    """Who looked at what, and which files still have to be deleted."""

    def add(self, look: Look) -> None:
        """Add a line to the audit trail."""
        ...

    def of_record(self, record: str) -> Sequence[Look]:
        """Return the trail of a record, newest first."""
        ...

    def add_purge(self, prefix: str) -> None:
        """Remember that the files under the prefix must go."""
        ...

    def purges(self) -> Sequence[str]:
        """Return the prefixes whose files must go."""
        ...

    def purged(self, prefix: str) -> None:
        """Forget a prefix whose files are gone."""
        ...


class UnitOfWork(Protocol):
    """Everything that is written together: commit once, at the end; leaving without it writes nothing."""

    @property
    def records(self) -> Records:
        """The records."""
        ...

    @property
    def invitations(self) -> Invitations:
        """The invitations."""
        ...

    @property
    def uploads(self) -> Uploads:
        """The files that are still coming."""
        ...

    @property
    def questions(self) -> Questions:
        """What navigators asked the persons."""
        ...

    @property
    def documents(self) -> Documents:
        """The documents."""
        ...

    @property
    def analyses(self) -> Analyses:
        """The analyses."""
        ...

    @property
    def jobs(self) -> Jobs:
        """The jobs."""
        ...

    @property
    def accounts(self) -> Accounts:
        """The accounts."""
        ...

    @property
    def trail(self) -> Trail:
        """The audit trail."""
        ...

    @property
    def reviews(self) -> Reviews:
        """The navigators' decisions."""
        ...

    @property
    def queue(self) -> Queue:
        """The navigators' queue."""
        ...

    @property
    def organisations(self) -> Organisations:
        """Who may check which records."""
        ...

    @property
    def seconds(self) -> SecondReadings:
        """The second readings."""
        ...

    def __enter__(self) -> UnitOfWork:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was not committed is undone."""
        ...

    def commit(self) -> None:
        """Write everything."""
        ...


class Units(Protocol):
    """Opens units of work."""

    def __call__(self, *, reading: bool = False) -> UnitOfWork:
        """Open one; `reading` promises that nothing will be written."""
        ...

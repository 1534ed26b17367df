"""A person's record as it is kept: its links, its documents and their pages, its analyses, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Showing(StrEnum):
    """When the person wants to see what was read."""

    NOW = "now"
    LATER = "later"
    WITH_SOMEONE = "with_someone"


@dataclass(frozen=True, slots=True)
class Record:
    """The documents of one person.

    Attributes:
        id: Random, in hexadecimal.
        created_at: In UTC.
        owner: Id of the account that keeps it; None for one that only a private link opens.
        expires_at: When it is deleted; None for one that an account keeps.
        showing: When the person wants to see what was read.
        language: Of the guidance.
        mail: Address that hears when the result is ready; "" for none.
        one_person: A person said that all documents are of one patient though their names differ.
    """

    id: str
    created_at: datetime
    owner: str | None = None
    expires_at: datetime | None = None
    showing: Showing = Showing.NOW
    language: str = "en"
    mail: str = ""
    one_person: bool = False


class LinkPurpose(StrEnum):
    """What a link lets its holder do."""

    OWNER = "owner"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that opens a record without an account.

    Attributes:
        token_hash: SHA-256 of the secret in the address; the secret itself is kept nowhere.
        record: Id of the record.
        purpose: Everything (OWNER), or reading only (SHARE).
        created_at: In UTC.
        expires_at: In UTC; the link opens nothing from then on.
        label: For whom the owner made it, or "".
    """

    token_hash: str
    record: str
    purpose: LinkPurpose
    created_at: datetime
    expires_at: datetime
    label: str = ""


class GuestMay(StrEnum):
    """What a person lets somebody whom they invited do."""

    READ = "read"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to see a record with an account of one's own; the owner can take it back at any time.

    Attributes:
        id: SHA-256 of the secret in its address; the secret itself is kept nowhere.
        record: Id of the record.
        may: Reading only, or also adding reports, writing down facts and saying what is wrong.
        label: For whom the owner made it, or "".
        created_at: In UTC.
        expires_at: In UTC; until then it can be accepted, once.
        account: Id of the account that accepted it; None while nobody has.
        accepted_at: In UTC; None while nobody has accepted it.
    """

    id: str
    record: str
    may: GuestMay
    label: str
    created_at: datetime
    expires_at: datetime
    account: str | None = None
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartialUpload:
    """A file that is still coming, piece by piece; every piece is safe before it is acknowledged.

    Attributes:
        id: SHA-256 of the secret in its address.
        name: As the file is called.
        bytes_count: Length of the whole file.
        received: How many bytes are safe.
        created_at: In UTC.
        expires_at: In UTC; what nobody claimed by then is deleted.
    """

    id: str
    name: str
    bytes_count: int
    received: int
    created_at: datetime
    expires_at: datetime


class DocumentState(StrEnum):
    """How far a stored document has come. ASIDE: kept, and not read from, because others stand in its place."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"
    LOCKED = "locked"
    CANCELLED = "cancelled"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One readable document of a record; the original was stored before anything read it.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        name: As the file was called; a part's name follows after " / ".
        sha256: Of the bytes under `key`.
        format: By content (`Format`).
        key: Where the bytes are in the file store.
        original: Where the file that was sent is; differs from `key` for a part of a ZIP or an unlocked copy.
        bytes_count: Length of the original.
        received_at: In UTC; decides the order of a record's documents.
        state: How far it has come.
        pages: Number of pages; 0 until known.
        pages_read: Pages read so far.
        error_code: Of the failure, such as "input.damaged"; "" otherwise.
        error_message: The plain sentence for the person, or "".
        version: Pipeline version that read it, or "".
        turned: Not used any more.
        turns: "page:degrees" for each page whose upright a navigator told, joined by spaces.
    """

    id: str
    record: str
    name: str
    sha256: str
    format: str
    key: str
    original: str
    bytes_count: int
    received_at: datetime
    state: DocumentState = DocumentState.WAITING
    pages: int = 0
    pages_read: int = 0
    error_code: str = ""
    error_message: str = ""
    version: str = ""
    turned: int = 0
    turns: str = ""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page that was read.

    Attributes:
        document: Id of the document.
        number: From 1.
        width: In points.
        height: In points.
        key: Where its image is in the file store; "" while there is none.
        media_type: Of the image.
        words: How many words were read.
        source: native, ocr or mixed.
    """

    document: str
    number: int
    width: float
    height: float
    key: str
    media_type: str
    words: int
    source: str


@dataclass(frozen=True, slots=True)
class StoredAnalysis:
    """What was made of a record at one time.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        number: From 1, in order of making.
        inputs: SHA-256 over documents, versions, language and decisions: the same inputs are explained once.
        json: The analysis (`caseguide.analysis/1`).
        pipeline_version: Of the code that read.
        knowledge_version: Of the facts that explained.
        created_at: In UTC.
        documents: Ids of the stored documents that it was made of, in its order, joined by spaces.
        language: Of the guidance.
        one_person: Whether a person had confirmed that all documents are of one patient.
        said: Ids of the facts that the person had said, in their order, joined by spaces.
    """

    id: str
    record: str
    number: int
    inputs: str
    json: str
    pipeline_version: str
    knowledge_version: str
    created_at: datetime
    documents: str = ""
    language: str = "en"
    one_person: bool = False
    said: str = ""


class SaidKind(StrEnum):
    """What a person says of themselves without a document."""

    DIAGNOSIS = "diagnosis"
    STAGE = "stage"
    MARKER = "marker"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact that the person said; no page says it, and it is never shown as if one did.

    Attributes:
        id: Random, in hexadecimal. A fact that is corrected gets a new one.
        record: Id of the record.
        kind: What it is about.
        reading: The fact in the words of the vocabulary, packed as JSON; a stage may be several readings.
        text: As the person wrote it.
        form: What was filled in, as JSON, so that it can be corrected.
        created_at: In UTC; decides the order.
    """

    id: str
    record: str
    kind: SaidKind
    reading: str
    text: str
    form: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """An objection ("this is wrong") by the person about one fact or sentence; it waits for a reviewer.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        about: Id of the fact in the analysis, such as "f3".
        label: The fact's name as it was shown.
        note: What the person wrote, or "".
        created_at: In UTC.
        settled_at: When a reviewer settled it; None while it waits.
    """

    id: str
    record: str
    about: str
    label: str
    note: str
    created_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a navigator asks the person whose record it is.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        fact: Key of the fact that it is about, or "".
        label: The fact's name as it was shown, or "".
        text: The question in the navigator's words.
        who: Id of the account that asks.
        at: In UTC.
        answer: In the person's words; "" while it waits.
        answered_at: In UTC; None while it waits.
    """

    id: str
    record: str
    fact: str
    label: str
    text: str
    who: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the audit trail; it never holds patient text.

    Attributes:
        at: In UTC.
        who: "account:<id>", "link:owner", "link:share" or "system".
        what: The action, such as "view.result".
        record: Id of the record, or "".
        detail: Ids and counts only.
    """

    at: datetime
    who: str
    what: str
    record: str = ""
    detail: str = ""

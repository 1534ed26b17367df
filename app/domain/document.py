"""A document as it was received, before anything was read from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What a file is by its content, whatever its name says."""

    PDF = "pdf"
    IMAGE = "image"
    DOCX = "docx"
    RTF = "rtf"
    TEXT = "text"
    HTML = "html"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as a person sent it.

    Attributes:
        name: The name it came with; for people only, never for deciding what it is.
        content: All bytes, untouched.
        password: Opens a locked PDF; held in memory only.
    """

    name: str
    content: bytes
    password: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One readable document: a file that was accepted, or a part of one (a picture in a ZIP, a PDF's attachment).

    Attributes:
        name: Name of the file; a part's name follows after " / ".
        sha256: Of the bytes of `content`, in hexadecimal.
        format: By content; never ZIP.
        content: The bytes that the page reader opens (an encrypted PDF still encrypted).
        password: Opens it where it is locked.
        turns: (page, degrees clockwise) for each page whose upright a person has told; page from 1, degrees beyond what
            the file itself says.
    """

    name: str
    sha256: str
    format: Format
    content: bytes
    password: str | None = None
    turns: tuple[tuple[int, int], ...] = ()

    def turn_of(self, page: int) -> int | None:
        """Return the degrees by which a person said to turn a page; None where nobody did."""
        return dict(self.turns).get(page)


class ReportKind(StrEnum):
    """What sort of report a document is."""

    NGS = "ngs"
    LIQUID_BIOPSY = "liquid_biopsy"
    GERMLINE = "germline"
    PATHOLOGY = "pathology"
    IHC = "ihc"
    FISH = "fish"
    CYTOGENETICS = "cytogenetics"
    FLOW = "flow"
    CLINICAL_NOTE = "clinical_note"
    OTHER = "other"

"""Error families, by who must act. Messages hold no text of a patient: file names and field names only."""

from __future__ import annotations


class AppError(Exception):
    """Something that somebody outside the code can put right."""

    code = "error"


class InputError(AppError):
    """The sender can put it right: another file, another field. Never retried."""

    code = "input"


class UsageError(AppError):
    """The command was called in a way that it does not know."""

    code = "usage"


class DataFileError(AppError):
    """A curator must mend a data file: start-up stops, naming file and field."""

    code = "data_file"


class DependencyError(AppError):
    """The operator must act: something that we need is missing or down. Retried."""

    code = "dependency"


class EmptyFileError(InputError):
    """The file holds nothing."""

    code = "input.empty"

    def __init__(self, name: str) -> None:
        """Name the file and say what the sender can do."""
        super().__init__(f"{name} is empty. Save or scan it again and send the new file.")


class EncryptedReportError(InputError):
    """The PDF asks for a password."""

    code = "input.encrypted"

    def __init__(self, name: str, *, wrong: bool = False) -> None:
        """Name the file and say what the sender can do; `wrong` where a password was given and does not open it."""
        tried = "The password does not open" if wrong else "A password is needed to open"
        super().__init__(f"{tried} {name}. Give the password, or save a copy without one and send that.")


class DamagedFileError(InputError):
    """The file is cut off or broken."""

    code = "input.damaged"

    def __init__(self, name: str) -> None:
        """Name the file and say what the sender can do."""
        super().__init__(
            f"{name} is damaged or was cut off on its way. Download or scan it again and send the new file."
        )


class NotADocumentError(InputError):
    """The file is of a type that holds no report."""

    code = "input.not_a_document"

    def __init__(self, name: str, what: str = "") -> None:
        """Name the file, say what it is where that is known, and what the sender can do."""
        told = f"{name} is {what}, not a report" if what else f"{name} is not a report that we can read"
        super().__init__(f"{told}. Send a PDF, a photo or a scan of the report.")


class TooLargeError(InputError):
    """The file is over a limit."""

    code = "input.too_large"

    def __init__(self, name: str, limit: str) -> None:
        """Name the file and the limit, such as "more than 500 pages"."""
        super().__init__(f"{name} is too large ({limit}). Send the pages that hold your results as a smaller file.")


class NotFoundError(InputError):
    """What was asked for is not there, or is not the asker's to see: both look the same."""

    code = "input.not_found"

    def __init__(self) -> None:
        """Say what may have happened, and nothing of what there is."""
        super().__init__("There is nothing at this address. The link may be mistyped, or its time may be over.")


class RefusedError(InputError):
    """A request that cannot be carried out as it is; the message says what to change."""

    code = "input.refused"

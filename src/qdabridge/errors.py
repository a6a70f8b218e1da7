"""Every exception that qdabridge raises on purpose; each is also the builtin kind a caller may already catch.

- QdabridgeError
    - CannotRead (also ValueError): the input is not a study, or is damaged beyond reading.
        - NotFound (also FileNotFoundError): there is no such file.
        - TooLarge: a limit that protects the machine was reached.
    - CannotWrite (also OSError): the target could not be written; an old target is intact.
        - TargetExists (also FileExistsError)
    - BadRequest (also ValueError): what was asked for does not exist or does not fit together.
    - NotInStudy (also KeyError): a GUID, code or case that the study does not have.

The message is one sentence for a person: what is wrong, where, and what to do.
"""

from __future__ import annotations


class QdabridgeError(Exception):
    """Base of all errors raised on purpose; ``exit_status`` is what the command line ends with."""

    exit_status = 1

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the whole message: where, what is wrong, what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} {self.todo}".rstrip() if self.todo else head

    def __str__(self) -> str:
        return self.sentence()


class CannotRead(QdabridgeError, ValueError):
    """The input cannot be read as a study."""

    exit_status = 3


class NotFound(CannotRead, FileNotFoundError):
    """There is no such file."""


class TooLarge(CannotRead):
    """A limit that protects the machine was reached."""


class CannotWrite(QdabridgeError, OSError):
    """The target could not be written; an old target is as it was."""

    exit_status = 4


class TargetExists(CannotWrite, FileExistsError):
    """The target exists and overwriting was not asked for."""


class BadRequest(QdabridgeError, ValueError):
    """What was asked for does not exist or does not fit together."""

    exit_status = 2


class NotInStudy(QdabridgeError, KeyError):
    """The study has no such code, case, source or GUID."""

    exit_status = 2

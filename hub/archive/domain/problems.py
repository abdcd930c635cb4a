"""What is said about a file that cannot go in, or that went in with a remark."""

from __future__ import annotations

from dataclasses import dataclass

from hub.kernel.errors import HubError


class SourceError(HubError):
    """A file cannot be imported as it stands. `line` is the line of the file, counted from 1."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Remark:
    """Something worth knowing about a file that did go in."""

    text: str
    line: int = 1

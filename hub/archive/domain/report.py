"""What an import did, for the person who started it and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hub.archive.domain.problems import Remark, SourceError


@dataclass(frozen=True)
class Failure:
    """A file that did not go in: where, and why."""

    file: str
    line: int
    reason: str


@dataclass
class Report:
    """Counts of files by what happened to them; every file is in exactly one of them, or was left aside."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    remarks: list[tuple[str, Remark]] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)
    layout: str = ""

    def fail(self, path: str, error: SourceError) -> None:
        self.failed.append(Failure(path, error.line, error.reason))

    def remark(self, path: str, *remarks: Remark) -> None:
        self.remarks.extend((path, remark) for remark in remarks)

    def as_json(self) -> dict[str, Any]:
        """The keys other programs rely on; no more and no less."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": [{"file": one.file, "line": one.line, "reason": one.reason} for one in self.failed],
        }

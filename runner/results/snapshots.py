"""What came of the snapshots of a run."""

from __future__ import annotations

from dataclasses import field

from runner.model.quick_dataclass import dataclass


@dataclass(slots=True, kw_only=True)
class SnapshotCounts:
    """How many responses are as their snapshots (`matched`), are not (`different`), or have none (`missing`).

    `new` and `updated` snapshots were written, those in `left_out` would have been if their requests had not failed; these
    and those of `unused` and `removed` files are paths.
    """

    matched: int = 0
    different: int = 0
    missing: int = 0
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """A short description."""
        counts = (
            (self.matched, "as before"),
            (self.different, "different"),
            (self.missing, "missing"),
            (len(self.new), "new"),
            (len(self.updated), "updated"),
            (len(self.left_out), "not written, because the request failed"),
            (len(self.unused), "unused"),
            (len(self.removed), "removed"),
        )
        return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing was compared"

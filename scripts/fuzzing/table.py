"""All targets by name."""

from __future__ import annotations

from fuzzing import commands, comparisons, files, messages, reports, thresholds, wire
from fuzzing.target import Target

TARGETS: dict[str, Target] = {
    **wire.TARGETS,
    **files.TARGETS,
    **messages.TARGETS,
    **reports.TARGETS,
    **commands.TARGETS,
    **comparisons.TARGETS,
    **thresholds.TARGETS,
}

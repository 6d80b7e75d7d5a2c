"""What a person or a CI server reads about a run. Each reporter is a function of what happened.

Packages that bring a reporter of their own import these names.
"""

from __future__ import annotations

from runner.reporters.context import ReporterContext
from runner.reporters.registry import Reporter

__all__ = ["Reporter", "ReporterContext"]

"""How two JSON values, texts, bodies or lists of headers differ: a pure comparison, with paths as JSON path has them."""

from runner.comparison.bodies import body_differences, text_differences
from runner.comparison.difference import Difference
from runner.comparison.headers import VOLATILE, header_differences
from runner.comparison.rules import Rules
from runner.comparison.values import differences

__all__ = [
    "VOLATILE",
    "Difference",
    "Rules",
    "body_differences",
    "differences",
    "header_differences",
    "text_differences",
]

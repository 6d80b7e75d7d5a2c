"""Masks parts of reports again, after a secret became known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runner.secrets.mask import Secrets

Rules = Mapping[str, Callable[[Secrets, str], str]]

_RULES: Rules = {
    "assertion": Secrets.mask_test,
    "test": Secrets.mask_test,
    "owner": Secrets.mask_place,
    "stack": Secrets.mask_report,
    "hint": Secrets.mask_report,
}
"""The fields of reports that are or mention names of tests and items, and how these are masked."""


def masked_shape(shape: Any, secrets: Secrets, rules: Rules) -> Any:
    """A part of a report without secrets, in which the names of tests and items stay as the collection has them."""
    masked, rules = secrets.mask_json(shape), {**_RULES, **rules}
    waiting = [(shape, masked)]
    while waiting:
        one, shown = waiting.pop()
        if isinstance(one, list):
            waiting += zip(one, shown, strict=True)
        elif isinstance(one, dict) and isinstance(shown, dict):
            keys = one.keys() & shown.keys()
            for key in keys & rules.keys():
                if isinstance(one[key], str):
                    shown[key] = rules[key](secrets, one[key])
            waiting += [(one[key], shown[key]) for key in keys]
    return masked

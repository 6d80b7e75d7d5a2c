"""What a request is for, as far as its names and tests tell."""

from __future__ import annotations

import re

from runner.checks.tree import Node

_REFUSED = re.compile(
    r"\b4\d\d\b|bad ?request|unprocessable|un ?authori[sz]ed|forbidden|invalid|malformed|mismatch|wrong|incorrect|negative"
    r"|expired|without (?:token|auth)|no rights|clientError|\bfail",
    re.IGNORECASE,
)


def expects_refusal(node: Node) -> bool:
    """Whether a request is meant to be refused by the server: its name, a folder's name or its own tests say so."""
    texts = (*(one.entry.name for one in node.line), *(script.text for script in node.scripts)) if node.is_item else ()
    return any(_REFUSED.search(text) for text in texts)

"""Scripts of JetBrains' HTTP Client in Postman's API: `client`, `response` and `request` become `pm`."""

from __future__ import annotations

import re
from dataclasses import replace

from runner.foreign.scripts.translation import FROM_JETBRAINS, Ask, Gap, Translated, translate

_IMPORT = re.compile(
    r"^[ \t]*+(import\b(?![ \t]*\()[^;'\"{}\n]*+(?:\{[^{}]*+\}[^;'\"{}\n]*+)?+(['\"])[^'\"\n]*+\2;?)", re.MULTILINE
)


def translate_handler(script: str, ask: Ask) -> Translated:
    """The script in Postman's API; what has no counterpart stays under a comment that says so, imports only as comments."""
    gaps: list[Gap] = []

    def gone(found: re.Match[str]) -> str:
        message = f"{' '.join(found[1].split())} has no counterpart in Postman"
        gaps.append(Gap(message, script.count("\n", 0, found.start(1)) + 1))
        return f"// Not imported: {message}" + "\n" * found[0].count("\n")

    made = translate([_IMPORT.sub(gone, script)], FROM_JETBRAINS, ask)[0]
    return replace(made, gaps=(*gaps, *made.gaps))

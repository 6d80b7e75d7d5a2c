"""What is compared, what counts as a difference, and what makes the exit code 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from runner.comparison import VOLATILE, Rules
from runner.diff.outcome import FLOOR
from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass

AREAS = ("status", "headers", "body", "assertions", "times")
"""What is compared of two executions of a request."""

CAUSES = ("status", "headers", "body", "assertions", "lost", "new")
"""What makes the exit code 1, unless `--fail-on` says otherwise: everything but times."""

PARTS = ("lost", "new", "changed", "moved", "renamed")
"""What can have happened to a part of a collection; each of them makes the exit code 1, too."""

NOTHING = "nothing"
HEADER = "header."

_SLOWER = re.compile(r"slower:(\d{1,6}(?:\.\d{1,6})?)x?(?:\+(\d{1,9})ms)?")


@dataclass(frozen=True, slots=True)
class Slower:
    """A request fails if it takes `ratio` times as long, and at least `floor` milliseconds longer (`FLOOR` by default)."""

    ratio: float
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What is different in the second of two runs: other environments, if any are named, and values of variables."""

    environment: tuple[str, ...] = ()
    env_var: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The options of a comparison. `causes` is None before `check_causes` has made it all that there are."""

    areas: tuple[str, ...] = AREAS
    rules: Rules = Rules()
    headers_left_out: frozenset[str] = VOLATILE
    causes: frozenset[str] | None = None
    slower: Slower | None = None
    other_collection: bool = False


def choice_of(
    *,
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    unordered: Sequence[str] = (),
    tolerance: Sequence[str] = (),
    fail_on: Sequence[str] = (),
    all_headers: bool = False,
    other_collection: bool = False,
) -> Choice:
    """The choice that these options make; raises `UsageError`."""
    areas = tuple(area for area in AREAS if area in _words(only, AREAS, "--only")) if only else AREAS
    headers = [path for path in ignore if path.startswith(HEADER)]
    rules = {
        "ignore": [path for path in ignore if path not in headers],
        "unordered": unordered,
        "tolerance": tolerance,
    }
    for option, texts in rules.items():
        try:
            Rules.of(**{option: texts})
        except ValueError as error:
            hint = "header.NAME leaves out a header" if option == "ignore" else ""
            raise UsageError(str(error), where=f"--{option}", hint=hint) from None
    causes, slower = _causes(fail_on, areas) if fail_on else (None, None)
    return Choice(
        areas=areas,
        rules=Rules.of(**rules),
        headers_left_out=(frozenset() if all_headers else VOLATILE)
        | {name.removeprefix(HEADER).lower() for name in headers},
        causes=causes,
        slower=slower,
        other_collection=other_collection,
    )


def check_causes(choice: Choice, *, collections: bool) -> Choice:
    """The choice for runs, or for collections, which have other causes; raises `UsageError` for one of the other."""
    known, what = (PARTS, "collections") if collections else (CAUSES, "runs")
    if choice.causes is None:
        return replace(choice, causes=frozenset(known))
    unknown = sorted(choice.causes - {*known}) or (["slower"] if choice.slower and collections else [])
    if unknown:
        hint = f"{what} have {', '.join(known)}"
        raise UsageError(f"has {unknown[0]!r}, which {what} do not have", where="--fail-on", hint=hint)
    return choice


def _causes(texts: Sequence[str], areas: Sequence[str]) -> tuple[frozenset[str], Slower | None]:
    """What `--fail-on` names; raises `UsageError` also for what is not compared."""
    slower, rest = None, []
    for word in _split(texts):
        if word.startswith("slower"):
            slower = _slower(word)
        else:
            rest.append(word)
    words = _words(rest, (*dict.fromkeys((*CAUSES, *PARTS)), NOTHING), "--fail-on", more=", slower:2x")
    if not words and slower is None:
        raise UsageError("names nothing", where="--fail-on", hint=f"{NOTHING!r} says that no difference fails")
    if NOTHING in words and (len(words) > 1 or slower):
        raise UsageError(f"has {NOTHING!r} beside something", where="--fail-on")
    wanted = [*words, *(["times"] if slower else [])]
    unseen = [word for word in wanted if word in AREAS and word not in areas]
    if unseen:
        raise UsageError(f"names {unseen[0]!r}, which --only leaves out", where="--fail-on")
    return frozenset(words) - {NOTHING}, slower


def _slower(word: str) -> Slower:
    found = _SLOWER.fullmatch(word)
    if found is None or float(found[1]) <= 1:
        hint = "slower:2x is twice as long, slower:1.5x+200ms also at least 200 ms longer"
        raise UsageError(f"{word!r} says no ratio above 1", where="--fail-on", hint=hint)
    return Slower(float(found[1]), FLOOR if found[2] is None else float(found[2]))


def _split(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _words(texts: Sequence[str], known: Sequence[str], where: str, more: str = "") -> list[str]:
    words = _split(texts)
    for word in words:
        if word not in known:
            raise UsageError(f"has {word!r}", where=where, hint=f"it takes {', '.join(known)}{more}")
    if not words and not more:
        raise UsageError("names nothing", where=where, hint=f"it takes {', '.join(known)}")
    return words

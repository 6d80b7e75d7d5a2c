"""The user's settings: the severity of rules, and the severity at which a check fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runner.checks.finding import LEVELS, Severity
from runner.checks.table import BY_ID
from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The overridden severities of rules, and the least severity that makes a check fail."""

    levels: Mapping[str, Severity]
    fail_on: Severity = Severity.WARNING

    def failed(self, worst: Severity) -> bool:
        """Whether a check fails whose worst finding has this severity."""
        return worst >= self.fail_on > Severity.OFF


def settings_from(
    configured: Mapping[str, object], rules: Iterable[str], fail_on: str | None, where: str = "check"
) -> Settings:
    """The settings from the table `check` of the configuration, overridden by the options; raises `UsageError`.

    `rules` are texts `ID=LEVEL`; `all=LEVEL` applies to every rule that is not named.
    """
    unknown = sorted(configured.keys() - {"rules", "fail-on", "fail_on"})
    if unknown:
        raise UsageError(f"there is no setting {unknown[0]!r}", where=where, hint="there are rules and fail-on")
    table = configured.get("rules", {})
    if not isinstance(table, Mapping):
        raise UsageError("rules are a table of ids and severities", where=where)
    given = [(str(id), str(level), f"{where}.rules") for id, level in table.items()]
    for text in rules:
        id, equals, level = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} names no severity", where="--rule", hint=f"write {id}=off, or info, warning, error")
        given.append((id, level, "--rule"))
    levels: dict[str, Severity] = {}
    for id, level, place in given:
        severity = _severity(level, place)
        if id == "all":
            levels = dict.fromkeys(BY_ID, severity)
        elif id in BY_ID:
            levels[id] = severity
        else:
            raise _unknown(id, place)
    asked = fail_on or configured.get("fail-on") or configured.get("fail_on")
    if asked is None:
        return Settings(levels)
    return Settings(levels, _severity(str(asked), "--fail-on" if fail_on else f"{where}.fail-on"))


def _severity(level: str, where: str) -> Severity:
    if level not in LEVELS:
        raise UsageError(f"{level!r} is not a severity", where=where, hint=f"the severities are {', '.join(LEVELS)}")
    return LEVELS[level]


def _unknown(id: str, where: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(id, BY_ID, 1)
    hint = f"did you mean {near[0]}?" if near else "docs/check.md lists the rules"
    return UsageError(f"there is no rule {id!r}", where=where, hint=hint)

"""One curl command that is sent now: its request, and what of its options is said to a run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from runner.errors import UsageError
from runner.foreign.curl.arguments import Operation, Refused, operations
from runner.foreign.curl.reading import commands_in
from runner.foreign.curl.requests import requests_of
from runner.foreign.curl.shells.command import Command, Word
from runner.foreign.curl.shells.variables import ShellVariables
from runner.formats.format import Given
from runner.formats.reading import read_bytes
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

OF_A_RUN = {
    "cacert": "ssl_extra_ca_certs",
    "cert": "ssl_client_cert",
    "key": "ssl_client_key",
    "pass": "ssl_client_passphrase",
    "noproxy": "no_proxy",
    "proxy": "proxy",
    "proxy1.0": "proxy",
    **dict.fromkeys(("socks4", "socks4a", "socks5", "socks5-hostname"), "proxy"),
}
"""Options of curl with the options of a run that take the same value."""

SOCKS = {"socks4": "socks4", "socks4a": "socks4a", "socks5": "socks5", "socks5-hostname": "socks5h"}
_READS_INPUT = re.compile(r"@-|-")


@dataclass(slots=True, kw_only=True)
class Single:
    """A request as an item of v2.1, with `variables` and what a run needs for it.

    `options` are fields of `RunOptions`; `operation` has the options of curl. `notes` say what curl would do and the
    request does not.
    """

    item: JsonObject
    operation: Operation
    variables: list[JsonObject] = field(default_factory=list)
    options: JsonObject = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def single_of_words(words: Sequence[str]) -> Single:
    """The request of a command whose words a shell has read already; raises `UsageError`."""
    return _single(Command([Word(word, 0) for word in words]), ShellVariables())


def single_of_text(text: str) -> Single:
    """The request of a command line as it is typed in a shell; raises `UsageError` unless it is one."""
    variables = ShellVariables()
    found = [one for one in commands_in(Given(text), variables)[0] if one.curl is not None]
    if not found:
        raise UsageError("there is no curl command in it", where="curl")
    if len(found) > 1:
        raise _several(len(found))
    return _single(found[0], variables)


def _single(command: Command, variables: ShellVariables) -> Single:
    assert command.curl is not None
    if command.stdin is None and any(_READS_INPUT.fullmatch(one.text[-2:]) for one in command.curl):
        command.stdin = read_bytes("-").decode("utf-8", "surrogateescape")
    try:
        made = list(requests_of(command, variables))
        (operation,) = operations(command.curl) if len(made) == 1 else [Operation()]
    except Refused as error:
        raise UsageError(str(error), where="curl") from None
    if len(made) != 1:
        raise _several(len(made))
    for path in (*made[0].missing, *_files_in(made[0].item["request"].get("body") or {})):
        if not os.path.isfile(path) and "{{" not in path:
            raise UsageError(f"{path} cannot be read", where="curl")
    told = tuple(
        f"--{one.option.name} is not kept" for one in operation.arguments if one.option.name in (*OF_A_RUN, "max-time")
    )
    return Single(
        item=made[0].item,
        operation=operation,
        variables=variables.documents(),
        options=_options(operation, variables.unset() & os.environ.keys()),
        notes=[text for text, _ in made[0].notes if not told or not text.startswith(told)],
    )


def _files_in(body: JsonObject) -> Iterator[str]:
    """The paths of the files that a body is made of."""
    for one in (body.get("file", {}), *body.get("formdata", ())):
        paths = one.get("src") or ()
        yield from [paths] if isinstance(paths, str) else paths


def _several(count: int) -> UsageError:
    hint = "postrunner import makes a collection of them, and postrunner run sends that"
    return UsageError(f"these are {count} requests, and one is sent", where="curl", hint=hint)


def _options(operation: Operation, names: set[str]) -> JsonObject:
    """Fields of `RunOptions`; variables of the shell with these names have their values."""
    found: JsonObject = {"env_var": tuple((name, os.environ[name]) for name in sorted(names))} if names else {}
    for one in operation.arguments:
        name, value = one.option.name, one.value
        if name in SOCKS and "://" not in value:
            value = f"{SOCKS[name]}://{value}"
        if name == "cert" and not os.path.exists(value) and ":" in value:
            value, _, found["ssl_client_passphrase"] = value.rpartition(":")
        if name in OF_A_RUN:
            found[OF_A_RUN[name]] = value
        elif name == "max-time":
            try:
                found["timeout_total"] = round(float(value) * 1000)
            except ValueError:
                raise UsageError(f"--max-time takes seconds, not {value!r}", where="curl") from None
    return found

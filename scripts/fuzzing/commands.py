"""Command lines, environment variables and configuration files, in process and without a network.

An input is JSON: `args` (words), `env` (name → value) and `files` (name → text). Bytes that are not UTF-8 stand in it as
halves of surrogate pairs, as Python has them.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from fuzzing.guard import guarded
from fuzzing.spoil import ODD_TEXTS, change_node
from fuzzing.target import Defect, Target

COLLECTION = {
    "info": {"name": "c"},
    "variable": [{"key": "v", "value": "w"}],
    "item": [
        {"name": "f", "item": [{"name": "a", "id": "i", "request": {"url": "http://h.example/{{v}}/{{$randomInt}}"}}]},
        {"name": "b", "request": {"method": "POST", "url": "{{e}}", "body": {"mode": "raw", "raw": "{{d}}"}}},
    ],
}
FILES = {
    "c.json": json.dumps(COLLECTION),
    "e.json": '{"name": "e", "values": [{"key": "e", "value": "http://e.example"}]}',
    "d.csv": "d\n1\n2\n",
    "v.env": "A=b\n",
    "j.json": '{"cookies": []}',
    "t.yaml": "interactions: []\n",
    "l.json": "[]",
}
CONFIGS = ("postrunner.toml", ".newmanrc", "pyproject.toml", "home/.postman/newmanrc")
VALUES = (
    *ODD_TEXTS,
    *FILES,
    "out.json",
    "out/",
    "out/x.json",
    "missing.json",
    ".",
    "/",
    "/dev/full",
    "-",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/fd/99",
    "/proc/self/mem",
    "https://h.example/x",
    "http://",
    "file:///etc/passwd",
    "uid-1-2",
    "*.json",
    "**",
    "[",
    "1",
    "0",
    "-1",
    "1.5",
    "1e3",
    "inf",
    "nan",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "99999999999",
    "10MB",
    "1GB",
    "9999999999999999GB",
    "128MB",
    "5GB",
    "k=v",
    "=v",
    "k=",
    "k=\udcff",
    "k={{k}}",
    "failure",
    "folder",
    "iteration",
    "failure,folder",
    "cli",
    "json",
    "junit",
    "html",
    "ndjson",
    "progress",
    "emojitrain",
    "cli,json,junit,ndjson",
    "none",
    "a,b",
    ",",
    "once",
    "new",
    "all",
    "auto",
    "on",
    "off",
    "f",
    "f/a",
    "b",
    "i",
    "(",
    "(a+)+$",
    "[a-",
    "\\",
    "(?P<x>",
    "true",
    "false",
    "localhost",
    "http://u:p@h:1",
    "socks5://h",
    "socks5h://h:0",
    "h:x",
    "*",
    ".example",
    "\udcff\udcfe",
    "a\udcff.json",
    "x" * 5000,
    "y" * 300,
)
BASES: tuple[dict[str, Any], ...] = (
    {"args": ["run", "c.json"], "env": {}, "files": {}},
    {
        "args": ["run", "c.json", "-e", "e.json", "-d", "d.csv", "-r", "cli,json", "--reporter-json-export", "out.json"],
        "env": {},
        "files": {},
    },
    {"args": ["run", "c.json", "--dry-run", "-e", "e.json"], "env": {"POSTRUNNER_TIMEOUT_REQUEST": "5"}, "files": {}},
    {
        "args": ["run"],
        "env": {"POSTRUNNER_COLLECTION": "c.json"},
        "files": {"postrunner.toml": 'environment = ["e.json"]\nbail = true\n'},
    },
    {
        "args": ["run", "c.json"],
        "env": {},
        "files": {".newmanrc": '{"run": {"environment": "e.json", "reporters": ["cli"], "delay": 5}}'},
    },
    {
        "args": ["run", "c.json"],
        "env": {},
        "files": {"pyproject.toml": "[tool.postrunner]\nreporter.junit.export = 'out.xml'\n"},
    },
    {
        "args": [
            "run",
            "c.json",
            "--export-environment",
            "out.json",
            "--export-variable",
            "v=out.txt",
            "--cookie-jar",
            "j.json",
        ],
        "env": {},
        "files": {},
    },
    {
        "args": ["run", "c.json", "--replay", "t.yaml", "--ssl-client-cert-list", "l.json"],
        "env": {"HTTPS_PROXY": "http://p:1"},
        "files": {},
    },
    {"args": ["run", "--help"], "env": {}, "files": {}},
    {"args": ["flows"], "env": {}, "files": {}},
    {"args": ["check-users-file", "d.csv"], "env": {}, "files": {}},
    {"args": ["--version"], "env": {}, "files": {}},
)


class Enough(BaseException):
    """Ends a run that would go on for ever."""


def one_command(data: bytes) -> str:
    """Run a command line; it has to end with one of its exit codes, with a message where it is 2, and with no defect."""
    document = json.loads(data)
    args, env, files = document["args"], document["env"], document["files"]
    folder = _ready()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape" if _escapes(text) else "surrogatepass"))
    before, out, err = dict(os.environ), io.StringIO(), io.StringIO()
    os.environ.update({name: value for name, value in env.items() if _can_be_set(name, value)})
    _sent.clear()
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = _called(args)
    except Enough:
        return "goes on"
    finally:
        os.environ.clear()
        os.environ.update(before)
        _tidy(folder)
    return _judged(code, out.getvalue(), err.getvalue())


def _tidy(folder: Path) -> None:
    """Leave the folder as it was, so that an input does the same whatever came before it."""
    for entry in list(os.scandir(folder)):
        if entry.name not in FILES and entry.name != "home":
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
    for entry in list(os.scandir(folder / "home")):
        shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
    (folder / "home" / ".postman").mkdir()
    for name, text in FILES.items():
        with open(folder / name, "w") as file:
            file.write(text)


def _called(args: list[str]) -> int:
    from runner.cli.app import run_app
    from runner.cli.early import EarlyChild

    try:
        return run_app([arg for arg in args if isinstance(arg, str)], EarlyChild())
    except SystemExit as error:
        raise Defect(f"SystemExit {error.code}") from None


def _judged(code: Any, out: str, err: str) -> str:
    if code not in (0, 1, 2):
        raise Defect(f"exit code {code}: {err[-200:]}")
    text = out + err
    for sign in ("Traceback", "internal error", "could not be written: TypeError", "could not be written: ValueError"):
        if sign in text:
            raise Defect(f"{sign}: {text[text.index(sign) :][:300]!r}")
    if code == 2 and not err.strip() and "Usage" not in out:
        raise Defect(f"exit code 2 without a word: {out[:200]!r}")
    problems = [line for line in err.splitlines() if line.startswith("error: ")]
    if code == 2 and len(problems) > 1:
        raise Defect(f"an error of several lines: {problems}")
    first = "".join(char for char in (problems or [""])[0] if char.isalpha() or char == " ")
    return f"exit {code} {' '.join(first.split()[1:7])}"


def _escapes(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text) and not any("\ud800" <= char < "\udc80" for char in text)


def _can_be_set(name: Any, value: Any) -> bool:
    if not isinstance(name, str) or not isinstance(value, str) or "\0" in name + value or not name or "=" in name:
        return False
    try:
        os.fsencode(name + value)
    except UnicodeEncodeError:
        return False
    return True


_sent: list[int] = []


@lru_cache(maxsize=1)
def _ready() -> Path:
    """The folder with the files, and a client that answers everything at once; done once for a process."""
    from runner.client.http import Client

    folder = guarded() / "w"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "home" / ".postman").mkdir(parents=True)
    os.chdir(folder)
    os.environ["HOME"] = str(folder / "home")
    os.environ.pop("CI", None)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    Client.send = _answer  # type: ignore[method-assign]
    time.sleep = _no_sleep
    sys.setswitchinterval(0.005)
    return folder


def _answer(self: Any, prepared: Any, **more: Any) -> Any:
    from runner.model.response import Exchange, Response

    _sent.append(1)
    if len(_sent) > 8:
        raise Enough
    response = Response(code=200, status="OK", headers=(("Content-Type", "application/json"),), body=b"{}")
    return Exchange(request=prepared, response=response)


def _no_sleep(seconds: float) -> None:
    """What `time.sleep` refuses, and nothing else of it."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds * 1e9 >= 2**63:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")


# -- how inputs are made ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _flags() -> tuple[str, ...]:
    from runner.options import all_options
    from runner.reporters.option_table import TABLES

    flags = [flag for option in all_options() for flag in option.flags]
    reporters = [f"--reporter-{name}-{option.name}" for name, table in TABLES.items() for option in table]
    return (*flags, *reporters, "--reporter-export", "--reporter-x-y", "--nonsense", "--", "-", "--help", "-xk")


@lru_cache(maxsize=1)
def _keys() -> tuple[str, ...]:
    from runner.options import all_options

    return (
        *(option.name for option in all_options()),
        "collection",
        "reporter",
        "insecureFileRead",
        "run",
        "tool",
        "nonsense",
    )


def by_words(data: bytes, others: list[bytes], chance: Random) -> bytes:
    """A command line with options, values, variables and configuration added, changed or taken away."""
    document = json.loads(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        kind = chance.randrange(9)
        if kind < 4:
            _change_args(document["args"], chance)
        elif kind == 4:
            name = "POSTRUNNER_" + chance.choice(_keys()).upper() if chance.randrange(4) else chance.choice(OTHER_VARIABLES)
            document["env"][name] = chance.choice(VALUES)
        elif kind == 5:
            document["files"] = {chance.choice(CONFIGS): _config(chance)}
        elif kind == 6 and document["files"]:
            name = chance.choice(list(document["files"]))
            text = document["files"][name]
            at = chance.randrange(len(text) + 1)
            document["files"][name] = text[:at] + chance.choice(VALUES) + text[at + chance.choice((0, 0, 1, 9)) :]
        else:
            other = json.loads(chance.choice(others))
            document["env"] = other["env"]
    return json.dumps(document).encode()


OTHER_VARIABLES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "COLUMNS",
    "CI",
    "GITHUB_ACTIONS",
    "TF_BUILD",
    "TEAMCITY_VERSION",
    "GITLAB_CI",
    "HOME",
    "TZ",
    "LANG",
    "TMPDIR",
    "POSTMAN_API_KEY",
    "POSTRUNNER_REPORTER_JUNIT_EXPORT",
    "POSTRUNNER_VAULT_X",
    "POSTRUNNER_X",
    "POSTRUNNER_POSTMAN_API_URL",
    "SOURCE_DATE_EPOCH",
)


def _change_args(args: list[str], chance: Random) -> None:
    at, kind = chance.randrange(len(args) + 1), chance.randrange(8)
    if kind < 4:
        flag, value = chance.choice(_flags()), chance.choice(VALUES)
        args[at:at] = [f"{flag}={value}"] if chance.randrange(3) == 0 else [flag, value]
    elif kind == 4:
        args[at:at] = [chance.choice((*_flags(), *VALUES))]
    elif kind == 5 and at < len(args):
        del args[at]
    elif kind == 6 and at < len(args):
        args[at] = chance.choice(VALUES)
    elif at < len(args):
        cut = chance.randrange(len(args[at]) + 1)
        args[at] = args[at][:cut] + chance.choice(ODD_TEXTS) + args[at][cut:]


def _config(chance: Random) -> str:
    """A configuration file: JSON and TOML of odd values under the names of options."""
    table: dict[str, Any] = {}
    for _ in range(chance.choice((1, 1, 2, 4))):
        value: Any = chance.choice(
            (*VALUES, True, False, 0, -1, 1.5, 2**70, [], {}, None, ["x"], {"key": "k"}, {"a": {"b": 1}})
        )
        value = deepcopy(value)
        table[chance.choice(_keys())] = change_node([value], chance) if chance.randrange(4) == 0 else value
    if chance.randrange(2):
        return json.dumps(table if chance.randrange(4) else {"run": table})
    head = "[tool.postrunner]\n" if chance.randrange(2) else ""
    return head + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


def commands() -> list[bytes]:
    """Command lines as people type them, and each option once."""
    found = [json.dumps(one).encode() for one in BASES]
    for flag in _flags():
        found.append(json.dumps({"args": ["run", "c.json", flag, "1"], "env": {}, "files": {}}).encode())
    return found


TARGETS = {"command": Target(one_command, commands, by_words, ("runner.cli", "runner.options"), cost=5)}

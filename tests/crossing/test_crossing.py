"""Scopes do in a whole run what they do in Postman's own runtime, whose answers are recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import runner
from runner.events import ConsoleLogged, Event, ScriptFinished
from tests.cli.conftest import server
from tests.crossing.cases import FOLDER, SCOPES, cases

__all__ = ["server"]

RECORDED = json.loads((FOLDER / "recorded.json").read_text("utf-8"))
CASES = cases()

AS_JSON = "an object in a text is its JSON, not [object Object], and so is a list that holds lists or objects"
AS_SENT = "replaceIn gives what the request gets when the script is over"
NOT_A_NUMBER = "what is not a number is NaN in scripts and requests alike"
NULL_OF_DATA = "a null of the data is a value"


@pytest.fixture
def shown(tmp_path: Path, server: Any) -> Any:
    """The lines that a run of a case shows."""

    def show(name: str) -> list[str]:
        text = json.dumps(CASES[name]).replace("{{base}}", server.url)
        case = json.loads(text)
        lines: list[str] = []

        def tell(event: Event) -> None:
            take_requests()
            if isinstance(event, ConsoleLogged) and event.level == "log":
                lines.append(str(event.messages[0]))
            elif isinstance(event, ScriptFinished) and event.error:
                lines.append(f"! {event.error.message}")

        def take_requests() -> None:
            for _, path, _, body in server.seen:
                lines.extend([f"> {path}", *filter(None, body.decode().split("\n"))])
            server.seen.clear()

        options: dict[str, Any] = {"iteration_count": case["n"]} if "n" in case else {}
        for given, option in (("environment", "environment"), ("globals", "globals"), ("data", "iteration_data")):
            if given in case:
                content = case[given] if given == "data" else {"name": given, "values": case[given]}
                (tmp_path / f"{given}.json").write_text(json.dumps(content))
                path = str(tmp_path / f"{given}.json")
                options[option] = (path,) if option == "environment" else path
        (tmp_path / "c.json").write_text(json.dumps(case["collection"]))
        runner.run(str(tmp_path / "c.json"), on_event=tell, **options)
        take_requests()
        return lines

    return show


def label(line: str) -> str:
    """What a line tells of: its text up to the value."""
    return re.split(r"=| throws ", line, maxsplit=1)[0]


def texts_of(names: Iterable[str]) -> set[str]:
    """The lines that show a value in a text, by a script and by a request."""
    return set(names) | {f"{name} 2" for name in names}


OBJECTS = texts_of(
    [
        "llist",
        "lobj",
        "lempty",
        "o0",
        "o1",
        "oundef",
        "onest",
        "odate",
        "re",
        "map",
        "set",
        "cls",
        "bare",
        "err",
        "u8",
        "buf",
        "tostr",
        "inh",
        "ab",
        "prom",
        "args",
        "fnobj",
        "url",
    ]
)
JUST_SET = texts_of(["nan", "inf", "undef", "date", "dbad", "moment", "lundef", "ldate", "lfn", "lsym", "sym", "tojson"])
KNOWN: dict[str, dict[str, str]] = {
    **{f"sequences {scope}": dict.fromkeys(["a", "b", "x", "n"], AS_JSON) for scope in SCOPES},
    **{f"values {scope}": {**dict.fromkeys(OBJECTS, AS_JSON), **dict.fromkeys(JUST_SET, AS_SENT)} for scope in SCOPES},
    **{
        f"typed {scope}": {
            **dict.fromkeys(texts_of(["object 1", "object 2"]), AS_JSON),
            **dict.fromkeys(["number 6 0", "number 6 2", "all"], NOT_A_NUMBER),
        }
        for scope in SCOPES
    },
    "values variables": {
        **dict.fromkeys([*OBJECTS, *texts_of(["fn", "fnnum"])], AS_JSON),
        **dict.fromkeys(JUST_SET, AS_SENT),
    },
    "layered": {**dict.fromkeys(texts_of(["lo", "o"]), AS_JSON), "nu": NULL_OF_DATA},
    "fuzz": dict.fromkeys("abc", AS_JSON),
}
"""Run → what lines tell of → why they may differ."""


@pytest.mark.parametrize("name", CASES)
def test_scopes_are_those_of_postman(shown: Any, name: str):
    pairs = zip(RECORDED[name], shown(name), strict=True)
    known = KNOWN.get(name, {})
    assert [(old, new) for old, new in pairs if old != new and label(old) not in known] == []

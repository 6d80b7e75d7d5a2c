"""What reporters make of the texts that servers, scripts and collections put into a run.

An input is a JSON object of texts, numbers and bytes (as latin-1 text) by the name of what they stand for.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any

from fuzzing.spoil import by_nodes
from fuzzing.target import Defect, Target

TEXTS: dict[str, Any] = {
    "collection": "Sample API",
    "item": "List users",
    "folder": "Users",
    "url": "http://api.test/users?a=b#c",
    "method": "GET",
    "status": "OK",
    "code": 200,
    "body": '{"id": 1}',
    "sent": '{"a": "b"}',
    "header": "X-Thing",
    "value": "text/plain; charset=utf-8",
    "test": "status is 200",
    "message": "expected 1 to equal 2",
    "thrown": "AssertionError",
    "log": "'hello'",
    "warning": "{{a}} has no value",
    "failure": "connect ECONNREFUSED 127.0.0.1:1",
    "error": "callback timed out",
    "time": 79,
    "reporter": 0,
    "secret": "hunter2-hunter2",
}
REPORTERS = ("cli", "json", "junit", "ndjson", "progress", "emojitrain")


def one_report(data: bytes) -> str:
    """Let each reporter report a run with these texts; the slow page now and then."""
    try:
        given = json.loads(data)
    except ValueError:
        return "no input"
    texts = {**TEXTS, **given} if isinstance(given, dict) else TEXTS
    number = texts["reporter"] if isinstance(texts["reporter"], int) else 0
    names = (*REPORTERS, "html") if number % 50 == 49 else REPORTERS
    scenario, options = _scenario(texts), _options()
    sizes = []
    for name in names:
        try:
            sizes.append(len(scenario.report(_reporter(name), options=options[name])))
        except Exception as error:
            raise Defect(f"{name}: {type(error).__name__}: {error}") from error
    return " ".join(str(min(size // 2000, 3)) for size in sizes)


@cache
def _reporter(name: str) -> Any:
    from runner.reporters.registry import find_reporter

    return find_reporter(name)


@lru_cache(maxsize=1)
def _options() -> dict[str, Any]:
    from fuzzing.guard import guarded
    from runner.options import RunOptions

    folder = guarded()
    return {
        name: RunOptions(reporter_options=((f"{name}-export", str(folder / f"report.{name}")),), verbose=name == "cli")
        for name in (*REPORTERS, "html")
    }


def _scenario(texts: dict[str, Any]) -> Any:
    from dataclasses import replace

    from tests.reporters.conftest import Scenario

    def text(name: str) -> str:
        value = texts[name]
        return value if isinstance(value, str) else json.dumps(value)

    made = Scenario()
    made.secrets.add(text("secret"))
    made.collection = replace(made.collection, name=text("collection"))
    made.root = replace(made.root, name=text("item"))
    code, time = texts["code"], texts["time"]
    code = code if isinstance(code, int) and 0 <= code <= 999 else 200
    time = time if isinstance(time, int) and 0 <= time < 2**60 else 79
    body = text("body").encode("utf-8", "surrogatepass")
    latin = {name: text(name).encode("latin-1", "replace").decode("latin-1") for name in ("header", "value", "status")}
    made.start().iteration().begin(made.root)
    made.request(
        url="http://api.test/",
        method=text("method"),
        code=code,
        status=latin["status"],
        body=body,
        time=time,
        headers=((latin["header"], latin["value"]),),
        posted=text("sent").encode("utf-8", "surrogatepass"),
    )
    made.check(text("test")).check(text("test"), text("message"), error_name=text("thrown")).log(text("log"))
    made.warn(text("warning"), where=text("item")).script(error=text("message"), line=1, column=2).end()
    made.begin(made.deep, path=(text("folder"),)).broken(message=text("failure")).unsigned(text("failure"))
    made.next(text("item"), found=False).end().end_iteration()
    from runner.errors import RunAborted

    return made.finish(RunAborted(text("error"), hint=text("warning")))


def reports() -> list[bytes]:
    """One run, and what each of its texts can be."""
    return [json.dumps(TEXTS).encode(), json.dumps({**TEXTS, "reporter": 49}).encode()]


TARGETS = {"report": Target(one_report, reports, by_nodes(), ("runner.reporters",), cost=20)}

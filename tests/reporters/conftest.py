"""A small builder of runs: each method says one thing that happened and keeps its event."""

import io
from dataclasses import replace

import pytest

from runner.clock import Clock
from runner.entropy import Entropy
from runner.errors import AuthError, Interrupted, RequestError
from runner.events import (
    Assertion,
    AssertionChecked,
    ConsoleLogged,
    Cursor,
    ItemFinished,
    ItemRetried,
    ItemStarted,
    IterationFinished,
    IterationStarted,
    NextRequestSet,
    RequestFailed,
    RequestFinished,
    RunFinished,
    RunStarted,
    ScriptError,
    ScriptFinished,
    Warned,
)
from runner.model.collection import Collection, Folder, Item
from runner.model.request import Auth, Body, Header, PreparedRequest, QueryParam, Request, Url
from runner.model.response import Cookie, Exchange, Hop, Response, Sizes, Timings
from runner.model.variable import Environment, Variable
from runner.options import RunOptions
from runner.reporters.context import ReporterContext
from runner.reporters.registry import TakesExecutions
from runner.results.fold import Fold
from runner.results.summary import Summary
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker

NOW = 1_800_000_000.0
TOKEN = "tok-5f2a/9c+7e"


def item(id, name, method="GET", url="http://api.test/users", **more):
    source = {"id": id, "name": name, "request": {"method": method, "url": url}}
    return Item(id=id, name=name, request=Request(method=method), source=source, **more)


def tell(masker, fold, events, *reporters):
    """Hand events, masked, to a fold and to reporters, and the executions that end with them."""
    for event in map(masker.masked, events):
        for counted, executions in fold.on(event):
            for execution in executions:
                tell_execution(execution, reporters)
            for reporter in reporters:
                reporter.on(counted)


def tell_execution(execution, reporters):
    for reporter in reporters:
        if isinstance(reporter, TakesExecutions):
            reporter.on_execution(execution)


class Scenario:
    """Builds events in the order the engine sends them, for the collection `Sample API` with a folder `Users / Admin`."""

    def __init__(self, cycles=1):
        self.root = item("i1", "List users")
        self.deep = item("i2", "Add user", "POST")
        admin = Folder(
            id="f2", name="Admin", items=(self.deep,), source={"id": "f2", "name": "Admin", "item": [self.deep.source]}
        )
        users = Folder(id="f1", name="Users", items=(admin,), source={"id": "f1", "name": "Users", "item": [admin.source]})
        source = {"info": {"name": "Sample API"}, "item": [self.root.source, users.source]}
        self.collection = Collection(id="c1", name="Sample API", items=(self.root, users), source=source)
        self.environment = Environment(
            id="e1", name="dev", values=(Variable("base", "http://api.test"), Variable("token", TOKEN, "secret"))
        )
        self.globals = Environment(id="g1", name="globals", scope="globals")
        self.secrets = Secrets([TOKEN])
        self.masker = Masker(self.secrets)
        self.cycles = cycles
        self.now = NOW
        self.cursor = Cursor(length=2, cycles=cycles)
        self.events = []
        self.item = self.root
        self.path = ()
        self.index = 0

    def add(self, kind, **fields):
        self.events.append(kind(cursor=self.cursor, at=len(self.events) + 1, wall=self.now * 1000, **fields))
        return self

    def at_item(self, kind, **fields):
        return self.add(kind, item=self.item, path=self.path, **fields)

    def start(self):
        return self.add(
            RunStarted,
            collection=self.collection,
            environment=self.environment,
            globals=self.globals,
            items=(self.root, self.deep),
            started=NOW * 1000,
        )

    def iteration(self, number=0):
        self.cursor = Cursor(length=2, cycles=self.cycles, iteration=number)
        return self.add(IterationStarted, data={})

    def end_iteration(self):
        return self.add(IterationFinished)

    def begin(self, item=None, path=None):
        self.item = item or self.root
        self.path = (("Users", "Admin") if self.item is self.deep else ()) if path is None else path
        position = [self.root, self.deep].index(self.item) if self.item in (self.root, self.deep) else 0
        ref = f"ref-{self.cursor.iteration}-{position}"
        self.cursor = Cursor(length=2, cycles=self.cycles, iteration=self.cursor.iteration, position=position, ref=ref)
        self.index = 0
        return self.at_item(ItemStarted)

    def attempts(self, most):
        """Begin the item anew as the first of several attempts."""
        self.events.pop()
        self.cursor = replace(self.cursor, attempts=most)
        return self.at_item(ItemStarted)

    def again(self, reason="503 Service Unavailable", delay=0.0):
        """The attempt failed, and the next one begins."""
        self.at_item(ItemRetried, reason=reason, delay=delay)
        self.cursor = replace(self.cursor, attempt=self.cursor.attempt + 1)
        self.index = 0
        return self.at_item(ItemStarted)

    def end(self, skipped=False):
        return self.at_item(ItemFinished, skipped=skipped)

    def script(self, listen="test", error=None, line=None, column=None):
        error = ScriptError(name="ReferenceError", message=error, line=line, column=column) if error else None
        self.index = 0
        return self.at_item(ScriptFinished, listen=listen, script_id="s1", owner=self.item.name, error=error)

    def check(self, name, error=None, skipped=False, listen="test", error_name="AssertionError"):
        thrown = ScriptError(name=error_name, message=error, stack=f"{error_name}: {error}") if error is not None else None
        assertion = Assertion(name=name, index=self.index, passed=thrown is None, skipped=skipped, error=thrown)
        self.index += 1
        return self.at_item(AssertionChecked, listen=listen, script_id="s1", assertion=assertion)

    def log(self, *text, level="log"):
        return self.at_item(ConsoleLogged, level=level, messages=text, text=text)

    def request(self, source="item", **fields):
        request, exchange = exchanged(**fields)
        return self.at_item(RequestFinished, source=source, request=request, exchange=exchange)

    def broken(self, source="item", message="connect ECONNREFUSED 127.0.0.1:1", code="ECONNREFUSED"):
        error = RequestError(message, code=code)
        return self.at_item(RequestFinished, source=source, request=BROKEN, error=error)

    def unsigned(self, message="the parameter accessKey is missing"):
        return self.at_item(RequestFailed, request=BROKEN, error=AuthError(message, hint="set it in the auth tab"))

    def warn(self, message, code="unresolved", where=""):
        return self.add(Warned, code=code, message=message, where=where)

    def next(self, name, found=True):
        return self.at_item(NextRequestSet, name=name, found=found)

    def finish(self, error=None, milliseconds=296):
        return self.add(
            RunFinished,
            completed=NOW * 1000 + milliseconds,
            environment=self.environment,
            globals=self.globals,
            collection_variables=Environment(),
            error=error,
        )

    def interrupted(self):
        return self.finish(Interrupted())

    def summary(self):
        """The summary of this run."""
        return self.tell().summary

    def tell(self, *reporters, **fields):
        """Hand the run to reporters, as a session does; gives the fold with its summary, which has these `fields`."""
        fold = Fold(self.masker, Summary(clock=Clock(lambda: NOW), entropy=Entropy(1), **fields))
        tell(self.masker, fold, self.events, *reporters)
        for execution in fold.end():
            tell_execution(execution, reporters)
        return fold

    def context(self, stream=None, **fields):
        known = {"color": False, "unicode": True, "width": 80, "secrets": self.secrets, "options": RunOptions()}
        known |= {"clock": Clock(lambda: NOW), "entropy": Entropy(1)}
        return ReporterContext(stream=stream or io.StringIO(), **{**known, **fields})

    def report(self, reporter, summary=None, **fields):
        """What a reporter class writes for this run; `summary` are fields of the summary."""
        context = self.context(**fields)
        made = reporter(context)
        summary = self.tell(made, **(summary or {})).summary
        summary.mask_again(self.masker)
        made.close(summary)
        return context.stream.getvalue()

    def whole(self):
        """A run in which everything happens that a report has a place for."""
        for number in range(self.cycles):
            self.iteration(number)
            self.begin(self.root).request(url=f"http://api.test/a%20b?x=%C3%A9&token={TOKEN}").check("status is 200")
            self.check("body is eql", "expected { a: 1 } to deeply equal { a: 2 }").check("later", skipped=True).log(
                "'hello'", "{ a: 1 }"
            )
            self.script().end()
            self.begin(self.deep).request("script", url="http://api.test/sub", time=4).script("prerequest")
            self.request(method="POST", code=201, status="Created", body=b'{"id":1}').script(
                error="foo is not defined", line=2, column=3
            )
            self.next("List users").end().end_iteration()
        return self


def exchanged(
    method="GET",
    url="http://api.test/users",
    code=200,
    status="OK",
    body=b"{}",
    time=79,
    headers=(),
    sent=None,
    posted=b"",
    auth=None,
):
    received = (("Content-Type", "application/json; charset=utf-8"), ("Set-Cookie", f"sid={TOKEN}; Path=/"), *headers)
    response = Response(
        code=code,
        status=status,
        headers=received,
        body=body,
        time=time,
        sizes=Sizes(body=len(body), header=418, decoded=len(body)),
        timings=Timings(prepare=6.2, wait=0.4, tcp=0.5, first_byte=0.8, download=4.1, process=0.2, total=12.2),
        cookies=(Cookie(name="sid", value=TOKEN, domain="api.test"),),
    )
    sent = (("Authorization", f"Bearer {TOKEN}"), ("Host", "api.test")) if sent is None else sent
    prepared = PreparedRequest(
        method=method,
        scheme="http",
        host="api.test",
        port=80,
        target="/users",
        href=url,
        headers=sent,
        body=posted,
        has_body=bool(posted),
    )
    request = Request(
        method=method,
        url=Url(protocol="http", host=("api", "test"), path=("users",), query=(QueryParam("token", TOKEN),)),
        headers=tuple(Header(name, value, system=name == "Host") for name, value in sent),
        body=Body(mode="raw", raw=posted.decode("utf-8", "replace")) if posted else None,
        auth=auth or Auth("bearer", {"token": TOKEN}),
    )
    hop = Hop(method=method, href=url, headers=sent, response=response)
    return request, Exchange(request=prepared, response=response, hops=(hop,))


BROKEN = Request(method="GET", url=Url(protocol="http", host=("127", "0", "0", "1"), port="1", path=("x",)))


@pytest.fixture
def scenario():
    return Scenario().start()

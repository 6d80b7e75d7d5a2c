"""`postrunner merge`: the report of all shards is that of the whole run, by every reporter."""

import difflib
import io
import json
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest

import runner
from runner.errors import LoadError
from runner.options import RunOptions
from runner.shards.merge import merge_reports
from tests.cli.conftest import item

FILES = {
    "json": "r.json",
    "junit": "r.xml",
    "html": "r.html",
    "markdown": "r.md",
    "ndjson": "r.ndjson",
    "json-summary": "short.json",
    "allure": "allure",
    "github": "",
    "teamcity": "",
    "emojitrain": "",
    "progress": "",
    "cli": "",
}
"""Where each reporter writes to; an empty text is the screen."""

IDENTITY = re.compile(r"-{10,}\d{24}|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{32}\b")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: UTC)?|\b1[6-9]\d{8}(?:\d{3})?(?:\.\d+)?\b"
)
TIME = re.compile(r"(?<![\w.])\d+(?:\.\d+)? ?(?:ms|µs|s)\b|\d+m \d+(?:\.\d+)?s\b")
FIGURES = {
    "time",
    "responseTime",
    "timings",
    "at",
    "wall",
    "started",
    "completed",
    "start",
    "stop",
    "duration",
    "timestamp",
}
"""Members of JSON that are times."""


def at(name, test="", prerequest="", **more):
    return item(name, f"http://app.example/{more.pop('path', name)}", test, prerequest, **more)


def folder(name, *items, **more):
    return {"name": name, "item": list(items), **more}


def document(*items, name="shop", **more):
    return {"info": {"name": name}, "item": list(items), **more}


def numbered(value, count=None):
    """A collection whose nodes have ids: without them each run makes others."""
    count = iter(range(10**6)) if count is None else count
    if isinstance(value, list):
        return [numbered(one, count) for one in value]
    if not isinstance(value, dict):
        return value
    named = {"id": f"id-{next(count)}"} if "exec" in value or "request" in value or "item" in value else {}
    return {**{key: numbered(one, count) for key, one in value.items()}, **named}


def answering():
    """A server: /down answers 503 the first time, /gone never answers, /bytes with no text, others with their paths."""
    seen = Counter()

    def answer(request):
        path = request.url.path[1:]
        seen[path] += 1
        if path == "gone":
            raise httpx.ConnectError("nobody is there")
        if path == "to":
            return httpx.Response(302, headers={"Location": "/there"}, content=b"moved")
        if path == "bytes":
            return httpx.Response(200, content=bytes(range(256)), headers={"Content-Type": "image/png"})
        if path == "down" and seen[path] == 1:
            return httpx.Response(503, text="not yet")
        return httpx.Response(200, json={"path": path, "é": "ü", "token": "hidden-in-answer", "body": len(request.content)})

    return httpx.MockTransport(answer)


def outputs(folder):
    key = {"allure": "allure-results-dir"}
    options = [(key.get(name, f"{name}-export"), str(folder / file)) for name, file in FILES.items() if file]
    return {"reporters": tuple(FILES), "reporter_options": tuple(options), "slowest": 0}


def written(folder, stream):
    """The text of each report without times and random identities, by reporter."""
    found = {"screen": normal(stream.getvalue())}
    for name, file in FILES.items():
        path = folder / file
        if name == "allure":
            found[name] = sorted(str(normal(one.read_text("utf-8", "replace"))) for one in path.iterdir())
        elif file:
            found[name] = normal(path.read_text())
    return found


def normal(text):
    try:
        return without_times(json.loads(text))
    except ValueError:
        pass
    lines = []
    for line in text.splitlines():
        lines.append(json.dumps(without_times(json.loads(line))) if line.startswith("{") else line)
    text = TIME.sub("T", MOMENT.sub("WHEN", IDENTITY.sub("ID", "\n".join(lines))))
    text = re.sub(r"(time|timestamp|duration|flowId|value)=(['\"])[^'\"]*['\"]", r"\1=\2\2", text)
    text = re.sub(
        r"<script type=\"application/json\"[^>]*>(.*?)</script>", lambda found: page(found[1]), text, flags=re.DOTALL
    )
    return re.sub(r"[ ─]+", " ", text)


def differences(one, other, path=""):
    """The places in which two values differ, with both."""
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        for key in one:
            yield from differences(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{path}[{at}]")
    elif isinstance(one, str) and isinstance(other, str) and one != other:
        yield path, list(difflib.unified_diff(other.splitlines(), one.splitlines(), lineterm="", n=0))
    elif one != other:
        yield path, one, other


def page(text):
    """The data of the HTML page without numbers that are not sizes: moments and times are all fractions or epochs."""
    return re.sub(r"\b\d+\.\d+\b|\b\d{1,4}\b", "N", text)


def without_times(value):
    if isinstance(value, dict):
        return {
            key: IDENTITY.sub("ID", str(one)) if key in ("uuid", "historyId", "ref") else without_times(one)
            for key, one in value.items()
            if key not in FIGURES and not key.endswith(("Average", "Min", "Max", "Sd"))
        }
    if isinstance(value, list):
        return [without_times(one) for one in value]
    return TIME.sub("T", MOMENT.sub("WHEN", IDENTITY.sub("ID", value))) if isinstance(value, str) else value


@pytest.fixture
def whole(tmp_path):
    """Run all at once; gives the reports and the result."""

    def run(given, **options):
        stream, transport = io.StringIO(), answering()
        result = runner.run(given, transport=transport, stream=stream, **options, **outputs(tmp_path / "whole"))
        return written(tmp_path / "whole", stream), result

    return run


@pytest.fixture
def shards(tmp_path):
    """Run shard by shard; gives the paths of their JSON reports."""

    def run(given, count=3, **options):
        transport, paths = answering(), []
        for index in range(1, count + 1):
            paths.append(str(tmp_path / f"shard{index}.json"))
            json_report = {"reporters": ("json",), "reporter_options": (("json-export", paths[-1]),)}
            runner.run(given, transport=transport, shard=f"{index}/{count}", **options, **json_report)
        return paths

    return run


@pytest.fixture
def merged(tmp_path):
    """Merge reports; gives the merged reports and the summary."""

    def merge(paths, **options):
        stream = io.StringIO()
        summary = merge_reports(paths, RunOptions(**options, **outputs(tmp_path / "merged")), stream)
        return written(tmp_path / "merged", stream), summary

    return merge


TESTS = "pm.test('ok', () => pm.response.to.have.status(200)); pm.test.skip('later', () => {}); console.log('said', {a: 1})"
FAILS = "pm.test('no', () => pm.expect(1).to.eql(2))"
SENDS = "pm.sendRequest('http://app.example/sub', (error, got) => pm.test('sub', () => pm.expect(got.code).to.eql(200)))"
NESTED = (
    "const got = await pm.execution.runRequest('id-of-nested'); pm.test('nested', () => pm.expect(got.code).to.eql(201))"
)

SUITE = [
    folder(
        "Users",
        at("list", TESTS),
        at(
            "add",
            FAILS,
            method="POST",
            body={"mode": "raw", "raw": '{"näme": "{{n}}"}'},
            header=[{"key": "X-A", "value": "b"}],
        ),
        folder("deep", at("sends", SENDS)),
        event=[{"listen": "prerequest", "script": {"exec": "pm.variables.set('n', 'x')"}}],
    ),
    at("throws", "null.x"),
    at("gone"),
    at("skipped", prerequest="pm.execution.skipRequest()"),
    at("form", method="POST", body={"mode": "urlencoded", "urlencoded": [{"key": "k", "value": "v 1"}]}),
    at("parts", method="POST", body={"mode": "formdata", "formdata": [{"key": "k", "value": "v", "type": "text"}]}),
    at("graph", method="POST", body={"mode": "graphql", "graphql": {"query": "{ a }", "variables": "{}"}}),
    at("to", TESTS),
    at("bytes", "pm.visualizer.set('<b>{{a}}</b>', {a: 1})"),
    folder(
        "loop",
        at(
            "again",
            "if (!pm.variables.get('i')) {pm.variables.set('i', 1); postman.setNextRequest('again')}",
        ),
    ),
    at("auth", auth={"type": "bearer", "bearer": [{"key": "token", "value": "the-bearer-token"}]}),
    at("nests", NESTED),
    {**at("nested"), "id": "id-of-nested"},
    at("missing?{{nothing}}"),
]


@pytest.mark.parametrize("options", [{}, {"iteration_data": [{"n": 1, "é": "ü"}, {"n": 2}], "verbose": True}])
def test_the_merged_reports_are_those_of_the_whole(whole, shards, merged, options):
    suite = numbered(document(*SUITE, variable=[{"key": "password", "value": "my-own-secret"}]))
    expected, result = whole(suite, **options)
    found, summary = merged(shards(suite, **options), **({"verbose": True} if options else {}))
    assert found.keys() == expected.keys()
    for name, text in expected.items():
        assert list(differences(found[name], text)) == [], name
    assert (summary.exit_code(), len(summary.failures)) == (result.exit_code(), len(result.failures))


def same(whole, shards, merged, given, count=3, **options):
    """Compare merged reports with those of the whole; gives both verdicts."""
    expected, result = whole(given, **options)
    found, summary = merged(shards(given, count, **options))
    for name, text in expected.items():
        assert list(differences(found[name], text)) == [], name
    assert summary.exit_code() == result.exit_code()
    return summary


def test_what_passed_at_a_second_attempt_is_flaky_in_the_merged_reports(whole, shards, merged):
    given = numbered(document(at("a", TESTS), at("down", TESTS), at("c"), folder("d", at("d", FAILS))))
    more = {"retries": 1, "retry_delay": 0, "retry_on": "503,assertion", "fail_on_flaky": True}
    summary = same(whole, shards, merged, given, **more)
    assert [one.item.name for one in summary.flaky] == ["down"]
    assert {failure.kind for failure in summary.failures} == {"flaky", "assertion"}


def test_setups_and_teardowns_are_told_of_once(whole, shards, merged):
    around = folder("up", at("up", TESTS)), folder("down", at("last", TESTS))
    given = numbered(document(around[0], *(at(name) for name in "abcdef"), around[1]))
    same(whole, shards, merged, given, setup="up", teardown="down")


def test_a_setup_that_failed_in_one_shard_is_told_of(shards, merged, tmp_path):
    given = numbered(document(folder("up", at("up", TESTS)), *(at(name) for name in "abcdef")))
    paths = shards(given, 2, setup="up")
    report = Path(paths[1])
    assert '"passed":true' in report.read_text()
    error = {"name": "AssertionError", "message": "no"}
    text = report.read_text().replace('"passed":true', f'"passed":false,"error":{json.dumps(error)}', 1)
    report.write_text(text)
    _, summary = merged(paths)
    assert summary.exit_code() == 1
    assert [(one.path, one.item.name) for one in summary.failures] == [(("setup", "up"), "up")]


def test_several_collections_stay_apart(whole, shards, merged):
    given = [numbered(document(at(f"{name}1", TESTS), at(f"{name}2", FAILS), name=name)) for name in "abcd"]
    same(whole, shards, merged, given)


def test_collections_that_are_the_same_twice_stay_apart(whole, shards, merged):
    given = [numbered(document(at("one", TESTS), name="same")) for _ in range(3)]
    same(whole, shards, merged, given)


@pytest.mark.parametrize("parallel", ["iterations", "folders"])
def test_what_parallel_divides_is_put_together(whole, shards, merged, parallel):
    given = numbered(document(at("a?{{n}}", TESTS), folder("f", at("b", FAILS)), at("c")))
    rows = [{"n": number} for number in range(4)]
    same(whole, shards, merged, given, parallel=parallel, iteration_data=rows, jobs=2)


def test_variables_at_the_end_are_those_that_all_shards_left(whole, shards, merged):
    sets = [
        at(name, f"pm.environment.set('{name}', '{name}'); pm.collectionVariables.set('{name}', 1)") for name in "abcdef"
    ]
    given = numbered(document(*sets, at("g", "pm.environment.unset('old')")))
    given["variable"] = [{"key": name, "value": 0} for name in "abcdef"]
    environment = {"old": 1, "kept": 2, **dict.fromkeys("abcdef", 0)}
    same(whole, shards, merged, given, environment=environment)


def test_warnings_are_given_once_and_fail_if_they_shall(whole, shards, merged):
    given = numbered(document(*(at(f"{name}?{{{{nothing}}}}") for name in "abcdef")))
    summary = same(whole, shards, merged, given, fail_on_warning=True)
    assert summary.exit_code() == 1
    assert {failure.kind for failure in summary.failures} == {"warning"}


def test_headers_and_bodies_that_a_report_left_out_are_left_out(shards, merged, tmp_path):
    sends = at("a", prerequest="pm.variables.set('body', ['sent', 'body'].join('-'))", method="POST")
    sends["request"]["body"] = {"mode": "raw", "raw": "{{body}}"}
    given = numbered(document(sends, at("to")))
    omit = ("json-omit-all-headers-and-body", "true")
    paths = []
    for index in (1, 2):
        paths.append(str(tmp_path / f"{index}.json"))
        more = {"reporters": ("json",), "reporter_options": (("json-export", paths[-1]), omit)}
        runner.run(given, transport=answering(), shard=f"{index}/2", **more)
    held = "".join(Path(path).read_text() for path in paths)
    assert not re.search("sent-body|hidden-in-answer|User-Agent|moved", held)
    found, _ = merged(paths)
    assert [one["item"]["name"] for one in found["json"]["run"]["executions"]] == ["a", "to"]


def test_the_report_of_a_shard_holds_no_secret(shards):
    secret = "a-secret-that-is-long"
    scripts = f"pm.environment.set('token', '{secret}'); console.log(pm.environment.get('token'))"
    given = document(
        at("a", scripts, auth={"type": "bearer", "bearer": [{"key": "token", "value": secret}]}),
        at("late", f"console.log('{secret[::-1]}')"),
        at("learns", f"pm.environment.set('password', '{secret[::-1]}')"),
        variable=[{"key": "apiKey", "value": secret}],
    )
    for path in shards(given, 1, secret=("password",)):
        text = Path(path).read_text()
        assert secret not in text
        assert secret[::-1] not in text
        assert '"events": [' in text


def test_what_becomes_known_later_leaves_an_event_that_can_be_read(whole, shards, merged):
    learns = at("b", "pm.environment.set('password', pm.response.json().path)", path="a-late-secret-value")
    both = numbered(
        document(
            at("a", f"console.log('a-late-secret-value'); {TESTS}", header=[{"key": "X-Auth-Token", "value": "x"}]), learns
        )
    )
    more = {"secret": ("password",), "parallel": "folders", "force_parallel": True}
    expected, _ = whole(both, **more)
    found, _ = merged(shards(both, 1, **more))
    for name in ("json", "junit", "html"):
        assert list(differences(found[name], expected[name])) == [], name


# -- runs that ended early ------------------------------------------------------------------------------------------------


def test_a_shard_that_bailed_leaves_the_others_whole(shards, merged):
    given = numbered(document(*(at(name, FAILS if name in "ad" else "") for name in "abcdef")))
    paths = shards(given, 2, bail=True)
    ran = [json.loads(Path(path).read_text())["run"]["executions"] for path in paths]
    found, summary = merged(paths)
    assert summary.exit_code() == 1
    assert Counter(one["item"]["name"] for one in found["json"]["run"]["executions"]) == Counter(
        one["item"]["name"] for run in ran for one in run
    )


@pytest.mark.parametrize(("messages", "warnings"), [(("slow", "slow"), 0), (("slow", "lost"), 1), ((None, "lost"), 0)])
def test_of_shards_that_ended_early_each_reason_is_told_once(shards, merged, messages, warnings):
    paths = shards(numbered(document(*map(at, "abcdef"))), 2)
    for path, message in zip(paths, messages, strict=True):
        report = json.loads(Path(path).read_text())
        if message:
            report["postrunner"]["events"][-1]["error"] = {"class": "RunAborted", "exit_code": 1, "message": message}
        Path(path).write_text(json.dumps(report))
    _, summary = merged(paths)
    assert summary.exit_code() == 1
    assert len([one for one in summary.warnings if "ended early, too" in one.message]) == warnings


def test_an_execution_that_was_broken_off_is_told_at_the_end(shards, merged, tmp_path):
    """The time limit ends one shard in the middle of a request; what follows is not inside of that request."""
    given = numbered(document(*(at(name, TESTS) for name in "abcdef")))
    paths = shards(given, 2)
    report = json.loads(Path(paths[0]).read_text())
    events = report["postrunner"]["events"]
    last = max(at for at, event in enumerate(events) if event["event"] == "ItemFinished")
    ended = max(at for at, event in enumerate(events) if event["event"] == "IterationFinished")
    events[-1]["error"] = {"class": "RunAborted", "exit_code": 1, "message": "callback timed out"}
    report["postrunner"]["events"] = [event for at, event in enumerate(events) if at not in (last, ended)]
    Path(paths[0]).write_text(json.dumps(report))
    found, summary = merged(paths)
    assert [failure.message for failure in summary.failures] == ["callback timed out"]
    assert summary.exit_code() == 1
    assert Counter(one["item"]["name"] for one in found["json"]["run"]["executions"]) == Counter("abcdef")
    assert len(found["allure"]) >= 6


# -- what does not belong together ----------------------------------------------------------------------------------------


@pytest.fixture
def letters():
    return document(*(at(name) for name in "abcdef"))


@pytest.fixture
def refused(merged):
    """The message of the mistake that merging these is; `RUN` stands for what is written nowhere."""

    def refuse(*paths):
        with pytest.raises(LoadError) as caught:
            merged([str(path) for path in paths])
        assert caught.value.exit_code == 2
        return str(caught.value)

    return refuse


def changed(path, **members):
    """The same report with other members of our own part."""
    report = json.loads(Path(path).read_text())
    report["postrunner"] |= members
    other = Path(path).with_name("changed.json")
    other.write_text(json.dumps(report))
    return other


def test_a_missing_shard_is_named(shards, letters, refused):
    one, _, three = shards(letters)
    assert "shard 2 of 3 is missing" in refused(one, three)
    assert "shards 1, 2 of 3 are missing" in refused(three)


def test_a_shard_that_is_there_twice_is_named(shards, letters, refused):
    one, two, three = shards(letters)
    message = refused(one, two, three, two)
    assert message.startswith(two)
    assert "is of shard 2/3, as is" in message


def test_a_shard_of_another_run_is_named(shards, letters, refused, tmp_path):
    one, *_ = shards(letters)
    kept = Path(one).rename(tmp_path / "other.json")
    again = shards(document(at("z")))
    message = refused(kept, again[1], again[2])
    assert message.startswith(again[1])
    assert "is of another run" in message


def test_a_shard_of_another_count_is_named(shards, letters, refused, tmp_path):
    kept = Path(shards(letters)[0]).rename(tmp_path / "other.json")
    message = refused(*shards(letters, 2), kept)
    assert message.startswith(str(kept))
    assert "is of shard 1/3, but" in message


def test_shards_that_were_divided_differently_are_named(shards, letters, refused, tmp_path):
    ran = [
        {"item": {"id": name}, "cursor": {"iteration": 0}, "response": {"id": name, "responseTime": time}}
        for name, time in zip("abcdef", (500, 1, 1, 1, 1, 1), strict=True)
    ]
    items = [{"id": name, "name": name} for name in "abcdef"]
    report = tmp_path / "times.json"
    report.write_text(json.dumps({"collection": {"info": {"name": "shop"}, "item": items}, "run": {"executions": ran}}))
    balanced = [Path(path).rename(f"{path}-kept") for path in shards(letters, 2, shard_by=str(report))]
    assert "divided differently" in refused(balanced[0], shards(letters, 2)[1])


def test_another_version_of_the_form_is_named(shards, letters, refused):
    one, *rest = shards(letters)
    assert "has version 99 of the form of shards, not 1" in refused(changed(one, schema=99), *rest)
    assert "has version None" in refused(changed(one, schema=None), *rest)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"run": {}}', "<xml/>", '{"postrunner": 1}', "{} {}"])
def test_what_is_no_report_is_named(shards, letters, refused, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    assert refused(*shards(letters), tmp_path / "x.json").startswith(str(tmp_path / "x.json"))


def test_a_file_that_is_missing_is_named(refused):
    assert "none.json: does not exist" in refused("none.json")


def test_the_report_of_a_whole_run_is_named(whole, refused, letters, tmp_path):
    whole(letters)
    assert "is the report of a whole run" in refused(tmp_path / "whole" / "r.json")


@pytest.mark.parametrize(
    "event",
    [
        1,
        {"event": "Nonsense"},
        {"event": "RunStarted"},
        {"event": "ItemStarted", "item": 99, "path": []},
        {"event": "ItemStarted", "item": "0", "path": []},
        {"event": "ItemStarted", "item": 0, "path": "x"},
        {"event": "Warned", "code": 1, "message": []},
        {"event": "Warned"},
        {"event": "RequestFinished", "item": 0, "path": [], "request": 5},
        {"event": "RequestFinished", "item": 0, "path": [], "request": {}, "exchange": {}},
        {"event": "AssertionChecked", "script": 99, "assertion": {}},
    ],
)
def test_an_event_that_cannot_be_read_is_a_mistake(shards, letters, refused, event):
    (one,) = shards(letters, 1)
    events = json.loads(Path(one).read_text())["postrunner"]["events"]
    assert "changed.json" in refused(changed(one, events=[*events[:4], event, *events[4:]]))


# -- the command line -----------------------------------------------------------------------------------------------------


def test_the_command_merges_what_a_pattern_finds(postrunner, collection, server):
    file = collection(*(item(name, f"{server.url}/{name}", FAILS if name == "c" else TESTS) for name in "abcdef"))
    for index in (1, 2):
        postrunner("run", file, "-r", "json", "--reporter-json-export", f"shards/{index}.json", "--shard", f"{index}/2")
    done = postrunner("merge", "shards/*.json", "-r", "cli,junit", "--reporter-junit-export", "all.xml")
    assert done.code == 1
    assert [line.strip() for line in done.out.splitlines() if line.startswith("→")] == [f"→ {name}" for name in "abcdef"]
    assert "expected 1 to deeply equal 2" in Path("all.xml").read_text()
    assert postrunner("merge", "shards/*.json", "-x", "--silent").code == 0


def test_a_report_that_cannot_be_written_is_red(postrunner, collection, server, tmp_path):
    file = collection(item("a", f"{server.url}/a"))
    postrunner("run", file, "-r", "json", "--reporter-json-export", "one.json", "--shard", "1/1")
    Path("file").write_text("")
    done = postrunner("merge", "one.json", "-r", "junit", "--reporter-junit-export", "file/x.xml")
    assert done.code == 1
    assert "file/x.xml" in done.err


def test_without_a_report_there_is_nothing_to_merge(postrunner):
    done = postrunner("merge")
    assert done.code == 2
    assert "there is no report to merge" in done.err
    assert postrunner("merge", "none*.json").code == 2


def test_a_merged_report_says_that_it_is_whole(whole, shards, merged, letters):
    expected, _ = whole(letters)
    own = merged(shards(letters))[0]["json"]["postrunner"]
    assert own == expected["json"]["postrunner"]
    assert own["shard"] == {"index": 1, "count": 1}
    assert own["schema"] == 1


def test_a_report_names_the_file_of_a_collection_below_the_current_folder_and_no_other(monkeypatch, shards, tmp_path):
    inside, outside = tmp_path / "work" / "in.json", tmp_path / "out.json"
    inside.parent.mkdir()
    for file in (inside, outside):
        file.write_text(json.dumps(document(at("a"))))
    monkeypatch.chdir(inside.parent)
    [path] = shards([str(inside), str(outside)], 1)
    report = json.loads(Path(path).read_text())["postrunner"]
    assert [one.get("path", "") for one in report["collections"]] == ["in.json", ""]


def test_a_collection_whose_folder_holds_the_current_one_is_not_below_it(monkeypatch, shards, tmp_path):
    (tmp_path / "Shop" / "work").mkdir(parents=True)
    (tmp_path / "Shop" / "a.request.yaml").write_text("$kind: http-request\nurl: http://app.example/a\n")
    monkeypatch.chdir(tmp_path / "Shop" / "work")
    [path] = shards("..", 1)
    (collection,) = json.loads(Path(path).read_text())["postrunner"]["collections"]
    assert collection.get("path", "") == ""


def test_a_report_of_a_shard_says_which(shards, letters):
    shards = [json.loads(Path(path).read_text())["postrunner"] for path in shards(letters)]
    assert [one["shard"] for one in shards] == [{"index": index, "count": 3} for index in (1, 2, 3)]
    assert len({one["plan"] for one in shards}) == 1


def test_annotations_point_into_the_files_of_a_folder(monkeypatch, tmp_path, whole, shards, merged):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        lines = ["$kind: http-request", f"url: http://app.example/{name}", "scripts:", "  - type: afterResponse"]
        text = "\n".join([*lines, "    code: |-", f"      {FAILS}", ""])
        Path("Shop").mkdir(exist_ok=True)
        Path(f"Shop/{name}.request.yaml").write_text(text)
    wanted = annotations(whole("Shop")[0])
    assert [line.partition("line=")[0] for line in wanted] == [f"::error file=Shop/{name}.request.yaml," for name in "abc"]
    assert annotations(merged(shards("Shop"))[0]) == wanted


def annotations(reports):
    return [line for line in reports["screen"].splitlines() if line.startswith("::error")]

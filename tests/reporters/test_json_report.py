import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import ExportError, RunAborted, node_fields
from runner.model.collection import Event, Script
from runner.model.request import Body, FormParam, Url
from runner.options import RunOptions
from runner.outputs import IN_MEMORY
from runner.reporters.json.report import JsonReport
from runner.reporters.json.shapes import body_json, href_json, url_json
from runner.results.spool import Spool
from tests.reporters.conftest import TOKEN, Scenario


@pytest.fixture
def report(tmp_path):
    """Write the report of a scenario and read it back."""

    def write(scenario):
        path = tmp_path / "deep" / "report.json"
        assert scenario.report(JsonReport, options=RunOptions(reporter_options=(("json-export", str(path)),))) == ""
        return json.loads(path.read_text("utf-8"))

    return write


def test_the_document_has_newmans_keys(scenario, report):
    document = report(scenario.whole().finish())
    assert list(document) == ["collection", "environment", "globals", "run"]
    assert list(document["run"]) == ["stats", "timings", "executions", "transfers", "failures", "error"]
    assert document["run"]["stats"]["assertions"] == {"total": 3, "pending": 0, "failed": 1}
    assert document["run"]["transfers"] == {"responseTotal": 12}
    assert document["run"]["error"] is None


def keys(value, path=""):
    """Every path of keys in a document; `[]` stands for the entries of a list."""
    if isinstance(value, dict):
        return {path + key for key in value}.union(*(keys(entry, f"{path}{key}.") for key, entry in value.items()))
    if isinstance(value, list):
        return set().union(*(keys(entry, f"{path[:-1]}[].") for entry in value))
    return set()


def test_no_key_of_newmans_report_is_missing(scenario, report):
    newman = set((Path(__file__).parent / "expected" / "newman-keys.txt").read_text("utf-8").split())
    scenario.begin().request().check("a", "no").script("prerequest", "boom").script(error="boom").end()
    document = report(scenario.begin(scenario.deep).broken().end().finish())
    left_out = {key for key in newman if "stacktrace[]." in key}
    left_out |= {f"run.failures[].cursor.{name}" for name in ("execution", "httpRequestId")}
    assert newman - left_out - keys(document) == set()


def test_the_timings_have_newmans_names(scenario, report):
    timings = report(scenario.whole().finish())["run"]["timings"]
    names = [f"{phase}{value}" for phase in ("response", "dns", "firstByte") for value in ("Average", "Min", "Max", "Sd")]
    assert list(timings) == [*names, "started", "completed"]
    assert timings["completed"] - timings["started"] == 296


def test_an_execution_has_request_response_and_assertions(scenario, report):
    execution = report(scenario.whole().finish())["run"]["executions"][0]
    assert execution["item"]["name"] == "List users"
    assert execution["request"]["url"]["path"] == ["a%20b"]
    assert execution["request"]["header"][-1] == {"key": "Host", "value": "api.test", "system": True}
    assert execution["response"]["stream"] == {"type": "Buffer", "data": [123, 125]}
    assert (
        execution["response"]["code"],
        execution["response"]["responseTime"],
        execution["response"]["responseSize"],
    ) == (200, 79, 2)
    assert [check.get("error", {}).get("message") for check in execution["assertions"]] == [
        None,
        "expected { a: 1 } to deeply equal { a: 2 }",
        None,
    ]


def test_sub_requests_stand_under_their_execution(scenario, report):
    executions = report(scenario.whole().finish())["run"]["executions"]
    (sub,) = executions[1]["subRequests"]
    assert (sub["source"], sub["request"]["url"]["path"], sub["response"]["code"]) == ("script", ["sub"], 200)


def test_an_execution_is_listed_once_for_each_request_it_sent_as_newman_does(scenario, report):
    executions = report(scenario.whole().finish())["run"]["executions"]
    assert len(executions) == 3
    first, again = executions[1:]
    assert len(first["response"]["stream"]["data"]) == first["response"]["responseSize"]
    assert again["response"]["stream"]["data"] == []
    again["response"]["stream"] = first["response"]["stream"]
    assert again == {key: value for key, value in first.items() if key != "subRequests"}
    assert executions[0]["cursor"]["ref"] != executions[1]["cursor"]["ref"]


def test_the_report_grows_with_the_number_of_sub_requests_and_not_with_its_square(report, tmp_path):
    sizes = []
    for count in (20, 40, 80):
        scenario = Scenario().start().iteration().begin()
        for _ in range(count):
            scenario.request("script")
        document = report(scenario.request().end().finish())
        executions = document["run"]["executions"]
        assert len(executions) == count + 1
        assert [len(found.get("subRequests", ())) for found in executions] == [count] + [0] * count
        sizes.append((tmp_path / "deep" / "report.json").stat().st_size)
    assert sizes[2] - sizes[1] < 2.1 * (sizes[1] - sizes[0])


def test_script_errors_stand_under_their_phase(scenario, report):
    execution = report(scenario.begin().script("prerequest", "a").script("test", "b", 2, 3).end().finish())["run"][
        "executions"
    ][0]
    assert [entry["error"]["message"] for entry in execution["prerequestScript"]] == ["a"]
    assert execution["testScript"][0]["error"]["lineNumber"] == 2


def test_a_request_error_has_nodes_code(scenario, report):
    execution = report(scenario.begin().broken().end().finish())["run"]["executions"][0]
    assert execution["requestError"] == {
        "errno": -errno.ECONNREFUSED,
        "code": "ECONNREFUSED",
        "syscall": "connect",
        "address": "127.0.0.1",
        "port": 1,
        "name": "Error",
        "message": "connect ECONNREFUSED 127.0.0.1:1",
    }
    assert "response" not in execution


def test_an_unsigned_request_has_its_error(scenario, report):
    execution = report(scenario.begin().unsigned().end().finish())["run"]["executions"][0]
    assert execution["requestError"]["name"] == "AuthError"


def test_skipped_items_appear(scenario, report):
    (execution,) = report(scenario.begin().end(skipped=True).finish())["run"]["executions"]
    assert execution["skipped"] is True


def test_an_item_that_never_ended_is_not_lost(scenario, report):
    document = report(scenario.begin().check("a", "no").finish(RunAborted("late")))
    assert len(document["run"]["executions"]) == 1
    assert document["run"]["error"]["message"] == "late"


@pytest.mark.parametrize(
    ("code", "message", "fields"),
    [
        ("ENOTFOUND", "getaddrinfo ENOTFOUND no.such.host", {"syscall": "getaddrinfo", "hostname": "no.such.host"}),
        ("ECONNREFUSED", "connect ECONNREFUSED ::1:8080", {"syscall": "connect", "address": "::1", "port": 8080}),
        ("ECONNRESET", "read ECONNRESET", {"syscall": "read"}),
        ("EPROTO", "write EPROTO SSL routines: wrong version number", {"syscall": "write"}),
        ("ECONNRESET", "socket hang up", {}),
        ("", "Invalid URI", {}),
    ],
)
def test_a_system_error_is_taken_apart_as_node_has_it(code, message, fields):
    numbers = {
        "ENOTFOUND": -3008,
        "ECONNREFUSED": -errno.ECONNREFUSED,
        "ECONNRESET": -errno.ECONNRESET,
        "EPROTO": -errno.EPROTO,
    }
    found = node_fields(code, message)
    assert found.pop("errno", None) == (numbers[code] if fields else None)
    assert found == {**({"code": code} if code else {}), **fields}


def test_an_item_has_its_request_in_parts_and_its_scripts_as_lines(scenario, report):
    event = Event(listen="test", script=Script(id="s9", exec="a\nb"))
    added = replace(
        scenario.root, events=(event,), request=replace(scenario.root.request, url=Url(host=("h",), path=("x",)))
    )
    found = report(scenario.begin(added).end().finish())["run"]["executions"][0]["item"]
    assert found["event"] == [{"listen": "test", "script": {"id": "s9", "type": "text/javascript", "exec": ["a", "b"]}}]
    assert (found["id"], found["request"]["url"]["path"], found["response"]) == ("i1", ["x"], [])


def test_a_failure_has_source_parent_and_checksum(scenario, report):
    failures = report(scenario.whole().finish())["run"]["failures"]
    assert [(f["at"], f["source"]["name"], f["parent"].get("name")) for f in failures] == [
        ("assertion:1 in test-script", "List users", None),
        ("test-script:2:3", "Add user", "Admin"),
    ]
    assert len(failures[0]["error"]["checksum"]) == 32
    assert failures[0]["error"]["timestamp"] == 1_800_000_000_000


def test_no_secret_is_written(report, tmp_path):
    scenario = Scenario().start().begin()
    scenario.collection.source["auth"] = {"type": "bearer", "bearer": [{"key": "token", "value": "not-known-by-value"}]}
    scenario.request(url=f"http://h/?t={TOKEN}", body=f"x{TOKEN}y".encode(), posted=TOKEN.encode(), method="POST")
    scenario.check(TOKEN, TOKEN).script(error=TOKEN).broken(message=TOKEN).request("script", body=TOKEN.encode()).end()
    text = json.dumps(report(scenario.finish(RunAborted(TOKEN, hint=TOKEN))))
    written = (tmp_path / "deep" / "report.json").read_text("utf-8")
    body = ",".join(str(byte) for byte in TOKEN.encode())
    assert TOKEN not in text
    assert "not-known-by-value" not in text
    assert body not in written


def test_a_secret_that_becomes_known_late_is_masked_everywhere(scenario, tmp_path):
    path = tmp_path / "report.json"
    context = scenario.context(options=RunOptions(reporter_options=(("json-export", str(path)),)))
    reporter = JsonReport(context)
    scenario.begin().request(body=b"late-secret", url="http://h/late-secret").check("late-secret").end().finish()
    scenario.tell(reporter)
    context.secrets.add("late-secret")
    reporter.close(scenario.summary())
    assert "late-secret" not in path.read_text("utf-8")
    assert ",".join(map(str, b"late-secret")) not in path.read_text("utf-8")


def test_the_default_file_is_named_by_the_time(scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenario.finish().report(JsonReport)
    assert [path.name for path in tmp_path.glob("newman/*")] == ["newman-run-report-2027-01-15-08-00-00-000-0.json"]


def test_an_existing_folder_gets_the_default_name(scenario, tmp_path):
    scenario.finish().report(JsonReport, options=RunOptions(reporter_options=(("json-export", str(tmp_path)),)))
    assert len(list(tmp_path.glob("newman-run-report-*.json"))) == 1


def test_a_path_that_cannot_be_written_is_an_export_error(scenario, tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(ExportError, match="file"):
        scenario.finish().report(
            JsonReport, options=RunOptions(reporter_options=(("json-export", str(tmp_path / "file" / "x")),))
        )
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("href", "parts"),
    [
        (
            "http://a.b:81/x/y?p=1&q#h",
            {"protocol": "http", "port": "81", "path": ["x", "y"], "host": ["a", "b"], "hash": "h"},
        ),
        (
            "https://me:pw@[::1]:8443/",
            {"auth": {"user": "me", "password": "pw"}, "host": ["[::1]"], "port": "8443", "path": [""]},
        ),
        ("http://[::1]/", {"host": ["[::1]"]}),
    ],
)
def test_a_sent_url_is_written_in_parts(href, parts):
    found = href_json(href)
    assert {key: found[key] for key in parts} == parts
    assert ("port" in found) == ("port" in parts)


def test_a_query_parameter_without_a_value_has_none():
    assert href_json("http://h/?a&b=")["query"] == [{"key": "a", "value": None}, {"key": "b", "value": ""}]


def test_an_unsent_url_keeps_what_it_has():
    assert url_json(Url(host=("{{base}}",), path=("x",))) == {
        "path": ["x"],
        "host": ["{{base}}"],
        "query": [],
        "variable": [],
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (Body(mode="raw", raw="x", options={"raw": {}}), {"mode": "raw", "raw": "x", "options": {"raw": {}}}),
        (Body(mode="file", file={"src": "a", "content": b"x"}, content=b"x"), {"mode": "file", "file": {"src": "a"}}),
        (
            Body(mode="formdata", formdata=(FormParam(key="f", type="file", src=("a", "b"), contents=(b"1", b"2")),)),
            {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": ["a", "b"]}]},
        ),
        (
            Body(mode="urlencoded", urlencoded=(FormParam(key="a", value="1"),)),
            {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1", "type": "text"}]},
        ),
    ],
)
def test_a_body_is_written_by_its_mode(body, expected):
    assert body_json(body) == expected


def test_a_spool_gives_back_what_it_got_also_from_disk():
    spool = Spool()
    values = [{"a": "é\n"}, {"b": "x" * IN_MEMORY}, {"c": [1, None]}]
    for value in values:
        spool.add(value)
    assert list(spool.values()) == values
    spool.close()

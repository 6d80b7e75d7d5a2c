"""The same odd responses through the whole command: what a report says of each is what Newman's says."""

import json

from runner.cli import main
from tests.transport.conftest import Reply
from tests.transport.responses import LENIENT, RESPONSES

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(server):
    items = []
    for number, name in enumerate(RESPONSES):
        behavior = {"insecureHTTPParser": name.startswith(LENIENT)}
        request = {"method": "GET", "url": server.url(f"/{number}")}
        items.append({"name": name, "protocolProfileBehavior": behavior, "request": request})
    return {"info": {"name": "odd", "schema": SCHEMA}, "item": items}


def test_a_body_that_breaks_off_is_warned_about(serve, tmp_path, capsys):
    server = serve({"/0": Reply(RESPONSES["gzip-truncated"][0])})
    request = {"method": "GET", "url": server.url("/0")}
    file = tmp_path / "cut.json"
    file.write_text(json.dumps({"info": {"name": "cut", "schema": SCHEMA}, "item": [{"name": "cut", "request": request}]}))
    assert main(["run", str(file)]) == 0
    shown = capsys.readouterr()
    assert 'response to "cut" breaks off' in " ".join((shown.out + shown.err).split())


def verdict(execution):
    if "requestError" in execution:
        error = execution["requestError"]
        return error["code"], error["message"]
    response = execution["response"]
    return response["code"], response["status"], bytes(response["stream"]["data"])


def test_the_command_reports_what_newman_reports(serve, tmp_path):
    server = serve({f"/{number}": Reply(raw, close=True) for number, (raw, _) in enumerate(RESPONSES.values())})
    file, report = tmp_path / "odd.json", tmp_path / "report.json"
    file.write_text(json.dumps(collection(server)))
    assert main(["run", str(file), "-r", "json", "--reporter-json-export", str(report), "-x"]) == 0
    executions = json.loads(report.read_text("utf-8"))["run"]["executions"]
    found = {execution["item"]["name"]: verdict(execution) for execution in executions}
    assert found == {name: expected for name, (_, expected) in RESPONSES.items()}

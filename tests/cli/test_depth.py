"""JSON of any depth goes through a whole run: bodies, variables, data, console, every report and every export."""

import json

from runner.deep_json import loads, same

DEPTH = 1200
SCRIPT = """
const deep = pm.response.json();
console.log(deep, {deep});
pm.environment.set('copy', [pm.environment.get('deep')]);
pm.environment.set('deep', pm.environment.get('deep'));
pm.variables.set('response', deep);
pm.globals.set('text', JSON.stringify(deep));
pm.test('it is here', () => pm.expect(deep).to.be.an('array'));
"""


def nested(what: object) -> str:
    return "[" * DEPTH + json.dumps(what) + "]" * DEPTH


def test_deep_json_goes_through_a_whole_run(server, postrunner, tmp_path, monkeypatch):
    monkeypatch.setenv("POSTRUNNER_DEBUG", "1")
    server.texts["/deep"] = nested({"password": "hunter2-hunter2"}).encode()

    def write(name, document):
        path = tmp_path / name
        path.write_text(json.dumps(document).replace('"DEEP"', nested(1)))
        return path

    request = {"method": "POST", "url": server.url + "/deep", "body": {"mode": "raw", "raw": "{{deep}}"}}
    item = {
        "name": "a",
        "event": [{"listen": "test", "script": {"exec": SCRIPT}}],
        "request": request,
        "response": ["DEEP"],
    }
    graphql = {**request, "body": {"mode": "graphql", "graphql": {"query": "q", "variables": "DEEP"}}}
    collection = write("c.json", {"info": {"name": "c"}, "item": [item, {**item, "name": "b", "request": graphql}]})
    environment = write("e.json", {"name": "e", "values": [{"key": "deep", "value": "DEEP"}]})
    data = write("d.json", [{"row": "DEEP"}])
    reports = {name: tmp_path / f"report.{name}" for name in ("json", "ndjson", "html", "junit")}
    exports = {name: tmp_path / f"{name}.json" for name in ("environment", "globals", "collection")}
    options = [part for name, path in reports.items() for part in (f"--reporter-{name}-export", path)]
    options += [part for name, path in exports.items() for part in (f"--export-{name}", path)]
    done = postrunner(
        "run", collection, "-e", environment, "-d", data, "-r", "cli," + ",".join(reports), "--verbose", *options
    )
    assert done.code == 0, done.out[-3000:] + done.err
    assert len(loads(reports["json"].read_text())["run"]["executions"]) == 2
    lines = [loads(line) for line in reports["ndjson"].read_text().splitlines()]
    assert lines[-1]["event"] == "summary"
    assert all("hunter2-hunter2" not in path.read_text() for path in reports.values())
    kept = {value["key"]: value["value"] for value in loads(exports["environment"].read_text())["values"]}
    assert same(kept["deep"], loads(nested(1)))
    assert same(kept["copy"], [loads(nested(1))])
    assert same(loads(exports["collection"].read_text()), loads(collection.read_text()))

"""`--reporter-json-structure` as the Postman CLI has it."""

import json

from tests.cli.conftest import item, report


def test_newmans_structure_may_be_named(postrunner, collection, server, tmp_path):
    options = ("-r", "json", "--reporter-json-export", "r.json", "--reporter-json-structure", "newman")
    assert postrunner("run", collection(item("a", server.url)), *options).code == 0
    assert len(report(tmp_path / "r.json")["executions"]) == 1


def test_another_structure_is_a_mistake(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url)), "-r", "json", "--reporter-json-structure", "flat")
    assert done.code == 2
    assert "'flat'" in done.err
    assert server.seen == []


def test_what_nobody_changed_is_in_the_report_as_its_file_has_it_but_for_secrets(tmp_path, server, postrunner, collection):
    body = {"mode": "formdata", "formdata": [{"value": "hunter22", "key": "password", "description": "d"}]}
    auth = {"type": "digest", "digest": [{"key": "username", "value": "u"}, {"key": "password", "value": "hunter22"}]}
    file = collection({"name": "up", "request": {"method": "POST", "url": server.url, "body": body, "auth": auth}})
    postrunner("run", file, "-r", "json", "--reporter-json-export", tmp_path / "r.json")
    written = json.loads((tmp_path / "r.json").read_text())
    for node in (written["collection"]["item"][0], written["run"]["executions"][0]["item"]):
        shown = json.dumps([node["request"]["body"], node["request"]["auth"]], ensure_ascii=False)
        assert shown == json.dumps([body, auth]).replace("hunter22", "••••")

"""Files of other programs, and files in the wrong place, are called by their name, with what helps."""

import gzip
import json
import re
import shlex
import zipfile

import pytest

from runner.formats.foreign import ROLES
from tests.cli.conftest import item
from tests.cli.test_mistakes import FORM

OPENAPI = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
INSOMNIA = {"_type": "export", "__export_format": 4, "resources": [{"_type": "request", "url": "http://h"}]}
VARIABLES = [{"key": "a", "value": "1", "enabled": True}]
ENVIRONMENT = {"name": "e", "values": VARIABLES, "_postman_variable_scope": "environment"}
COLLECTION = {"info": {"name": "c"}, "item": []}
HAR = {"log": {"version": "1.2", "entries": []}}
SCHEMA = {"data": {"__schema": {"types": []}}}
BRU = "meta {\n  name: get\n  type: http\n}\n\nget {\n  url: http://h/\n}\n"
INSOMNIA_5 = "type: collection.insomnia.rest/5.0\nname: x\nmeta:\n  id: wrk_1\ncollection:\n  - url: http://h\n"
LOGIN = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>"
JMX = '<?xml version="1.0" encoding="UTF-8"?>\n<jmeterTestPlan version="1.2"><hashTree/></jmeterTestPlan>'
SOAPUI = '<?xml version="1.0"?><con:soapui-project name="p" xmlns:con="http://eviware.com/soapui/config"/>'
WSDL = '<?xml version="1.0"?>\n<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>'
HTTP = "### Get one\n# @name one\nGET https://example.com/users HTTP/1.1\nAccept: application/json\n"
SDL = '"""The root."""\ntype Query {\n  users: [User!]!\n}\n'

KINDS = {
    "openapi.json": (OPENAPI, "an OpenAPI document", "postrunner import openapi.json -o collection.json"),
    "swagger.json": ({"swagger": "2.0", "paths": {}}, "a Swagger document", "postrunner import swagger.json"),
    "api.yaml": ("openapi: 3.0.3\ninfo:\n  title: x\npaths: {}\n", "an OpenAPI document", "postrunner import api.yaml"),
    "api 2.yml": ("# made by hand\n---\nswagger: '2.0'\n", "a Swagger document", "import 'api 2.yml'"),
    "insomnia4.json": (INSOMNIA, "an Insomnia export", "postrunner import insomnia4.json -o collection.json"),
    "insomnia4.yaml": (
        "_type: export\n__export_format: 4\nresources: []\n",
        "an Insomnia export",
        "postrunner import insomnia4.yaml",
    ),
    "insomnia5.yaml": (INSOMNIA_5, "an Insomnia export", "postrunner import insomnia5.yaml"),
    "get.bru": (BRU, "a Bruno file", "postrunner import get.bru -o collection.json"),
    "bru-without-name": (BRU, "a Bruno file", "postrunner import bru-without-name -o collection.json"),
    "bruno.json": (
        {"version": "1", "name": "b", "type": "collection", "ignore": []},
        "Bruno's bruno.json",
        "postrunner import FOLDER",
    ),
    "opencollection.yml": ("opencollection: 1.0.0\ninfo:\n  name: x\n", "a Bruno collection", "postrunner import"),
    "request.yml": ("info:\n  name: x\nhttp:\n  url: http://h\n", "a Bruno request", "postrunner import request.yml"),
    "curl.txt": ("curl -X POST 'https://h/' \\\n  -d a=b\n", "a curl command", "postrunner import curl.txt"),
    "curl.json": ("$ curl https://h/", "a curl command", "postrunner import curl.json"),
    "login.sh": ("#!/bin/sh\nset -e\ncurl https://h/\n", "a curl command", "postrunner import login.sh"),
    "exported.txt": ("# x\nexport A=1\nB=2 curl https://h/\n", "a curl command", "postrunner import exported.txt"),
    "page.har": (HAR, "a HAR file", "postrunner import page.har"),
    "thunder.json": ({"clientName": "Thunder Client", "collectionName": "c", "requests": []}, "a Thunder Client", "import"),
    "hoppscotch.json": ([{"v": 2, "name": "c", "folders": [], "requests": []}], "a Hoppscotch export", "import it"),
    "dump.json": (
        {"version": 1, "collections": [], "environments": []},
        "a Postman data dump",
        "export the one collection",
    ),
    "list.json": ({"collections": [{"uid": "1-2"}]}, "a list of collections", "--postman-api-key KEY"),
    "environment.json": (ENVIRONMENT, "an environment or globals file", "--environment or --globals"),
    "variables.json": (VARIABLES, "a list of variables", "--environment or --globals"),
    "rows.json": ([{"a": 1}, {"a": 2}], "a list of objects", "--iteration-data"),
    "rows.csv": ("a,b\n1,2\n", "a CSV file", "--iteration-data"),
    "local.env": ("A=1\nB=2\n", "a .env file", "--env-file"),
    ".env": ("# secrets\nexport A=1\n", "a .env file", "--env-file"),
    "v3.yaml": ("$kind: http-request\nname: x\n", "collection of the format v3", "name the folder"),
    "other.yaml": ("a: 1\nb: [2]\n", "a YAML document", "Export, Collection v2.1"),
    "kube.yaml": ("apiVersion: v1\nkind: Pod\n", "a Kubernetes file", ""),
    "login.json": (LOGIN, "an HTML page, perhaps of a login", "was the download refused?"),
    "page.json": ("<html><body>Hi</body></html>", "an HTML page", "the address behind Raw"),
    "schema.graphql": (SDL, "a GraphQL schema", "import it"),
    "schema.txt": (SDL, "a GraphQL schema", "import it"),
    "schema.json": (SCHEMA, "a GraphQL schema", "import it"),
    "requests.http": (HTTP, "an .http file", "postrunner import requests.http"),
    "requests.txt": (HTTP, "an .http file", "postrunner import"),
    "smoke.hurl": ("GET https://h/\nHTTP 200\n", "a Hurl file", "hurl --test smoke.hurl"),
    "plan.jmx": (JMX, "a JMeter plan", "jmeter -n -t plan.jmx"),
    "project.xml": (SOAPUI, "a SoapUI project", "import it into Postman"),
    "service.wsdl": (WSDL, "a WSDL document", "import it into Postman"),
    "data.xml": ("<?xml version='1.0'?><a/>", "an XML document", ""),
    "karate.feature": ("Feature: users\n  Scenario: one\n", "a Gherkin feature", "Karate"),
    "load.js": ("import http from 'k6/http';\n", "a k6 script", "k6 run load.js"),
    "pointer.json": ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a Git LFS pointer", "git lfs pull"),
    "vault.json": ("$ANSIBLE_VAULT;1.1;AES256\n6238\n", "an encrypted file", "ansible-vault view vault.json"),
    "error.json": ({"error": {"name": "x"}}, "an error answer of an API", "was the download refused?"),
    "jar.json": ({"version": "tough-cookie@4", "cookies": []}, "a cookie jar", "--cookie-jar"),
    "tape.yaml": ("interactions:\n- request: {}\nversion: 1\n", "a cassette", "--replay"),
}
OF_A_ROLE = {name for name, (_, kind, _) in KINDS.items() if "environment" in kind or "variables" in kind}


def written(tmp_path, name):
    content = KINDS[name][0]
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return name


def told(done, *texts):
    """Assert one message of the usual form that has these texts."""
    assert (done.code, done.out) == (2, "")
    assert FORM.fullmatch(done.err), done.err
    for text in texts:
        assert text in done.err


@pytest.mark.parametrize("name", KINDS)
def test_what_is_given_as_a_collection_is_called_by_its_name(postrunner, tmp_path, name):
    _, kind, hint = KINDS[name]
    told(postrunner("run", written(tmp_path, name)), f"error: {name}: this is ", kind, "not a collection", hint)


@pytest.mark.parametrize("name", sorted(set(KINDS) - OF_A_ROLE))
@pytest.mark.parametrize(("flag", "wanted"), [("-e", "not an environment"), ("-g", "not a globals file")])
def test_what_is_given_as_an_environment_is_called_by_its_name(postrunner, collection, tmp_path, name, flag, wanted):
    _, kind, hint = KINDS[name]
    told(postrunner("run", collection(), flag, written(tmp_path, name)), f"error: {name}: this is ", kind, wanted, hint)


JSON_OR_MARKED = [
    *("openapi.json", "api.yaml", "insomnia4.json", "page.har", "environment.json", "variables.json"),
    *("local.env", "login.json", "plan.jmx", "schema.json", "v3.yaml"),
]


@pytest.mark.parametrize("name", JSON_OR_MARKED)
def test_what_is_given_as_data_is_called_by_its_name(postrunner, collection, tmp_path, name):
    if name == "variables.json":  # a list of objects is data, whatever its keys are called
        assert postrunner("run", collection(), "-d", written(tmp_path, name)).code == 0
        return
    told(postrunner("run", collection(), "-d", written(tmp_path, name)), KINDS[name][1], "not iteration data")


def test_a_collection_in_another_place_is_named(postrunner, collection, tmp_path):
    own, hint = collection(), "name it as the collection: postrunner run c.json"
    for flag, wanted in (("-e", "not an environment"), ("-g", "not a globals file"), ("-d", "not iteration data")):
        told(postrunner("run", own, flag, "c.json"), "this is a collection", wanted, hint)
    told(postrunner("run", own, "--env-file", "c.json"), "this is a collection, not a .env file", hint)
    told(postrunner("run", own, "--cookie-jar", "c.json"), "this is a collection, not a cookie jar", hint)


def test_an_environment_in_another_place_is_named(postrunner, collection, tmp_path):
    name = written(tmp_path, "environment.json")
    for flag in ("-d", "--env-file", "--cookie-jar"):
        told(postrunner("run", collection(), flag, name), "this is an environment or globals file", "--environment")


def test_a_cookies_txt_is_no_jar(postrunner, collection, tmp_path):
    (tmp_path / "cookies.txt").write_text("# Netscape HTTP Cookie File\nh\tFALSE\t/\tFALSE\t0\ta\tb\n")
    told(postrunner("run", collection(), "--cookie-jar", "cookies.txt"), "this is a cookies.txt, not a cookie jar")


@pytest.mark.parametrize("place", ["", "-e", "-d"])
def test_packed_files_have_the_command_that_unpacks_them(postrunner, collection, tmp_path, place):
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(json.dumps(COLLECTION).encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("c.json", "{}")
    (tmp_path / "book.xlsx").write_bytes((tmp_path / "c.zip").read_bytes())
    names = {"c.json.gz": "gunzip -k c.json.gz", "c.zip": "unzip c.zip", "book.xlsx": "save it as CSV"}
    for name, hint in names.items():
        told(postrunner("run", *([collection(), place] if place else []), name), f"{name}: this is a", hint)


def test_a_binary_file_is_no_text(postrunner, tmp_path):
    (tmp_path / "c.bin").write_bytes(bytes(range(1, 256)) + b"\0\0")
    told(postrunner("run", "c.bin"), "c.bin: is not a text file")


@pytest.mark.parametrize(
    ("names", "kind", "hint"),
    [
        (["bruno.json", "get.bru"], "a Bruno collection", "postrunner import"),
        (["login.bru"], "a Bruno collection", ""),
        (["opencollection.yml"], "a Bruno collection (OpenCollection)", "postrunner import"),
        (["one.json"], "is a folder, not a file", "did you mean"),
        (["a.json", "b.json"], "is a folder, not a file", "*.json'"),
        (["a.postman_collection.json", "e.json"], "is a folder, not a file", "*.postman_collection.json'"),
        ([], "is a folder, not a file", "name the collection file in it"),
    ],
    ids=str,
)
def test_a_folder_is_called_by_what_it_holds(postrunner, tmp_path, names, kind, hint):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    told(postrunner("run", "folder"), kind, hint)


def test_the_pattern_that_is_proposed_for_a_folder_runs_it(postrunner, tmp_path, server):
    (tmp_path / "folder").mkdir()
    for name in "ab":
        document = {"info": {"name": name}, "item": [item(name, server.url)]}
        (tmp_path / "folder" / f"{name}.json").write_text(json.dumps(document))
    command = re.search(r"postrunner (run .*)", postrunner("run", "folder").err)[1]
    assert postrunner(*shlex.split(command)).code == 0
    assert len(server.seen) == 2


def test_every_hint_names_an_option_that_exists(postrunner):
    out = postrunner("run", "--help").out
    for hint in ROLES.values():
        for flag in re.findall(r"--[\w-]+", hint):
            assert flag in out


def test_json_with_a_mistake_is_still_told_as_json(postrunner, tmp_path):
    (tmp_path / "c.json").write_text('{"info": {"name": "curl GET x"}]')
    told(postrunner("run", "c.json"), "c.json:1:32: not valid JSON")
    (tmp_path / "c.json").write_text("")
    told(postrunner("run", "c.json"), "the file is empty")


def test_a_json_collection_with_another_extension_runs(postrunner, tmp_path, server):
    for name in ("c.yaml", "c.http", "c.csv", "c"):
        (tmp_path / name).write_text(json.dumps({"info": {"name": "c"}, "item": [item("a", server.url)]}))
        assert postrunner("run", name).code == 0


@pytest.mark.parametrize("head", ["\n", " \n", "\r\n", "# x\n", "\t", "@a ", "<!-- x -->", "<!--", "a: "])
@pytest.mark.parametrize("tail", ["", "!", "curl", "GET", "type"])
def test_a_long_head_costs_no_more_than_its_length(postrunner, tmp_path, head, tail):
    (tmp_path / "c.txt").write_text(head * 20_000 + tail)
    done = postrunner("run", "c.txt")
    assert done.code == 2
    assert FORM.fullmatch(done.err)


def test_a_file_from_an_address_is_not_named_in_a_command(postrunner, server):
    done = postrunner("run", server.url + "/text")
    assert "FILE" not in done.err
    assert done.code == 2


def test_a_mistake_in_a_file_of_the_right_kind_is_told_with_its_line(postrunner, collection, tmp_path):
    (tmp_path / "local.env").write_text("A=1\nB C\n")
    told(postrunner("run", collection(), "--env-file", "local.env"), "error: local.env:2: this line is not KEY=VALUE")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('"text"', "error: c.json: a collection is an object, not a text", "in Postman choose Export, Collection v2.1"),
        (
            '{"info": {"name": "c"}, "item": [{"name": "f", "item": [{"name": "r", "request": 5}]}]}',
            "error: c.json at item[0].item[0].request: a request is an object or a URL text, not a number\n",
            "",
        ),
    ],
)
def test_what_breaks_the_form_of_a_collection_has_its_place_and_a_hint_only_for_the_whole(
    postrunner, tmp_path, text, message, hint
):
    (tmp_path / "c.json").write_text(text)
    done = postrunner("run", "c.json")
    told(done, message, hint)
    assert ("hint:" in done.err) == bool(hint)

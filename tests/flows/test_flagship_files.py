"""The shipped collections and environments are files that the Postman app could have written."""

import json
import re

import pytest

from runner.standins.torii.data import KEYS
from runner.standins.truto.data import TOKEN
from tests.flows.conftest import FLOWS, ROOT, files

COLLECTIONS = {name: files(name)[0] for name in FLOWS}
ENVIRONMENTS = {path.name.partition(".")[0]: path for path in (ROOT / "environments").glob("*.json")}
LIVE = sorted(FLOWS)
PROBABLY_SECRET = re.compile(r"key|token|secret|password", re.IGNORECASE)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def leaves(items):
    """Every request item, however deep."""
    for item in items:
        if "item" in item:
            yield from leaves(item["item"])
        else:
            yield item


def nodes(items):
    """Every folder and every request item."""
    for item in items:
        yield item
        yield from nodes(item.get("item", ()))


ITEMS = [(name, item) for name, path in COLLECTIONS.items() for item in leaves(load(path)["item"])]
each_item = pytest.mark.parametrize(("flow", "item"), ITEMS, ids=[f"{name}-{item['name']}" for name, item in ITEMS])
each_file = pytest.mark.parametrize("path", [*COLLECTIONS.values(), *ENVIRONMENTS.values()], ids=lambda path: path.name)
each_collection = pytest.mark.parametrize("path", COLLECTIONS.values(), ids=COLLECTIONS)


@each_file
def test_files_are_written_as_the_app_writes_them(path):
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent="\t", ensure_ascii=False) + "\n"


@each_collection
def test_collections_say_what_they_are(path):
    info = load(path)["info"]
    assert info["schema"] == "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    assert all(info[key] for key in ("_postman_id", "name", "description"))


@each_collection
def test_ids_are_there_and_differ(path):
    ids = [node["id"] for node in nodes(load(path)["item"])]
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in ids)
    assert len(set(ids)) == len(ids)


@each_collection
def test_names_differ_because_scripts_jump_to_them(path):
    names = [item["name"] for item in leaves(load(path)["item"])]
    assert len(set(names)) == len(names)


@each_collection
def test_every_jump_in_a_script_has_a_target(path):
    text = path.read_text(encoding="utf-8")
    names = {item["name"] for item in leaves(load(path)["item"])}
    targets = re.findall(r'setNextRequest\(\\"([^"\\]+)\\"\)', text)
    assert targets
    assert set(targets) <= names


@each_collection
def test_folders_have_descriptions(path):
    assert all(folder["description"] for folder in load(path)["item"])


@each_item
def test_requests_have_the_shape_of_version_2_1(flow, item):
    request = item["request"]
    assert isinstance(item["name"], str)
    assert (
        {"method", "header", "url", "description"}
        <= set(request)
        <= {"auth", "method", "header", "body", "url", "description"}
    )
    assert all({"key", "value"} <= set(header) for header in request["header"])
    assert request["description"]
    if "auth" in request and request["auth"]["type"] != "noauth":
        assert all("key" in one for one in request["auth"][request["auth"]["type"]])


@each_item
def test_the_parts_of_a_url_say_what_its_text_says(flow, item):
    for url in [item["request"]["url"], *(example["originalRequest"]["url"] for example in item["response"])]:
        query = "&".join(f"{one['key']}={one['value']}" for one in url.get("query", ()))
        text = "/".join([".".join(url["host"]), *url.get("path", ())])
        assert url["raw"] == text + ("?" if query else "") + query


@each_item
def test_scripts_are_lists_of_lines(flow, item):
    for event in item.get("event", ()):
        assert event["listen"] in ("prerequest", "test")
        assert event["script"]["type"] == "text/javascript"
        assert all(isinstance(line, str) and "\n" not in line for line in event["script"]["exec"])


@each_item
def test_every_request_has_examples_of_success_and_of_an_error(flow, item):
    if "sends nothing" in item["name"]:
        return
    codes = [example["code"] for example in item["response"]]
    assert any(code < 400 for code in codes) or item["name"].startswith("W1")
    assert any(code >= 400 for code in codes)


@each_item
def test_examples_have_the_shape_of_version_2_1(flow, item):
    keys = {"name", "originalRequest", "status", "code", "_postman_previewlanguage", "header", "cookie", "body"}
    for example in item["response"]:
        assert set(example) == keys
        assert {"method", "header", "url"} <= set(example["originalRequest"])
        if example["_postman_previewlanguage"] == "json":
            assert isinstance(json.loads(example["body"]), dict)


@each_file
def test_no_file_holds_a_signature_or_a_token(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"X-Amz-Signature=(?!EXAMPLE)", text)
    assert not re.search(r"[Bb]earer [A-Za-z0-9._-]{6,}", text)


@each_collection
def test_collections_hold_no_key_not_even_of_the_stand_in(path):
    text = path.read_text(encoding="utf-8")
    assert [key for key in (*KEYS, TOKEN) if key in text] == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environments_have_the_shape_of_an_export(name):
    document = load(ENVIRONMENTS[name])
    assert document["_postman_variable_scope"] == "environment"
    assert document["id"]
    assert document["name"]
    assert all(set(one) == {"key", "value", "type", "enabled"} and one["enabled"] for one in document["values"])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_credentials_are_marked_secret(name):
    secret = {one["key"] for one in load(ENVIRONMENTS[name])["values"] if one["type"] == "secret"}
    assert secret == {one["key"] for one in load(ENVIRONMENTS[name])["values"] if PROBABLY_SECRET.search(one["key"])}
    assert secret


@pytest.mark.parametrize("name", LIVE)
def test_live_environments_ship_no_secret_and_cannot_reach_the_stand_ins_parts(name):
    values = {one["key"]: one for one in load(ENVIRONMENTS[name])["values"]}
    assert [key for key, one in values.items() if one["type"] == "secret" and one["value"]] == []
    assert values["stand_in"]["value"] == "false"
    assert values[f"{name}_base_url"]["value"].startswith("https://")


@pytest.mark.parametrize("name", LIVE)
def test_the_local_environment_has_every_variable_of_the_live_one(name):
    live, local = ({one["key"] for one in load(ENVIRONMENTS[key])["values"]} for key in (name, f"{name}-local"))
    assert live <= local


@pytest.mark.parametrize("name", LIVE)
def test_local_environments_point_to_the_stand_ins_usual_port(name):
    from runner.standins import STANDINS

    values = {one["key"]: one["value"] for one in load(ENVIRONMENTS[f"{name}-local"])["values"]}
    assert values[f"{name}_base_url"] == f"http://127.0.0.1:{STANDINS[name].port}"


def test_the_sample_in_the_collection_is_the_one_to_start_from():
    variables = {one["key"]: one["value"] for one in load(COLLECTIONS["torii"])["variable"]}
    assert json.loads(variables["torii_sample"]) == load(ROOT / "collections" / "samples" / "torii-users.json")

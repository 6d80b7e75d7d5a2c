"""Names that stand in a collection are shown as they are, whatever values the secrets of a run have."""

import json

import pytest

from tests.cli.conftest import item

REPORTERS = "cli,json,junit,html,ndjson,progress"
FILES = ("json", "junit", "html", "ndjson")

SCRIPTS = """
pm.test("get api ver", () => pm.expect(1).to.eql(2));
pm.test('it\\'s `api`', () => {});
pm.test(`plain api`, () => {});
tests["legacy api"] = false;
pm.test("has " + pm.environment.get("key"), () => pm.expect(pm.environment.get("key")).to.eql("x"));
console.log("key is " + pm.environment.get("key"));
"""


def named(server):
    """A collection whose every name holds the value of a secret, which is sent and used in the name of a test, too."""
    request = {"method": "GET", "url": server.url + "/x/{{key}}", "header": [{"key": "X-Own", "value": "{{key}}"}]}
    broken = item("api broken", server.url + "/{{key}}", "throw new Error('x')")
    inner = {"name": "api", "item": [{**item("get api ver", "", SCRIPTS), "request": request}]}
    folder = {"name": "v1 api/all", "item": [inner, {"name": "api folder", "item": [broken]}]}
    return {
        "info": {"name": "my api collection"},
        "variable": [{"key": "api_variable", "value": "1"}],
        "event": [{"listen": "test", "script": {"exec": ["if (pm.info.requestName === 'last api') null.x"]}}],
        "item": [folder, item("last api", server.url + "/{{key}}", "pm.execution.setNextRequest('get api ver nowhere')")],
    }


@pytest.fixture
def shown(postrunner, server, tmp_path):
    """Run that collection with a secret of this value; gives everything that was printed and written, by name."""

    def run(key, *more, kind="secret"):
        (tmp_path / "c.json").write_text(json.dumps(named(server)))
        values = [{"key": "key", "value": key, "type": kind}, {"key": "an api", "value": "1"}]
        (tmp_path / "e.json").write_text(json.dumps({"name": "my api env", "values": values}))
        files = [part for name in FILES for part in (f"--reporter-{name}-export", f"r.{name}")]
        done = postrunner("run", "c.json", "-e", "e.json", "-r", REPORTERS, *files, *more)
        texts = {name: (tmp_path / f"r.{name}").read_text("utf-8") for name in FILES if (tmp_path / f"r.{name}").exists()}
        return {"stdout": done.out, "stderr": done.err, **texts}

    return run


NAMES = ("get api ver", "v1 api/all", "api broken", "last api", "my api collection", "plain api", "legacy api")


def test_no_name_is_altered_in_any_output(shown):
    texts = shown("api")
    for place, text in shown("zzzzzz").items():
        same = [name for name in NAMES if name in text]
        assert [name for name in same if name not in texts[place]] == []


def test_the_value_is_masked_where_it_was_put_in(shown):
    texts = shown("a-p-i")
    assert {place: "a-p-i" in text for place, text in texts.items()} == dict.fromkeys(texts, False)
    texts = shown("get api ver")
    for place in ("stdout", "json", "junit", "html", "ndjson"):
        assert "get api ver" in texts[place]
        assert "/x/get%20api%20ver" not in texts[place]
        assert "has get api ver" not in texts[place]
        assert "has ••••" in texts[place].encode().decode("unicode_escape" if place == "ndjson" else "utf-8")


def test_a_run_is_named_as_the_same_run_without_secrets(shown, tmp_path):
    shown("get api ver")
    masked = names_of(json.loads((tmp_path / "r.json").read_text()))
    shown("zzzzzz")
    plain = names_of(json.loads((tmp_path / "r.json").read_text()))
    assert masked == [name.replace("has zzzzzz", "has ••••") for name in plain]
    assert {"get api ver", "v1 api/all", "api broken", "last api", "an api", "api_variable", "my api env"} <= set(masked)


def names_of(tree):
    """Every name in a JSON report: of items, tests, variables, environments."""
    if isinstance(tree, list):
        return [name for entry in tree for name in names_of(entry)]
    if not isinstance(tree, dict):
        return []
    own = [tree[key] for key in ("name", "assertion", "test") if isinstance(tree.get(key), str)]
    own += [tree["key"]] if isinstance(tree.get("key"), str) else []
    return own + [name for value in tree.values() for name in names_of(value)]


def test_a_secret_that_becomes_known_late_alters_no_name(postrunner, collection, server, tmp_path):
    learn = 'pm.environment.set("api_key", "get api ver")'
    items = [
        item("get api ver", server.url, 'pm.test("get api ver", () => { throw Error("x") })'),
        item("set", server.url, learn),
    ]
    files = [part for name in FILES for part in (f"--reporter-{name}-export", f"r.{name}")]
    postrunner("run", collection(*items), "-r", "json,junit,html", *files)
    report = json.loads((tmp_path / "r.json").read_text())
    assert [e["item"]["name"] for e in report["run"]["executions"]] == ["get api ver", "set"]
    assert report["run"]["executions"][0]["assertions"][0]["assertion"] == "get api ver"
    assert report["run"]["failures"][0]["error"]["test"] == "get api ver"
    assert 'name="get api ver"' in (tmp_path / "r.junit").read_text()
    assert "••••" not in (tmp_path / "r.junit").read_text()
    assert '"assertion":"get api ver"' in (tmp_path / "r.html").read_text()


def test_warnings_and_errors_name_items_as_they_are(shown):
    texts = shown("get api ver", "--bail", "failure")
    assert "warning: last api" not in texts["stdout"]
    text = shown("last api")["stdout"]
    assert "last api: setNextRequest(" in text
    assert "•••• nowhere" not in text


def test_a_file_is_run_whatever_its_name_would_match(postrunner, collection, server):
    path = collection(item("a", server.url), name="c[1]*")
    assert postrunner("run", path).code == 0


def test_a_pattern_of_the_user_masks_in_names_too(shown):
    texts = shown("zzzzzz", "--secret-pattern", r"\bapi\b")
    assert {place: "get api ver" in text for place, text in texts.items()} == dict.fromkeys(texts, False)


def test_a_dry_run_shows_names_as_they_are(postrunner, server, shown, tmp_path):
    shown("api1")
    (tmp_path / "e.json").write_text(json.dumps({"values": [{"key": "key", "value": "get api ver", "type": "secret"}]}))
    out = postrunner("run", "c.json", "-e", "e.json", "--dry-run").out
    assert "my api collection" in out
    assert "v1 api/all / api / get api ver" in out
    assert "/x/get" not in out

"""What has to hold for any response: recorded and compared again, changed in one place, scrubbed twice, full of secrets."""

import json
import math

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runner.deep_json import same
from runner.events import Assertion
from runner.formats.json_text import parse_json
from runner.model.response import Response
from runner.secrets import MASK, Secrets
from runner.snapshots.answers import Masking, answer_of
from runner.snapshots.comparing import compare
from runner.snapshots.documents import document_of, file_text
from runner.snapshots.keys import Key
from runner.snapshots.rules import RequestRules
from runner.snapshots.scrubbers import found_in, found_number

RULES = RequestRules()
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["550e8400-e29b-41d4-a716-446655440000", "2026-11-29T12:00:00Z", "1234567890123456", "<uuid>", "<ignored>", "a.b", ""]
)
NUMBERS = st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.text(max_size=6).filter(lambda key: key != "key") | st.sampled_from(["created", "a.b", "at", "'"])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def documents(value, secrets=()):
    """What is compared, and the same from its file."""
    headers = (("Content-Type", "application/json"), ("X-A", "1"))
    response = Response(code=200, headers=headers, body=json.dumps(value).encode())
    document = document_of(answer_of(response, Masking(Secrets(secrets))), RULES)
    text = file_text(Key(("a",)), document)
    return document, parse_json(text.encode("utf-8").decode()), text


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_what_was_recorded_and_comes_again_is_the_same(value):
    document, stored, _ = documents(value)
    assert compare(stored, document, RULES) == []
    shuffled = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert compare(stored, documents(shuffled)[0], RULES) == []


def leaves(value, path="$"):
    """Path and value of each leaf that no scrubber takes, and what replaces it there."""
    waiting = [(value, path, "", None, None)]
    while waiting:
        one, path, name, holder, key = waiting.pop()
        if isinstance(one, dict):
            waiting += [(entry, f"{path}{step(key)}", key, one, key) for key, entry in one.items()]
        elif isinstance(one, list):
            waiting += [(entry, f"{path}[{at}]", name, one, at) for at, entry in enumerate(one)]
        elif holder is not None and not scrubbed(one, name):
            yield path, holder, key, one


def step(key):
    plain = key.isascii() and key[:1].isalpha() and key.replace("_", "a").isalnum()
    return f".{key}" if plain else "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']"


def scrubbed(value, name):
    if isinstance(value, bool) or value is None:
        return False
    return bool(found_in(value, name) if isinstance(value, str) else found_number(value, name))


@given(VALUES, st.data())
@settings(max_examples=200, deadline=None)
def test_any_leaf_that_changes_and_is_not_scrubbed_is_found_with_its_path(value, data):
    found = list(leaves(value))
    assume(found)
    stored = documents(value)[1]
    path, holder, key, before = data.draw(st.sampled_from(found))
    after = data.draw((st.none() | st.booleans() | NUMBERS | TEXTS).filter(lambda one: not same(one, before)))
    assume(not secret(key) and not (isinstance(before, str) and MASK in before) and "<token" not in str(before))
    holder[key] = after
    differences = compare(stored, documents(value)[0], RULES)
    paths = [one.path for one in differences]
    in_array = isinstance(key, int)  # its neighbours may be the same as what it becomes
    assert differences
    assert path in paths or (in_array and any(one.startswith(path.rpartition("[")[0]) for one in paths))


def secret(key):
    return isinstance(key, str) and Secrets().mask_json({key: "somebody"}) != {key: "somebody"}


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_scrubbing_what_is_scrubbed_changes_nothing(value):
    document = documents(value)[0]
    assert document_of(document, RULES)["body"] == document["body"]


PLACES = {
    "text": lambda secret: {"a": f"x {secret} y"},
    "name": lambda secret: {"password": secret},
    "key": lambda secret: {secret: 1},
    "number": lambda secret: {"n": int.from_bytes(secret.encode()[:6], "big")},
    "lines": lambda secret: f"one\n{secret}\ntwo",
    "html": lambda secret: f"<input type=hidden name=token value='{secret}'>",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "secret", ["s3cr3t-value-of-mine", "correct horse battery", "-----BEGIN KEY-----\nabc123def\n-----END KEY-----"]
)
def test_no_secret_is_in_a_file(api, place, secret):
    body = PLACES[place](secret)
    if place == "number":
        secret = str(body["n"])
    headers = {"X-Echo": secret.partition("\n")[0], "Location": "http://api/?t=" + secret.replace("\n", "%0A")}
    api.answer(body, headers=headers)
    api.run("update", env_var={"token": secret}, secret=("token",), show_secrets=True)
    text = (api.snapshots / "a.json").read_text()
    for piece in secret.split("\n"):
        assert piece not in text
    assert MASK in text
    assert api.run(env_var={"token": secret}, secret=("token",)).exit_code() == 0


def test_a_secret_that_becomes_known_later_is_masked_and_compared_as_such(api):
    from tests.snapshots.conftest import item

    api.collect(item("a"), item("b", script="pm.environment.set('api_token', pm.response.json().t)"))
    api.answer({"echo": "hunter2hunter2"}, path="/a")
    api.answer({"t": "hunter2hunter2"}, path="/b")
    api.run("update")
    for name in api.files:
        assert "hunter2" not in (api.snapshots / name).read_text()
    assert api.run().snapshots.said == "2 as before"


def test_a_file_that_holds_what_is_a_secret_now_differs(api):
    api.record({"a": "hunter2hunter2"})
    result = api.run(env_var={"token": "hunter2hunter2"}, secret=("token",))
    assert result.exit_code() == 1
    assert "hunter2" not in str([one.error for execution in result.executions for one in execution.assertions])


def test_a_secret_in_the_name_of_a_request_is_in_no_file(api):
    from tests.snapshots.conftest import item

    api.collect(item("key abc-4711 here", "/a"))
    api.answer({})
    api.run("update", secret_pattern=("abc-[0-9]+",))
    assert api.files == [f"key {MASK} here.json"]
    assert "4711" not in (api.snapshots / api.files[0]).read_text()
    assert api.run(secret_pattern=("abc-[0-9]+",)).exit_code() == 0


def test_numbers_keep_their_text_in_files(api):
    api.answer(
        httpx.Response(
            200, content=b'{"a": 1.50, "b": 1E400, "c": 9007199254740993}', headers={"Content-Type": "application/json"}
        )
    )
    api.run("update", snapshot_exact="*:$.c")
    text = (api.snapshots / "a.json").read_text()
    assert '"a": 1.50' in text
    assert '"b": 1E400' in text
    assert '"c": 9007199254740993' in text
    api.answer(
        httpx.Response(
            200, content=b'{"a": 1.5, "b": 1E400, "c": 9007199254740992}', headers={"Content-Type": "application/json"}
        )
    )
    result = api.run(snapshot_exact="*:$.c")
    assert [one.name for one in failed(result)] == ["snapshot: a.json"]
    assert failed(result)[0].error.message == "$.c:\n- 9007199254740993\n+ 9007199254740992"
    assert math.isinf(float("1E400"))


def failed(result) -> list[Assertion]:
    return [one.assertion for execution in result.executions for one in execution.assertions if one.failed]


@pytest.mark.parametrize("depth", [50, 3000])
def test_a_deep_body_is_recorded_and_compared(api, depth):
    api.answer("[" * depth + "]" * depth, headers={"Content-Type": "application/json"})
    api.run("update")
    assert api.run().exit_code() == 0
    api.answer("[" * depth + "1" + "]" * depth, headers={"Content-Type": "application/json"})
    assert api.run().exit_code() == 1

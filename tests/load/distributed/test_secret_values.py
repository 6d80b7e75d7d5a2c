"""A job without its secrets: nothing secret is left in it, and a worker with the values has the whole job again."""

import json

import pytest

from runner.errors import LoadError, UsageError
from runner.load.distributed.secret_values import OF_A_MACHINE, check_options, filled, split
from runner.options import all_options

SECRETS = {
    "apiKey": "k-0123456789abcdef",
    "password": "correct horse",
    "bearer": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
    "basic": "battery staple",
    "pin": 90125,
}


def job(**more):
    """A job with secrets wherever a collection may have them."""
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": SECRETS["bearer"], "type": "string"}]}
    basic = [{"key": "username", "value": "bob"}, {"key": "password", "value": SECRETS["basic"]}]
    items = [
        {
            "name": "a",
            "request": {
                "method": "POST",
                "url": {"raw": f"https://x.test/?api_key={SECRETS['apiKey']}&page=1"},
                "header": [{"key": "X-Api-Key", "value": SECRETS["apiKey"]}, {"key": "Accept", "value": "*/*"}],
                "body": {"mode": "raw", "raw": json.dumps({"user": "bob", "password": SECRETS["password"], "n": 1})},
                "auth": {"type": "basic", "basic": basic},
            },
            "event": [{"listen": "test", "script": {"exec": [f"const key = '{SECRETS['apiKey']}'; // {{{{apiKey}}}}"]}}],
        },
        {"name": "b", "request": {"method": "GET", "url": "https://x.test/{{token}}", "auth": {"type": "noauth"}}},
    ]
    rows = [
        ["apiKey", SECRETS["apiKey"], "secret", False, {"key": "apiKey", "value": SECRETS["apiKey"]}, False],
        ["pin", SECRETS["pin"], "secret", False, None, False],
        ["short", "ab", "secret", False, None, False],
        ["link", f"https://x.test/{SECRETS['apiKey']}/y", "any", True, None, False],
        ["plain", {"a": [1, None, "text"]}, "any", False, None, False],
        ["empty_password", "", "any", False, None, False],
        ["from_script", None, "any", False, None, True, True],
    ]
    made = {
        "collection": {"info": {"name": "c"}, "item": items, "auth": auth, "variable": []},
        "path": "",
        "variables": {"environment": rows, "globals": []},
        "rows": [{"id": 1, "name": "row"}],
        "cookies": {"cookies": []},
        "options": {"proxy": f"http://bob:{SECRETS['password']}@proxy:8080", "secret": ["link"]},
        "secrets": [SECRETS["apiKey"], SECRETS["password"]],
        "files": {"a.txt": "aGVsbG8="},
    }
    return json.loads(json.dumps({**made, **more}))


def test_no_secret_is_left_and_everything_else_is():
    bare = split(job())
    text = json.dumps(bare.to_json())
    for value in (*SECRETS.values(), '"ab"'):
        assert str(value) not in text
    for kept in ("bob", "page=1", "Accept", "{{token}}", "{{apiKey}}", "aGVsbG8=", "empty_password", "proxy:8080"):
        assert kept in text


def test_filled_with_the_same_values_it_is_the_same_job():
    whole = job()
    bare = split(whole)
    assert bare.needs == {
        "API_KEY": "apiKey",
        "PASSWORD": "password",
        "PASSWORD_2": "password",
        "TOKEN": "token",
        "PIN": "pin",
        "SHORT": "short",
        "LINK": "link",
    }
    values = {
        "apiKey": SECRETS["apiKey"],
        "PASSWORD": SECRETS["password"],
        "PASSWORD_2": SECRETS["basic"],
        "TOKEN": SECRETS["bearer"],
        "PIN": "90125",
        "SHORT": "ab",
        "LINK": f"https://x.test/{SECRETS['apiKey']}/y",
    }
    made = filled(json.loads(json.dumps(bare.to_json())), {}, values)
    for row in whole["variables"]["environment"]:
        row[4] = None
    assert {**made, "secrets": whole["secrets"]} == whole
    assert set(made["secrets"]) == set(values.values())


def test_a_worker_without_values_names_all_that_are_missing():
    with pytest.raises(LoadError, match=r"this machine has no value for API_KEY \(apiKey\), .*TOKEN \(token\)"):
        filled(split(job()).to_json(), {"PIN": "1"})


def test_the_first_source_wins_and_a_value_that_is_no_text_is_read_as_json():
    sent = {"job": {"a": "\ue003PIN\ue002", "b": "x\ue001KEY\ue002y", "secrets": []}, "needs": {"PIN": "pin", "KEY": "key"}}
    made = filled(sent, {"key": "1"}, {"KEY": "2", "PIN": "[7]"})
    assert made == {"a": [7], "b": "x1y", "secrets": ["[7]", "1"]}
    with pytest.raises(LoadError, match="PIN is not JSON"):
        filled(sent, {"KEY": "", "PIN": "x"})


def test_a_reference_that_the_job_does_not_name_reads_nothing_of_the_worker():
    with pytest.raises(LoadError, match="refers to HOME, which it does not name"):
        filled({"job": {"a": "\ue001HOME\ue002", "secrets": []}, "needs": {}}, {"HOME": "/root"})


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"rows": [{"user": "a", "password": "correct horse"}]}, "the column password has secrets"),
        ({"cookies": {"cookies": [{"key": "s"}]}}, "cookies do not travel"),
        (
            {"variables": {"environment": [["token", "t-12345678", "any", False, None, True]]}},
            "the setup sets the secret token",
        ),
        ({"files": {"k": "ay0wMTIzNDU2Nzg5YWJjZGVm"}}, "k: the file holds a secret"),
        ({"environment": "for k-0123456789abcdef"}, "environment holds a secret"),
    ],
)
def test_secrets_that_no_worker_could_have_are_refused(more, why):
    with pytest.raises(UsageError, match=why):
        split(job(**more))


@pytest.mark.parametrize("name", OF_A_MACHINE)
def test_options_that_name_files_do_not_travel(name):
    with pytest.raises(UsageError, match=f"--{name.replace('_', '-')}: names a file"):
        check_options({name: "me.pem"})


def test_every_option_that_names_a_certificate_is_known():
    named = {one.name for one in all_options() if one.name.startswith("ssl_") and one.kind == "path"}
    assert named == set(OF_A_MACHINE)

"""The users file of the Torii flow: the one that `torii_users_file` names is sent, and only a good one.

A sync replaces the users of an account. So nothing reaches a live account unless everything was checked before.
"""

import json
import random
import subprocess
import sys

import pytest

from runner.standins import start
from runner.standins.users_file import check_users_file
from tests.flows.conftest import ROOT, Flow, files

SAMPLE = ROOT / "collections" / "samples" / "torii-users.json"
LICENSES = [{"name": "Pro", "unassignedAmount": 1, "pricePerUser": 100, "users": [{"email": "USER0@corp.io"}]}]


def users(number):
    return [{"id": str(n), "email": f"User{n}@corp.io", "firstName": "Zoë", "roles": ["a"]} for n in range(number)]


def users_text(number, **more):
    return json.dumps({"users": users(number), "licenses": LICENSES, **more}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("number", "app"), [(1, "42"), (3, "42"), (3, ""), (1000, "42"), (1500, "42"), (1500, ""), (2001, "42")]
)
def test_the_file_that_is_named_is_sent_and_its_users_arrive(live, report, tmp_path, number, app):
    path = tmp_path / "users.json"
    path.write_text(users_text(number), encoding="utf-8")
    result = live.run(report, torii_users_file=path, torii_app_id=app)
    assert result.code == 0, result.messages
    (put,) = [one for one in live.standin.journal() if one["method"] == "PUT" and one["path"].startswith("/s3/")]
    assert put["size"] == path.stat().st_size
    assert live.syncs == 1
    pages = [path for _, path in live.asked].count("/v1.0/apps/42/users")
    assert pages >= -(-number // 1000) if app else pages == 0


@pytest.mark.parametrize("name", ["users.json", "my users.json", "böse Näme – 名.json", "deep/er/u.json", "u&v+w%20=.json"])
def test_a_relative_path_starts_where_the_user_is_wherever_the_collection_lies(live, report, tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(users_text(3), encoding="utf-8")
    result = live.run(report, cwd=tmp_path, torii_users_file=name)
    assert result.code == 0, result.messages
    assert live.syncs == 1


def test_the_bytes_of_the_file_are_sent_as_they_are(report, tmp_path):
    text = '\n\t{ "users" :[ {"email":"zoë@corp.io","x":1e2}]}\r\n'
    (tmp_path / "u.json").write_bytes(text.encode())
    with start("torii") as standin:
        Flow("torii", standin).run(report, torii_users_file=tmp_path / "u.json")
        (put,) = [one for one in standin.journal() if one["path"].startswith("/s3/") and one["status"] == 200][:1]
    assert put["body"] == text


def test_a_page_that_misses_users_is_read_again_from_the_first_one(report, tmp_path):
    (tmp_path / "u.json").write_text(users_text(1500))
    with start("torii", sync_seconds=0.5) as standin:
        flow = Flow("torii", standin, live=True)
        result = flow.run(report, torii_users_file=tmp_path / "u.json", torii_app_id="42")
        cursors = [dict(one["query"]).get("cursor") for one in standin.journal() if one["path"].endswith("/42/users")]
    assert result.code == 0, result.messages
    assert [one for one in cursors[:-1] if one] == []
    assert cursors[-1]


def test_users_that_never_arrive_are_named(report, tmp_path):
    (tmp_path / "u.json").write_text(users_text(1200))
    with start("torii", sync_seconds=1000) as standin:
        flow = Flow("torii", standin, live=True)
        result = flow.run(report, torii_users_file=tmp_path / "u.json", torii_app_id="42", retry_ms="1", retry_max="3")
    assert result.code == 1
    assert result.failed[0] == "2.2"
    assert "1200 of 1200 users are not shown: user0@corp.io, user1@corp.io" in result.messages


BAD = {
    "empty": (b"", "is empty"),
    "no JSON": (b"{", "not JSON"),
    "JSON with a mark": (b'\xef\xbb\xbf{"users":[{"email":"a@b.io"}]}', "byte order mark"),
    "UTF-16": ('{"users":[{"email":"a@b.io"}]}'.encode("utf-16"), "not UTF-8"),
    "Latin-1": ('{"users":[{"email":"a@b.io","firstName":"Zoë"}]}'.encode("latin-1"), "not UTF-8"),
    "a list": (b'[{"email":"a@b.io"}]', "an object with users"),
    "null": (b"null", "an object with users"),
    "no users": (b'{"user":[]}', "$.users: a list of users is required"),
    "an empty list": (b'{"users":[]}', "at least 1 valid user"),
    "users as a map": (b'{"users":{"email":"a@b.io"}}', "$.users: a list"),
    "no mail address": (b'{"users":[{"email":"a@b.io"},{"id":"1"}]}', "$.users[1].email"),
    "half a mail address": (b'{"users":[{"email":"a@"}]}', "$.users[0].email"),
    "users as texts": (b'{"users":["a@b.io"]}', "$.users[0]"),
    "twice": (
        b'{"users":[{"email":"a@b.io"},{"email":"c@b.io"},{"email":"A@b.io"}]}',
        "A@b.io is the user of $.users[0], too",
    ),
    "a status": (b'{"users":[{"email":"a@b.io","status":"Active"}]}', "$.users[0].status"),
    "roles": (b'{"users":[{"email":"a@b.io","roles":"x"}]}', "$.users[0].roles"),
    "a date": (b'{"users":[{"email":"a@b.io","lastUsedDate":"5/7/2021"}]}', "$.users[0].lastUsedDate"),
    "a license": (b'{"users":[{"email":"a@b.io"}],"licenses":[{}]}', "$.licenses[0].name"),
    "a licensed user": (
        b'{"users":[{"email":"a@b.io"}],"licenses":[{"name":"P","users":[{}]}]}',
        "$.licenses[0].users[0].email",
    ),
    "too large": (b'{"users":[{"email":"a@b.io"}]}'.ljust(16 * 1024 * 1024 + 1), "16 MB"),
    "the sample": (SAMPLE.read_bytes(), "adam@example.com is a sample"),
    "an edited sample": (SAMPLE.read_bytes().replace(b"adam@example.com", b"a@b.io"), "tony@example.com is a sample"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_before_anything_is_sent(live, report, tmp_path, kind):
    content, message = BAD[kind]
    (tmp_path / "users.json").write_bytes(content)
    result = live.run(report, torii_users_file=tmp_path / "users.json")
    assert result.code == 1
    assert message in result.messages
    assert "users.json" in result.messages
    assert live.asked == []


def test_a_file_as_large_as_the_limit_is_sent(live, report, tmp_path):
    (tmp_path / "users.json").write_bytes(users_text(1500).encode().ljust(16 * 1024 * 1024))
    result = live.run(report, torii_users_file=tmp_path / "users.json", torii_app_id="42")
    assert result.code == 0, result.messages


def test_a_file_too_large_to_be_shown_is_not_synced(live, report, tmp_path):
    (tmp_path / "users.json").write_bytes(b'{"users":[{"email":"a@b.io"}]}'.ljust(32 * 1024 * 1024 + 1))
    assert live.run(report, torii_users_file=tmp_path / "users.json").code == 1
    assert live.syncs == 0


@pytest.mark.parametrize("path", ["nowhere.json", ".", ""])
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_sent(live, report, tmp_path, path):
    result = live.run(report, cwd=tmp_path, torii_users_file=path)
    assert result.code == 1
    assert "empty or cannot be read" in result.messages or "torii_users_file is not set" in result.messages
    assert live.asked == []


def test_the_sample_is_for_the_stand_in_alone(torii, report):
    assert torii.run(report, torii_users_file=SAMPLE).code == 0
    torii.standin.reset()
    assert torii.run(report, torii_users_file=SAMPLE, stand_in="false").code == 1
    assert torii.asked == []


def test_the_stand_in_gets_the_sample_wherever_the_run_starts(torii, report, tmp_path):
    result = torii.run(report, cwd=tmp_path)
    assert result.code == 0, result.messages
    put = next(one for one in torii.standin.journal() if one["path"].startswith("/s3/"))
    assert json.loads(put["body"]) == json.loads(SAMPLE.read_bytes())


def test_a_live_address_is_never_taken_for_the_stand_in(report):
    with start("torii") as standin:
        result = Flow("torii", standin).run(report, torii_base_url="https://api.torii.invalid", torii_users_file=SAMPLE)
    assert result.code == 1
    assert "stand_in is true, but torii_base_url is not on this machine" in result.messages
    assert result.report["run"]["stats"]["requests"]["total"] == 0


def test_everything_that_is_missing_is_told_at_once_before_anything_is_sent(live, report):
    values = dict.fromkeys(("torii_api_version", "torii_api_key", "torii_app_account_id", "torii_users_file"), "")
    result = live.run(report, **values)
    assert result.code == 1
    (failure,) = result.report["run"]["failures"]
    assert all(f"{name} is not set" in failure["error"]["message"] for name in values)
    assert "torii_app_id" not in failure["error"]["message"]
    assert live.asked == []


@pytest.mark.parametrize("name", ["torii_api_key", "torii_api_version"])
@pytest.mark.parametrize("folder", ["3 Smoke (read only)", "2 Verify", "0 Preflight", "1 Upload and sync", "3.1 Users"])
def test_a_value_that_a_folder_needs_is_told_before_anything_is_sent(live, report, folder, name):
    result = live.run(report, "--folder", folder, **{name: "", "torii_users_file": SAMPLE})
    assert result.code == 1
    assert f"{name} is not set" in result.messages
    assert live.asked == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("torii_api_key", "<your key>"),
        ("torii_api_key", "…"),
        ("torii_app_account_id", "…"),
        ("torii_app_account_id", "Pro"),
    ],
)
def test_a_placeholder_is_no_value(live, report, name, value):
    result = live.run(report, torii_users_file=SAMPLE, **{name: value})
    assert name in result.messages
    assert live.asked == []


def test_a_key_does_not_go_out_in_clear(live, report):
    result = live.run(report, torii_base_url="http://api.torii.invalid", torii_users_file=SAMPLE)
    assert "torii_base_url has to begin with https://" in result.messages


def flow_nodes():
    collection = json.loads(files("torii")[0].read_bytes())
    folders = [folder["name"] for folder in collection["item"]]
    return folders, [(folder["name"], item["name"]) for folder in collection["item"] for item in folder["item"]]


FOLDERS, REQUESTS = flow_nodes()
WRITING = [f"{folder}/{name}" for folder, name in REQUESTS if folder[0] in "14"]
LEADING = [f"{folder}/{name}" for folder, name in REQUESTS if folder[0] in "01"]
NEEDED = {"0.1", "1.1", "1.2", "1.3", "1.5"}


@pytest.mark.parametrize("name", [*FOLDERS, *WRITING])
def test_no_part_of_the_flow_syncs_a_live_account_alone(live, report, tmp_path, name):
    (tmp_path / "u.json").write_text(users_text(3))
    live.run(report, "--folder", name, torii_users_file=tmp_path / "u.json", torii_app_id="42")
    writes = [method for method, _ in live.asked if method != "GET"]
    assert writes == []


@pytest.mark.parametrize("name", [*FOLDERS, *LEADING])
def test_leaving_out_a_step_that_matters_leaves_out_the_sync(live, report, tmp_path, name):
    (tmp_path / "u.json").write_text(users_text(3))
    result = live.run(report, "--exclude", name, torii_users_file=tmp_path / "u.json", torii_app_id="42")
    number = name.partition("/")[2].split()[0] if "/" in name else ""
    if number in NEEDED or (name[0] in "01" and not number):
        assert live.syncs == 0
        assert result.code == 1
    else:
        assert live.syncs == 1


def test_a_bad_file_is_found_without_the_first_check(live, report, tmp_path):
    (tmp_path / "u.json").write_bytes(SAMPLE.read_bytes())
    result = live.run(report, "--exclude", REQUESTS[0][1], torii_users_file=tmp_path / "u.json")
    assert "adam@example.com is a sample" in result.messages
    assert [method for method, _ in live.asked if method != "GET"] == []


def test_the_preflight_and_the_upload_are_enough(live, report, tmp_path):
    (tmp_path / "u.json").write_text(users_text(3))
    result = live.run(report, "--folder", FOLDERS[0], "--folder", FOLDERS[1], torii_users_file=tmp_path / "u.json")
    assert result.code == 0, result.messages
    assert live.syncs == 1


def test_each_iteration_is_checked_and_synced_for_itself(live, report, tmp_path):
    (tmp_path / "good.json").write_text(users_text(3))
    rows = [{"torii_users_file": str(tmp_path / name)} for name in ("good.json", "bad.json", "good.json")]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    result = live.run(report, "-d", str(tmp_path / "rows.json"), "--folder", FOLDERS[0], "--folder", FOLDERS[1])
    assert result.code == 1
    assert [failure["cursor"]["iteration"] for failure in result.report["run"]["failures"]] == [1]
    paths = [(one["path"], one["status"]) for one in live.standin.journal()]
    assert paths.count(("/v1.0/services/sync/custom", 200)) == 2  # the second may have met the first and come again


def test_jumping_over_the_checks_does_not_sync(live, report, tmp_path):
    """A script that jumps from the first request to the sync."""
    collection = json.loads(files("torii")[0].read_bytes())
    script = {"exec": ['pm.execution.setNextRequest("1.5 Sync your integration");'], "type": "text/javascript"}
    collection["item"][0]["item"][1]["event"].append({"listen": "test", "script": script})
    (tmp_path / "c.json").write_text(json.dumps(collection))
    (tmp_path / "u.json").write_text(users_text(3))
    words = live.arguments({"torii_users_file": tmp_path / "u.json"})
    done = subprocess.run(
        [sys.executable, "-m", "runner", "run", str(tmp_path / "c.json"), *words[1:]],
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    assert done.returncode == 1
    assert "the users file was not checked" in done.stdout
    assert live.syncs == 0


VALUES = [None, "", "a", "Ä@b", "a@b", "a@b\n", "a b@c", " ", 0, 1.5, 7, True, [], ["x"], [1], {}, "active", "deleted",
          "2021-07-05", "2021-07-05T20:43:14Z", "٢٠٢١-07-05", "2021-7-5", "a@b\ufeff", "a@\x1cb", 1e400,
          ["2021-07-05"]]  # fmt: skip
USER = ("id", "email", "firstName", "lastName", "status", "externalStatus", "roles", "lastUsedDate", "more")
LICENSE = ("name", "unassignedAmount", "pricePerUser", "users")
LICENSED = ("email", "licenseStatus")


def some(dice, names, good):
    """An object that is good but for one name or none."""
    values = dict(good)
    if dice.random() < 0.2:
        values[dice.choice(names)] = dice.choice(VALUES)
    return values


def make_file(dice):
    listed = [
        some(dice, USER, {"email": dice.choice(["a@b", "c@d", "E@f", "e@F", "g@h", "i@j", "k@l", "m@n"])})
        for _ in range(dice.choice([0, 1, 1, 2, 3]))
    ]
    document = {"users": dice.choice([*[listed] * 9, dice.choice(VALUES)])}
    if dice.random() < 0.4:
        people = [some(dice, LICENSED, {"email": "a@b"}) for _ in range(dice.choice([0, 1]))]
        document["licenses"] = dice.choice([[some(dice, LICENSE, {"name": "P", "users": people})], dice.choice(VALUES)])
    text = json.dumps(dice.choice([document] * 20 + VALUES[:4]), ensure_ascii=dice.random() < 0.5)
    return text.replace("Infinity", "1e400").encode("utf-8", "surrogatepass")


def test_the_collection_and_check_users_file_have_the_same_rules(live, report, tmp_path):
    dice = random.Random(10)
    contents = [make_file(dice) for _ in range(400)]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.json").write_bytes(content)
    rows = [{"torii_users_file": str(tmp_path / f"{number}.json")} for number in range(len(contents))]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    result = live.run(report, "-d", str(tmp_path / "rows.json"), "--folder", REQUESTS[0][1])
    bad = {failure["cursor"]["iteration"] for failure in result.report["run"]["failures"]}
    expected = {number for number, content in enumerate(contents) if check_users_file(content, samples=False)}
    assert bad == expected, [contents[number] for number in bad ^ expected]
    assert 100 < len(bad) < 300

"""`postrunner push`: files go to Postman in one step, ids stay, secrets stay here, nobody's changes are lost."""

import json
import os

import pytest

from runner.postman_api.cloud import MOST_BYTES

COLLECTION = "Sample Collection.postman_collection.json"
ENVIRONMENT = "Sample Environment.postman_environment.json"
SAMPLE = "Sample Collection"
TOKEN = "a-secret-that-stays-here"


def load(path):
    with open(path) as file:
        return json.load(file)


def save(path, document):
    with open(path, "w") as file:
        json.dump(document, file)


def edit(path, change):
    document = load(path)
    change(document)
    save(path, document)


def own(name="mine", *items, **more):
    """A file that Postman does not know; returns its path."""
    url = "http://127.0.0.1:8080/things"
    made = [{"name": one, "request": {"method": "GET", "url": url}, "response": []} for one in items or ("One",)]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    save(f"{name}.json", {"info": {"name": name, "schema": schema}, "item": made, **more})
    return f"{name}.json"


def ids(document):
    found = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        found.append((node.get("name"), node.get("id")))
        waiting += [*node.get("item", ()), *node.get("response", ())]
    return sorted(found[1:])


@pytest.fixture
def pulled(postrunner, cloud):
    """The path of the sample collection, pulled."""
    assert postrunner("pull", SAMPLE).code == 0
    return COLLECTION


def patch_first(document):
    document["item"][0]["item"][0]["request"]["method"] = "PATCH"


# -- what is shown ------------------------------------------------------------------------------------------------------


def test_a_push_shows_what_changes_by_part(postrunner, cloud, pulled):
    def change(document):
        users = document["item"][0]
        users["item"][0]["event"][0]["script"]["exec"] = ["pm.test('status is 201', () => {});"]
        del users["item"][1]
        users["item"].append({"name": "New", "request": {"method": "GET", "url": "http://127.0.0.1/"}, "response": []})
        document["item"][1]["name"] = "Alive"

    edit(pulled, change)
    done = postrunner("push", "--yes")
    lines = done.out.splitlines()
    assert done.code == 0
    assert [line for line in lines if not line.startswith(" ")] == [
        "changed request Users/List users",
        "added   request Users/New",
        "changed request Alive (was Health)",
        "removed request Users/Create a user",
        f"{pulled} pushed: 1 added, 2 changed, 1 removed",
    ]
    assert any(line.startswith("    -") and "status is 200" in line for line in lines)
    assert any(line.startswith("    +") and "status is 201" in line for line in lines)


def test_moves_are_told_as_moves(postrunner, cloud, pulled):
    def change(document):
        document["item"].append(document["item"][0]["item"].pop(1))

    edit(pulled, change)
    assert "moved   request Create a user (was Users/Create a user)" in postrunner("push", "--dry-run").out


def test_a_new_order_is_told_with_the_fewest_moves(postrunner, cloud, pulled):
    edit(pulled, lambda document: document["item"].reverse())
    done = postrunner("push", "--yes")
    assert done.out.count("(in the order)") == 1
    assert [one["name"] for one in cloud.collections()[SAMPLE]["item"]] == ["Health", "Users"]


def test_secrets_are_masked_in_what_is_shown(postrunner, cloud, pulled):
    def change(document):
        document["auth"]["bearer"][0]["value"] = TOKEN
        document["info"]["description"] = f"about {TOKEN}"

    edit(pulled, change)
    done = postrunner("push", "--yes", "--export-secrets")
    assert done.code == 0
    assert TOKEN not in done.out + done.err
    assert "about ••••" in done.out


def test_a_dry_run_shows_and_sends_nothing(postrunner, cloud, pulled):
    edit(pulled, patch_first)
    lock = load("postrunner.lock.json")
    done = postrunner("push", "--dry-run")
    assert done.code == 0
    assert f"{pulled}: would be pushed: 1 changed" in done.out
    assert cloud.sent() == []
    assert load("postrunner.lock.json") == lock


def test_json_tells_each_change_with_its_diff(postrunner, cloud, pulled):
    edit(pulled, patch_first)
    done = postrunner("push", "--yes", "--format", "json")
    (told,) = json.loads(done.out)
    (change,) = told["changes"]
    assert (told["done"], change["change"], change["kind"], change["name"]) == (
        True,
        "changed",
        "request",
        "Users/List users",
    )
    assert {"-method: GET", "+method: PATCH"} <= set(change["diff"])


def test_what_is_the_same_is_not_sent(postrunner, cloud, pulled):
    done = postrunner("push")
    assert (done.code, done.out) == (0, f"{pulled}: Postman has the same already\n")
    assert cloud.sent() == []


# -- what is asked ------------------------------------------------------------------------------------------------------


def test_without_a_terminal_and_without_yes_nothing_is_sent(postrunner, cloud, pulled, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    edit(pulled, patch_first)
    done = postrunner("push")
    assert done.code == 2
    assert "--yes pushes without asking" in done.err
    assert cloud.sent() == []


@pytest.mark.parametrize(("answer", "code", "calls"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0), ("", 1, 0)])
def test_the_user_is_asked(postrunner, cloud, pulled, terminal, answer, code, calls):
    edit(pulled, patch_first)
    terminal(answer)
    done = postrunner("push")
    assert done.code == code
    assert len(cloud.sent()) == calls
    assert f"Push {pulled}?" in done.err
    assert "hint" not in done.err


def test_a_change_in_postman_during_the_question_is_not_overwritten(postrunner, cloud, pulled, terminal):
    edit(pulled, patch_first)
    terminal("y\n", before=lambda: cloud.change(SAMPLE, lambda document: document["item"].pop()))
    done = postrunner("push")
    assert done.code == 1
    assert "it was changed in Postman meanwhile" in done.err
    assert len(cloud.collections()[SAMPLE]["item"]) == 1


# -- ids ----------------------------------------------------------------------------------------------------------------


def test_parts_keep_their_ids_whatever_they_are_called(postrunner, cloud, pulled):
    before = {id for _, id in ids(cloud.collections()[SAMPLE])}

    def change(document):
        document["item"][0]["name"] = "People"
        document["item"][0]["item"][0]["name"] = "List people"
        document["item"][0]["item"][0]["response"][0]["name"] = "Two people"

    edit(pulled, change)
    assert postrunner("push", "--yes").code == 0
    assert {id for _, id in ids(cloud.collections()[SAMPLE])} == before


def test_a_file_without_ids_is_matched_by_names(postrunner, cloud, pulled):
    before = ids(cloud.collections()[SAMPLE])

    def change(document):
        for node in (document["item"][0], document["item"][0]["item"][0], document["item"][1]):
            del node["id"]
        patch_first(document)

    edit(pulled, change)
    assert postrunner("push", "--yes").code == 0
    assert ids(cloud.collections()[SAMPLE]) == before
    assert ids(load(pulled)) == before


def test_a_copied_request_becomes_a_new_one(postrunner, cloud, pulled):
    edit(pulled, lambda document: document["item"].append({**document["item"][1], "name": "Health again"}))
    done = postrunner("push", "--yes")
    assert "added   request Health again" in done.out
    there = ids(cloud.collections()[SAMPLE])
    assert len({id for _, id in there}) == len(there)


def test_of_a_request_and_its_copies_the_one_with_the_name_stays_itself(postrunner, cloud, pulled):
    there = dict(ids(cloud.collections()[SAMPLE]))

    def change(document):
        health = document["item"][1]
        document["item"] = [{**health, "name": "A copy"}, *document["item"], {**health, "name": "Another"}]

    edit(pulled, change)
    assert postrunner("push", "--yes").code == 0
    now = dict(ids(cloud.collections()[SAMPLE]))
    assert now["Health"] == there["Health"] != now["A copy"]


def test_ids_of_new_parts_come_into_the_file(postrunner, cloud, pulled):
    new = {"name": "New", "request": {"method": "GET", "url": "http://127.0.0.1/"}, "response": []}
    edit(pulled, lambda document: document["item"].append(new))
    assert postrunner("push", "--yes").code == 0
    assert ids(load(pulled)) == ids(cloud.collections()[SAMPLE])
    assert postrunner("push").out == f"{pulled}: Postman has the same already\n"


def test_a_folder_of_v3_is_pushed_and_keeps_its_texts(postrunner, cloud):
    postrunner("pull", SAMPLE, "--to", "v3")
    path = f"{SAMPLE}/Health.request.yaml"
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write("# mine\n" + text.replace("GET", "HEAD"))
    assert postrunner("push", "--yes").code == 0
    assert cloud.collections()[SAMPLE]["item"][1]["request"]["method"] == "HEAD"
    with open(path) as file:
        assert file.read().startswith("# mine\n")


# -- what changed in Postman --------------------------------------------------------------------------------------------


def test_what_was_changed_in_postman_is_not_overwritten(postrunner, cloud, pulled):
    cloud.change(SAMPLE, lambda document: document["item"][1].update(name="Alive"))
    edit(pulled, patch_first)
    done = postrunner("push", "--yes")
    assert done.code == 1
    assert "not pushed: Postman was changed since the pull: Alive" in done.err
    assert len(cloud.sent()) == 1  # the change of somebody else
    done = postrunner("push", "--yes", "--force")
    assert done.code == 0
    assert "changed in Postman since the pull: Alive" in done.out
    assert cloud.collections()[SAMPLE]["item"][1]["name"] == "Health"


def test_a_dry_run_shows_what_was_changed_in_postman(postrunner, cloud, pulled):
    cloud.change(SAMPLE, lambda document: document["item"].pop())
    done = postrunner("push", "--dry-run")
    assert done.code == 0
    assert "changed in Postman since the pull: 1 removed" in done.out


def test_a_second_push_follows_the_first(postrunner, cloud, pulled):
    for name in ("Once", "Twice"):
        edit(pulled, lambda document, name=name: document["item"][1].update(name=name))
        assert postrunner("push", "--yes").code == 0
    assert cloud.collections()[SAMPLE]["item"][1]["name"] == "Twice"


def test_a_fresh_clone_can_push(postrunner, cloud, pulled, tmp_path, monkeypatch):
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in (pulled, "postrunner.lock.json"):
        os.rename(name, clone / name)
    monkeypatch.chdir(clone)
    edit(pulled, patch_first)
    assert postrunner("push", pulled, "--yes").code == 0


# -- secrets ------------------------------------------------------------------------------------------------------------


def test_secrets_are_not_sent(postrunner, cloud, pulled):
    def change(document):
        document["variable"] += [
            {"key": "api_key", "value": TOKEN},
            {"key": "plain", "value": TOKEN[::-1], "type": "secret"},
        ]
        document["item"][1]["request"]["header"] = [{"key": "X-Api-Key", "value": TOKEN + "2"}]
        url = {"raw": f"http://h/?apikey={TOKEN}3", "host": ["h"], "query": [{"key": "apikey", "value": TOKEN + "3"}]}
        document["item"][1]["request"]["url"] = url

    edit(pulled, change)
    done = postrunner("push", "--yes")
    assert done.code == 0
    there = json.dumps(cloud.collections()[SAMPLE])
    assert TOKEN not in there
    assert TOKEN[::-1] not in there
    assert 'http://h/?apikey="' in there
    (line,) = (line for line in done.out.splitlines() if line.startswith("not sent"))
    assert {*line.partition(": ")[2].removesuffix(" (--export-secrets sends them)").split(", ")} == {
        *("api_key", "plain", "apikey of Health", "X-Api-Key of Health")
    }
    assert TOKEN in json.dumps(load(pulled))
    assert postrunner("push").out.endswith(f"{pulled}: Postman has the same already\n")


def test_secrets_are_sent_on_demand(postrunner, cloud, pulled):
    edit(pulled, lambda document: document["variable"].append({"key": "api_key", "value": TOKEN}))
    assert postrunner("push", "--yes", "--export-secrets").code == 0
    assert TOKEN in json.dumps(cloud.collections()[SAMPLE])


def test_postman_keeps_the_secrets_that_it_has(postrunner, cloud):
    postrunner("pull", "Sample Environment", "--no-secrets")
    edit(ENVIRONMENT, lambda document: document["values"][0].update(value="http://elsewhere"))
    assert postrunner("push", "--yes").code == 0
    base, token = cloud.environments()["Sample Environment"]["values"]
    assert (base["value"], token["value"]) == ("http://elsewhere", "sample-token-of-the-stand-in")


def test_a_secret_that_postman_has_already_is_not_kept_back(postrunner, cloud):
    postrunner("pull", "Sample Environment")
    assert postrunner("push").out == f"{ENVIRONMENT}: Postman has the same already\n"
    token = "sample-token-of-the-stand-in"
    edit(ENVIRONMENT, lambda document: document["values"].append({"key": "old_token", "value": token, "type": "secret"}))
    done = postrunner("push", "--yes")
    assert "not sent" not in done.out
    assert cloud.environments()["Sample Environment"]["values"][2]["value"] == token


def test_a_secret_that_stands_in_a_text_too_is_not_sent(postrunner, cloud, pulled):
    def change(document):
        document["variable"].append({"key": "api_key", "value": TOKEN})
        document["item"][1]["event"] = [{"listen": "test", "script": {"exec": [f"const key = '{TOKEN}'"]}}]

    edit(pulled, change)
    done = postrunner("push", "--yes")
    assert done.code == 2
    assert "Health: a secret that is kept back stands in other texts, too" in done.err
    assert cloud.sent() == []


def test_texts_that_look_like_secrets_are_told(postrunner, cloud, pulled):
    body = {"mode": "raw", "raw": '{"user": "ann", "password": "of-a-test-user"}'}
    edit(pulled, lambda document: document["item"][1]["request"].update(body=body))
    done = postrunner("push", "--yes")
    assert "note: texts that look like secrets are sent as they are: Health" in done.out
    assert "of-a-test-user" not in done.out


# -- without a link -----------------------------------------------------------------------------------------------------


def test_a_file_that_was_never_pulled_is_told_the_two_ways(postrunner, cloud):
    done = postrunner("push", own(), "--yes")
    assert done.code == 2
    assert "mine.json: was never pulled" in done.err
    assert "--uid" in done.err
    assert "--copy" in done.err
    assert cloud.sent() == []


def test_a_copy_is_something_new_and_linked(postrunner, cloud):
    done = postrunner("push", own(), "--copy", "--yes", "-w", "Team Workspace")
    there = cloud.collections()["mine"]
    assert (done.code, done.out.splitlines()[-1]) == (0, f"mine.json copied to Postman: collection {there['info']['uid']}")
    assert ids(load("mine.json")) == ids(there)
    link = load("postrunner.lock.json")["links"]["mine.json"]
    assert (link["uid"], link["workspace"]) == (
        there["info"]["uid"],
        cloud.ask("GET", "/workspaces")["workspaces"][1]["id"],
    )
    assert postrunner("push").out == "mine.json: Postman has the same already\n"


def test_a_copy_of_what_was_pulled_has_ids_of_its_own(postrunner, cloud, pulled):
    first = cloud.collections()[SAMPLE]["info"]["uid"]
    edit(pulled, lambda document: document["info"].update(name="Second"))
    before = load(pulled)
    done = postrunner("push", pulled, "--copy", "--yes")
    assert done.out.endswith(f"{pulled} stays linked to {first}\n")
    there = cloud.collections()
    assert not {id for _, id in ids(there["Second"])} & {id for _, id in ids(there[SAMPLE])}
    assert load(pulled) == before
    assert load("postrunner.lock.json")["links"][pulled]["uid"] == first


def test_a_file_is_pushed_to_a_uid_and_linked(postrunner, cloud):
    uid = cloud.collections()[SAMPLE]["info"]["uid"]
    path = own(SAMPLE, "Health")
    done = postrunner("push", path, "--uid", uid, "--yes")
    assert done.code == 0
    assert "removed folder Users" in done.out
    assert "changed request Health" in done.out
    assert load("postrunner.lock.json")["links"][path]["uid"] == uid


@pytest.mark.parametrize("uid", ["12345678-00000000-0000-4000-8000-000000000000", "No such"])
def test_a_uid_that_is_not_there_is_told(postrunner, cloud, uid):
    done = postrunner("push", own(), "--uid", uid, "--yes")
    assert done.code == 1
    assert f'there is no collection called "{uid}"' in done.err


def test_an_environment_is_copied(postrunner, cloud):
    values = [{"key": "base", "value": 5}, {"key": "off", "value": "x", "enabled": False}, {"key": "token", "value": TOKEN}]
    save("e.postman_environment.json", {"name": "Mine", "values": values})
    done = postrunner("push", "e.postman_environment.json", "--copy", "--yes")
    assert done.code == 0
    there = cloud.environments()["Mine"]["values"]
    assert [(one["key"], one["value"], one["enabled"]) for one in there] == [
        ("base", "5", True), ("off", "x", False), ("token", "", True),
    ]  # fmt: skip
    assert postrunner("push").out.endswith("e.postman_environment.json: Postman has the same already\n")


def test_globals_are_pushed_to_a_workspace(postrunner, cloud):
    postrunner("pull", "--kind", "globals", "-w", "My Workspace")
    edit("workspace.postman_globals.json", lambda document: document["values"][0].update(value="red"))
    assert postrunner("push", "--yes").code == 0
    key = cloud.ask("GET", "/workspaces")["workspaces"][0]["id"]
    assert cloud.ask("GET", f"/workspaces/{key}/global-variables")["values"][0]["value"] == "red"


def test_globals_of_a_file_go_to_the_workspace_that_is_named(postrunner, cloud):
    save("g.postman_globals.json", {"values": [{"key": "color", "value": "green"}]})
    done = postrunner("push", "g.postman_globals.json", "-w", "Team Workspace", "--yes")
    assert done.code == 0
    assert postrunner("push", "g.postman_globals.json", "--copy").code == 2


# -- what does not work -------------------------------------------------------------------------------------------------


def test_a_large_collection_is_updated_by_a_task(postrunner, cloud, pulled):
    edit(pulled, lambda document: document["info"].update(description="x" * 1_100_000))
    assert postrunner("push", "--yes", "--format", "json").code == 0
    assert len(cloud.collections()[SAMPLE]["info"]["description"]) == 1_100_000
    calls = cloud.ask("GET", "/__standin/requests")["requests"]
    assert any(call["path"].startswith("/collection-updates-tasks/") for call in calls)


def test_a_task_that_fails_is_told(postrunner, make_cloud):
    cloud = make_cloud(fail_tasks=True)
    postrunner("pull", SAMPLE)
    edit(COLLECTION, lambda document: document["info"].update(description="x" * 1_100_000))
    done = postrunner("push", "--yes", "--format", "json")
    assert done.code == 1
    assert "the update failed in Postman, which still has what it had" in done.err
    assert json.loads(done.out) == []
    assert cloud.collections()[SAMPLE]["info"]["description"] == "Two requests in a folder, one beside it."


def test_what_is_too_large_is_not_sent(postrunner, cloud, pulled, monkeypatch):
    monkeypatch.setitem(MOST_BYTES, "collection", 2048)
    edit(pulled, lambda document: document["info"].update(description="x" * 3000))
    done = postrunner("push", "--yes")
    assert done.code == 2
    assert "is too large" in done.err
    assert cloud.sent() == []


def test_a_key_that_may_only_read_is_told(postrunner, cloud, pulled, monkeypatch):
    monkeypatch.setenv("POSTMAN_API_KEY", "PMAK-stand-in-read-only-key")
    edit(pulled, patch_first)
    done = postrunner("push", "--yes")
    assert done.code == 1
    assert "403 Forbidden" in done.err
    assert "the owner of the key may not do this" in done.err


def test_what_is_gone_in_postman_is_told(postrunner, cloud, pulled):
    uid = cloud.collections()[SAMPLE]["info"]["uid"]
    cloud.ask("DELETE", f"/collections/{uid}")
    done = postrunner("push", "--yes")
    assert done.code == 1
    assert "404 Not Found" in done.err


def test_an_error_of_one_file_does_not_keep_the_others(postrunner, cloud, pulled):
    edit(pulled, patch_first)
    done = postrunner("push", own(), pulled, "--yes")
    assert done.code == 2
    assert "mine.json: was never pulled" in done.err
    assert f"{pulled} pushed: 1 changed" in done.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a", "name": "old", "order": [], "requests": []}', "is of the format v1"),
        ("{", "c.json"),
        ('{"run": {}, "collection": {"info": {"name": "n"}, "item": []}}', "holds more than one document"),
    ],
)
def test_files_that_postman_does_not_take_are_told(postrunner, cloud, text, message):
    with open("c.json", "w") as file:
        file.write(text)
    done = postrunner("push", "c.json", "--copy", "--yes")
    assert done.code == 2
    assert message in done.err
    assert cloud.sent() == []


@pytest.mark.parametrize(
    "arguments", [["a.json", "--uid", "u", "--copy"], ["a.json", "b.json", "--uid", "u"], ["none.json"]]
)
def test_mistakes_of_the_command_line_are_exit_code_2(postrunner, cloud, arguments):
    assert postrunner("push", *arguments, "--yes").code == 2


def test_the_links_of_other_files_stay(postrunner, cloud, pulled):
    before = load("postrunner.lock.json")["links"][pulled]
    postrunner("push", own(), "--copy", "--yes")
    assert load("postrunner.lock.json")["links"][pulled] == before


def test_values_that_are_nested_too_deeply_are_told(postrunner, cloud):
    path = own()
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text[:-1] + ', "variable": [{"key": "a", "value": ' + "[" * 3000 + "]" * 3000 + "}]}")
    done = postrunner("push", path, "--copy", "--yes")
    assert done.code == 2
    assert "values are nested too deeply" in done.err
    assert cloud.sent() == []


def test_a_lock_file_that_cannot_be_read_is_told_before_anything_is_sent(postrunner, cloud):
    path = own()
    os.mkdir("postrunner.lock.json")
    done = postrunner("push", path, "--copy", "--yes")
    assert done.code == 2
    assert "error: postrunner.lock.json: is a folder" in done.err
    assert cloud.sent() == []


def test_a_workspace_that_is_not_there_is_told_before_the_question(postrunner, cloud):
    done = postrunner("push", own(), "--copy", "-w", "Nowhere")
    assert done.code == 2
    assert 'no workspace is called "Nowhere"' in done.err

"""`postrunner pull`: what is in Postman comes into files, the lock file says from where, nothing of the user's is lost."""

import json
import os

import pytest

COLLECTION = "Sample Collection.postman_collection.json"
ENVIRONMENT = "Sample Environment.postman_environment.json"


def lock():
    with open("postrunner.lock.json") as file:
        return json.load(file)["links"]


def load(path):
    with open(path) as file:
        return json.load(file)


def text_of(path):
    with open(path) as file:
        return file.read()


def save(path, document):
    with open(path, "w") as file:
        json.dump(document, file)


def rename(document):
    document["item"][1]["name"] = "Renamed"


def test_a_collection_is_pulled_by_its_name_into_a_file_of_v21(postrunner, cloud):
    done = postrunner("pull", "Sample Collection")
    assert (done.code, done.out, done.err) == (0, f"{COLLECTION} written\n", "")
    pulled, there = load(COLLECTION), cloud.collections()["Sample Collection"]
    assert [one["id"] for one in pulled["item"]] == [one["id"] for one in there["item"]]
    assert not {"uid", "createdAt", "updatedAt", "lastUpdatedBy"} & {*pulled["info"], *pulled["item"][0]}


def test_the_lock_file_says_what_the_file_is_in_postman(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    link = lock()[COLLECTION]
    there = cloud.collections()["Sample Collection"]
    workspace = cloud.ask("GET", "/workspaces")["workspaces"][0]["id"]
    assert (link["kind"], link["uid"], link["workspace"]) == ("collection", there["info"]["uid"], workspace)
    assert link["hash"].startswith("sha256:")


@pytest.mark.parametrize("form", ["uid", "id"])
def test_a_collection_is_pulled_by_its_uid_or_its_id(postrunner, cloud, form):
    uid = cloud.collections()["Sample Collection"]["info"]["uid"]
    name = uid if form == "uid" else uid.partition("-")[2]
    assert postrunner("pull", name).code == 0
    assert lock()[COLLECTION]["uid"] == uid


def test_a_collection_is_pulled_into_a_folder_of_v3(postrunner, cloud):
    done = postrunner("pull", "Sample Collection", "--to", "v3")
    assert (done.code, done.out) == (0, "Sample Collection written\n")
    assert os.path.isfile("Sample Collection/Users/List users.request.yaml")
    again = postrunner("pull", "Sample Collection")
    assert again.out == "Sample Collection is up to date\n"


def test_what_is_pulled_runs(postrunner, cloud):
    postrunner("pull", "Sample Collection", "--to", "v3", "-o", "there")
    assert "Users" in postrunner("run", "there", "--dry-run").out


def test_the_name_of_the_file_says_its_format(postrunner, cloud):
    postrunner("pull", "Sample Collection", "-o", "a.json")
    postrunner("pull", "Sample Collection", "-o", "folder")
    assert os.path.isfile("a.json")
    assert os.path.isdir("folder")
    assert set(lock()) == {"a.json", "folder"}


def test_a_file_of_another_format_is_not_converted_in_silence(postrunner, cloud):
    postrunner("pull", "Sample Collection", "-o", "a.json")
    done = postrunner("pull", "a.json", "--to", "v3")
    assert done.code == 2
    assert "a.json: is of the format v2.1, not v3" in done.err


def test_an_environment_is_pulled_for_its_owner_only(postrunner, cloud):
    done = postrunner("pull", "Sample Environment")
    assert done.code == 0
    assert "holds secrets (token): do not commit it" in done.out
    assert {one["key"]: one["type"] for one in load(ENVIRONMENT)["values"]} == {"base_url": "default", "token": "secret"}
    if os.name != "nt":
        assert os.stat(ENVIRONMENT).st_mode & 0o777 == 0o600


def test_secrets_can_be_left_out(postrunner, cloud):
    done = postrunner("pull", "Sample Environment", "--no-secrets")
    assert "left out, because they are secret: token" in done.out
    assert "sample-token-of-the-stand-in" not in text_of(ENVIRONMENT)
    assert postrunner("pull").out.startswith(f"{ENVIRONMENT} is up to date\n")
    assert "sample-token-of-the-stand-in" not in text_of(ENVIRONMENT)
    done = postrunner("pull", "--secrets")
    assert (done.code, load(ENVIRONMENT)["values"][1]["value"]) == (0, "sample-token-of-the-stand-in")
    assert "sample-token" not in done.out


def test_the_lock_file_holds_no_secret_and_no_key(postrunner, cloud):
    postrunner("pull", "Sample Environment")
    text = text_of("postrunner.lock.json")
    assert "sample-token" not in text
    assert "PMAK" not in text


def test_globals_are_those_of_a_workspace(postrunner, cloud):
    done = postrunner("pull", "--kind", "globals", "-w", "My Workspace")
    assert (done.code, done.out) == (0, "workspace.postman_globals.json written\n")
    assert load("workspace.postman_globals.json")["values"][0]["key"] == "team"


def test_globals_need_a_workspace(postrunner, cloud):
    done = postrunner("pull", "--kind", "globals")
    assert done.code == 2
    assert "--workspace" in done.err


def test_environments_can_be_yaml(postrunner, cloud):
    assert postrunner("pull", "Sample Environment", "-o", "local.environment.yaml").code == 0
    assert "key: token" in text_of("local.environment.yaml")
    assert postrunner("pull").out == "local.environment.yaml is up to date\n"


def test_without_a_name_every_file_that_was_pulled_is_pulled_again(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    postrunner("pull", "Sample Environment")
    cloud.change("Sample Collection", rename)
    done = postrunner("pull")
    assert f"{COLLECTION} written" in done.out
    assert f"{ENVIRONMENT} is up to date" in done.out
    assert load(COLLECTION)["item"][1]["name"] == "Renamed"


def test_without_a_name_and_a_lock_file_the_name_is_asked_for(postrunner, cloud):
    done = postrunner("pull")
    assert done.code == 2
    assert "nothing here was pulled" in done.err


def test_what_changed_is_shown(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    cloud.change("Sample Collection", rename)
    assert "changed request Renamed (was Health)" in postrunner("pull").out


def test_a_file_that_was_changed_here_is_not_overwritten(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    document = load(COLLECTION)
    document["item"][0]["item"][0]["request"]["method"] = "PATCH"
    save(COLLECTION, document)
    cloud.change("Sample Collection", rename)
    before = text_of(COLLECTION)
    done = postrunner("pull")
    assert done.code == 1
    assert "not written: it was changed since it was pulled: Users/List users" in done.err
    assert text_of(COLLECTION) == before
    assert postrunner("pull", "--force").code == 0
    assert load(COLLECTION)["item"][1]["name"] == "Renamed"


def test_a_file_that_was_only_formatted_here_counts_as_unchanged(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    save(COLLECTION, load(COLLECTION))
    cloud.change("Sample Collection", rename)
    assert postrunner("pull").code == 0


@pytest.mark.parametrize("to", ["v2.1", "v3"])
def test_what_did_not_change_keeps_its_bytes(postrunner, cloud, to):
    name = {"v2.1": COLLECTION, "v3": "Sample Collection/Users/List users.request.yaml"}[to]
    postrunner("pull", "Sample Collection", "--to", to)
    text = text_of(name)
    cloud.change("Sample Collection", rename)
    postrunner("pull")
    now = text_of(name)
    assert now == text.replace('"Health"', '"Renamed"')


def test_comments_stay_in_a_file_of_v3_that_changes(postrunner, cloud):
    postrunner("pull", "Sample Collection", "--to", "v3")
    path = "Sample Collection/Health.request.yaml"
    text = "# mine\n" + text_of(path)
    with open(path, "w") as file:
        file.write(text)
    cloud.change("Sample Collection", lambda there: there["item"][1]["request"].update(method="HEAD"))
    assert postrunner("pull").code == 0
    assert text_of(path) == text.replace("GET", "HEAD")


def test_parts_that_did_not_change_stay_as_the_file_writes_them(postrunner, cloud):
    url = "http://127.0.0.1/{{a}}"
    same = {"request": {"url": url, "method": "GET"}, "name": "Same", "x-own": 1}
    document = {"item": [same, {"name": "Other", "request": url}], "info": {"name": "c", "_exporter_id": "1"}}
    save("c.json", document)
    assert postrunner("push", "c.json", "--copy", "--yes").code == 0
    cloud.change("c", lambda there: there["item"][1].update(name="Renamed"))
    assert postrunner("pull").code == 0
    pulled = load("c.json")
    assert {**pulled["item"][0], "id": 0} == {**same, "id": 0}
    assert list(pulled["item"][0])[:3] == ["request", "name", "x-own"]
    assert pulled["item"][1]["name"] == "Renamed"
    assert list(pulled) == ["item", "info"]
    assert pulled["info"]["_exporter_id"] == "1"


def test_a_file_of_v20_becomes_one_of_v21_when_it_changes(postrunner, cloud):
    schema = "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"
    request = {"url": "http://h/", "method": "GET", "auth": {"type": "basic", "basic": {"username": "{{u}}"}}}
    save("c.json", {"info": {"name": "c", "schema": schema}, "item": [{"name": n, "request": request} for n in "ab"]})
    assert postrunner("push", "c.json", "--copy", "--yes").code == 0
    cloud.change("c", lambda there: there["item"][1].update(name="Renamed"))
    assert postrunner("pull").code == 0
    pulled = load("c.json")
    assert "v2.1" in pulled["info"]["schema"]
    assert isinstance(pulled["item"][0]["request"]["auth"]["basic"], list)


def test_examples_that_are_gone_in_postman_go_from_the_file(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    cloud.change("Sample Collection", lambda there: there["item"][0]["item"][0].pop("response"))
    assert postrunner("pull").code == 0
    assert not load(COLLECTION)["item"][0]["item"][0].get("response")


def test_an_output_that_is_a_folder_gets_a_file_by_its_name(postrunner, cloud):
    os.mkdir("apis")
    assert postrunner("pull", "Sample Collection", "-o", "apis/").out == f"{os.path.join('apis', COLLECTION)} written\n"
    assert os.path.isfile("apis/postrunner.lock.json")


def test_a_file_that_was_there_before_is_not_overwritten(postrunner, cloud):
    with open(COLLECTION, "w") as file:
        file.write('{"info": {"name": "mine"}, "item": []}')
    done = postrunner("pull", "Sample Collection")
    assert done.code == 2
    assert "is there already" in done.err
    assert load(COLLECTION) == {"info": {"name": "mine"}, "item": []}


def test_a_file_of_something_else_is_not_overwritten_with_force_either(postrunner, cloud):
    postrunner("pull", "Sample Collection", "-o", "a.json")
    done = postrunner("pull", "Sample Environment", "-o", "a.json", "--force")
    assert done.code == 2
    assert "is another collection of Postman" in done.err


def test_secrets_that_postman_does_not_have_stay_in_the_file(postrunner, cloud):
    postrunner("pull", "Sample Collection")
    document = load(COLLECTION)
    document["auth"]["bearer"][0]["value"] = "own-token-of-the-file"
    document["variable"].append({"key": "api_key", "value": "own-key-of-the-file"})
    save(COLLECTION, document)
    assert postrunner("push", "--yes").code == 0
    cloud.change("Sample Collection", rename)
    assert postrunner("pull").code == 0
    assert load(COLLECTION)["auth"]["bearer"][0]["value"] == "own-token-of-the-file"
    assert load(COLLECTION)["variable"][1]["value"] == "own-key-of-the-file"


def test_a_dry_run_shows_and_writes_nothing(postrunner, cloud):
    done = postrunner("pull", "Sample Collection", "--dry-run")
    assert (done.code, done.out) == (0, f"{COLLECTION} would be written\n")
    assert os.listdir(".") == []


def test_json_tells_what_was_pulled(postrunner, cloud):
    done = postrunner("pull", "Sample Collection", "--format", "json")
    (told,) = json.loads(done.out)
    assert (told["path"], told["kind"], told["done"], told["changes"]) == (COLLECTION, "collection", True, [])
    assert done.err == f"{COLLECTION} written\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["No such"], 'there is no collection or environment called "No such"'),
        (["00000000-0000-4000-8000-000000000000"], "there is no collection or environment called"),
        (["Sample Collection", "-w", "Team Workspace"], "in the workspace Team Workspace"),
        (["Sample Collection", "--kind", "environment"], 'there is no environment called "Sample Collection"'),
    ],
)
def test_what_is_not_there_is_told(postrunner, cloud, arguments, message):
    done = postrunner("pull", *arguments)
    assert done.code == 1
    assert message in done.err
    assert os.listdir(".") == []


def test_several_of_a_name_are_told_with_their_uids(postrunner, cloud):
    document = cloud.collections()["Sample Collection"]
    del document["info"]["_postman_id"]
    document["item"] = []
    cloud.ask("POST", "/collections", {"collection": document})
    done = postrunner("pull", "Sample Collection")
    assert done.code == 2
    assert 'several are called "Sample Collection": collection 12345678-' in done.err


def test_a_key_is_needed(postrunner, cloud, monkeypatch):
    monkeypatch.delenv("POSTMAN_API_KEY")
    done = postrunner("pull", "Sample Collection")
    assert done.code == 2
    assert "the Postman API needs a key" in done.err


@pytest.mark.parametrize("text", ["[]", '{"version": 2, "links": {}}', '{"version": 1, "links": {"a.json": 1}}', "{"])
def test_a_broken_lock_file_is_told_and_kept(postrunner, cloud, text):
    with open("postrunner.lock.json", "w") as file:
        file.write(text)
    done = postrunner("pull", "Sample Collection", "-o", "a.json")
    assert done.code == 2
    assert "postrunner.lock.json" in done.err
    assert text_of("postrunner.lock.json") == text
    assert os.listdir(".") == ["postrunner.lock.json"]

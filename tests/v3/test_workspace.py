"""A workspace folder stands for all its collections, or for some of them by name."""

import json

import pytest

from tests.v3.conftest import request

RESOURCES = "workspace: {id: w}\n"


def workspace(folder, server):
    other = {"info": {"name": "Old"}, "item": [{"name": "o", "request": f"{server.url}/old"}]}
    return folder(
        {
            ".postman/resources.yaml": RESOURCES,
            "postman/collections/Users API/.resources/definition.yaml": "$kind: collection\nname: Users\nid: u-1\n",
            "postman/collections/Users API/a.request.yaml": request(f"{server.url}/users"),
            "postman/collections/Orders/b.request.yaml": request(f"{server.url}/orders"),
            "postman/collections/old.postman_collection.json": json.dumps(other),
            "postman/environments/x.environment.yaml": "name: x\nvalues: []\n",
        },
        name="repo",
    )


def paths(server):
    return sorted(path for _, path, _, _ in server.seen)


def test_all_collections_run(postrunner, folder, server):
    done = postrunner("run", workspace(folder, server))
    assert (done.code, paths(server)) == (0, ["/old", "/orders", "/users"])


def test_a_collection_is_chosen_by_name_id_or_folder(postrunner, folder, server):
    root = workspace(folder, server)
    for name, path in (("Users", "/users"), ("u-1", "/users"), ("Orders", "/orders"), ("Old", "/old")):
        server.seen.clear()
        assert postrunner("run", root, "--collection-name", name).code == 0
        assert paths(server) == [path]


def test_an_unknown_name_is_told_with_those_there_are(postrunner, folder, server):
    done = postrunner("run", workspace(folder, server), "--collection-name", "Nobody")
    assert done.code == 2
    assert "'Orders', 'Users', 'Old'" in done.err


@pytest.mark.parametrize("path", ["postman/collections/Orders", "postman/collections/old.postman_collection.json"])
def test_a_name_is_refused_where_there_is_nothing_to_choose_from(postrunner, folder, server, path):
    done = postrunner("run", workspace(folder, server) / path, "--collection-name", "Nobody")
    assert (done.code, paths(server)) == (2, [])
    assert "--collection-name: chooses a collection of a workspace folder, and this is none" in done.err


def test_the_folder_postman_is_the_workspace_too(postrunner, folder, server):
    root = workspace(folder, server)
    assert postrunner("run", root / "postman", "--list").out.count("Users") == 1
    assert postrunner("run", root / "postman" / "collections", "--list").out.count("Users") == 1


def test_a_workspace_without_collections_is_an_error(postrunner, folder):
    root = folder({"postman/collections/README.md": "nothing"})
    done = postrunner("run", root)
    assert done.code == 2
    assert "this workspace has no collection" in done.err

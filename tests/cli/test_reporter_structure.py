"""`--reporter-json-structure` as the Postman CLI has it."""

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

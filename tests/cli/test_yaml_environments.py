"""Environments and globals in YAML on the command line: they are read, and written back into their files."""

from tests.cli.conftest import item

FILE = """\
name: Staging   # shown in the app

values:
  # the server
  - key: host
    value: h.example
  - key: count
    value: "1"
    enabled: true
"""

SET = 'pm.environment.set("count", 2); pm.environment.set("added", "x\\ny"); pm.globals.set("g", "new");'


def test_values_come_from_environments_and_globals_in_yaml(postrunner, collection, server, tmp_path):
    (tmp_path / "a.environment.yaml").write_text(
        "name: a\nvalues:\n- {key: a, value: '1'}\n- {key: b, value: x, enabled: false}\n"
    )
    (tmp_path / "w.globals.yaml").write_text("name: Globals\nvalues:\n- {key: b, value: '2'}\n")
    done = postrunner(
        "run", collection(item("one", server.url + "/{{a}}/{{b}}")), "-e", "a.environment.yaml", "-g", "w.globals.yaml"
    )
    assert done.code == 0, done.err
    assert [path for _, path, _, _ in server.seen] == ["/1/2"]


def test_an_export_changes_only_what_changed_in_the_file(postrunner, collection, server, tmp_path):
    (tmp_path / "s.environment.yaml").write_text(FILE)
    path, file = collection(item("one", server.url, SET)), "s.environment.yaml"
    flags = ("--export-environment", file, "--export-globals", "new.globals.yaml")
    done = postrunner("run", path, "-e", file, *flags)
    assert done.code == 0, done.err
    added = "  - key: added\n    value: |-\n      x\n      y\n    enabled: true\n"
    assert (tmp_path / "s.environment.yaml").read_text() == FILE.replace('"1"', '"2"') + added
    assert (
        tmp_path / "new.globals.yaml"
    ).read_text() == "name: globals\nvalues:\n  - key: g\n    value: new\n    enabled: true\n"


def test_an_export_into_a_folder_has_the_format_of_the_file(postrunner, collection, server, tmp_path):
    (tmp_path / "s.environment.yaml").write_text(FILE)
    (tmp_path / "out").mkdir()
    path = collection(item("one", server.url))
    assert postrunner("run", path, "-e", "s.environment.yaml", "--export-environment", "out").code == 0
    assert postrunner("run", path, path, "-e", "s.environment.yaml", "--export-environment", "out/").code == 0
    assert [one.read_text() for one in (tmp_path / "out").iterdir() if one.suffix == ".yaml"] == [FILE] * 3


def test_new_secrets_are_left_out(postrunner, collection, server, tmp_path):
    text = "name: s\nvalues:\n  - key: token\n    value: ''  # fill in\n    type: secret\n"
    (tmp_path / "s.environment.yaml").write_text(text)
    path = collection(item("one", server.url, 'pm.environment.set("token", "qwertz-12345")'))
    done = postrunner("run", path, "-e", "s.environment.yaml", "--export-environment", "s.environment.yaml")
    assert (done.code, (tmp_path / "s.environment.yaml").read_text()) == (0, text)
    assert "left out of the exported environment" in " ".join(done.out.split())


def test_a_file_that_cannot_be_changed_in_place_is_left_as_it_is(postrunner, collection, server, tmp_path):
    text = "name: s\nvalues:\n  - {key: count, value: &v '1'}\n  - {key: other, value: *v}\n"
    (tmp_path / "s.environment.yaml").write_text(text)
    path = collection(item("one", server.url, 'pm.environment.set("count", 2)'))
    done = postrunner("run", path, "-e", "s.environment.yaml", "--export-environment", "s.environment.yaml")
    assert (done.code, (tmp_path / "s.environment.yaml").read_text()) == (2, text)
    assert "s.environment.yaml: cannot be changed in place" in done.out + done.err


def test_a_value_in_the_vault_of_postman_is_an_error_when_a_request_uses_it(postrunner, collection, server, tmp_path):
    link = "  - key: token\n    secret: true\n    source: {provider: postman, postman: {type: cloud, secretId: s}}\n"
    (tmp_path / "s.environment.yaml").write_text(f"name: s\nvalues:\n{link}")
    path = collection(item("used", server.url + "/{{token}}"), item("not used", server.url + "/b"))
    done = postrunner("run", path, "-e", "s.environment.yaml", "--export-environment", "s.environment.yaml")
    assert (done.code, [path for _, path, _, _ in server.seen]) == (1, ["/b"])
    assert "the value of {{token}} is in a vault" in " ".join(done.out.split())
    assert (tmp_path / "s.environment.yaml").read_text() == f"name: s\nvalues:\n{link}"
    done = postrunner("run", path, "-e", "s.environment.yaml", "--env-var", "token=t")
    assert (done.code, [path for _, path, _, _ in server.seen][1:]) == (0, ["/t", "/b"])


def test_a_wrong_file_is_refused_with_its_place(postrunner, collection, tmp_path):
    (tmp_path / "s.environment.yaml").write_text("name: s\nvalues:\n  - key: a\n    value: 5\n")
    done = postrunner("run", collection(), "-e", "s.environment.yaml")
    assert (done.code, done.out) == (2, "")
    assert "error: s.environment.yaml:4:12: the value is a number, not a text (path: /values/0/value)" in done.err
    assert "hint: put it in quotes" in done.err

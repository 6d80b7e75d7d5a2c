"""No secret value reaches a stream or a report."""

import json

from tests.cli.conftest import item


def test_a_new_value_of_a_secret_variable_is_masked_from_the_moment_it_is_set(postrunner, collection, server, tmp_path):
    (tmp_path / "env.json").write_text(json.dumps({"values": [{"key": "token", "value": "old-value-1", "type": "secret"}]}))
    script = 'pm.environment.set("token", "fresh-" + "token-77"); console.log(pm.environment.get("token"))'
    items = [item("set", server.url + "/{{token}}", script), item("use", server.url + "/{{token}}")]
    done = postrunner("run", collection(*items), "-e", "env.json", "-r", "cli,json", "--reporter-json-export", "r.json")
    shown = done.out + done.err + (tmp_path / "r.json").read_text()
    assert [path for _, path, _, _ in server.seen] == ["/old-value-1", "/fresh-token-77"]
    assert "fresh-token-77" not in shown
    assert "old-value-1" not in shown

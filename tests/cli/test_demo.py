"""`postrunner demo`: both flows, offline, with their reports left behind."""

import json


def test_the_demo_runs_both_flows_and_leaves_their_reports(postrunner, tmp_path):
    done = postrunner("demo")
    assert done.code == 0, done.out
    for name in ("torii", "truto"):
        run = json.loads((tmp_path / "demo-output" / f"{name}-report.json").read_text())["run"]
        assert run["stats"]["assertions"]["failed"] == 0
        assert run["stats"]["assertions"]["total"] >= {"torii": 40, "truto": 76}[name]
        assert (tmp_path / "demo-output" / f"{name}-report.html").read_text().startswith("<!doctype html>")
        environment = json.loads((tmp_path / "demo-output" / f"{name}.postman_environment.json").read_text())
        assert environment["_postman_variable_scope"] == "environment"

"""The files for containers name what there is, and their commands are ones that the command line takes."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from runner.cli.commands.load import command
from runner.load.meeting import Meeting, check_meeting

DOCS = Path(__file__).resolve().parents[2] / "docs"
DEPLOY = DOCS / "deploy"
TOKEN = "x" * 32


def taken(args):
    """The options of a call, checked as `postrunner load` checks them."""
    with command.make_context("load", list(args)) as context:
        given = {name: value for name, value in context.params.items() if name != "collection"}
        check_meeting(given)
        if given["master"]:
            Meeting(given)
        return context.params


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("POSTRUNNER_JOIN_TOKEN", TOKEN)


def test_the_compose_file_starts_one_master_and_the_workers_that_it_expects():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for service in services.values():
        assert (DEPLOY / service["build"] / "Dockerfile").is_file()
        assert "POSTRUNNER_JOIN_TOKEN" in service["environment"]
        assert service["networks"] == ["load"]
        assert "ports" not in service
    words = {name: shlex.split(re.sub(r"\$\{WORKERS:-(\d+)\}", r"\1", one["command"])) for name, one in services.items()}
    master, worker = taken(words["master"]), taken(words["worker"])
    assert master["expect_workers"] == re.fullmatch(r"\$\{WORKERS:-(\d+)\}", services["worker"]["deploy"]["replicas"])[1]
    assert worker["master_host"] in services
    mounted = {volume.split(":")[1].removeprefix("/home/load/") for one in services.values() for volume in one["volumes"]}
    assert mounted == {master["collection"], *master["environment"], *worker["env_file"], "results"}


def test_the_dockerfile_installs_the_extra_and_begins_with_the_command():
    text = (DEPLOY / "Dockerfile").read_text()
    assert json.loads(re.search(r"^ENTRYPOINT (.*)$", text, re.M)[1]) == ["postrunner", "load"]
    assert "postrunner[load]" in text
    assert re.search(r"^USER (?!root)", text, re.M)


def test_the_kubernetes_example_starts_a_master_and_the_workers_that_it_expects():
    (text,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "load-distributed.md").read_text(), re.DOTALL)
    objects = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text)}
    jobs = {name: one["spec"] for (kind, name), one in objects.items() if kind == "Job"}
    containers = {name: spec["template"]["spec"]["containers"][0] for name, spec in jobs.items()}
    master, worker = (taken(containers[name]["args"]) for name in ("load-master", "load-worker"))
    assert int(master["expect_workers"]) == jobs["load-worker"]["parallelism"] == jobs["load-worker"]["completions"]
    service = objects["Service", worker["master_host"]]["spec"]
    assert service["selector"] == jobs["load-master"]["template"]["metadata"]["labels"]
    policy = objects["NetworkPolicy", "load-master"]["spec"]
    assert policy["podSelector"]["matchLabels"] == service["selector"]
    (port,) = {service["ports"][0]["port"], policy["ingress"][0]["ports"][0]["port"]}
    assert port == containers["load-master"]["ports"][0]["containerPort"] == 5557
    said = set(re.findall(r"create (?:secret generic|configmap) (\S+)", (DOCS / "load-distributed.md").read_text()))
    assert said == set(re.findall(r"(?:secretKeyRef|secretRef|configMap): \{name: ([\w-]+)", text))
    assert "load-values" not in json.dumps(jobs["load-master"])


@pytest.mark.parametrize("call", re.findall(r"\$ postrunner load (.*)", (DOCS / "load-distributed.md").read_text()))
def test_each_call_of_the_page_is_one_that_the_command_line_takes(call):
    taken(shlex.split(call))

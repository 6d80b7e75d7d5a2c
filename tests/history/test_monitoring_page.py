"""The examples of docs/monitoring.md are ones that cron, systemd, Kubernetes and postrunner take."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from runner.cli.config import Config
from runner.cli.options import run_options
from runner.cli.run import command as run
from runner.formats.yaml.reader import read
from runner.history.facts import PREFIX, facts_of
from runner.history.revision import Revision
from runner.history.states import Before
from runner.options import RunOptions
from runner.options.check import check_needs
from runner.results.summary import Summary

PAGE = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def taken(words):
    """The options and the collections of a call; the call has to be one."""
    assert [word.rpartition("/")[2] for word in words[:2]] == ["postrunner", "run"]
    with run.make_context("run", list(words[2:])) as context:
        options = run_options(context, Config())
        check_needs(options)
        return options, context.params["collections"]


def cron_call():
    (block,) = blocks("cron")
    (line,) = [line for line in block.splitlines() if line.startswith("*")]
    assert "%" not in line
    words = shlex.split(line)
    return words[words.index("postrunner") :]


def systemd_call():
    (service,) = [block for block in blocks("ini") if "[Service]" in block]
    (line,) = re.findall(r"^ExecStart=(.*)$", service.replace("\\\n", " "), re.MULTILINE)
    return shlex.split(line)


def container():
    (block,) = blocks("yaml")
    job = read(block, "cron-job.yaml").value
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def kubernetes_call():
    (one,) = container()["containers"]
    return [*one["command"], *one["args"]]


@pytest.mark.parametrize("call", [cron_call, systemd_call, kubernetes_call])
def test_a_scheduled_call_is_a_monitor(call):
    options, collections = taken(call())
    assert len(collections) == 1
    assert options.history
    assert options.on_fail == options.on_recover
    assert options.environment
    assert options.history_days
    assert 0 < options.timeout < 240_000  # of the scheduler


def test_the_files_of_the_kubernetes_example_are_mounted():
    pod = container()
    (one,) = pod["containers"]
    options, (collection,) = taken([*one["command"], *one["args"]])
    mounts = {mount["mountPath"]: mount["name"] for mount in one["volumeMounts"]}
    assert {f"/{path.split('/')[1]}" for path in (collection, *options.environment, options.history)} == set(mounts)
    assert set(mounts.values()) == {volume["name"] for volume in pod["volumes"]}


def test_every_variable_of_the_page_is_one_and_every_one_is_on_the_page():
    facts = facts_of(Summary(), RunOptions(history="h"), "failed", Before(), Revision())
    table = PAGE.partition(f"| variable (`{PREFIX}…`)")[2].partition("\n\n")[0]
    names = {name for row in table.splitlines()[2:] for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert {PREFIX + name for name in names} == set(facts)
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", PAGE)) <= set(facts)


@pytest.mark.parametrize("script", blocks("sh"))
def test_the_notifiers_are_scripts(script):
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    for block in blocks("ini"):
        (name,) = re.findall(r"^# /etc/systemd/system/(\S+)$", block, re.MULTILINE)
        (tmp_path / name).write_text(block.replace("/opt/postrunner/bin/postrunner", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not [line for line in done.stderr.splitlines() if "api-monitor" in line]

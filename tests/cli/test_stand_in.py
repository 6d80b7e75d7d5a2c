"""`postrunner stand-in` and `check-users-file`."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

from runner.standins import STANDINS
from tests.cli.test_interrupt import environ

GOOD = '{"users": [{"email": "ann@example.com"}]}'


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_a_stand_in_serves_until_it_is_interrupted():
    command = [sys.executable, "-m", "runner", "stand-in", "truto", "--port", "0", "--strict-query", "418"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ()) as child:
        url = re.search(r"http://\S+", child.stdout.readline())[0]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url + "/nothing")
        child.send_signal(signal.SIGINT)
        assert "stopped" in child.communicate(timeout=30)[0]
    refused.value.close()
    assert child.returncode == 0


@pytest.mark.parametrize("name", STANDINS)
def test_the_help_names_the_usual_port_and_every_setting(postrunner, name):
    done = postrunner("stand-in", name, "--help")
    assert f"default: {STANDINS[name].port}" in done.out
    assert all(f"--{key.replace('_', '-')}" in done.out for key in STANDINS[name].settings)


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("nope",), "nope"),
        (("torii", "--port", "70000"), "70000"),
        (("torii", "--rate", "much"), "'much' is not a number"),
        (("truto", "--url-ttl", "5"), "--url-ttl"),
    ],
)
def test_a_wrong_call_is_refused(postrunner, args, text):
    done = postrunner("stand-in", *args)
    assert done.code == 2
    assert text in done.err


def test_a_good_users_file_is_good(postrunner, tmp_path):
    (tmp_path / "users.json").write_text(GOOD)
    done = postrunner("check-users-file", "users.json")
    assert (done.code, done.out) == (0, "users.json: good: users: 1 (1 active), licenses: 0\n")


@pytest.mark.parametrize(("text", "fault"), [('{"users": []}', "at least 1 valid user"), ("{", "not JSON")])
def test_a_bad_users_file_is_told_with_its_faults(postrunner, tmp_path, text, fault):
    (tmp_path / "users.json").write_text(text)
    done = postrunner("check-users-file", "users.json")
    assert done.code == 1
    assert fault in done.out


def test_a_users_file_that_is_not_there(postrunner):
    assert postrunner("check-users-file", "users.json").code == 2

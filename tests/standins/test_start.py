"""Starting, stopping, binding and the table of stand-ins."""

import subprocess
import sys

import pytest

from runner.errors import UsageError
from runner.standins import STANDINS, start
from tests.standins.conftest import ask


@pytest.mark.parametrize("name", STANDINS)
def test_a_stand_in_serves_until_it_is_closed(name):
    with start(name) as standin:
        assert ask(standin.url, "GET", "/v1.0/none").status in (401, 404)
    with pytest.raises(ConnectionRefusedError):
        ask(standin.url, "GET", "/")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "example.com", ""])
def test_anything_but_loopback_is_refused(host):
    with pytest.raises(UsageError, match="loopback"):
        start("torii", host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_names_are_fine(host):
    with start("truto", host=host) as standin:
        assert standin.url == f"http://127.0.0.1:{standin.port}"


def test_unknown_names_and_settings_are_usage_errors():
    with pytest.raises(UsageError, match="no stand-in 'tori'"):
        start("tori")
    with pytest.raises(UsageError, match="no setting 'url_tl'"):
        start("torii", url_tl=1)


def test_a_taken_port_is_a_usage_error():
    with start("torii") as standin, pytest.raises(UsageError, match="cannot listen"):
        start("truto", port=standin.port)


def test_importing_the_package_loads_no_server():
    code = "import sys, runner.standins; print('http.server' in sys.modules, 'jsonschema' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("name", STANDINS)
def test_every_setting_has_a_help_text(name):
    assert all(setting.help.endswith(".") for setting in STANDINS[name].settings.values())


def test_two_stand_ins_with_one_seed_are_equal_and_with_another_are_not():
    def users(seed):
        with start("torii", seed=seed) as standin:
            return ask(standin.url, "GET", "/v1.0/users?size=1", key="torii-test-key").json["users"]

    assert users(1) == users(1) != users(2)

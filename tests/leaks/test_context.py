"""What a reporter is made from tells no secret to one that prints all it gets, and still does its work."""

import io

import pytest

from runner.options import RunOptions
from runner.reporters.context import make_context
from runner.secrets import Secrets, Unmasked
from runner.secrets.outgoing.masked import Masker
from tests.leaks.naive import told

OPTIONS = RunOptions(
    env_var=(("token", "Zk3-in-a-variable"), ("plain", "Qw7-known-value"), ("page", "12")),
    global_var=(("db.password", "pw-1"),),
    postman_api_key="PMAK-5-secret",
    ssl_client_passphrase="pa55 phrase",
    proxy="ada:Pr0xy-word@127.0.0.1:9",
    secret_pattern=("Pat-[0-9]{4}-tern",),
    reporter_options=(("json-export", "out/Qw7-known-value.json"),),
    working_dir="Qw7-known-value",
)
REAL = ("Zk3-in", "Qw7", "pw-1", "PMAK", "pa55", "Pr0xy", "-tern")


def context(secrets):
    return make_context(OPTIONS, io.StringIO(), Masker(secrets), {})


@pytest.mark.parametrize("real", REAL)
def test_no_way_through_its_attributes_leads_to_a_secret(real):
    printed = "\n".join(told(context(Secrets(["Qw7-known-value"]))))
    assert real not in printed
    assert "12" in printed


def test_the_value_of_an_option_of_the_reporters_is_the_real_one_when_asked_for():
    assert context(Secrets(["Qw7-known-value"])).options.reporter_option("json", "export") == "out/Qw7-known-value.json"


def test_its_secrets_mask():
    secrets = Secrets(["Qw7-known-value"])
    door = context(secrets).secrets
    secrets.add("found-Later-1")
    assert (door.mask("a Qw7-known-value, found-Later-1"), door.version) == ("a ••••, ••••", secrets.version)


def test_who_asks_to_see_the_secrets_has_the_options_as_they_are():
    assert context(Unmasked()).options is OPTIONS

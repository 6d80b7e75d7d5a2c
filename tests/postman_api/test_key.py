"""Where the key of the Postman API comes from, in this order."""

import sys
from types import SimpleNamespace

import pytest

from runner.errors import UsageError
from runner.postman_api.key import find_key, need_key


@pytest.fixture
def keyring(monkeypatch):
    """A keyring that holds what the test puts into it."""
    kept = {}
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *place: kept.get(place)))
    return kept


def test_the_option_comes_first(keyring):
    assert find_key("given", {"POSTMAN_API_KEY": "environment"}) == "given"


def test_then_the_environment(keyring):
    keyring["postrunner", "postman-api-key"] = "kept"
    assert find_key(None, {"POSTMAN_API_KEY": "environment"}) == "environment"


def test_then_the_keyring(keyring):
    keyring["postrunner", "postman-api-key"] = "kept"
    assert find_key(None, {"POSTMAN_API_KEY": ""}) == "kept"


def test_a_keyring_that_cannot_be_opened_has_no_key(monkeypatch):
    def locked(*place):
        raise RuntimeError("no backend")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=locked))
    assert find_key(None, {}) == ""


def test_without_the_package_there_is_no_keyring(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find_key(None, {}) == ""


def test_without_a_key_the_message_names_the_three_ways(keyring):
    with pytest.raises(UsageError) as error:
        need_key(" ", {})
    assert all(way in error.value.hint for way in ("--postman-api-key", "POSTMAN_API_KEY", "keyring set"))

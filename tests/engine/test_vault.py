"""Values of `pm.vault` come from environment variables, are masked, and last as long as the run."""

from __future__ import annotations

import pytest

from runner.effects import UseVault
from runner.engine.vault import Vault
from runner.errors import PostrunnerError

ENVIRON = {"POSTRUNNER_VAULT_API_KEY": "s3cret", "HOME": "/home/x"}


def test_a_value_comes_from_its_environment_variable_and_is_masked():
    learned: list[str] = []
    assert Vault(learned.append, ENVIRON).use(UseVault("get", "api-key")) == "s3cret"
    assert learned == ["s3cret"]


def test_what_a_script_sets_is_masked_and_stands_before_the_variable():
    learned: list[str] = []
    vault = Vault(learned.append, ENVIRON)
    vault.use(UseVault("set", "api-key", "newer"))
    assert vault.use(UseVault("get", "api-key")) == "newer"
    vault.use(UseVault("unset", "api-key"))
    assert vault.use(UseVault("get", "api-key")) is None
    assert learned == ["newer"]


def test_an_unknown_key_of_a_vault_has_no_value():
    assert Vault(print, ENVIRON).use(UseVault("get", "other")) is None


def test_without_a_vault_the_script_is_told_what_to_set():
    with pytest.raises(PostrunnerError, match="POSTRUNNER_VAULT_OTHER"):
        Vault(print, {}).use(UseVault("get", "other"))

"""The one rule for which hosts are this machine: cookies, name lookup, hints and servers ask it."""

import pytest

from runner.rules.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "a.b.localhost", "127.0.0.1", "127.255.0.9", "::1"])
def test_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "notlocalhost", "localhost.example", "127.0.0.1.example", "1127.0.0.1", "127.1", "::2", "0.0.0.0"]
)
def test_other_machines(host):
    assert not is_loopback(host)

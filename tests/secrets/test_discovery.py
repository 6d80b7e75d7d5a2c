"""Secrets that stand in a collection are looked for once, however many of its iterations are runs of their own."""

from runner.engine.secret_discovery import learn_collection
from runner.formats.load import read_collection
from runner.secrets import Secrets

TOKEN = "s3cr3t-Token-4711"


class Counting(Secrets):
    """Secrets that count the auths they are told of."""

    auths = 0

    def add_auth(self, *args):
        """Count it."""
        self.auths += 1
        super().add_auth(*args)


def test_a_collection_is_searched_once_and_another_one_again():
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": TOKEN}]}
    item = {"name": "a", "request": {"method": "GET", "url": "http://a.example", "auth": auth}}
    one, other = (read_collection({"info": {"name": name}, "item": [item]}) for name in "ab")
    secrets = Counting()
    learn_collection(secrets, one)
    learn_collection(secrets, one)
    assert secrets.auths == 1
    learn_collection(secrets, other)
    assert secrets.auths == 2
    assert TOKEN not in secrets.mask(f"sent {TOKEN}")

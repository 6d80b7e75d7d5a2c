"""Secrets of a long test: the latest are known, those that were told at first are never forgotten, memory stays flat."""

from runner.secrets.mask import MASK
from runner.secrets.recent import Recent


def tokens(count, start=0):
    return [f"token-value-{number:06d}" for number in range(start, start + count)]


def test_what_was_told_before_is_never_forgotten():
    secrets = Recent(["the-password-1"], most=10)
    secrets.settle()
    for token in tokens(100):
        secrets.add(token)
    assert secrets.mask("it is the-password-1") == f"it is {MASK}"


def test_the_latest_values_are_masked_and_those_before_them():
    secrets = Recent(most=10)
    secrets.settle()
    for token in tokens(25):
        secrets.add(token)
        assert secrets.mask(token) == MASK
    assert [secrets.mask(token) for token in tokens(15, 10)] == [MASK] * 15
    assert secrets.mask_report(f"got {tokens(1, 20)[0]}") == f"got {MASK}"


def test_its_generation_tells_when_to_learn_again_what_is_used():
    secrets = Recent(most=10)
    used = "a-session-that-stays"
    known = -1
    for token in tokens(100):
        if known != secrets.generation:
            known = secrets.generation
            secrets.add(used)
        secrets.add(token)
        assert secrets.mask(used) == MASK
    assert known > 5


def test_it_keeps_no_more_than_twice_its_limit():
    secrets = Recent(["lasting-value"], most=10)
    secrets.settle()
    for token in tokens(1000):
        secrets.add(token)
    assert len(secrets._values) <= 11
    assert len(secrets._older._values) <= 11

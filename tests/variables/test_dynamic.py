import re
import uuid

import pytest

from runner.chance import Chance
from runner.variables.dynamic import DYNAMIC, make_dynamic
from runner.variables.scopes import MISSING
from runner.variables.substitute import substitute


def chance():
    return Chance("seed", clock=lambda: 1_700_000_000.123)


@pytest.mark.parametrize("name", ["$guid", "$randomUUID"])
def test_uuids_are_of_version_four(name):
    assert uuid.UUID(make_dynamic(chance())(name)).version == 4


def test_times_come_from_the_clock():
    dynamic = make_dynamic(chance())
    assert dynamic("$timestamp") == 1_700_000_000
    assert dynamic("$isoTimestamp") == "2023-11-14T22:13:20.123Z"


def test_random_integers_go_from_0_to_1000():
    dynamic = make_dynamic(chance())
    numbers = {dynamic("$randomInt") for _ in range(5000)}
    assert (min(numbers) < 10, max(numbers) > 990, numbers <= set(range(1001))) == (True, True, True)


def test_each_occurrence_is_made_anew():
    text = substitute("{{$guid}} {{$guid}}", lambda name: MISSING, make_dynamic(chance()))
    first, second = text.split()
    assert first != second


def test_a_seed_repeats_every_value():
    names = "".join(f"{{{{{name}}}}} " for name in DYNAMIC)
    texts = {substitute(names, lambda name: MISSING, make_dynamic(chance())) for _ in range(2)}
    assert len(texts) == 1


def test_unknown_names_are_missing():
    assert make_dynamic(chance())("$randomNope") is MISSING
    assert all(re.fullmatch(r"\$\w+", name) for name in DYNAMIC)

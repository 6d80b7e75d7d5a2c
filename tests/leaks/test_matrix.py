"""No output of a run tells a secret, of whatever kind, in whatever writing and place."""

import pytest

from tests.leaks.finder import found_quickly
from tests.leaks.matrix import cells, outputs
from tests.leaks.secrets_of_all_kinds import ENCODINGS, MARKS

WRITINGS = (
    *("plain", "upper", "percent", "percent twice", "percent form", "percent all", "json", "json all", "js hex", "html"),
    *("html decimal", "xml", "shell", "hex", "hex colons", "base64", "base64 second", "base64 url", "base64 utf-16"),
    *("base32", "byte list", "quoted-printable", "js braces", "csv"),
)
LEAST = {"stdout": 2500, "html": 2500, "ndjson": 2500, "json": 2000, "junit": 1000, "tape": 200}
LEAST |= {"environment-export": 200, "collection-export": 500, "dry run": 200, "stderr": 50}


@pytest.fixture(scope="module")
def found_in(tmp_path_factory):
    return outputs(tmp_path_factory.mktemp("leaks"), WRITINGS)


@pytest.mark.parametrize("output", [*LEAST, "globals-export", "variables"])
def test_no_output_tells_a_secret(found_in, output):
    assert found_quickly(found_in[output], MARKS) == []


def test_every_place_is_in_the_outputs(found_in):
    there = cells(found_in)
    counts = {output: sum(name == output for name, _ in there) for output in LEAST}
    assert {output: count for output, count in counts.items() if count < LEAST[output]} == {}
    assert len(there) >= 15_000


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_secret_that_is_not_masked_is_found(writing):
    assert found_quickly(f'{{"a": "{ENCODINGS[writing](MARKS[0] + "/" + MARKS[1])}"}}', MARKS[:2])

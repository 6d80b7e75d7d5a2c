"""The coverage of a contract in the merged reports of shards: that of the whole run."""

import json
from pathlib import Path

import pytest

from runner.errors import LoadError, UsageError
from tests.shards.test_merge import at, document, merged, numbered, same, shards, whole  # noqa: F401

GET = {"responses": {"200": {"description": ""}, "201": {"description": ""}, "404": {"description": ""}}}
PARAM = {"parameters": [{"name": "q", "in": "query", "schema": {"type": "integer"}}]}


@pytest.fixture
def suite():
    return numbered(document(at("list"), at("list?q=1"), at("add", method="POST"), at("gone"), at("form")))


@pytest.fixture
def contract(tmp_path):
    paths = {"/list": {"get": {**GET, **PARAM}}, "/gone": {"get": GET}, "/never": {"get": GET}, "/{name}": {"get": GET}}
    spec = {"openapi": "3.1.0", "servers": [{"url": "http://app.example"}], "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(spec))
    return (str(tmp_path / "api.json"),)


def test_merged_coverage_is_that_of_the_whole(whole, shards, merged, suite, contract):  # noqa: F811
    same(whole, shards, merged, suite, contract=contract)


@pytest.mark.parametrize(("percent", "fails"), [(50, False), (51, True)])
def test_the_merged_report_fails_below_the_coverage_that_is_asked_for(shards, merged, suite, contract, percent, fails):  # noqa: F811
    _, summary = merged(shards(suite, contract=contract), contract_coverage=percent)
    told = [failure.message for failure in summary.failures if "asked for" in failure.message]
    assert (summary.coverage.covered, len(summary.coverage.operations)) == (2, 4)
    assert bool(told) == fails


def test_shards_of_which_only_some_had_a_contract_are_a_mistake(shards, merged, suite, contract):  # noqa: F811
    with_one = shards(suite, contract=contract)[:1]
    report = Path(with_one[0]).read_text()
    without = shards(suite)[1:]
    Path(with_one[0]).write_text(report)
    with pytest.raises(LoadError, match="without --contract"):
        merged([*with_one, *without])


def test_a_shard_alone_is_not_judged_by_its_coverage(shards, suite, contract):  # noqa: F811
    for path in shards(suite, contract=contract, contract_coverage=100):
        assert "asked for" not in Path(path).read_text()


def test_coverage_that_no_shard_has_cannot_be_asked_for(shards, merged, suite):  # noqa: F811
    with pytest.raises(UsageError, match="no shard was run with --contract"):
        merged(shards(suite), contract_coverage=50)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.pop("operations"),
        lambda found: found.update(operations=[1]),
        lambda found: found.update(judged=-1),
        lambda found: found["operations"][0].update(seenStatuses=[1]),
        lambda found: found["operations"][0].pop("path"),
    ],
)
def test_a_damaged_report_is_a_mistake(shards, merged, suite, contract, spoil):  # noqa: F811
    paths = shards(suite, contract=contract)
    report = json.loads(Path(paths[0]).read_text())
    spoil(report["run"]["contract"])
    Path(paths[0]).write_text(json.dumps(report))
    with pytest.raises(LoadError, match="does not say what it covered"):
        merged(paths)


def test_a_shard_that_met_no_server_is_no_mistake_but_the_whole_is(shards, merged, suite, contract):  # noqa: F811
    paths = shards(suite, contract=contract, contract_server=("http://other.example",))
    assert json.loads(Path(paths[0]).read_text())["run"]["contract"]["judged"] == 0
    _, summary = merged(paths)
    assert "no request went to a server" in str(summary.problems[0])
    assert summary.failed

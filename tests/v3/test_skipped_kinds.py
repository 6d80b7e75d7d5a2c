"""Requests of kinds that cannot be sent are told as skipped in every report, and the run fails for them."""

import json
import xml.etree.ElementTree as ET

import pytest

import runner
from tests.v3.conftest import request

GRPC = "$kind: grpc-request\nurl: grpc://localhost:1\nmethodPath: shop.Shop/List\n"
KINDS = ("grpc-request", "websocket-request", "socket.io-request", "mqtt-request", "mcp-request", "llm-request")


@pytest.fixture
def shop(folder, server):
    return folder({"a.request.yaml": request(f"{server.url}/a"), "g.request.yaml": GRPC})


def test_the_run_fails_unless_that_is_allowed(postrunner, shop, server):
    done = postrunner("run", shop)
    assert done.code == 1
    assert "[skipped] because items of the kind grpc-request cannot be sent yet" in done.out
    assert "--allow-skipped-kinds" in done.out
    assert postrunner("run", shop, "--allow-skipped-kinds").code == 0
    assert len(server.seen) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_the_format_is_known(postrunner, folder, kind):
    done = postrunner("run", folder({"x.request.yaml": f"$kind: {kind}\n"}))
    assert done.code == 1
    assert f"the kind {kind} cannot be sent yet" in done.out


def test_every_report_tells_it(postrunner, shop, tmp_path):
    files = {"json-export": "r.json", "junit-export": "r.xml", "html-export": "r.html", "ndjson-export": "r.ndjson"}
    files |= {"markdown-export": "r.md", "allure-results-dir": "allure"}
    named = [word for option, path in files.items() for word in (f"--reporter-{option}", path)]
    done = postrunner("run", shop, "-r", "json,junit,html,ndjson,allure,teamcity,github,markdown", *named)
    assert done.code == 1
    executions = json.loads((tmp_path / "r.json").read_text())["run"]["executions"]
    assert [one.get("skipReason", "") for one in executions][1].endswith("cannot be sent yet")
    assert len(ET.parse(tmp_path / "r.xml").findall(".//skipped")) == 1
    assert "cannot be sent yet" in (tmp_path / "r.html").read_text()
    assert '"skipReason"' in (tmp_path / "r.ndjson").read_text()
    results = [json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json")]
    assert [one["statusDetails"]["message"] for one in results if one["status"] == "skipped"]
    assert "1 skipped request" in (tmp_path / "r.md").read_text()
    assert "testIgnored" in done.out


def test_a_result_in_python_tells_it(shop):
    result = runner.run(shop)
    assert [one.skipped for one in result.executions] == [False, True]
    assert result.failed
    with pytest.raises(runner.RunFailed, match="1 request skipped"):
        result.raise_for_failures()
    assert not runner.run(shop, allow_skipped_kinds=True).failed


def test_the_merged_report_of_shards_fails_for_them_too(postrunner, shop):
    for number in (1, 2):
        postrunner(
            "run", shop, "--shard", f"{number}/2", "-r", "json", "--reporter-json-export", f"{number}.json", "--allow-empty"
        )
    done = postrunner("merge", "1.json", "2.json")
    assert done.code == 1
    assert "[skipped] because items of the kind grpc-request cannot be sent yet" in done.out
    assert postrunner("merge", "1.json", "2.json", "--allow-skipped-kinds").code == 0

"""The reports of whole load tests, as a user asks for them."""

import json
import signal
import subprocess
from xml.etree import ElementTree

import pytest

from tests.load.conftest import command, environment, item

ALL = {"html": "html", "json": "json", "junit": "xml", "ndjson": "ndjson", "markdown": "md", "csv": "csv"}


def asked(tmp_path, *names):
    """The words that ask for these reports."""
    names = names or ALL
    words = ["-r", ",".join(names)]
    for name in names:
        words += [f"--reporter-{name}-export", str(tmp_path / f"r.{ALL[name]}")]
    return words


def counted(tmp_path):
    """The requests that each report counts."""
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["total"]["count"] == document["metrics"]["http_reqs"]["values"]["count"]
    last = json.loads((tmp_path / "r.ndjson").read_text().splitlines()[-1])
    properties = ElementTree.parse(tmp_path / "r.xml").getroot().iter("property")
    (junit,) = (one.get("value") for one in properties if one.get("name") == "http_reqs")
    stats = (tmp_path / "r_stats.csv").read_text().splitlines()[-1].split(",")
    markdown = next(line for line in (tmp_path / "r.md").read_text().splitlines() if "**all requests**" in line)
    return {
        document["total"]["count"],
        last["total"]["count"],
        int(junit.split()[0]),
        int(stats[2]),
        int(markdown.split("|")[2]),
    }


def test_every_report_of_one_test_counts_what_the_server_got_and_hides_what_is_secret(load, server, write, tmp_path):
    failing = "pm.test('is ' + pm.environment.get('key'), () => pm.expect(pm.response.code).to.equal(201))"
    collection = write([item("a", f"{server.url}/a?key={{{{key}}}}", failing), item("b", f"{server.url}/b")])
    secret = {"key": "key", "value": "hunter22-and-more", "type": "secret"}
    staging = write(json.dumps({"name": "staging", "values": [secret]}), "e.json")
    done = load(collection, "-e", staging, "--iterations", 5, *asked(tmp_path))
    assert (done.code, done.out, done.err) == (1, "", "")
    assert counted(tmp_path) == {len(server.seen)} == {10}
    texts = [path.read_bytes() for path in tmp_path.glob("r*.*")]
    assert len(texts) == 10
    assert [text for text in texts if b"hunter22" in text] == []
    assert b"staging" in (tmp_path / "r.html").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_a_signal_all_reports_are_whole(server, write, tmp_path, number):
    collection = write([item("a", f"{server.url}/a"), item("wait", f"{server.url}/wait")])
    words = command(collection, "--users", 2, "--duration", "1h", *asked(tmp_path))
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    ) as process:
        server.waiting.wait(30)
        process.send_signal(number)
        server.go_on.set()
        out, err = process.communicate()
    assert (process.returncode, out, err) == (128 + number, b"", b"")
    assert counted(tmp_path) == {len(server.seen)}
    document = json.loads((tmp_path / "r.json").read_text())
    assert (document["ended"], document["exitCode"]) == ("interrupted", 128 + number)
    assert ElementTree.parse(tmp_path / "r.xml").getroot().get("errors") == "1"
    assert "<td>2</td>" in (tmp_path / "r.html").read_text()


def test_a_teardown_that_fails_is_red_in_the_reports_too(load, server, write, tmp_path):
    failing = item("end", f"{server.url}/end", "pm.test('is gone', () => { throw Error('no') })")
    collection = write([{"name": "Main", "item": [item("a", f"{server.url}/a")]}, {"name": "Last", "item": [failing]}])
    done = load(collection, "--iterations", 3, "--teardown", "Last", *asked(tmp_path, "json", "junit"))
    assert done.code == 1
    assert [one.path for one in server.seen] == ["/a", "/a", "/a", "/end"]
    document = json.loads((tmp_path / "r.json").read_text())
    assert (document["exitCode"], document["reasons"]) == (1, ["the teardown failed"])
    assert document["total"]["count"] == 3
    (error,) = ElementTree.parse(tmp_path / "r.xml").getroot().iter("error")
    assert error.get("message") == "the teardown failed"


def test_reports_of_an_earlier_test_do_not_stay_when_the_setup_fails(load, server, write, tmp_path):
    failing = item("start", f"{server.url}/start", "pm.test('is there', () => { throw Error('no') })")
    collection = write([{"name": "First", "item": [failing]}, {"name": "Main", "item": [item("a", f"{server.url}/a")]}])
    (tmp_path / "r.xml").write_text("<testsuites/>")
    words = asked(tmp_path, "json", "junit")
    words[words.index("-r") + 1] += ",cli"
    done = load(collection, "--iterations", 3, "--setup", "First", "--pass-if", "p95<1s", *words)
    assert (done.code, done.out) == (1, "")
    assert "the setup failed: no load was sent" in done.err
    root = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert (root.get("failures"), root.get("errors")) == ("1", "2")
    assert root.find(".//testcase[@name='p95<1s']/failure").get("message") == "p95<1s: measured no samples"
    document = json.loads((tmp_path / "r.json").read_text())
    assert (document["ended"], document["endedBy"]) == ("error", "the setup failed: no load was sent")
    assert (document["exitCode"], document["total"]["count"]) == (1, 0)


def test_after_ctrl_c_the_teardown_runs_before_the_reports_are_written(server, write, tmp_path):
    main = {"name": "Main", "item": [item("wait", f"{server.url}/wait")]}
    collection = write([main, {"name": "Last", "item": [item("end", f"{server.url}/end")]}])
    words = command(collection, "--duration", "1h", "--teardown", "Last", *asked(tmp_path, "json"))
    with subprocess.Popen(words, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()) as process:
        server.waiting.wait(30)
        process.send_signal(signal.SIGINT)
        server.go_on.set()
        err = process.communicate()[1]
    assert (process.returncode, err) == (130, b"")
    assert server.seen[-1].path == "/end"
    document = json.loads((tmp_path / "r.json").read_text())
    assert (document["ended"], document["exitCode"], document["total"]["count"]) == (
        "interrupted",
        130,
        len(server.seen) - 1,
    )


def test_a_report_that_cannot_be_written_is_a_warning_and_makes_the_exit_code_1(load, server, write, tmp_path):
    (tmp_path / "file").write_text("")
    collection = write([item("a", f"{server.url}/a")])
    words = asked(tmp_path, "json", "junit")
    words[words.index("--reporter-json-export") + 1] = str(tmp_path / "file" / "r.json")
    done = load(collection, "--iterations", 1, *words)
    assert done.code == 1
    assert done.err.startswith("warning: ")
    assert "r.json: cannot be written" in done.err
    assert (tmp_path / "r.xml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-r", "allure"), "load tests have no reporter 'allure'"),
        (("-r", "jsn"), "did you mean json?"),
        (("-r", "csv", "--reporter-csv-exprt", "x"), "did you mean --reporter-csv-export?"),
        (("-r", "html", "--reporter-html-omit-headers"), "the reporter html has no option 'omit-headers'"),
    ],
)
def test_a_mistake_about_reports_ends_it_before_the_first_request(load, server, write, words, said):
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 1, *words)
    assert (done.code, server.seen) == (2, [])
    assert said in done.err


def test_reporters_of_the_configuration_that_only_runs_have_are_left_out(load, server, write, tmp_path):
    settings = 'reporters = ["allure", "json"]\n[reporter.json]\nexport = "configured.json"\nomit-bodies = true\n'
    write(settings, "postrunner.toml")
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 1)
    assert (done.code, done.out, done.err) == (0, "", "")
    document = json.loads((tmp_path / "configured.json").read_text())
    assert (document["total"]["count"], document["environment"]) == (1, "")


def test_the_help_has_the_options_of_the_reports_of_load_tests(load):
    shown = load("--help").out
    assert "--reporter-csv-…" in shown
    assert "--reporter-allure-…" not in shown

"""Nothing that comes from elsewhere is a command for a CI server, or steers a terminal: markers × sources × outputs."""

import io
import json
import random
import re
import shutil
import subprocess

import httpx
import pytest

from runner import run
from runner.cli import main
from runner.logs import SERVERS, Log, Markers
from runner.options import RunOptions
from runner.reporters.curl import quoted

MARKERS = {
    "command": "::error::x",
    "indented": " \t ::warning file=a::x",
    "no-break": "\u00a0\u2003::set-output name=a::b",
    "second line": "a\n::add-mask::x",
    "carriage return": "a\r::error::x",
    "both": "a\r\n  ::error::x",
    "coloured": "\x1b[31m::error::x",
    "separator": "a\u2028::error::x",
    "next line": "a\x85::error::x",
    "feeds": "a\x0b::error::x\x0c::error::y\x1c::error::z",
    "hash": "a ##[group]x",
    "error": "##[error]x",
    "azure": "a##vso[task.setvariable variable=a]b",
    "teamcity": " ##teamcity[testFailed name='a']",
    "gitlab": "a section_start:1:b\r\x1b[0Kc",
    "gitlab end": "\x1b[0Ksection_end:1:b\r\x1b[0K",
    "travis": "travis_fold:start:a\r",
    "travis time": "a travis_time:start:1",
    "buildkite": "a\n--- b",
    "buildkite open": "a\n+++ b\n~~~ c",
    "buildkite up": "a\n^^^ +++\nb",
    "buildkite escape": "\x1b_bk;t=1\x07a",
    "drone card": "\x1b]1338;a\x07",
    "bidi": "a\u202eb\u2066c\u2069d\u200e\u200f\u061c",
    "c1": "a\x9b31mb\x90\x00",
}
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LINES = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
COLORS = re.compile(r"\x1b\[[0-9;]*m")
PARSERS = {
    "GitHub Actions": lambda line: line.lstrip().startswith("::") or "##[" in line,
    "Azure Pipelines": lambda line: "##vso[" in line or "##[" in line,
    "TeamCity": lambda line: "##teamcity[" in line,
    "GitLab CI": lambda line: "section_start:" in line or "section_end:" in line,
    "Buildkite": lambda line: re.match(r"(?:---|\+\+\+|~~~)\s|\^\^\^\s+\+\+\+", line + "\n"),
    "Travis CI": lambda line: "travis_fold:" in line or "travis_time:" in line,
}
"""What each server takes for its own in a line without colours, written after its sources and pages."""


def commands(text, servers=PARSERS):
    lines = LINES.split(COLORS.sub("", text))
    return [(name, line) for line in lines for name in servers if PARSERS[name](line)]


SOURCES = (
    *("collection", "folder", "item", "environment", "url", "header", "body", "status", "answer-header", "answer"),
    *("log", "warning", "test", "message", "error", "missing", "next", "file", "description", "variable"),
)


def text_of(source, marker):
    """The text of a marker from one source, so that it can be found again."""
    return f"{MARKERS[marker]} <{source}>"


def item(marker):
    """An item that has the marker in all that a collection may say; `SOURCES` names the places."""
    at = {source: text_of(source, marker) for source in SOURCES}
    say = {source: json.dumps(text) for source, text in at.items()}
    script = f"""console.log({say["log"]}); console.warn({say["warning"]}); console.log([{say["log"]}]);
        pm.test({say["test"]}, () => {{ throw new Error({say["message"]}) }});
        pm.test("ok " + {say["test"]}, () => {{}}); pm.test.skip({say["test"]}, () => {{}});
        pm.environment.set("v", {say["variable"]}); pm.execution.setNextRequest(null);
        throw new TypeError({say["error"]})"""
    last = marker == list(MARKERS)[-1]
    script = script if last else script.replace("pm.execution.setNextRequest(null);", "")
    form = [{"key": "f", "type": "file", "src": at["file"]}, {"key": "t", "value": at["body"]}]
    return {
        "name": at["item"],
        "event": [{"listen": "test", "script": {"exec": [script]}}],
        "request": {
            "method": "POST",
            "url": f"http://h/{at['url']}?q={at['url']}",
            "description": at["description"],
            "header": [{"key": "X-A", "value": re.sub("[\r\n\x00]", "", at["header"])}],
            "body": {"mode": "formdata", "formdata": [*form, {"key": "m", "value": "{{" + at["missing"] + "}}"}]},
        },
    }


def collection():
    folders = [{"name": text_of("folder", marker), "item": [item(marker)]} for marker in MARKERS]
    return {"info": {"name": " ".join(text_of("collection", marker) for marker in MARKERS)}, "item": folders}


def answer(request):
    """A response that has every marker."""
    texts = [MARKERS[marker] for marker in MARKERS]
    headers = [(f"x-{n}", re.sub("[\r\n\x00]", "", text).encode()) for n, text in enumerate(texts)]
    reason = re.sub("[\r\n\x00]", " ", " ".join(texts)).encode()
    body = "\n".join(text_of("answer", marker) for marker in MARKERS).encode()
    return httpx.Response(500, headers=headers, content=body, extensions={"reason_phrase": reason})


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each kind of output has to say of the whole collection."""
    place = tmp_path_factory.mktemp("reports")
    found = {}
    looks = {
        "cli": {}, "verbose": {"verbose": True}, "colour": {"color": "on", "verbose": True},
        "ascii": {"disable_unicode": True}, "progress": {"reporters": ("progress",)},
        "emojitrain": {"reporters": ("emojitrain",)}, "ndjson": {"reporters": ("ndjson",), "verbose": True},
    }  # fmt: skip
    environment = {
        "name": text_of("environment", "command"),
        "values": [{"key": "v", "value": text_of("variable", "error")}],
    }
    (place / "e.json").write_text(json.dumps(environment))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for names, _ in SERVERS.values() for name in names]:
            patch.delenv(name, raising=False)
        for name, look in looks.items():
            stream = io.StringIO()
            more = {"reporters": ("cli",), "ci_safe": True, "environment": str(place / "e.json"), **look}
            if name == "verbose":
                kinds = ("json", "junit", "html")
                more["reporters"] = ("cli", *kinds)
                more["reporter_options"] = tuple((f"{kind}-export", str(place / kind)) for kind in kinds)
            run(collection(), RunOptions(**more), transport=httpx.MockTransport(answer), stream=stream)
            found[name] = stream.getvalue()
        found |= {kind: (place / kind).read_bytes().decode() for kind in ("json", "junit", "html")}
    return found


OUTPUTS = ("cli", "verbose", "colour", "ascii", "progress", "ndjson", "json", "junit", "html")


@pytest.mark.parametrize("output", [*OUTPUTS, "emojitrain"])
def test_no_output_has_a_command_or_a_control_character(outputs, output):
    text = outputs[output]
    assert commands(text) == []
    seen = FORBIDDEN.search(COLORS.sub("", text) if output == "colour" else text)
    assert seen is None, ascii(text[max(0, seen.start() - 60) : seen.end() + 20])


def test_the_matrix_is_as_large_as_it_says(outputs):
    cells = len(MARKERS) * len(SOURCES) * len(OUTPUTS)
    assert cells >= 2000
    reached = [
        (source, output)
        for source in SOURCES
        for output in OUTPUTS
        if re.search(rf"<{source}>|&lt;{source}&gt;|u003c{source}", outputs[output])
    ]
    assert len(reached) * len(MARKERS) >= 2000, sorted({(s, o) for s in SOURCES for o in OUTPUTS} - set(reached))


def test_values_in_json_are_what_they_were(outputs):
    report = json.loads(outputs["json"])
    names = [execution["item"]["name"] for execution in report["run"]["executions"]]
    assert names == [text_of("item", marker) for marker in MARKERS]
    lines = [json.loads(line) for line in outputs["ndjson"].splitlines()]
    assert [line["item"]["name"] for line in lines if line["event"] == "itemStarted"] == names
    page = re.search(r'<script type="application/json" id="run">(.*?)</script>', outputs["html"], re.S)
    assert [item[0] for item in json.loads(page[1])["items"]] == names


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_is_known_by_its_variables(server):
    text = "\n".join(MARKERS.values())
    for name in SERVERS[server][0]:
        stream = io.StringIO()
        Log(stream, Markers({name: "true"})).write(text)
        assert commands(stream.getvalue(), [server]) == []


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"JENKINS_URL": "x"}, {"CIRCLECI": "true"}, {"DRONE": "1"}])
def test_any_other_server_may_pass_the_log_on(environ):
    stream = io.StringIO()
    Log(stream, Markers(environ)).write("\n".join(MARKERS.values()))
    assert commands(stream.getvalue()) == []


@pytest.mark.parametrize("environ", [{}, {"CI": "false"}, {"GITHUB_ACTIONS": ""}, {"TRAVIS": "0"}])
def test_without_a_server_the_text_stays(environ):
    stream = io.StringIO()
    Log(stream, Markers(environ)).write("::error::x ##[group] --- \n--- a\n")
    assert stream.getvalue() == "::error::x ##[group] --- \n--- a\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", ": :error::x"),
        ("  ::error::x", "  : :error::x"),
        ("a::b", "a::b"),
        ("a ##[b] ##vso[c]", "a ## [b] ##vso [c]"),
        ("##teamcity[x]", "##teamcity [x]"),
        ("section_start:1:a", "section_start :1:a"),
        ("--- a", "-- - a"),
        ("---a ----", "---a ----"),
        ("^^^ +++", "^^^ ++ +"),
        ("travis_fold:a", "travis_fold :a"),
    ],
)
def test_one_blank_breaks_a_command(text, shown):
    assert Markers({}, always=True).broken(text) == shown


def test_a_command_that_comes_in_pieces_is_broken_too():
    rng = random.Random(5)
    for marker in MARKERS.values():
        for _ in range(40):
            stream = io.StringIO()
            log = Log(stream, Markers({}, always=True))
            rest = f"  {marker}\n{marker}"
            while rest:
                size = rng.randint(1, 4)
                log.write(rest[:size])
                rest = rest[size:]
            assert commands(stream.getvalue()) == []
            assert not FORBIDDEN.search(stream.getvalue())


def test_no_random_text_gets_through():
    rng = random.Random(7)
    pieces = [
        *MARKERS.values(),
        *":#[-+~^ \t\r\n\x1b\x85\u2028\u202e\ud800",
        "vso",
        "teamcity",
        "section_",
        "start:",
        "\x1b[0m",
        "é",
        "\ufeff",
        "\u200b",
    ]
    for always_color in (False, True):
        markers = Markers({}, always=True)
        for _ in range(3000):
            stream = io.StringIO()
            log = Log(stream, markers, color=always_color)
            text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 12)))
            log.write(text)
            assert commands(stream.getvalue()) == [], ascii(text)
            assert not FORBIDDEN.search(COLORS.sub("", stream.getvalue())), ascii(text)
            again = io.StringIO()
            Log(again, markers, color=always_color).write(stream.getvalue())
            assert again.getvalue() == stream.getvalue()


def test_long_lines_are_gone_through_in_linear_time():
    markers = Markers({}, always=True)
    for text in (" " * 10**6, "\n" * 10**6, ":" * 10**6, "\x1b[0m" * 10**5, "-" * 10**6, "^^^ " * 10**5, "##" * 10**5):
        stream = io.StringIO()
        Log(stream, markers, color=True).write(text)
        assert len(stream.getvalue()) >= len(text)


# -- the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def said(capfd, monkeypatch, tmp_path):
    """All that a command line prints, on both streams, in a job of GitHub and of GitLab."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITLAB_CI", "true")

    def call(*args):
        main([str(arg) for arg in args])
        return "".join(capfd.readouterr())

    return call


EVIL = "a\n::error::x ##[b] section_start:1:b\r\x1b[31m\u202e\x85"


def is_harmless(text):
    return text and commands(text, ["GitHub Actions", "GitLab CI"]) == [] and not FORBIDDEN.search(text)


@pytest.mark.parametrize(
    "args",
    [
        ("run", EVIL),
        ("run", "c.json", "--folder", EVIL),
        ("run", "c.json", "-e", EVIL),
        ("run", "c.json", "-d", EVIL),
        ("run", "c.json", "-r", EVIL),
        ("run", "c.json", "--env-file", EVIL),
        ("run", "c.json", "--color", EVIL),
        ("run", "c.json", "--allow-read", EVIL),
        ("run", "c.json", "--reporter-cli-" + EVIL),
        ("run", "c.json", "--" + EVIL),
        ("run", "c.json", "--export-environment", EVIL + "/"),
        ("run", "bad.json"),
        ("run", "c.json", "--dry-run"),
        ("run", "c.json", "--dry-run", "--silent"),
        ("run", "c.json", "--export-variable", "v=/dev/stdout"),
        ("run", "c.json", "-e", "e.json", "--export-environment", "/dev/stdout"),
        ("run", "c.json", "-r", "json,junit,html", "--reporter-export", "/dev/stdout"),
        (EVIL,),
        ("flows", "copy", EVIL, "."),
        ("check-users-file", EVIL),
        ("stand-in", EVIL),
        ("help", EVIL),
    ],
    ids=lambda args: " ".join(arg if arg.isprintable() else "EVIL" for arg in args),
)  # fmt: skip
def test_no_command_line_prints_a_command(said, tmp_path, args):
    (tmp_path / "c.json").write_text(json.dumps(collection()))
    (tmp_path / "bad.json").write_text(
        '{"info": {"name": "' + "\\n::error::x" + '"}, "item": [{"name": 5, "::error::": \x1b}]}'
    )
    (tmp_path / "e.json").write_text(
        json.dumps({"name": EVIL, "values": [{"key": EVIL, "value": EVIL}, {"key": "v", "value": EVIL}]})
    )
    args = tuple("c.json" if arg == "c.json" else arg for arg in args)
    more = (
        ("--timeout", "3000", "--folder", text_of("folder", "command"))
        if "c.json" in args and "--folder" not in args
        else ()
    )
    assert is_harmless(said(*args, *more))


def test_ci_safe_holds_for_every_server_and_for_errors(said, monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)
    assert "##vso[" in said("run", "##vso[a]")
    assert "##vso [" in said("run", "##vso[a]", "--ci-safe")


def test_the_configuration_may_ask_for_it(said, monkeypatch, tmp_path):
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "postrunner.toml").write_text("ci-safe = true")
    assert "##vso [" in said("run", "##vso[a]")


def test_an_export_to_the_output_keeps_its_values(said, tmp_path):
    values = [{"key": "v", "value": EVIL, "type": "any"}]
    (tmp_path / "e.json").write_text(json.dumps({"name": "e", "values": values}))
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "c"}, "item": []}))
    printed = said("run", "c.json", "-e", "e.json", "--export-environment", "/dev/stdout", "--silent", "--allow-empty")
    assert json.loads(printed[printed.index("{") : printed.rindex("}") + 1])["values"] == values


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize("character", "\x1b\x85\u2028\u202e\u061c\u206f")
def test_a_command_to_copy_sends_the_same_without_such_a_character_in_it(character):
    word = quoted(f"a{character}b")
    assert not FORBIDDEN.search(word)
    done = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True)
    assert done.stdout.decode() == f"a{character}b"


def test_colours_pass_beside_characters_that_steer_a_terminal():
    stream = io.StringIO()
    log = Log(stream, Markers({}), color=True)
    log.write("\x1b[31mred\x1b[0m \x07\x1b[2J\r\n")
    assert stream.getvalue() == "\x1b[31mred\x1b[0m \\x07\\x1b[2J\n"

"""Every option of every reporter, from the one table: on the command line, in files, in variables, misspelt."""

import json

import pytest

from runner.reporters.option_table import TABLES
from tests.cli.conftest import item

OPTIONS = [
    (name, option)
    for name, table in TABLES.items()
    for option in table
    if name not in ("htmlextra", "junitfull") and not option.ignored  # these are in tests/reporters/test_npm_reporters.py
]
FLAGS = [(name, option.name) for name, option in OPTIONS if option.is_flag]
VALUES = [(name, option) for name, option in OPTIONS if not option.is_flag]
WORDS = {"PATH": "out/r", "DIR": "out", "TEXT": "A title", "NAME": "newman", "NAMES": "a,b", "ZONE": "UTC"}


def camel(name):
    first, *rest = name.split("-")
    return first + "".join(map(str.title, rest))


@pytest.fixture
def passing(collection, server):
    return collection(item("a", server.url))


def ran(done, server, times=1):
    assert (done.code, done.err) == (0, "")
    assert len(server.seen) == times
    server.seen.clear()


@pytest.mark.parametrize(("reporter", "name"), FLAGS)
def test_a_flag_takes_nothing_from_the_command_line(postrunner, passing, server, reporter, name):
    flag = f"--reporter-{reporter}-{name}"
    r = ("-r", reporter)
    ran(postrunner("run", flag, passing, *r), server)
    ran(postrunner("run", passing, *r, flag), server)
    ran(postrunner("run", *r, flag, flag, passing), server)
    ran(postrunner("run", *r, flag, "--", passing), server)
    ran(postrunner("run", *r, f"--reporter-{reporter}-{camel(name)}", passing), server)
    ran(postrunner("run", *r, f"--reporter-{name}", passing), server)
    for value in ("true", "false", "on", "off", "1", "0", "YES", "no"):
        ran(postrunner("run", *r, f"{flag}={value}", passing), server)
    for word in ("true", "False"):
        ran(postrunner("run", *r, flag, word, passing), server)
    for wrong in ("maybe", ""):
        done = postrunner("run", *r, f"{flag}={wrong}", passing)
        assert (done.code, server.seen) == (2, [])
        assert f"{flag}: {wrong!r} is neither true nor false" in done.err


@pytest.mark.parametrize(("reporter", "option"), VALUES, ids=lambda value: getattr(value, "name", value))
def test_a_value_may_follow_or_stand_behind_an_equals_sign(postrunner, passing, server, reporter, option):
    flag, word = f"--reporter-{reporter}-{option.name}", WORDS[option.metavar]
    for words in ((flag, word, passing), (passing, f"{flag}={word}"), (flag, "first", flag, word, passing)):
        ran(postrunner("run", "-r", reporter, *words), server)
    empty = postrunner("run", "-r", reporter, f"{flag}=", passing)
    assert (empty.code, server.seen) == (2, [])
    assert f"{flag}: is empty" in empty.err


@pytest.mark.parametrize(("reporter", "option"), VALUES, ids=lambda value: getattr(value, "name", value))
def test_only_an_option_that_has_a_default_may_stand_without_its_value(postrunner, passing, server, reporter, option):
    flag = f"--reporter-{reporter}-{option.name}"
    for words in ((flag,), (flag, "--silent")):
        done = postrunner("run", passing, "-r", reporter, *words)
        assert done.code == (0 if option.optional else 2)
        assert option.optional or f"{flag}: needs a value" in done.err


def test_a_hyphen_is_the_value_that_means_standard_output(postrunner, passing, server):
    done = postrunner("run", passing, "-r", "json", "--reporter-json-export", "-")
    assert done.code == 0
    assert json.loads(done.out)["run"]["stats"]["requests"]["total"] == 1


def test_an_option_that_took_the_collection_is_named(postrunner, passing, server):
    done = postrunner("run", "-r", "json", "--reporter-json-export", passing)
    assert done.code == 2
    assert f"--reporter-json-export took {passing} as its value" in done.err


def test_a_flag_switches_off_what_a_file_switched_on(postrunner, passing, server, tmp_path):
    (tmp_path / ".newmanrc").write_text(json.dumps({"reporter": {"cli": {"noBanner": True}}}))
    assert not postrunner("run", passing).out.startswith("postrunner")
    assert postrunner("run", passing, "--reporter-cli-no-banner=false").out.startswith("postrunner")
    assert postrunner("run", passing, "--reporter-cliNoBanner").code == 2
    assert postrunner("run", passing, "--reporter-noBanner=no").out.startswith("postrunner")


@pytest.mark.parametrize(("reporter", "name"), FLAGS)
def test_a_flag_in_a_file_or_a_variable_is_true_or_false(
    postrunner, passing, server, tmp_path, monkeypatch, reporter, name
):
    for value, key in ((True, camel(name)), ("false", name)):
        (tmp_path / ".newmanrc").write_text(json.dumps({"reporters": reporter, "reporter": {reporter: {key: value}}}))
        ran(postrunner("run", passing), server)
    (tmp_path / ".newmanrc").write_text(json.dumps({"reporter": {reporter: {name: "maybe"}}}))
    done = postrunner("run", passing)
    assert done.code == 2
    assert f".newmanrc: reporter.{reporter}.{name}: 'maybe' is neither true nor false" in done.err
    (tmp_path / ".newmanrc").unlink()
    variable = f"POSTRUNNER_REPORTER_{reporter}_{name.replace('-', '_')}".upper()
    monkeypatch.setenv(variable, "1")
    ran(postrunner("run", passing, "-r", reporter), server)
    monkeypatch.setenv(variable, "maybe")
    assert f"{variable}: 'maybe' is neither" in postrunner("run", passing, "-r", reporter).err


def test_false_for_an_option_with_a_value_means_not_given(postrunner, passing, server, tmp_path):
    (tmp_path / ".newmanrc").write_text(json.dumps({"reporters": "json", "reporter": {"json": {"export": "a.json"}}}))
    (tmp_path / "postrunner.toml").write_text("[reporter.json]\nexport = false\n")
    ran(postrunner("run", passing), server)
    assert [path.parent.name for path in tmp_path.rglob("newman-run-report-*.json")] == ["newman"]
    assert not (tmp_path / "a.json").exists()
    (tmp_path / "postrunner.toml").write_text("[reporter.html]\ntitle = true\n")
    assert "postrunner.toml: reporter.html.title: needs a value" in postrunner("run", passing).err


def test_a_file_may_have_options_for_reporters_of_other_runs(postrunner, passing, server, tmp_path):
    (tmp_path / "postrunner.toml").write_text('[reporter.junit]\nexport = "r.xml"\n')
    ran(postrunner("run", passing), server)
    assert not (tmp_path / "r.xml").exists()
    assert "has no effect" in postrunner("run", passing, "--reporter-junit-export", "r.xml").err


def test_an_option_typed_for_all_wins_over_a_file(postrunner, passing, server, tmp_path):
    (tmp_path / "postrunner.toml").write_text('reporters = "json"\n[reporter.json]\nexport = "file.json"\n')
    ran(postrunner("run", passing, "--reporter-export", "typed.json"), server)
    assert (tmp_path / "typed.json").exists()
    assert not (tmp_path / "file.json").exists()


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("cli-no-sumary", "--reporter-cli-no-sumary: the reporter cli has no option 'no-sumary'"),
        ("cli-no-sumary", "hint: did you mean --reporter-cli-no-summary?"),
        ("cli-no", "its options are: silent, show-timestamps"),
        ("exprot", "hint: did you mean --reporter-export?"),
        ("htmlfull-export", "these reporters have no option 'htmlfull-export'"),
        ("htmlfull-export", "the reporters are: cli, json, junit, "),
        ("", "these reporters have no option ''"),
    ],
)
def test_a_misspelt_option_swallows_no_collection(postrunner, passing, server, option, told):
    done = postrunner("run", f"--reporter-{option}", passing)
    assert (done.code, server.seen) == (2, [])
    assert told in done.err


@pytest.mark.parametrize(
    ("where", "content"),
    [
        (".newmanrc: reporter.json.exprot", '{"reporter": {"json": {"exprot": "a"}}}'),
        ("postrunner.toml: reporter.json.exprot", '[reporter.json]\nexprot = "a"\n'),
    ],
)
def test_a_misspelt_option_in_a_file_has_its_place(postrunner, passing, server, tmp_path, where, content):
    (tmp_path / where.partition(":")[0]).write_text(content)
    done = postrunner("run", passing)
    assert done.code == 2
    assert f"{where}: the reporter json has no option 'exprot'" in done.err
    assert "did you mean --reporter-json-export?" in done.err


def test_every_option_of_a_reporter_is_in_the_help(postrunner):
    out = " ".join(postrunner("run", "--help").out.split())
    for name, table in TABLES.items():
        assert f"--reporter-{name}-… {', '.join(option.usage for option in table)}" in out


OUTSIDE = """
from runner.reporters.option_table import ReporterOption

class Plain:
    def __init__(self, context):
        self.context = context
    def on(self, event):
        pass
    def close(self, summary):
        print(self.context.options.reporter_options, file=self.context.stream)

class Declared(Plain):
    OPTIONS = (ReporterOption("brief", "one line only"), ReporterOption("export", "where the file goes", "PATH"))

class Wrong(Plain):
    OPTIONS = ("brief",)
"""


@pytest.fixture
def outside(tmp_path, monkeypatch):
    info = tmp_path / "packages" / "outside-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1\n")
    points = {"plain": "Plain", "cli-more": "Declared", "wrong": "Wrong"}
    lines = [f"{name} = outside_options:{kind}" for name, kind in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[postrunner.reporters]", *lines]))
    (info.parent / "outside_options.py").write_text(OUTSIDE)
    monkeypatch.syspath_prepend(info.parent)


def test_a_reporter_of_another_package_declares_its_options(postrunner, passing, server, outside):
    done = postrunner("run", "-r", "cli-more", "--reporter-cli-more-brief", passing, "--reporter-cli-more-export", "x")
    assert (done.code, done.out) == (0, "(('cli-more-brief', 'true'), ('cli-more-export', 'x'))\n")
    assert postrunner("run", "-r", "cli-more", "--reporter-brief", passing).out == "(('brief', 'true'),)\n"
    done = postrunner("run", "-r", "cli-more", "--reporter-cli-more-breif", passing)
    assert (done.code, "did you mean --reporter-cli-more-brief?" in done.err) == (2, True)
    done = postrunner("run", passing, "-r", "cli-more", "--reporter-cli-more-export")
    assert (done.code, "needs a value" in done.err) == (2, True)


def test_without_a_declaration_any_option_is_taken_with_the_word_that_follows(postrunner, passing, server, outside):
    done = postrunner("run", passing, "-r", "plain", "--reporter-plain-a", "b", "--reporter-plain-c")
    assert done.out == "(('plain-a', 'b'), ('plain-c', 'true'))\n"


def test_a_declaration_that_is_none_is_told(postrunner, passing, server, outside):
    done = postrunner("run", passing, "-r", "wrong", "--reporter-wrong-a=b")
    assert done.code == 2
    assert "the OPTIONS of Wrong are not all ReporterOption" in done.err

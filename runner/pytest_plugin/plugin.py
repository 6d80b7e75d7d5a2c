"""The entry point: options, hooks, fixtures. Every run of pytest imports it, so the engine is imported where it is used."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.pytest_plugin.fixture import Postman
    from runner.pytest_plugin.folders import CollectionFolder
    from runner.pytest_plugin.nodes import CollectionFile
    from runner.results.result import Result

SUFFIX = ".postman_collection.json"

TEXTS = (
    ("globals", "FILE", "globals of the collections"),
    ("iteration-data", "FILE", "CSV or JSON file with a row for each iteration"),
    (
        "chain",
        "MODE",
        "replay (what comes before a request runs first), file (one item for all), none (each alone)",
    ),
    ("record", "FOLDER", "folder of the cassettes into which the collections are recorded, a file for each"),
    ("replay", "FOLDER", "folder of the cassettes from which the collections are answered; nothing is sent"),
    ("record-mode", "MODE", "what is recorded, also with postman_cassette: once, new, all, none"),
)
"""Options of the command line and settings of the configuration that take a text."""

LISTS = (
    (
        "environment",
        "environment",
        "FILE",
        "environments of the collections; the command line's in place of the others",
    ),
    ("env-var", "env_var", "NAME=VALUE", "variables of the environment"),
    ("option", "options", "NAME=VALUE", "any other option of `postrunner run`, such as timeout-request=5000"),
)
"""Those that are repeatable on the command line and have several lines in the configuration."""

SUBTESTS = "tell each test of a request as a subtest (pytest 9)"

MARKERS = (
    "postman(**options): options of `runner.run` for the runs of the fixture `postman` in this test",
    "postman_cassette(path, record_mode): record what `postman` runs in this test, and replay it from then on",
    "collection(path, **options): the collection that the fixture `result` runs, with options of `runner.run`",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the command line and of the configuration file."""
    group = parser.getgroup("postrunner", "Postman collections")
    group.addoption("--postrunner", action="store_true", help=f"collect the requests of *{SUFFIX} files")
    globs = f"collect the requests of these files (globs below the root folder); *{SUFFIX} if --postrunner is given"
    parser.addini("postrunner_collections", globs, type="linelist")
    for name, ini, metavar, text in LISTS:
        group.addoption(f"--postrunner-{name}", action="append", metavar=metavar, help=f"{text}; repeatable")
        parser.addini(f"postrunner_{ini}", text, type="linelist")
    for name, metavar, text in TEXTS:
        group.addoption(f"--postrunner-{name}", metavar=metavar, help=text)
        parser.addini(f"postrunner_{name.replace('-', '_')}", text)
    group.addoption("--postrunner-subtests", action="store_true", help=SUBTESTS)
    parser.addini("postrunner_subtests", SUBTESTS, type="bool", default=False)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hooks that a conftest.py may have."""
    from runner.pytest_plugin import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the markers, and watch what pytest-xdist does to collections."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    dist = config.getoption("dist", "no")
    if dist not in ("no", "loadfile", "loadgroup"):
        from runner.pytest_plugin.distribution import Distribution

        config.pluginmanager.register(Distribution(dist), "postrunner_distribution")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CollectionFile | None:
    """Collect a collection that was asked for: by its name, by `--postrunner` or by the configuration."""
    if file_path.suffix != ".json" or not _is_wanted(file_path, parent):
        return None
    from runner.pytest_plugin.nodes import CollectionFile

    return CollectionFile.from_parent(parent, path=file_path)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> CollectionFolder | None:
    """Collect a folder that is a collection of the format v3, if it was asked for in the same ways."""
    config = parent.config
    globs = config.getini("postrunner_collections")
    named = parent.session.isinitpath(path) and path != config.invocation_params.dir
    definitions = [path / ".resources" / name for name in ("definition.yaml", "definition.yml")]
    named = named or any(map(parent.session.isinitpath, definitions))
    if not (named or _fits(path, config, globs) or (config.getoption("--postrunner") and not globs)):
        return None
    definition = next((one for one in definitions if one.is_file()), None)
    if definition is None or any((parent.path / ".resources" / one.name).is_file() for one in definitions):
        return None  # no collection, or a folder in one
    from runner.pytest_plugin.folders import CollectionFolder

    return CollectionFolder.from_parent(parent, path=path, definition=definition)


def _is_wanted(path: Path, parent: pytest.Collector) -> bool:
    config = parent.config
    globs = config.getini("postrunner_collections")
    if _fits(path, config, globs):
        return True
    if not path.name.endswith(SUFFIX):
        return False
    return parent.session.isinitpath(path) or (config.getoption("--postrunner") and not globs)


def _fits(path: Path, config: pytest.Config, globs: list[str]) -> bool:
    """Whether a glob of the configuration names this path."""
    if not globs or not path.is_relative_to(config.rootpath):
        return False
    return any(path.relative_to(config.rootpath).match(glob) for glob in globs)


@pytest.hookimpl(tryfirst=True)  # before anybody shuffles them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the requests of each collection in the order in which it runs, if its folders were visited in another one."""
    if any(hasattr(item, "spot") for item in items):
        from runner.pytest_plugin.items import put_in_order

        put_in_order(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of a request that was skipped with the place of its collection."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and hasattr(item, "spot"):
        path, line, _ = item.reportinfo()
        report.longrepr = (str(path), (line or 0) + 1, report.longrepr[2])
    return report


@pytest.fixture(scope="session")
def postman_environment() -> dict[str, object]:
    """Variables that win over those of the environment file: override this, for instance with a live server's address."""
    return {}


@pytest.fixture(scope="session")
def postman_transport() -> AnyTransport | None:
    """Override this with an httpx transport, so that collections run against an application in this process."""
    return None


@pytest.fixture
def postman(
    request: pytest.FixtureRequest,
    postman_environment: dict[str, object],
    postman_transport: AnyTransport | None,
) -> Postman:
    """Runs a collection inside a test: `postman.run("shop.postman_collection.json", folder=("Users",))`."""
    from runner.pytest_plugin.fixture import Postman

    records = "postman_cassette" in request.fixturenames or request.node.get_closest_marker("postman_cassette")
    cassette = request.getfixturevalue("postman_cassette") if records else None
    return Postman(request, postman_environment, postman_transport, Path(cassette) if cassette else None)


@pytest.fixture
def postman_cassette(request: pytest.FixtureRequest) -> Path:
    """The file into which `postman` records what it runs in this test, and from which it replays it from then on."""
    from runner.pytest_plugin.fixture import cassette_of

    return cassette_of(request)


@pytest.fixture
def result(request: pytest.FixtureRequest, postman: Postman) -> Result:
    """What came of the collection that the marker `collection` names."""
    marker = request.node.get_closest_marker("collection")
    if marker is None or not marker.args:
        pytest.fail('the fixture "result" needs @pytest.mark.collection("shop.postman_collection.json")', pytrace=False)
    return postman.run(*marker.args, **marker.kwargs)

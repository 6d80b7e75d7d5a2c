"""The entry point: options, hooks, fixtures. Every run of pytest imports it, so the engine is imported where it is used."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.pytest_plugin.fixture import Postman
    from runner.pytest_plugin.nodes import CollectionFile

SUFFIX = ".postman_collection.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the command line and of the configuration file."""
    group = parser.getgroup("postrunner", "Postman collections")
    group.addoption("--postrunner", action="store_true", help=f"collect the requests of *{SUFFIX} files")
    group.addoption(
        "--postrunner-environment",
        action="append",
        metavar="FILE",
        help="environment of the collections, in place of the one of the configuration; repeatable",
    )
    group.addoption("--postrunner-globals", metavar="FILE", help="globals of the collections")
    group.addoption("--postrunner-iteration-data", metavar="FILE", help="CSV or JSON file with a row for each iteration")
    group.addoption(
        "--postrunner-env-var", action="append", metavar="NAME=VALUE", help="a variable of the environment; repeatable"
    )
    group.addoption(
        "--postrunner-option",
        action="append",
        metavar="NAME=VALUE",
        help="any other option of `postrunner run`, such as timeout-request=5000; repeatable",
    )
    globs = f"collect the requests of these files (globs below the root folder); *{SUFFIX} if --postrunner is given"
    parser.addini("postrunner_collections", globs, type="linelist")
    parser.addini("postrunner_environment", "environments of the collections", type="linelist")
    parser.addini("postrunner_globals", "globals of the collections")
    parser.addini("postrunner_iteration_data", "CSV or JSON file with a row for each iteration")
    parser.addini("postrunner_env_var", "variables of the environment, one NAME=VALUE a line", type="linelist")
    parser.addini("postrunner_options", "other options of `postrunner run`, one NAME=VALUE a line", type="linelist")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hooks that a conftest.py may have."""
    from runner.pytest_plugin import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    line = "postman(**options): options of `runner.run` for the runs of the fixture `postman` in this test"
    config.addinivalue_line("markers", line)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CollectionFile | None:
    """Collect a collection that was asked for: by its name, by `--postrunner` or by the configuration."""
    if file_path.suffix != ".json" or not _is_wanted(file_path, parent):
        return None
    from runner.pytest_plugin.nodes import CollectionFile

    return CollectionFile.from_parent(parent, path=file_path)


def _is_wanted(path: Path, parent: pytest.Collector) -> bool:
    config = parent.config
    globs = config.getini("postrunner_collections")
    if path.is_relative_to(config.rootpath):
        below = path.relative_to(config.rootpath)
        if any(below.match(glob) for glob in globs):
            return True
    if not path.name.endswith(SUFFIX):
        return False
    return parent.session.isinitpath(path) or (config.getoption("--postrunner") and not globs)


@pytest.hookimpl(tryfirst=True)  # before anybody shuffles them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the requests of each collection in the order in which it runs, if its folders were visited in another one."""
    if any(item.nodeid.partition("::")[0].endswith(".json") for item in items):
        from runner.pytest_plugin.nodes import put_in_order

        put_in_order(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of a request that was skipped with the place of its collection."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and hasattr(item, "spot"):
        report.longrepr = (str(item.path), 1, report.longrepr[2])
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

    return Postman(request, postman_environment, postman_transport)

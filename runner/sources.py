"""Where a collection, an environment, globals or data come from: a file, a pipe, a URL, or the Postman API by UID."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runner.descriptors import once_only
from runner.errors import FileUnreadable, LoadError, RequestError, UsageError
from runner.formats.load import load_collection, load_data, load_environment
from runner.formats.reading import decode, read_bytes, read_text
from runner.model.collection import Collection
from runner.model.variable import Environment, JsonObject, Variable
from runner.options import RunOptions, option_fields
from runner.secrets import Secrets, names_a_secret

if TYPE_CHECKING:
    from runner.cookies.jar import CookieJar
    from runner.model.response import Response

POSTMAN_API = "https://api.postman.com"
API_URL_VARIABLE = "POSTRUNNER_POSTMAN_API_URL"
"""The environment variable that replaces `POSTMAN_API`, for tests and for a gateway before the Postman API."""

# Texts, not patterns: most runs need none of them, and compiling them takes longer than reading a small file.
API_HOSTS = r"(?i)https?://api\.(?:get)?postman\.com(?::\d+)?(?=[/?#]|\Z)"
_UID = r"(?i)[0-9a-z]+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
_API_KEY = r"(?i)(?<=[?&])apikey=([^&#]*)&?"


class Sources:
    """Loads what the command line names. An address is fetched with the run's own proxy and TLS options."""

    def __init__(self, options: RunOptions, environ: Mapping[str, str] | None = None) -> None:
        self._options = options
        self._environ = os.environ if environ is None else environ
        self._api = self._environ.get(API_URL_VARIABLE, POSTMAN_API).rstrip("/")

    def collection(self, name: str) -> Collection:
        """The collection of this path, URL or UID; raises `LoadError`."""
        return load_collection(name, self._fetched(name, "collections"))

    def environment(self, name: str, scope: str = "environment") -> Environment:
        """The environment or globals of this path, URL or UID; raises `LoadError`."""
        return load_environment(name, scope, self._fetched(name, "environments"))

    def data(self, name: str) -> tuple[JsonObject, ...]:
        """The rows of this path or URL; raises `LoadError`."""
        return load_data(name, self._fetched(name, ""))

    def _fetched(self, name: str, kind: str) -> str | None:
        """The text behind an address, a UID or a pipe; None for a file."""
        if once_only(name):
            return read_text(name)
        if name.lower().startswith(("http://", "https://")):
            return self._fetch(name)
        if not kind or os.path.exists(name) or not re.match(_UID, name):
            return None
        if not self._options.postman_api_key:
            raise FileUnreadable("is no file", where=name, hint="to load it by its UID give --postman-api-key")
        return self._fetch(f"{self._api}/{kind}/{name}")

    def _fetch(self, url: str) -> str:
        shown = Secrets().mask(url)
        try:
            response = self._get(url)
        except RequestError as error:
            raise LoadError(f"cannot be fetched: {error.message}", where=shown, hint=error.hint) from None
        text = decode(response.body)
        if response.code != 200:
            status = f"{response.code} {response.status}".strip()
            raise LoadError(f"cannot be fetched: {status}{_reason(text)}", where=shown)
        return text

    def _get(self, url: str) -> Response:
        from runner.client.http import Client
        from runner.cookies.jar import CookieJar
        from runner.entropy import Entropy
        from runner.formats.v2 import parse_request
        from runner.request.behavior import parse_behavior
        from runner.request.prepare import prepare
        from runner.version import __version__

        url, key = self._take_key(url)
        headers = [{"key": "User-Agent", "value": f"postrunner/{__version__}"}, {"key": "Accept", "value": "*/*"}]
        if key:
            headers.append({"key": "X-Api-Key", "value": key})
        request = parse_request({"method": "GET", "url": url, "header": headers})
        # A redirect may lead to another host, which must not get the key.
        chosen = {"followRedirects": not key, "disabledSystemHeaders": {"postman-token": True}}
        behavior = parse_behavior(chosen, self._options)
        client = Client(self._options, CookieJar(), environ=environ_of(self._options, self._environ))
        try:
            return client.send(prepare(request, behavior, Entropy())).response
        finally:
            client.close()

    def _take_key(self, url: str) -> tuple[str, str]:
        """A URL of the Postman API without its `apikey` parameter, and the key to send in a header instead."""
        own = self._api != POSTMAN_API and url.startswith(f"{self._api}/")
        if not re.match(API_HOSTS, url) and not own:
            return url, ""
        found = re.search(_API_KEY, url)
        if found is None:
            return url, self._options.postman_api_key or ""
        from urllib.parse import unquote

        return re.sub(_API_KEY, "", url, count=1).rstrip("?&"), unquote(found[1])


def _reason(text: str) -> str:
    """What an API says about its error, if it says it in JSON."""
    from runner.deep_json import loads

    try:
        document = loads(text)
    except ValueError:
        return ""
    error = document.get("error", document) if isinstance(document, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return f": {message}" if isinstance(message, str) else ""


def environ_of(options: RunOptions, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment variables with the proxy options in their place; raises `UsageError` for a bad proxy."""
    if options.proxy is None and options.no_proxy is None:
        return environ
    changed: dict[str, str] = {}
    if options.proxy is not None:
        from runner.transport.sockets.proxy import parse_proxy

        try:
            parse_proxy(options.proxy)
        except RequestError as error:
            raise UsageError(error.message, where="--proxy", hint="write for example http://proxy:3128") from None
        changed |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), options.proxy)
    if options.no_proxy is not None:
        changed["NO_PROXY"] = options.no_proxy
    kept = {name: value for name, value in environ.items() if name.upper() not in changed}
    return kept | changed


# -- pipes ----------------------------------------------------------------------------------------------------------

OPENED_BY_TLS = ("ssl_extra_ca_certs", "ssl_client_cert", "ssl_client_key", "ssl_client_cert_list")
READ = ("environment", "globals", "iteration_data", "env_file", "cookie_jar", "replay", *OPENED_BY_TLS)
"""The options that name what is read."""


def settle_pipes(collections: Sequence[Any], options: RunOptions, stack: ExitStack) -> RunOptions:
    """The options with a private copy in place of each pipe that is opened again for each collection, until `stack` ends.

    Raises `UsageError` when one pipe is named for two inputs, and `FileUnreadable`.
    """
    seen: dict[tuple[int, int], str] = {}
    for label, path in _named(collections, options):
        pipe = once_only(path)
        if pipe in seen:
            message = f"{path} can be read only once, and {seen[pipe]} and {label} both name it"
            raise UsageError(message, hint="save what comes out of it to a file, and name that")
        if pipe is not None:
            seen[pipe] = label
    if not seen:
        return options
    from runner.outputs import private_file

    changed: dict[str, Any] = {}
    for name in OPENED_BY_TLS:
        path = getattr(options, name)
        if path and once_only(path):
            copy = private_file(read_bytes(path), os.path.splitext(path)[1])
            changed[name] = stack.enter_context(copy)
    return replace(options, **changed)


def _named(collections: Sequence[Any], options: RunOptions) -> Iterator[tuple[str, str]]:
    """Every path that is read, and who names it."""
    for collection in collections:
        if isinstance(collection, str | os.PathLike):
            yield "COLLECTION", os.fspath(collection)
    for name, meta, _ in option_fields():
        value = getattr(options, name) if name in READ else None
        for path in (value,) if isinstance(value, str) else value or ():
            yield meta["flags"][-1], path


# -- all that a run starts from -------------------------------------------------------------------------------------


def load_environments(options: RunOptions) -> Environment:
    """All environments in one, the later over the earlier; over them the `.env` files, over these `--env-var`."""
    names = (options.environment,) if isinstance(options.environment, str) else options.environment or ()
    loaded = [Sources(options).environment(name) for name in names] or [Environment(name="environment")]
    merged = loaded[0]
    for other in loaded[1:]:
        merged = _over(merged, other.values)
    for path in options.env_file:
        merged = _over(merged, _dotenv_variables(path))
    return _over(merged, (Variable(key, value) for key, value in options.env_var))


def load_globals(options: RunOptions) -> Environment:
    """The globals with the values of `--global-var` over them."""
    name = options.globals
    loaded = Sources(options).environment(name, "globals") if name else Environment(name="globals", scope="globals")
    return _over(loaded, (Variable(key, value) for key, value in options.global_var))


def load_rows(options: RunOptions) -> tuple[JsonObject, ...]:
    """The rows of data; a file without any gives one iteration without data, as in Newman."""
    return Sources(options).data(options.iteration_data) if options.iteration_data else ()


def jar_maker(options: RunOptions) -> Callable[[], CookieJar]:
    """What makes the jar of each collection, with the cookies to start with; raises `LoadError`."""
    from runner.cookies.jar import CookieJar

    path = options.cookie_jar
    if not path:
        return CookieJar
    from runner.cookies.jar_file import load_jar
    from runner.formats.json_text import parse_json

    text = read_text(path)
    with _other_kinds_named(text, path, "cookies"):
        document = parse_json(text, path)
        load_jar(document, CookieJar(), path)

    def make() -> CookieJar:
        jar = CookieJar()
        load_jar(document, jar, path)
        return jar

    return make


def _over(environment: Environment, variables: Iterable[Variable]) -> Environment:
    """The environment with these variables: in place where it has the name, else at its end."""
    values = list(environment.values)
    for variable in variables:
        index = next((i for i, v in reversed(list(enumerate(values))) if v.key == variable.key and not v.disabled), None)
        if index is None:
            values.append(variable)
        elif variable.source is None:  # from a line or a file without types: what the environment says of it stays
            type = variable.type if variable.secret else values[index].type
            values[index] = replace(values[index], value=variable.value, type=type)
        elif not variable.disabled:
            values[index] = variable
    return replace(environment, values=tuple(values))


@contextmanager
def _other_kinds_named(text: str, path: str, wanted: str) -> Iterator[None]:
    """Tell of a file that cannot be read as what it was given for what it is instead."""
    try:
        yield
    except LoadError as error:
        from runner.formats.explain import explain_text

        raise explain_text(text, path, wanted, error) from None


def _dotenv_variables(path: str) -> Iterable[Variable]:
    from runner.formats.dotenv import parse_dotenv

    text = read_text(path)
    with _other_kinds_named(text, path, "dotenv"):
        values = parse_dotenv(text, path)
    for key, value in values.items():
        yield Variable(key, value, type="secret" if names_a_secret(key) else "any")

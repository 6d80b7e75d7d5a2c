"""A request as the collection says it (`Request`, a template) and as it goes out (`PreparedRequest`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from runner.model.discreet import Discreet
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes, text_start
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Variable

BODYLESS_METHODS = frozenset({"GET", "COPY", "HEAD", "PURGE", "UNLOCK"})
"""Methods whose requests lose their body unless `disableBodyPruning` is on."""


@dataclass(frozen=True, slots=True)
class Header(Discreet):
    """A request header; `system` marks one that the runner added."""

    key: str
    value: str | None = ""
    disabled: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True)
class QueryParam(Discreet):
    """A query parameter; without a `value` (None) it is written as `key` without `=`, without a `key` as nothing.

    `system` marks one that an auth type added.
    """

    key: str | None
    value: str | None = None
    disabled: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Url(Discreet):
    """A URL in the parts the collection format has; every text may hold `{{variables}}`."""

    protocol: str | None = None
    user: str | None = None
    password: str | None = None
    host: tuple[str, ...] = ()
    port: str | None = None
    path: tuple[str, ...] | None = None
    query: tuple[QueryParam, ...] | None = None
    hash: str | None = None
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormParam(Discreet, shows=("type",)):
    """A field of a urlencoded or form-data body.

    `src` is a path or a tuple of paths; `contents` has the bytes of each file, None for one that could not be read. It is
    None as a whole until the files are loaded.
    """

    key: str
    value: Json = None
    type: str = "text"
    src: str | tuple[str, ...] | None = None
    file_name: str | None = None
    content_type: str | None = None
    disabled: bool = False
    contents: tuple[BodyBytes | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Discreet, shows=("mode",)):
    """A request body; only the field of its `mode` counts (`raw`, `urlencoded`, `formdata`, `file`, `graphql`).

    `raw` may be any JSON value; `file` is `{src, content}`; `content` has the bytes of a file body once they are read,
    `boundary` that of a form once it is chosen.
    """

    mode: str | None
    raw: Json = None
    urlencoded: tuple[FormParam, ...] = ()
    formdata: tuple[FormParam, ...] = ()
    file: JsonObject | None = None
    graphql: Json = None
    options: JsonObject = field(default_factory=dict)
    disabled: bool = False
    content: BodyBytes | None = None
    boundary: str = ""

    @property
    def language(self) -> Json:
        """The language of a raw body according to the options; None if they do not say."""
        raw = self.options.get("raw")
        return raw.get("language") if isinstance(raw, dict) else None


@dataclass(frozen=True, slots=True)
class Auth(Discreet, shows=("type",)):
    """An auth type and its parameters, which are a list or a map in files."""

    type: str
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Discreet, shows=("id", "name")):
    """A request of the collection format: a template before substitution, the resolved request after it.

    `auth` is None if it is inherited. `source` is the JSON that the request was read from.
    """

    method: str = "GET"
    url: Url = Url()
    headers: tuple[Header, ...] = ()
    body: Body | None = None
    auth: Auth | None = None
    id: str = ""
    name: str = ""
    source: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolProfileBehavior:
    """The `protocolProfileBehavior` of an item after inheritance; None means the run's option or Postman's default."""

    strict_ssl: bool | None = None
    follow_redirects: bool | None = None
    max_redirects: int | None = None
    disable_cookies: bool = False
    disable_body_pruning: bool = False
    disable_url_encoding: bool = False
    disabled_system_headers: frozenset[str] = frozenset()
    insecure_http_parser: bool = False
    follow_original_http_method: bool = False
    follow_authorization_header: bool = False
    remove_referer_header_on_redirect: bool = False
    protocol_version: str | None = None
    tls_prefer_server_ciphers: bool = False
    tls_disabled_protocols: tuple[str, ...] = ()
    tls_cipher_selection: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest(Discreet):
    """Exactly what will be sent on the first hop, except for the jar's `Cookie` header, which the client adds.

    `host` is the host to connect to (IPv6 without brackets), `port` has its default. `target`, header names and values are
    latin-1 text, one character for each byte on the wire, unless `head_encoding` is UTF-8: Node encodes the head like a
    body that is text. `headers` are all others (Host, Content-Length …) in wire order. `cookie_before_length` says where a
    new Cookie header goes. `auth_in_query` and `auth_headers` (lower-case names) say where the credentials of an auth type
    are: no other origin may see them.
    """

    method: str
    scheme: str
    host: str
    port: int
    target: str
    href: str
    headers: tuple[tuple[str, str], ...]
    body: BodyBytes = b""
    has_body: bool = False
    head_encoding: str = "latin-1"
    cookie_before_length: bool = False
    auth_in_query: bool = False
    auth_headers: frozenset[str] = frozenset()
    behavior: ProtocolProfileBehavior = ProtocolProfileBehavior()

    @property
    def body_size(self) -> int:
        """The bytes of the body."""
        return len(self.body)

    @property
    def head_size(self) -> int:
        """The bytes of the headers on the wire, without the request line."""
        return size_of_headers(self.headers)

    def text_start(self, limit: int, charset: str = "utf-8") -> tuple[str, int] | None:
        """The first `limit` characters of the body and how many follow; None if it is not text."""
        return text_start(self.body, limit, charset)

    def bytes_start(self, limit: int) -> bytes:
        """The first `limit` bytes of the body."""
        return self.body[:limit]


def size_of_headers(headers: tuple[tuple[str, str], ...]) -> int:
    """The bytes of headers on the wire."""
    return sum(len(name) + len(value) + 4 for name, value in headers)

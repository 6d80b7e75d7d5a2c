"""How requests travel: time limits, proxies, TLS, cassettes."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.options.option import option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class NetworkOptions:
    """How requests travel: time limits, proxies, TLS, cassettes."""

    timeout_request: int = option(
        "--timeout-request",
        kind="ms",
        metavar="MS",
        default=0,
        help="Time limit to connect and between two bytes of a response.",
    )
    timeout_total: int = option(
        "--timeout-total",
        kind="ms",
        metavar="MS",
        default=0,
        help="Time limit of each request as a whole, redirects included.",
    )
    max_response_size: int | None = option(
        "--max-response-size",
        kind="size",
        metavar="SIZE",
        help="Fail a request whose response body is larger, for example 10MB (default: 50MB).",
    )
    proxy: str | None = option("--proxy", metavar="URL", help="Proxy for http and https, over HTTP_PROXY and HTTPS_PROXY.")
    no_proxy: str | None = option(
        "--no-proxy", metavar="HOSTS", help="Hosts that need no proxy, separated by commas, over NO_PROXY (* for all)."
    )
    http2: bool = option(
        "--http2",
        kind="flag",
        default=False,
        help="Offer HTTP/2 to https servers (needs postrunner[http2]); an item's protocolVersion wins.",
    )
    ignore_redirects: bool = option("--ignore-redirects", kind="flag", default=False, help="Do not follow redirects.")
    insecure: bool = option("-k", "--insecure", kind="flag", default=False, help="Do not verify TLS certificates.")
    ssl_extra_ca_certs: str | None = option(
        "--ssl-extra-ca-certs",
        kind="path",
        metavar="FILE",
        help="PEM file of further certificate authorities to trust.",
    )
    ssl_client_cert: str | None = option(
        "--ssl-client-cert",
        kind="path",
        metavar="FILE",
        help="Client certificate (PEM, or PFX by its extension) for every https request.",
    )
    ssl_client_key: str | None = option(
        "--ssl-client-key", kind="path", metavar="FILE", help="Private key of the client certificate (PEM)."
    )
    ssl_client_passphrase: str | None = option(
        "--ssl-client-passphrase", metavar="TEXT", help="Passphrase of the client certificate's key."
    )
    ssl_client_cert_list: str | None = option(
        "--ssl-client-cert-list",
        kind="path",
        metavar="FILE",
        help="JSON list of client certificates with the URL patterns they are for.",
    )
    mock: bool = option(
        "--mock",
        kind="flag",
        default=False,
        help="Answer every request from the collection's saved examples; nothing is sent elsewhere.",
    )
    mock_from: tuple[str, ...] = option(
        "--mock-from",
        kind="list",
        default=(),
        metavar="FILE",
        help="The same from the examples of another collection, or of an OpenAPI document.",
    )
    use_mock: tuple[str, ...] = option(
        "--use-mock",
        kind="list",
        default=(),
        metavar="URL",
        help='Answer only requests to this origin like that, for example "{{base_url}}"; the others are sent.',
    )
    record: str | None = option(
        "--record",
        kind="path",
        metavar="FILE",
        help="Record every exchange into this cassette (vcrpy's YAML), without secrets.",
    )
    replay: str | None = option(
        "--replay",
        kind="path",
        metavar="FILE",
        help="Answer every request from this cassette; nothing is sent.",
    )
    record_mode: str = option(
        "--record-mode",
        kind="choice",
        default="once",
        choices=("once", "new", "all", "none"),
        metavar="MODE",
        help="With --record: once (record a new file, replay an existing one), new (replay what is recorded, record the"
        " rest), all (record everything anew), none (replay only).",
    )

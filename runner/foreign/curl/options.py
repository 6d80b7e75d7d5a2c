"""The options of curl: their letters, whether they take a value, and what becomes of them (curl's manual, up to 8.16)."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """An option by its long name. `instead` says what a run has in place of one that a collection cannot hold."""

    name: str
    letter: str = ""
    takes_value: bool = False
    instead: str = ""


def _read(text: str, *, takes_value: bool) -> list[Option]:
    """Options from words `name` or `name/letter`."""
    words = (word.partition("/") for word in text.split())
    return [Option(name, letter, takes_value) for name, _, letter in words]


REQUEST_VALUES = """
aws-sigv4 config/K continue-at/C cookie/b cookie-jar/c data/d data-ascii data-binary data-raw data-urlencode
etag-compare form/F form-string header/H json max-redirs oauth2-bearer proto-default range/r referer/e request/X
request-target time-cond/z upload-file/T url url-query user/u user-agent/A variable
"""
"""They say what is sent, and take a value."""

REQUEST_SWITCHES = """
anyauth basic digest form-escape get/G globoff/g head/I http2 http2-prior-knowledge insecure/k location/L
location-trusted negotiate next/: ntlm ntlm-wb path-as-is post301 post302 post303 tr-encoding follow
"""

SILENT_VALUES = """
alt-svc create-file-mode dump-header/D egd-file etag-save expect100-timeout happy-eyeballs-timeout-ms help/h hsts
keepalive-cnt keepalive-time knownhosts libcurl limit-rate max-filesize noproxy output/o output-dir parallel-max
parallel-max-host proto proto-redir random-file rate retry-delay retry-max-time speed-limit/Y speed-time/y ssl-sessions
stderr trace trace-ascii trace-config upload-flags vlan-priority write-out/w delegation service-name ip-tos
"""
"""They change nothing of what is sent: output, progress, pace, caches."""

SILENT_SWITCHES = """
alpn buffer/N ca-native clobber compressed compressed-ssh create-dirs disable/q disallow-username-in-url dump-ca-embed
fail/f fail-early fail-with-body false-start http0.9 http1.1 include/i ignore-content-length ipv4/4 ipv6/6
junk-session-cookies/j keepalive manual/M metalink mptcp npn out-null parallel/Z parallel-immediate progress-bar/#
progress-meter raw remote-header-name/J remote-name/O remote-name-all remote-time/R remove-on-error retry-all-errors
retry-connrefused sessionid show-error/S show-headers silent/s skip-existing ssl-allow-beast ssl-auto-client-cert
ssl-no-revoke ssl-revoke-best-effort styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tls-earlydata
tlsv1/1 tlsv1.0 tlsv1.1 tlsv1.2 trace-ids trace-time verbose/v version/V xattr
"""

NOTED_VALUES = """
abstract-unix-socket capath cert-type ciphers connect-to crlfile curves dns-interface dns-ipv4-addr dns-ipv6-addr
dns-servers doh-url ech engine ftp-account ftp-alternative-to-user ftp-method ftp-port/P ftp-ssl-ccc-mode
haproxy-clientip hostpubmd5 hostpubsha256 interface ipfs-gateway key-type krb krb4 local-port login-options mail-auth
mail-from mail-rcpt netrc-file pinnedpubkey preproxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers
proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers
proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user/U pubkey quote/Q resolve sasl-authzid sigalgs
socks5-gssapi-service telnet-option/t tftp-blksize tls-max tls13-ciphers tlsauthtype tlspassword tlsuser unix-socket
"""
"""They change what is sent, or how, and neither a collection nor a run has anything like them."""

NOTED_SWITCHES = """
append/a cert-status crlf disable-eprt disable-epsv doh-cert-status doh-insecure eprt epsv ftp-create-dirs ftp-pasv
ftp-pret ftp-skip-pasv-ip ftp-ssl ftp-ssl-ccc ftp-ssl-control ftp-ssl-reqd haproxy-protocol http1.0/0 http3 http3-only
list-only/l mail-rcpt-allowfails netrc/n netrc-optional proxy-anyauth proxy-basic proxy-ca-native proxy-digest
proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1
proxytunnel/p sasl-ir socks5-basic socks5-gssapi socks5-gssapi-nec ssl ssl-reqd sslv2/2 sslv3/3 tftp-no-options tlsv1.3
use-ascii/B
"""

OF_THE_RUN = {
    "cacert": "--ssl-extra-ca-certs FILE",
    "cert/E": "--ssl-client-cert FILE",
    "key": "--ssl-client-key FILE",
    "pass": "--ssl-client-passphrase TEXT",
    "connect-timeout": "--timeout-request MS",
    "max-time/m": "--timeout-total MS",
    "retry": "--retries N",
    "proxy/x": "--proxy URL",
    "proxy1.0": "--proxy URL",
    "socks4": "--proxy socks4://HOST",
    "socks4a": "--proxy socks4a://HOST",
    "socks5": "--proxy socks5://HOST",
    "socks5-hostname": "--proxy socks5h://HOST",
}
"""Options of curl with a value, and those of `postrunner run` that do the same."""

NOTHING = "nothing"

_OF_THE_RUN = [Option(name.partition("/")[0], name.partition("/")[2], True, flag) for name, flag in OF_THE_RUN.items()]
_NOTED = [Option(one.name, one.letter, True, NOTHING) for one in _read(NOTED_VALUES, takes_value=True)] + [
    Option(one.name, one.letter, False, NOTHING) for one in _read(NOTED_SWITCHES, takes_value=False)
]

REQUEST = _read(REQUEST_VALUES, takes_value=True) + _read(REQUEST_SWITCHES, takes_value=False)
OPTIONS = {
    option.name: option
    for option in (
        *REQUEST,
        *_read(SILENT_VALUES, takes_value=True),
        *_read(SILENT_SWITCHES, takes_value=False),
        *_NOTED,
        *_OF_THE_RUN,
    )
}
LETTERS = {option.letter: option for option in OPTIONS.values() if option.letter}
ALWAYS_ON = frozenset({"anyauth", "next", "http1.0", "http1.1", "http2", "http2-prior-knowledge", "http3", "http3-only"})
"""Switches without a `--no-` form."""
INVERTED = frozenset({"buffer"})
"""Switches whose letter switches them off."""


def find(name: str) -> Option | None:
    """The option of a long name, or of its beginning if no other begins so."""
    if name in OPTIONS:
        return OPTIONS[name]
    found = [option for option in OPTIONS.values() if option.name.startswith(name)]
    return found[0] if name and len(found) == 1 else None

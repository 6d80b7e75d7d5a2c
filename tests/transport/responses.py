"""Odd responses byte for byte, and what Newman 6.2.2 made of them: (code, reason, body) or the error's code and text."""

LENIENT = "lenient:"  # names that begin so are read with `insecureHTTPParser`

TEXT = b"hello compressed world " * 20

RESPONSES: dict[str, tuple[bytes, tuple[int, str, bytes] | tuple[str, str]]] = {
    "chunked": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        (200, "OK", b"hello world"),
    ),
    "chunked-bad-size": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        ("HPE_INVALID_CHUNK_SIZE", "Parse Error: Invalid character in chunk size"),
    ),
    "chunked-space-size": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
        ("HPE_INVALID_CHUNK_SIZE", "Parse Error: Invalid character in chunk size"),
    ),
    "chunked-and-cl": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ("HPE_INVALID_TRANSFER_ENCODING", "Parse Error: Transfer-Encoding can't be present with Content-Length"),
    ),
    "no-cl-close": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil close",
        (200, "OK", b"until close"),
    ),
    "cl-too-long": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        ("ECONNRESET", "aborted"),
    ),
    "cl-dup-same": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_UNEXPECTED_CONTENT_LENGTH", "Parse Error: Duplicate Content-Length"),
    ),
    "cl-dup-diff": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
        ("HPE_UNEXPECTED_CONTENT_LENGTH", "Parse Error: Duplicate Content-Length"),
    ),
    "cl-neg": (
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok",
        ("HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length"),
    ),
    "cl-plus": (
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        ("HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length"),
    ),
    "102-then-200": (
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "status-600": (
        b"HTTP/1.1 600 High\r\nContent-Length: 2\r\n\r\nok",
        (600, "High", b"ok"),
    ),
    "status-1000": (
        b"HTTP/1.1 1000 Big\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_STATUS", "Parse Error: Invalid response status"),
    ),
    "status-20": (
        b"HTTP/1.1 20 Short\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_STATUS", "Parse Error: Invalid status code"),
    ),
    "status-no-reason": (
        b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "status-no-reason-sp": (
        b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "status-reason-utf8": (
        b"HTTP/1.1 200 Tr\xc3\xa8s bien \xe2\x9c\x93\r\nContent-Length: 2\r\n\r\nok",
        (200, "Très bien ✓", b"ok"),
    ),
    "status-text-code": (
        b"HTTP/1.1 ABC Bad\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_STATUS", "Parse Error: Invalid status code"),
    ),
    "http10-keepalive": (
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "http09": (
        b"just text\r\n",
        ("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
    ),
    "http-lower": (
        b"http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
    ),
    "leading-crlf": (
        b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "lf-only": (
        b"HTTP/1.1 200 OK\nContent-Length: 2\nX-A: b\n\nok",
        ("HPE_CR_EXPECTED", "Parse Error: Missing expected CR after response line"),
    ),
    "cr-only": (
        b"HTTP/1.1 200 OK\rContent-Length: 2\r\rok",
        ("HPE_STRICT", "Parse Error: Expected LF after CR"),
    ),
    "hdr-latin1": (
        b"HTTP/1.1 200 OK\r\nX-N: caf\xe9\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "hdr-utf8": (
        b"HTTP/1.1 200 OK\r\nX-N: caf\xc3\xa9 \xe2\x9c\x93\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "hdr-ctl": (
        b"HTTP/1.1 200 OK\r\nX-N: a\x01b\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_HEADER_TOKEN", "Parse Error: Invalid header value char"),
    ),
    "hdr-nul": (
        b"HTTP/1.1 200 OK\r\nX-N: a\x00b\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_HEADER_TOKEN", "Parse Error: Invalid header value char"),
    ),
    "hdr-tab": (
        b"HTTP/1.1 200 OK\r\nX-N: a\tb\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "hdr-space-before-colon": (
        b"HTTP/1.1 200 OK\r\nX-N : v\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_HEADER_TOKEN", "Parse Error: Invalid header token"),
    ),
    "hdr-empty-value": (
        b"HTTP/1.1 200 OK\r\nX-E:\r\nX-F: \r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "hdr-fold": (
        b"HTTP/1.1 200 OK\r\nX-N: a\r\n  b\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_HEADER_TOKEN", "Parse Error: Unexpected whitespace after header value"),
    ),
    "hdr-trailing-ws": (
        b"HTTP/1.1 200 OK\r\nX-N:   v  \t \r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "close-mid-headers": (
        b"HTTP/1.1 200 OK\r\nContent-Le",
        ("ECONNRESET", "socket hang up"),
    ),
    "conn-close": (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "401-basic": (
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 2\r\n\r\nno',
        (401, "Unauthorized", b"no"),
    ),
    "bom-utf8": (
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n\xef\xbb\xbf{"a":1}',
        (200, "OK", b'\xef\xbb\xbf{"a":1}'),
    ),
    "charset-latin1": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 4\r\n\r\ncaf\xe9",
        (200, "OK", b"caf\xe9"),
    ),
    "sse": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: 2\n\n",
        (200, "OK", b"data: 1\n\ndata: 2\n\n"),
    ),
    "lenient:hdr-ctl": (
        b"HTTP/1.1 200 OK\r\nX-N: a\x01b\r\nContent-Length: 2\r\n\r\nok",
        (200, "OK", b"ok"),
    ),
    "lenient:hdr-space-in-name": (
        b"HTTP/1.1 200 OK\r\nX N: v\r\nContent-Length: 2\r\n\r\nok",
        ("HPE_INVALID_HEADER_TOKEN", "Parse Error: Invalid header token"),
    ),
    "lenient:chunked-and-cl": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        (200, "OK", b"hello"),
    ),
    "lenient:lf-only": (
        b"HTTP/1.1 200 OK\nContent-Length: 2\nX-A: b\n\nok",
        (200, "OK", b"ok"),
    ),
    "gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 48\r\n\r\n"
        b"\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15\x1ez"
        b"\xc2\x00\xb8`\xeb\x90\xcc\x01\x00\x00",
        (200, "OK", TEXT),
    ),
    "gzip-upper": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: GZIP\r\nContent-Length: 48\r\n\r\n"
        b"\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15\x1ez"
        b"\xc2\x00\xb8`\xeb\x90\xcc\x01\x00\x00",
        (200, "OK", TEXT),
    ),
    "gzip-truncated": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 36\r\n\r\n"
        b"\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15",
        (200, "OK", b"hello compressed world h"),
    ),
    "gzip-invalid": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 23\r\n\r\n"
        b"this is not gzip at all",
        ("Z_DATA_ERROR", "incorrect header check"),
    ),
    "gzip-corrupt-mid": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 48\r\n\r\n"
        b"\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-\xff\xff\xff.NMQ(\xcf/\xcaIQ"
        b"\xc8\x18\x15\x1ez\xc2\x00\xb8`\xeb\x90\xcc\x01\x00\x00",
        ("Z_DATA_ERROR", "invalid distance too far back"),
    ),
    "deflate-zlib": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: deflate\r\nContent-Length: 36\r\n\r\n"
        b"x\x9c\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15\x1ez\xc2\x00\xff\xc0\xb0U",
        (200, "OK", TEXT),
    ),
    "deflate-raw": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: deflate\r\nContent-Length: 30\r\n\r\n"
        b"\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15\x1ez\xc2\x00",
        (200, "OK", TEXT),
    ),
    "br": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: br\r\nContent-Length: 27\r\n\r\n"
        b"\x1b\xcb\x01H\x04<d\xa9>w\xb3\tL\x0e\xd2\x0bc\xa5\xb95n\x8f\xbe\xa5\xe07\x04",
        (200, "OK", TEXT),
    ),
    "identity": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: identity\r\nContent-Length: 460\r\n\r\n" + TEXT,
        (200, "OK", TEXT),
    ),
    "unknown-encoding": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: foo\r\nContent-Length: 460\r\n\r\n" + TEXT,
        (200, "OK", TEXT),
    ),
    "te-gzip-chunked": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        b"30\r\n\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ"
        b"\xc8\x18\x15\x1ez\xc2\x00\xb8`\xeb\x90\xcc\x01\x00\x00\r\n0\r\n\r\n",
        (
            200,
            "OK",
            b"\x1f\x8b\x08\x00^\x15\x02k\x02\xff\xcbH\xcd\xc9\xc9WH\xce\xcf-(J-.NMQ(\xcf/\xcaIQ\xc8\x18\x15\x1ez"
            b"\xc2\x00\xb8`\xeb\x90\xcc\x01\x00\x00"
            b"",
        ),
    ),
    "cl-too-short": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA",
        ("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
    ),
    "304-body": (
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
        ("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
    ),
    "hdr-dup": (
        b"HTTP/1.1 200 OK\r\nX-D: 1\r\nx-d: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/plai"
        b"n\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n"
        b"ok",
        (200, "OK", b"ok"),
    ),
    "early-close": (
        b"",
        ("ECONNRESET", "socket hang up"),
    ),
}

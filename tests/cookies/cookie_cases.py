"""What Newman 6.2.2 sent at each URL of URLS after SETTER had set these cookies (`Set-Cookie` values)."""

URLS = (
    "http://c1.example.com:7500/setck/sub/y",
    "http://c1.example.com:7500/setck",
    "http://c1.example.com:7500/",
    "http://x.c1.example.com:7500/setck/sub/y",
    "http://c1.example.com:7501/setck/sub/y",
    "https://c1.example.com:7502/setck/sub/y",
    "http://c1.example.com:7500/setck/",
)
SETTER = "http://c1.example.com:7500/setck/sub/x"

CASES: dict[str, tuple[tuple[str, ...], tuple[str | None, ...]]] = {
    "basic": (("a=1",), ("a=1", None, None, None, "a=1", "a=1", None)),
    "two": (("a=1", "b=2"), ("a=1; b=2", None, None, None, "a=1; b=2", "a=1; b=2", None)),
    "path-root": (("a=1; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "path-sub": (("a=1; Path=/setck/sub",), ("a=1", None, None, None, "a=1", "a=1", None)),
    "path-other": (("a=1; Path=/other",), (None, None, None, None, None, None, None)),
    "path-prefix-trick": (("a=1; Path=/setck/su",), (None, None, None, None, None, None, None)),
    "path-relative": (("a=1; Path=foo",), ("a=1", None, None, None, "a=1", "a=1", None)),
    "path-trailing": (("a=1; Path=/setck/",), ("a=1", None, None, None, "a=1", "a=1", "a=1")),
    "path-empty": (("a=1; Path=",), ("a=1", None, None, None, "a=1", "a=1", None)),
    "paths-order": (
        ("a=root; Path=/", "a=sub; Path=/setck/sub", "b=mid; Path=/setck"),
        (
            "a=sub; b=mid; a=root",
            "b=mid; a=root",
            "a=root",
            None,
            "a=sub; b=mid; a=root",
            "a=sub; b=mid; a=root",
            "b=mid; a=root",
        ),
    ),
    "domain-dot": (("a=1; Domain=.c1.example.com; Path=/",), ("a=1", "a=1", "a=1", "a=1", "a=1", "a=1", "a=1")),
    "domain-tld": (("a=1; Domain=com; Path=/",), (None, None, None, None, None, None, None)),
    "domain-sub": (("a=1; Domain=x.c1.example.com; Path=/",), (None, None, None, None, None, None, None)),
    "hostonly-and-domain": (
        ("a=host; Path=/", "a=dom; Domain=c1.example.com; Path=/"),
        ("a=dom", "a=dom", "a=dom", "a=dom", "a=dom", "a=dom", "a=dom"),
    ),
    "secure-http": (("a=1; Secure; Path=/",), (None, None, None, None, None, "a=1", None)),
    "httponly": (("a=1; HttpOnly; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "samesite": (("a=1; SameSite=Strict; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "samesite-none": (("a=1; SameSite=None; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "expires-past": (
        ("a=1; Path=/", "a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"),
        (None, None, None, None, None, None, None),
    ),
    "maxage-neg": (("a=1; Max-Age=-1; Path=/",), (None, None, None, None, None, None, None)),
    "maxage-bad": (("a=1; Max-Age=abc; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "expires-2digit": (("a=1; Expires=Wed, 09-Jun-80 10:18:14 GMT; Path=/",), (None, None, None, None, None, None, None)),
    "maxage-over-expires": (
        ("a=1; Max-Age=100; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",),
        ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1"),
    ),
    "no-eq": (("justvalue; Path=/",), ("justvalue", "justvalue", "justvalue", None, "justvalue", "justvalue", "justvalue")),
    "empty-name": (("=v; Path=/",), ("v", "v", "v", None, "v", "v", "v")),
    "eq-in-value": (("a=b=c; Path=/",), ("a=b=c", "a=b=c", "a=b=c", None, "a=b=c", "a=b=c", "a=b=c")),
    "quoted": (('a="q v"; Path=/',), ('a="q v"', 'a="q v"', 'a="q v"', None, 'a="q v"', 'a="q v"', 'a="q v"')),
    "spaces": (("  a  =  1  ; Path=/",), ("a=1", "a=1", "a=1", None, "a=1", "a=1", "a=1")),
    "comma": (("a=1,b=2; Path=/",), ("a=1,b=2", "a=1,b=2", "a=1,b=2", None, "a=1,b=2", "a=1,b=2", "a=1,b=2")),
    "utf8": (
        ("a=Ã©â\x98\x83; Path=/",),
        ("a=Ã©â\x98\x83", "a=Ã©â\x98\x83", "a=Ã©â\x98\x83", None, "a=Ã©â\x98\x83", "a=Ã©â\x98\x83", "a=Ã©â\x98\x83"),
    ),
    "pct": (("a=%20x; Path=/",), ("a=%20x", "a=%20x", "a=%20x", None, "a=%20x", "a=%20x", "a=%20x")),
    "secure-prefix": (("__Secure-a=1; Path=/",), (None, None, None, None, None, None, None)),
    "name-case": (
        ("A=1; Path=/", "a=2; Path=/"),
        ("A=1; a=2", "A=1; a=2", "A=1; a=2", None, "A=1; a=2", "A=1; a=2", "A=1; a=2"),
    ),
    "name-odd": (("a[b]=1; Path=/",), ("a[b]=1", "a[b]=1", "a[b]=1", None, "a[b]=1", "a[b]=1", "a[b]=1")),
    "dollar": (
        ("$Version=1; Path=/",),
        ("$Version=1", "$Version=1", "$Version=1", None, "$Version=1", "$Version=1", "$Version=1"),
    ),
    "empty": (("",), (None, None, None, None, None, None, None)),
    "ctl": (("a=b%0Ac; Path=/",), ("a=b%0Ac", "a=b%0Ac", "a=b%0Ac", None, "a=b%0Ac", "a=b%0Ac", "a=b%0Ac")),
}

"""From a resolved request to the bytes that go out: URL, headers, body, redirects. Pure: no I/O, entropy is passed in."""

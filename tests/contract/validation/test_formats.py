"""Formats: the texts at the edges of each, and that a format which is not known says nothing."""

import pytest

from runner.contract.validation.formats import OF_NUMBERS, OF_TEXTS, conforms

CASES = [
    ("date",
     ["2024-02-29", "0000-02-28", "9999-12-31"],
     ["2023-02-29", "2024-13-01", "2024-00-01", "24-01-01", "2024-1-1", "20240101"]),
    ("time", ["00:00:00Z", "23:59:59.999+14:00", "23:59:60Z", "15:59:60-08:00", "12:00:00z"],
     ["24:00:00Z", "12:60:00Z", "22:59:60Z", "12:00:00", "12:00Z", "12:00:00+24:00", "12:00:00,5Z"]),
    ("date-time",
     ["2024-02-29T00:00:00Z", "2024-02-29t00:00:00.1+00:00"],
     ["2024-02-29 00:00:00Z", "2024-02-30T00:00:00Z", "2024-02-29"]),
    ("duration", ["P1Y2M3DT4H5M6S", "P4W", "PT1S", "P1D"], ["P", "PT", "P1", "1D", "P1YT", "P1W1D", "P1D1Y", ""]),
    ("email",
     ["a@b.example", "a.b+c@d", '"a b"@c.example', "a@[127.0.0.1]", "a@[IPv6:::1]"],
     ["a", "@b", "a@", ".a@b", "a..b@c", "a b@c", "a@-b"]),
    ("idn-email", ["ä@bücher.example", "a@b.example"], ["ä", "a@\u2020"]),
    ("hostname",
     ["a", "a-b.c1", "xn--bcher-kva.example", "a" * 63],
     ["", "-a", "a-", "a_b", "a..b", "a" * 64, "a.", "ab--c", "ä"]),
    ("idn-hostname", ["bücher.example", "a.b"], ["-ä", "ä b", ""]),
    ("ipv4", ["127.0.0.1", "0.0.0.0"], ["1.2.3", "256.0.0.1", "01.2.3.4", "1.2.3.4.5", "1.2.3.٤"]),
    ("ipv6", ["::1", "2001:db8::", "::ffff:1.2.3.4"], ["1", ":::", "fe80::1%eth0", "12345::"]),
    ("uri",
     ["http://a/b?c#d", "urn:a:b", "mailto:a@b", "http://[::1]:8/"],
     ["/a", "a b:c", "http://a b", "http://[1]", "http://a/{b}", "http://a:x/", "http://a/%zz"]),
    ("uri-reference", ["/a", "#b", "", "a/b:c"], ["\\a", "a b", "1:b"]),
    ("iri", ["http://ä/ü"], ["http://ä b", "/ä"]),
    ("iri-reference", ["/ä"], ["ä b"]),
    ("uri-template", ["/a/{b}", "{?a,b*}", "{+a:3}", "x"], ["/a/{b", "{", "{}", "/a b", "{a b}"]),
    ("uuid",
     ["2EB8AA08-aa98-11ea-b4aa-73b441d16380"],
     ["2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "g" * 36]),
    ("json-pointer", ["", "/a/0/~0~1", "/"], ["a", "/~2", "#/a"]),
    ("relative-json-pointer", ["0", "1/a", "2#"], ["-1", "01", "1a", ""]),
    ("regex", ["^a$", "\\p{L}", ""], ["(", "\\Z", "\\a", "(?i)a"]),
    ("byte", ["", "YQ==", "YWI="], ["Y", "YQ=", "Y!=="]),
    ("int32", [2**31 - 1, -(2**31), 1.0, "x"], [2**31, -(2**31) - 1]),
    ("int64", [2**63 - 1, True], [2**63]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_format_takes_what_its_definition_takes(name, good, bad):
    assert [value for value in good if not conforms(value, name)] == []
    assert [value for value in bad if conforms(value, name)] == []


def test_every_format_is_tested():
    assert {case[0] for case in CASES} == {*OF_TEXTS, *OF_NUMBERS}


@pytest.mark.parametrize("name", sorted(OF_TEXTS))
def test_a_format_of_texts_says_nothing_of_other_values(name):
    assert all(conforms(value, name) for value in (1, 1.5, None, True, [], {}))


def test_a_format_that_is_not_known_says_nothing():
    assert conforms("x", "color")
    assert conforms("x", 3)

"""Postman's URL rules beyond the recorded requests."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import RequestError
from runner.model.request import QueryParam, Url
from runner.model.variable import Variable
from runner.request.address import parse_address
from runner.rules.hosts import host_to_ascii
from runner.rules.percent import encode_path, encode_query, encode_userinfo
from runner.rules.url import parse_url, path_text, query_text, url_text


def target(text, *variables, encode=True):
    return parse_address(replace(parse_url(text), variables=tuple(variables)), encode).target


@pytest.mark.parametrize(
    "text",
    [
        "https://u:p@api.example.com:8443/a/b?x=1&y=#top",
        "{{scheme}}://{{user}}:{{p@ss}}@{{host.name}}:{{port}}/{{a/b}}?{{q?}}={{v&}}#{{h}}",
        "localhost",
        "http://h?",
        "http://h/?a&&b=&=c&",
        "http://[::1]:80/x",
        "http://h:/x",
        "http://@h/x",
        "http://:p@h/x",
    ],
)
def test_a_url_keeps_its_text_when_it_is_taken_apart(text):
    assert url_text(parse_url(text)) == text


def test_a_reserved_character_inside_of_a_variable_splits_nothing():
    url = parse_url("http://{{a.b/c}}.com:{{p:1}}/{{x?y}}")
    assert (url.host, url.port, url.path) == (("{{a.b/c}}", "com"), "{{p:1}}", ("{{x?y}}",))


def test_parts_are_read_from_the_outside_in():
    url = parse_url("  http://a:b@c@host:1/p#f?no")
    assert (url.user, url.password, url.host, url.port) == ("a", "b@c", ("host",), "1")
    assert (url.hash, url.query) == ("f?no", None)


def test_a_value_of_a_parameter_cannot_split_the_query():
    url = Url(host=("h",), query=(QueryParam("a&b=c", "1&2=3#4"), QueryParam("{{x&y}}", "{{p#q}}&")))
    assert query_text(url) == "a%26b%3Dc=1%262=3%234&{{x&y}}={{p#q}}%26"


def test_disabled_parameters_are_left_out():
    assert query_text(Url(query=(QueryParam("a", "1", disabled=True), QueryParam("b")))) == "b"
    assert query_text(Url(query=(QueryParam("a", "1", disabled=True),))) is None


def test_a_parameter_without_key_and_value_is_empty():
    assert query_text(Url(query=(QueryParam("a"), QueryParam(None), QueryParam("", "b")))) == "a&&=b"


def test_path_variables_fill_whole_segments_and_keep_a_suffix():
    id, name = Variable("id", "7/8"), Variable("name", "n")
    assert target("http://h/:id/:name.json/x:id/:", id, name) == "/7/8/n.json/x:id/:"


@pytest.mark.parametrize(
    "variable",
    [Variable("id", ""), Variable("id", 5), Variable("id"), Variable("id", "5", "number"), Variable("x", "7")],
)
def test_a_path_variable_without_a_text_stays_as_it_is(variable):
    assert target("http://h/:id", variable) == "/:id"


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        (Variable("id", "7", disabled=True), "/7"),
        (Variable("id", 5, "string"), "/5"),
        (Variable("id", None, "string", source={"value": None}), "/null"),
        (Variable("id", None, "string", source={}), "/undefined"),
    ],
)
def test_the_type_of_a_path_variable_counts_and_being_disabled_does_not(variable, path):
    assert target("http://h/:id", variable) == path


def test_the_last_path_variable_of_a_name_counts():
    assert target("http://h/:id", Variable("id", "1"), Variable("id", "2")) == "/2"


def test_a_path_variable_is_encoded_but_not_split_anew():
    assert target("http://h/:id", Variable("id", "a?b#c/d e")) == "/a%3Fb%23c/d%20e"


def test_the_name_of_a_path_variable_ends_at_its_first_dot():
    assert path_text(replace(parse_url("h/:a.b.c"), variables=(Variable("a.b", "x"), Variable("a", "y")))) == "/y.b.c"


def test_a_url_of_nothing_but_a_port_leads_to_this_machine():
    address = parse_address(parse_url(":4000/path"))
    assert (address.connect_host, address.connect_port, address.host_header) == ("localhost", 4000, ":4000")


def test_the_slash_of_an_empty_path_is_sent():
    assert target("http://h?a=1") == "/?a=1"


@pytest.mark.parametrize(
    ("host", "ascii"),
    [
        ("EXAMPLE.com", "example.com"),
        ("straße.de", "xn--strae-oqa.de"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("日本語。jp", "xn--wgv71a119e.jp"),
        ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("1.2.3.4.5", "1.2.3.4.5"),
        ("256.256.256.256", "256.256.256.256"),
        ("v2", "v2"),
        ("[::1]", "[::1]"),
        ("[0:0:0:0:0:0:0:1]", "[::1]"),
        ("[::FFFF:127.0.0.1]", "[::ffff:7f00:1]"),
        ("[2001:0db8:0:0:1:0:0:0]", "[2001:db8:0:0:1::]"),
        ("[1:0:0:2:0:0:3:4]", "[1::2:0:0:3:4]"),
        ("[1:2:3:4:5:6:0:8]", "[1:2:3:4:5:6:0:8]"),
        ("[::]", "[::]"),
        ("[::g]", "[::g]"),
        ("127.0.0.1.", "127.0.0.1"),
    ],
)
def test_hosts_are_written_as_dns_needs_them(host, ascii):
    assert host_to_ascii(host) == ascii


def test_an_empty_url_is_an_error():
    with pytest.raises(RequestError, match=r"^runtime: request url is empty$"):
        parse_address(parse_url(""))


def test_a_url_without_a_host_is_an_error():
    with pytest.raises(RequestError, match=r'^Invalid URI "http:///x"$'):
        parse_address(Url(protocol="http", path=("x",)))


@pytest.mark.parametrize("host", ["a\r\nb", "a\0b", "a\x7f"])
def test_a_control_character_in_the_host_is_an_error(host):
    with pytest.raises(RequestError, match="Invalid URI"):
        parse_address(Url(host=(host,)))


@pytest.mark.parametrize("port", ["65536", "-1", "1.5", "²", "1" * 5000])
def test_a_port_out_of_range_is_an_error(port):
    with pytest.raises(RequestError) as caught:
        _ = parse_address(parse_url(f"http://h:{port}/")).connect_port
    assert caught.value.code == "ERR_SOCKET_BAD_PORT"


def test_default_ports_depend_on_the_scheme():
    assert [parse_address(parse_url(t)).connect_port for t in ("h", "HTTPS://h", "https://h:07500")] == [80, 443, 7500]


def test_the_address_never_shows_user_name_and_password():
    address = parse_address(parse_url("http://u:p@h/x#f"))
    assert (address.href, address.user, address.password) == ("http://h/x", "u", "p")


@given(st.text())
def test_encoding_twice_changes_nothing_more(text):
    for encode in (encode_path, encode_query, encode_userinfo):
        assert encode(encode(text)) == encode(text)


@given(st.text())
def test_an_encoded_target_is_plain_ascii(text):
    assert all("\x21" <= c <= "\x7e" for c in encode_path(text) + encode_query(text))


@given(st.text(alphabet=st.sampled_from("ab{}.:/?#@&=[]% é")))
def test_taking_apart_is_stable(text):
    url = url_text(parse_url(text))
    assert url_text(parse_url(url)) == url


@given(st.text(max_size=20))
def test_any_host_gives_some_text(text):
    assert isinstance(host_to_ascii(text), str)

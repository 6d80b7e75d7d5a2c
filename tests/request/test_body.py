"""Bodies beyond the recorded requests."""

import json
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.entropy import Entropy
from runner.errors import RequestError
from runner.model.request import Body, FormParam, Header, ProtocolProfileBehavior, Request
from runner.request.body import strip_comments, urlencoded_text
from runner.request.multipart import decode_base64, multipart_bytes
from runner.request.prepare import prepare
from runner.rules.mime import content_type
from runner.rules.url import parse_url


def prepared(body, *headers, method="POST", **behavior):
    request = Request(method=method, url=parse_url("http://h/x"), headers=headers, body=body)
    return prepare(request, ProtocolProfileBehavior(**behavior), Entropy(seed=1))


def header(request, name):
    return dict(request.headers).get(name)


@pytest.mark.parametrize("raw", [5, 0, None, "", True, {}, []])
def test_what_is_no_text_and_no_json_is_no_body(raw):
    sent = prepared(Body(mode="raw", raw=raw))
    assert (sent.body, sent.has_body, header(sent, "Content-Type")) == (b"", False, None)


def test_a_raw_object_is_sent_as_json_but_called_text():
    sent = prepared(Body(mode="raw", raw={"a": 1.0, "é": None}))
    assert (sent.body.decode(), header(sent, "Content-Type")) == ('{"a":1,"é":null}', "text/plain")


def test_comments_go_when_only_the_header_says_json():
    sent = prepared(Body(mode="raw", raw='{"u":"http://x"} // c'), Header("content-type", "application/hal+json; a=b"))
    assert sent.body == b'{"u":"http://x"} '


FORMS = {"urlencoded": "application/x-www-form-urlencoded", "formdata": "multipart/form-data"}


@pytest.mark.parametrize("mode", FORMS)
def test_a_form_that_may_add_no_content_type_leaves_the_users_own_and_names_itself_without_one(mode):
    body = Body(mode=mode, **{mode: (FormParam(key="a", value="1"),)})
    disabled = frozenset(["content-type"])
    own = Header("Content-Type", "mine/x")
    assert header(prepared(body, own, disabled_system_headers=disabled), "Content-Type") == "mine/x"
    assert header(prepared(body, disabled_system_headers=disabled), "Content-Type").startswith(FORMS[mode])
    assert header(prepared(body, own), "Content-Type").startswith(FORMS[mode])


@pytest.mark.parametrize("language", [["json"], {"a": 1}, 7])
def test_a_language_that_is_no_text_counts_as_text(language):
    sent = prepared(Body(mode="raw", raw="x", options={"raw": {"language": language}}))
    assert (sent.body, header(sent, "Content-Type")) == (b"x", "text/plain")


def test_comments_stay_when_the_language_is_another():
    body = Body(mode="raw", raw="{} // c", options={"raw": {"language": "text"}})
    assert prepared(body, Header("Content-Type", "application/json")).body == b"{} // c"


@pytest.mark.parametrize("text", ['"// no"', '"\\"/* no */"', '"open // no', '"open \\'])
def test_strings_keep_what_looks_like_a_comment(text):
    assert strip_comments(text) == text


@pytest.mark.parametrize(
    ("text", "left"), [("a /* b", "a "), ("a // b\r\nc", "a \nc"), ("a // b\rc", "a "), ("/* * / **/1//", "1")]
)
def test_comments_end_where_javascript_ends_them(text, left):
    assert strip_comments(text) == left


def test_comments_go_as_in_postman():
    recorded = json.loads(Path(__file__).with_name("postman_comments.json").read_text("utf-8"))
    assert [(text, strip_comments(text)) for text, _ in recorded] == [(text, left) for text, left in recorded]


def test_a_lone_surrogate_becomes_the_replacement_character():
    assert prepared(Body(mode="raw", raw="a\ud800b")).body == "a\ufffdb".encode()


def test_urlencoded_values_need_not_be_texts():
    params = [FormParam(key="n", value=5), FormParam(key="b", value=True), FormParam(key="o", value={"a": 1})]
    assert urlencoded_text(tuple(params)) == "n=5&b=true&o="
    assert urlencoded_text((FormParam(key="l", value=["a", 1, None]), FormParam(key="l", value="z"))) == "l=a&l=1&l=&l=z"


@given(st.lists(st.tuples(st.text(), st.text())))
def test_an_urlencoded_form_can_be_read_back(pairs):
    pairs = [(key, value) for key, value in pairs if (key + value).isascii()]
    text = urlencoded_text(tuple(FormParam(key=key, value=value) for key, value in pairs))
    assert sorted(parse_qsl(text or "", keep_blank_values=True)) == sorted(pairs)


def test_an_urlencoded_form_replaces_a_content_type_that_does_not_fit():
    sent = prepared(Body(mode="urlencoded", urlencoded=(FormParam(key="a", value="1"),)), Header("content-type", "a/b"))
    assert header(sent, "content-type") == "application/x-www-form-urlencoded"


def test_graphql_variables_may_be_an_object():
    body = Body(mode="graphql", graphql={"query": "{a}", "operationName": "A", "variables": {"x": [1]}, "other": 1})
    assert prepared(body).body == b'{"query":"{a}","operationName":"A","variables":{"x":[1]}}'


def test_empty_graphql_variables_are_left_out():
    assert prepared(Body(mode="graphql", graphql={"query": "{a}", "variables": ""})).body == b'{"query":"{a}"}'


def test_an_unknown_mode_counts_as_raw():
    assert prepared(Body(mode="yaml", raw="a: 1")).body == b"a: 1"


def test_a_file_body_has_its_type_behind_its_length():
    sent = prepared(Body(mode="file", file={"src": "a.json"}, content=b"{}"))
    assert sent.headers[-2:] == (("Content-Length", "2"), ("Content-Type", "application/json"))
    assert sent.cookie_before_length


def test_a_pruned_body_leaves_no_trace():
    sent = prepared(Body(mode="formdata", formdata=(FormParam(key="a", value="1"),)), method="copy")
    assert (sent.has_body, sent.cookie_before_length, header(sent, "Content-Type")) == (False, False, None)
    assert prepared(Body(mode="raw", raw="x"), method="copy", disable_body_pruning=True).body == b"x"


@pytest.mark.parametrize(("language", "place"), [("json", 1), ("xml", 2), (None, 2)])
def test_only_the_content_type_of_json_goes_before_what_an_auth_type_added(language, place):
    auth = (Header("X", "1"), Header("Authorization", "Bearer t", system=True))
    body = Body(mode="raw", raw="x", options={"raw": {"language": language}})
    names = [name for name, _ in prepared(body, *auth).headers]
    assert names.index("Content-Type") == place


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (Body(mode="raw", raw="x"), "utf-8"),
        (Body(mode="urlencoded", urlencoded=(FormParam(key="a", value="b"),)), "utf-8"),
        (Body(mode="formdata", formdata=(FormParam(key="a", value="b"),)), "utf-8"),
        (Body(mode="file", file={"src": "a"}, content=b"x"), "latin-1"),
        (None, "latin-1"),
    ],
)
def test_the_head_has_the_encoding_that_node_gives_it(body, encoding):
    assert prepared(body, Header("X", "ü")).head_encoding == encoding


# -- multipart --------------------------------------------------------------------------------------------------


def parts(content, boundary="B"):
    message = message_from_bytes(
        b"Content-Type: multipart/form-data; boundary=" + boundary.encode() + b"\r\n\r\n" + content, policy=HTTP
    )
    return list(message.iter_parts())


def test_a_quote_or_line_break_in_a_name_cannot_forge_a_header():
    param = FormParam(key='a"\r\nX: y', type="file", src='c"\n.txt', contents=(b"x",))
    head = multipart_bytes([param], "B").partition(b"\r\n\r\n")[0]
    assert head == (
        b'--B\r\nContent-Disposition: form-data; name="a%22%0D%0AX: y"; filename="c%22%0A.txt"\r\nContent-Type: text/plain'
    )


def test_a_line_break_in_the_content_type_of_a_part_is_refused():
    with pytest.raises(RequestError, match="Invalid character in header content"):
        multipart_bytes([FormParam(key="a", value="1", content_type="text/plain\r\nX: y")], "B")


def test_a_list_of_files_makes_several_parts_and_the_next_field_is_sent_too():
    files = FormParam(key="f", type="file", src=("a.txt", "gone", "b.png"), contents=(b"1", None, b"2"))
    after = FormParam(key="g", type="file", src="c.bin", contents=(b"3",))
    found = [
        (p.get_filename(), p.get_content_type(), p.get_payload(decode=True))
        for p in parts(multipart_bytes([files, after], "B"))
    ]
    assert found == [
        ("a.txt", "text/plain", b"1"),
        ("b.png", "image/png", b"2"),
        ("c.bin", "application/octet-stream", b"3"),
    ]


def test_a_file_may_be_given_as_base64_instead_of_a_path():
    content = multipart_bytes([FormParam(key="f", type="file", value="aGk=", file_name="x/a.txt")], "B")
    assert b'name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n' in content


def test_a_windows_path_gives_its_last_part_as_file_name():
    content = multipart_bytes([FormParam(key="f", type="file", src="C:\\dir\\a.txt", contents=(b"",))], "B")
    assert b'filename="a.txt"' in content


def test_a_quoted_boundary_of_the_user_is_honoured():
    sent = prepared(
        Body(mode="formdata", formdata=(FormParam(key="a", value="1"),)),
        Header("Content-Type", 'multipart/form-data; boundary="a b"'),
    )
    assert sent.body.startswith(b"--a b\r\n")
    assert header(sent, "Content-Type") == 'multipart/form-data; boundary="a b"'


def test_another_content_type_is_replaced_in_place():
    sent = prepared(Body(mode="formdata", formdata=(FormParam(key="a", value="1"),)), Header("content-type", "a/b"))
    assert sent.headers[0][0] == "content-type"
    assert sent.headers[0][1].startswith("multipart/form-data; boundary=--------------------------")


@given(st.lists(st.binary(max_size=50), max_size=4))
def test_the_bytes_of_files_arrive_unchanged(contents):
    params = [FormParam(key="f", type="file", src="a.bin", contents=(content,)) for content in contents]
    boundary = "-" * 60  # longer than any content
    pieces = multipart_bytes(params, boundary).split(b"--" + boundary.encode())[1:-1]
    assert [piece.partition(b"\r\n\r\n")[2][:-2] for piece in pieces] == contents


# -- small parts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"), [("aGk=", b"hi"), ("aGk", b"hi"), ("a G\nk=", b"hi"), ("-_8", b"\xfb\xff"), ("a", b"")]
)
def test_base64_is_read_as_node_reads_it(text, plain):
    assert decode_base64(text) == plain


@given(st.text())
def test_any_text_is_some_base64(text):
    assert isinstance(decode_base64(text), bytes)


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("a.JSON", "application/json"),
        ("x.tar.gz", "application/gzip"),
        ("a.js", "application/javascript"),
        (".txt", None),
        ("a", None),
    ],
)
def test_types_come_from_a_fixed_table(name, type):
    assert content_type(name) == type


def file_field(*contents):
    return FormParam(key="f", type="file", src=tuple(f"{i}.txt" for i in range(len(contents))), contents=contents)


@pytest.mark.parametrize(
    "params", [(), (file_field(None),), (file_field(None, None), FormParam(key="a", value="1", disabled=True))]
)
def test_a_form_without_any_part_is_no_body(params):
    request = prepared(Body(mode="formdata", formdata=params))
    assert (request.has_body, request.body, header(request, "Content-Type")) == (False, b"", None)


def test_one_file_of_a_list_that_can_be_read_is_sent():
    body = prepared(Body(mode="formdata", formdata=(file_field(None, b"x"),))).body
    assert (b'filename="1.txt"' in body, b"0.txt" in body) == (True, False)

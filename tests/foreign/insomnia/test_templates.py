"""Templates of Insomnia: what they are filled in with, and what has no counterpart."""

import base64
import hashlib
import re

import pytest

from runner.foreign.insomnia.templates.fakers import NAMES
from runner.variables.dynamic import DYNAMIC, GENERATED
from tests.foreign.insomnia.exports import LINES, body_of, export, post

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    ("template", "body"),
    [
        ("{% base64 'encode', 'normal', 'jö:p' %}", base64.b64encode("jö:p".encode()).decode()),
        ("{% base64 'encode', 'ab' %}", "YWI="),
        ("{{ _.größe }}{{ _['größe'] }}", "XX"),
        ("{% base64 'encode', 'url', '>>>???' %}", "Pj4-Pz8_"),
        ("{% base64 'encode', 'hex', '00ff' %}", "AP8="),
        ("{% base64 'decode', 'normal', 'YWI=' %}", "ab"),
        ("{% base64 'encode', 'normal', _.a + ':' + _.b %}", base64.b64encode(b"1:2").decode()),
        ("{% hash 'sha256', 'hex', _.a %}", hashlib.sha256(b"1").hexdigest()),
        ("{% hash 'md5', 'base64', 'x' %}", base64.b64encode(hashlib.md5(b"x").digest()).decode()),
        ("{% jsonpath '{\"a\": [{\"b\": 5}]}', 'b64::JC5hWzBdLmI=::46b' %}", "5"),
        ("{% request 'name' %} {% request 'folder', '', 0 %}", "Post f"),
        ("{% request 'header', 'x-a' %}{% request 'parameter', 'p' %}", "12"),
        ("{{ _.a | upper }}{{ 'b' | upper | lower }}{{ _.a ~ 'c' }}{{ _.b * 3 }}", "1b1c6"),
        ("{{ _.none | default('d') }}", "d"),
        ("{{ _.a | append: 'z' | upcase }}", "1Z"),
        ("{# nothing #}a {{- _.a -}} b", "a1b"),
        ("{% raw %}{ {% }{% endraw %}", "{ {% }"),
        ("{{ 'text' }} {{ 5 }} {{ true }}", "text 5 true"),
        ("{ {{ _.a }} } {{", "{ 1 } {{"),
    ],
)
def test_a_template_is_sent_as_insomnia_fills_it_in(sent, template, body):
    request = post(template, headers=[{"name": "X-A", "value": "{{ _.a }}"}], parameters=[{"name": "p", "value": "2"}])
    text = export([{"name": "f", "children": [request]}], environments={"data": {"a": "1", "b": 2, "größe": "X"}})
    assert sent(text)[0][3] == body


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("{% uuid 'v4' %}", UUID.pattern),
        ("{% now 'iso-8601', '' %}", r"20\d\d-\d\d-\d\dT[\d:.]+Z"),
        ("{% timestamp 'unix' %}", r"\d{10}"),
        ("{% now 'millis' %}", r"\d{13}"),
        ("{% now 'custom', \"yyyy-MM-dd'T'EEEE\" %}", r"20\d\d-\d\d-\d\dT[A-Z][a-z]+day"),
        ("{% now 'custom', 'YYYY/MM' %}", r"20\d\d/\d\d"),
        ("{% faker 'randomFirstName' %}", r"\w.*"),
        ("{% faker 'internet', '', '', 'email', '', 'pt_BR' %}", r"\S+@\S+"),
        ("{% faker 'lorem.word' %}", r"\w+"),
        ("{% faker 'company', 'bs' %}", r"\w.*"),
    ],
)
def test_a_template_that_makes_values_makes_them_here_too(sent, template, pattern):
    assert re.fullmatch(pattern, body_of(sent, template))


def test_all_names_of_the_faker_plugin_are_known_to_postman():
    for name in NAMES.values():
        assert f"${name}" in DYNAMIC or f"${name}" in GENERATED, name


def test_a_template_in_a_variable_is_filled_in_where_that_is_used(sent):
    data = {"id": "{% uuid 'v4' %}", "credentials": "{% base64 'encode', 'normal', _.user %}", "user": "u"}
    body = body_of(sent, "{{ _.id }} {{ _.credentials }}", environments={"data": data})
    assert re.fullmatch(UUID.pattern + " dQ==", body)


def test_what_two_requests_compute_has_one_name_and_what_the_collection_computes_another(imported, postrunner, server):
    tag = "{{% hash 'md5', 'hex', '{}' %}}"
    requests = [post(f"{tag.format(text)} {tag.format(text)} {tag.format('x')} {{{{ _.v }}}}") for text in "ab"]
    collection, _ = imported(export(requests, environments={"data": {"v": tag.format("c"), "hash_2": "own"}}))
    for item in collection["item"]:
        assert item["request"]["body"]["raw"] == "{{hash}} {{hash}} {{hash_3}} {{v}}"
    postrunner("run", "c.json")
    md5 = {text: hashlib.md5(text.encode()).hexdigest() for text in "abcx"}
    assert [body.decode() for *_, body in server.seen] == [f"{md5[t]} {md5[t]} {md5['x']} {md5['c']}" for t in "ab"]


def test_a_value_that_insomnia_asks_for_is_a_variable(imported, postrunner, server):
    _, told = imported(export([post("{% prompt 'Your name', 'Label', 'Ann', '', false, true %}")]))
    assert "Insomnia asks for Your name: it is the variable your_name (--env-var your_name=…)" in told
    postrunner("run", "c.json")
    postrunner("run", "c.json", "--env-var", "your_name=Bob")
    assert [body for *_, body in server.seen] == [b"Ann", b"Bob"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% os 'arch', '' %}", "the template tag os has no counterpart in Postman"),
        ("{% file '/tmp/x' %}", "the template tag file has no counterpart"),
        ("{% response 'body', 'req_9', '$.a' %}", "the request that the value is taken from is not in the file"),
        ("{% if _.a %}b{% endif %}", "the template tag if has no counterpart"),
        ("{% faker 'randomNothing' %}", "Postman makes no value of the kind randomNothing"),
        ("{% faker 'person', '', 'zodiacSign', 'pt_BR' %}", "Postman makes no value of the kind person.zodiacSign"),
        ("{{ _.a | groupby }}", "the filter groupby has no counterpart"),
        ("{{ range(3) }}", "an expression between {{ and }} has no counterpart"),
        ("{{ }}", "an expression between"),
        ("{{ (_.a }}", "an expression between"),
        ("{{ _.a. }}", "an expression between"),
        ("{{ _.a b }}", "an expression between"),
        ("{{ _.a | replace('x') }}", "the filter replace has no counterpart"),
        ("{% hash 'crc', 'hex', 'x' %}", "the hash CRC has no counterpart"),
        ("{% now 'quarter' %}", "a time of the kind quarter is unknown"),
        ("{% base64 _.a, 'normal', 'x' %}", "a template tag whose kind is in a variable has no counterpart"),
        ("{% jsonpath '{}', '$.a(' %}", "the path $.a( has no counterpart"),
        ("{% request 'oauth2' %}", "oauth2 of a request has no counterpart"),
        ("{% request 'folder', '', 3 %}", "there is no such folder around the request"),
    ],
)
def test_a_template_without_a_counterpart_stays_and_is_told_with_its_line(imported, template, message):
    text = f"{LINES}    body:\n      mimeType: text/plain\n      text: |-\n        first\n        {template}\n"
    collection, told = imported(text)
    assert f"export.yaml:11: {message}" in told
    request = collection["item"][0]["request"]
    assert request["body"]["raw"] == f"first\n{template}"
    assert f"Not imported: {message}" in request["description"]


def test_strict_fails_for_what_is_not_carried_over(imported):
    imported(export([post("{% os 'arch' %}")]), "--strict", code=1)


def test_a_cookie_and_the_address_of_a_request_are_computed(imported):
    text = "{% request 'url' %} {% request 'cookie', 'sid' %} {% cookie 'http://h', 'sid' %}"
    collection, _ = imported(export([post(text)]))
    assert collection["item"][0]["event"][0]["script"]["exec"] == [
        'pm.variables.set("request", pm.variables.replaceIn(pm.request.url.toString()));',
        'pm.variables.set("request_2", pm.cookies.get("sid"));',
    ]
    assert collection["item"][0]["request"]["body"]["raw"] == "{{request}} {{request_2}} {{request_2}}"

"""Whatever a collection says: a request is prepared or refused, never anything else."""

from hypothesis import given
from hypothesis import strategies as st

from runner.clock import Clock
from runner.entropy import Entropy
from runner.errors import RequestError
from runner.model.request import Body, FormParam, Header, ProtocolProfileBehavior, Request
from runner.model.response import Response
from runner.model.variable import Variable
from runner.request.prepare import prepare
from runner.request.redirect import next_hop
from runner.request.resolve import resolve
from runner.rules.url import parse_url
from runner.variables.dynamic import make_dynamic
from runner.variables.scopes import Scopes

ODD = st.text(alphabet=st.one_of(st.sampled_from('{}:/?#@&=.%[]\\ \0\r\n"é✓1x'), st.characters(codec=None)), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(ODD, inner),
    max_leaves=5,
)
PARAM = st.builds(
    FormParam,
    key=ODD,
    value=JSON,
    type=st.sampled_from(["text", "file"]),
    src=st.none() | ODD | st.lists(ODD, max_size=2).map(tuple),
    file_name=st.none() | ODD,
    content_type=st.none() | ODD,
    contents=st.none() | st.lists(st.none() | st.binary(max_size=5), max_size=2).map(tuple),
)
PARAMS = st.lists(PARAM, max_size=3).map(tuple)
BODY = st.builds(
    Body,
    mode=st.sampled_from(["raw", "urlencoded", "formdata", "file", "graphql", "odd", None]),
    raw=JSON,
    urlencoded=PARAMS,
    formdata=PARAMS,
    graphql=JSON,
    file=st.none() | st.dictionaries(st.sampled_from(["src", "content"]), ODD),
    options=st.dictionaries(st.just("raw"), JSON),
    content=st.none() | st.binary(max_size=5),
)
REQUEST = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "", "x y"]),
    url=st.builds(parse_url, ODD.map(lambda text: f"http://{text}")),
    headers=st.lists(st.builds(Header, ODD | st.sampled_from(["Host", "Content-Type"]), st.none() | ODD), max_size=3).map(
        tuple
    ),
    body=st.none() | BODY,
)
BEHAVIOR = st.builds(ProtocolProfileBehavior, disable_url_encoding=st.booleans(), disable_body_pruning=st.booleans())


@given(REQUEST, BEHAVIOR)
def test_what_is_prepared_can_be_written(request, behavior):
    try:
        prepared = prepare(request, behavior, Entropy(seed=1))
    except RequestError:
        return
    lines = [prepared.method, prepared.target, *(text for header in prepared.headers for text in header)]
    assert not any(mark in line for line in lines for mark in "\r\n\0")
    assert all(line.encode("latin-1") for line in lines if line)
    assert prepared.href.partition("#")[0] == prepared.href


@given(REQUEST, st.dictionaries(ODD, ODD, max_size=3))
def test_any_variables_can_be_resolved(request, values):
    scopes = Scopes(environment=[Variable(key, value) for key, value in values.items()])
    assert not set(resolve(request, scopes, make_dynamic(Clock(), Entropy(seed=1))).unresolved) & set(values)


@given(st.text(alphabet=st.characters(max_codepoint=255)), st.sampled_from([301, 307]))
def test_any_location_is_followed_or_refused(location, code):
    first = prepare(Request(url=parse_url("http://h/a?b")), ProtocolProfileBehavior(), Entropy(seed=1))
    try:
        hop = next_hop(first, Response(code=code, headers=(("location", location),)), 0)
    except RequestError:
        return
    assert hop is None or hop.target.startswith("/")

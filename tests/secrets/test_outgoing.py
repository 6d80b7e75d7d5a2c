import copy
import gzip
import os
import pickle
from dataclasses import replace

import pytest

from runner.errors import RequestError, RunAborted
from runner.events import ConsoleLogged, ItemStarted, RequestFinished, Warned
from runner.model.collection import Collection, Event, Item, Script
from runner.model.payload import Payload
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth, FormParam, Header, PreparedRequest, QueryParam, Request, Url
from runner.model.response import Cookie, Exchange, Hop, Response
from runner.model.variable import Environment, Variable
from runner.secrets import Secrets, Unmasked
from runner.secrets.outgoing.masked import Masker, unmasked

TOKEN = "tok-5f2a9c7e"
ITEM = Item(id="i", name=f"get {TOKEN}", request=Request(auth=Auth("bearer", {"token": TOKEN})))


def masker(*secrets):
    return Masker(Secrets([TOKEN, *secrets]))


def response(**more):
    return Response(code=200, headers=(("X-Token", TOKEN), ("X-Plain", TOKEN)), body=f"a {TOKEN}".encode(), **more)


def exchange(**more):
    sent = PreparedRequest(
        method="GET", scheme="http", host="h", port=80, target=f"/{TOKEN}", href=f"http://h/{TOKEN}", headers=(), **more
    )
    return Exchange(request=sent, response=response())


def finished(**more):
    return RequestFinished(item=ITEM, source="item", request=ITEM.request, **more)


def test_an_event_without_texts_of_a_run_is_itself():
    event = Warned(code="c", message="plain")
    assert masker().masked(event) is event


def test_where_the_user_asked_to_see_the_secrets_an_event_is_itself():
    event = finished(exchange=exchange())
    assert Masker(Unmasked([TOKEN])).masked(event) is event


def test_a_masked_event_is_of_the_same_class_and_its_original_stays():
    event = ConsoleLogged(item=ITEM, level="log", messages=({"a": TOKEN},), text=(TOKEN,))
    shown = masker().masked(event)
    assert (type(shown), shown.messages, shown.text) == (ConsoleLogged, ({"a": "••••"},), ("••••",))
    assert event.text == (TOKEN,)


@dataclass(frozen=True, slots=True)
class Plain:
    value: str
    copy: str
    masker: int
    names: tuple[str, ...] = ()
    limit: float | None = None


def test_a_copy_has_all_fields_whatever_they_are_called_the_first_as_the_hundredth():
    masked = masker().masked
    shown = {masked(Plain(TOKEN, "b", 3, (TOKEN,), 1.5)) for _ in range(100)}
    assert shown == {Plain("••••", "b", 3, ("••••",), 1.5)}
    plain = Plain("a", "b", 3)
    assert all(masked(plain) is plain for _ in range(100))


def test_a_view_looks_like_what_it_stands_for():
    shown = masker().masked(exchange())
    assert isinstance(shown, Exchange)
    assert isinstance(shown.response, Response)
    assert replace(shown.response, code=404).body == "a ••••".encode()


def test_a_field_is_masked_with_what_is_known_when_it_is_read():
    mask = masker()
    late = Response(code=200, body=b"later-secret-1")
    shown = mask.masked(late)
    assert shown.body == b"later-secret-1"
    mask.secrets.add("later-secret-1")
    assert shown.body == "••••".encode()


def test_names_of_a_collection_stay_and_what_it_holds_is_masked():
    script = Event(listen="test", script=Script(id="s", exec=f"pm.test('{TOKEN}')"))
    shown = masker().masked(ItemStarted(item=replace(ITEM, events=(script,)), path=(f"in {TOKEN}",)))
    assert (shown.item.name, shown.path) == (f"get {TOKEN}", (f"in {TOKEN}",))
    assert shown.item.request.auth.params == {"token": "••••"}
    assert shown.item.events[0].script.exec == "pm.test('••••')"


def test_the_same_node_is_always_the_same_view():
    mask = masker()
    collection = Collection(id="c", name="c", items=(ITEM,))
    first = mask.masked(collection).items[0]
    mask.secrets.add("another-secret")
    assert mask.masked(collection).items[0] is first
    assert mask.masked(ItemStarted(item=ITEM)).item is first


def test_what_is_secret_by_its_name_is_hidden_without_being_known():
    mask = Masker(Secrets())
    url = Url(host=("h",), password="pw", query=(QueryParam("api_key", "k1"), QueryParam("a", "b")))
    request = mask.masked(Request(url=url, headers=(Header("X-Api-Key", "k2"), Header("A", "b"))))
    assert (request.url.password, [one.value for one in request.url.query]) == ("••••", ["••••", "b"])
    assert [header.value for header in request.headers] == ["••••", "b"]
    assert mask.masked(FormParam(key="password", value="k3")).value == "••••"
    assert mask.masked(Auth("apikey", {"key": "X", "value": "k4"})).params["value"] == "••••"
    assert mask.masked(Cookie(name="theme", value="dark")).value == "••••"
    assert mask.masked(Variable("api_key", "k5")).value == "••••"


@pytest.mark.parametrize("value", ["a/b?c", "one.two.three", "x&y=z"])
def test_a_secret_with_separators_is_masked_in_the_parts_of_a_url(value):
    url = Url(host=("h", *value.split(".")), path=tuple(value.split("/")), query=(QueryParam("q", value),))
    shown = masker(value).masked(url)
    assert value not in ".".join(shown.host)
    assert value not in "/".join(shown.path)
    assert value not in "&".join(f"{one.key}={one.value}" for one in shown.query)


def test_sizes_are_those_of_what_was_sent_and_received():
    real = exchange(body=TOKEN.encode())
    shown = masker().masked(real)
    hop = Hop(method="GET", href="", headers=(("Authorization", TOKEN),), response=real.response)
    assert (shown.request.body_size, shown.response.body_size) == (len(TOKEN), len(TOKEN) + 2)
    assert masker().masked(hop).head_size == hop.head_size


def test_the_start_of_a_long_body_shows_no_secret_by_half():
    shown = masker().masked(Response(code=200, body=b"x" * 995 + TOKEN.encode() + b"y" * 300_000))
    start, more = shown.text_start(1000)
    assert "tok" not in start
    assert more == 995 + len(TOKEN) + 300_000 - 1000


def test_a_large_upload_keeps_its_size_and_every_slice_is_masked():
    data = b"a" * 5000 + TOKEN.encode() + b"b" * 5000
    shown = masker().masked(exchange(body=Payload([data]))).request.body
    assert len(shown) == len(data)
    assert bytes(shown) == data.replace(TOKEN.encode(), b"*" * len(TOKEN))
    assert shown[5003:5006] == b"***"


def test_a_pickle_and_a_deep_copy_hold_what_is_shown():
    shown = masker().masked(finished(exchange=exchange()))
    for made in (pickle.loads(pickle.dumps(shown)), copy.deepcopy(shown)):
        assert made.exchange.response.body == "a ••••".encode()
        assert type(made.exchange) is Exchange


def test_an_error_keeps_its_class_and_code_but_not_what_caused_it():
    error = RequestError(f"no {TOKEN}", code="ENOTFOUND", where=TOKEN, hint=f"not {TOKEN}")
    error.__cause__ = ValueError(TOKEN)
    shown = masker().masked(error)
    assert (type(shown), shown.code, str(shown), shown.hint) == (RequestError, "ENOTFOUND", "••••: no ••••", "not ••••")
    assert shown.__cause__ is None
    assert error.message == f"no {TOKEN}"


def test_an_exception_of_the_callers_own_listener_stays_the_cause():
    error = RunAborted("on_event raised")
    error.__cause__ = cause = ValueError("mine")
    assert masker().masked(error).__cause__ is cause


def test_two_masked_variables_are_equal_only_if_their_values_are():
    mask = masker()
    one, same, other = (mask.masked(Variable("token", value, "secret")) for value in ("aaaa-1", "aaaa-1", "bbbb-2"))
    assert one == same
    assert one != other
    assert (one.value, other.value) == ("••••", "••••")


def test_the_door_to_the_real_values_has_a_name():
    real = exchange()
    assert unmasked(masker().masked(real)) is real
    assert unmasked("plain") == "plain"


def test_repr_names_a_thing_and_shows_no_value_of_it():
    variable = Variable("token", TOKEN, "secret", source={"value": TOKEN})
    assert repr(variable) == "Variable(key='token', type='secret', disabled=False, by_script=False)"
    assert repr(Environment(name="ci", values=(variable,))).startswith("Environment(id='', name='ci', scope=")
    assert TOKEN not in repr([ITEM.request, exchange(), Header("a", TOKEN), Warned(code="c", message=TOKEN)])


@pytest.mark.parametrize("filling", [b"\xff\x00", b"a\x00"], ids=["no text", "text with zeros"])
def test_the_beginning_of_bytes_is_masked_without_the_rest_and_shows_no_secret_by_half(filling, monkeypatch):
    shown = masker()
    looked_at = []
    monkeypatch.setattr(
        Secrets,
        "mask",
        lambda self, text, mask=Secrets.mask: (looked_at.append(len(text)), mask(self, text))[1],
    )
    body = filling * 50 + b"x" + TOKEN.encode() + filling * 1_000_000
    for limit in range(98, 104 + len(TOKEN)):
        start = shown.masked(Response(code=200, body=body)).bytes_start(limit)
        assert len(start) <= limit
        assert not any(TOKEN[:length].encode() in start for length in range(4, len(TOKEN)))
    assert start.startswith(filling * 50 + b"x")
    assert max(looked_at) < 10_000


def test_the_beginning_of_a_packed_body_is_hidden_if_its_content_has_a_secret():
    shown = masker()
    body = gzip.compress(os.urandom(50_000) + TOKEN.encode())
    assert shown.masked(Response(code=200, body=body)).bytes_start(512) == "••••".encode()

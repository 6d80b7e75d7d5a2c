"""NTLM: the three requests, against the server side of pyspnego."""

import os
import sys
from base64 import b64decode, b64encode

import pytest

from runner.auth import authorize
from runner.auth.challenge.ntlm import split_user
from runner.errors import AuthError
from runner.model.request import Auth, Header
from runner.model.response import Response
from tests.auth.conftest import case_request, exchange, header, make_context, make_request, recorded, run, unauthorized

spnego = pytest.importorskip("spnego")
PARAMS = {"username": "user", "password": "pass", "domain": "DOM", "workstation": "WS"}


@pytest.fixture
def server(tmp_path, monkeypatch):
    users = tmp_path / "users"
    users.write_text("DOM:user:pass\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    return spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)


def token_of(prepared, scheme="NTLM"):
    return b64decode(header(prepared, "Authorization").removeprefix(f"{scheme} "))


def converse(server, params, scheme="NTLM", request=None):
    """All three requests; gives what was sent and what each was sent as."""
    from runner.request.prepare import prepare

    context = make_context()
    flow = authorize(Auth("ntlm", params), request or make_request(), context)
    sent, sources, effect, answer = [], [], next(flow), unauthorized(scheme)
    try:
        while True:
            sent.append(prepare(effect.request, effect.behavior, context.entropy))
            sources.append(effect.source)
            if len(sent) == 2:
                answer = unauthorized(f"{scheme} {b64encode(server.step(token_of(sent[1], scheme))).decode()}")
            elif len(sent) == 3:
                server.step(token_of(sent[2], scheme))
                answer = Response(code=200)
            effect = flow.send(exchange(sent[-1], answer))
    except StopIteration as stop:
        return sent, sources, stop.value


@pytest.mark.parametrize("scheme", ["NTLM", "Negotiate"])
def test_a_server_accepts_the_three_requests(server, scheme):
    sent, sources, final = converse(server, PARAMS, scheme)
    assert server.complete
    assert server.client_principal == "DOM\\user"
    assert (sources, final.response.code) == (["item", "auth", "item"], 200)
    assert header(sent[0], "Authorization") is None


def test_wrong_credentials_are_not_accepted(server):
    with pytest.raises(spnego.exceptions.SpnegoError):
        converse(server, {**PARAMS, "password": "wrong"})


CHALLENGE = (  # a type 2 message with the domain "Dom" and the server "Server"
    "TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABv"
    "AG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA="
)


@pytest.mark.parametrize("workstation", ["WS", ""])
def test_the_workstation_is_the_users_and_never_this_machine(monkeypatch, workstation):
    monkeypatch.delenv("NETBIOS_COMPUTER_NAME", raising=False)
    monkeypatch.setattr("socket.gethostname", lambda: "secret-machine")
    params = {**PARAMS, "workstation": workstation}
    sent, _ = run("ntlm", params, make_request(), make_context(), unauthorized("NTLM"), unauthorized(f"NTLM {CHALLENGE}"))
    last = token_of(sent[2][1])
    assert "WS".encode("utf-16-le") in last or not workstation
    assert "SECRET".encode("utf-16-le") not in last
    assert "NETBIOS_COMPUTER_NAME" not in os.environ


def test_the_headers_stand_where_the_record_has_them():
    answers = unauthorized("NTLM"), unauthorized(f"NTLM {CHALLENGE}")
    sent, _ = run("ntlm", PARAMS, case_request("ntlm"), make_context(), *answers)
    for index, (_, prepared) in enumerate(sent):
        names = [name for name, _ in prepared.headers]
        assert names == [name for name, _ in recorded("ntlm", index)[1]]


def test_an_authorization_of_the_user_is_replaced(server):
    sent, _, _ = converse(server, PARAMS, request=make_request(headers=[Header("authorization", "mine")]))
    assert header(sent[0], "authorization") is None


@pytest.mark.parametrize("answer", [Response(code=200), unauthorized("Basic realm=x"), Response(code=401)])
def test_a_server_that_does_not_ask_gets_one_request(answer):
    sent, final = run("ntlm", PARAMS, make_request(), make_context(), answer)
    assert (len(sent), final.response) == (1, answer)


def test_the_retry_can_be_switched_off():
    sent, _ = run("ntlm", {**PARAMS, "disableRetryRequest": True}, make_request(), make_context(), unauthorized("NTLM"))
    assert len(sent) == 1


@pytest.mark.parametrize("challenge", ["NTLM", "NTLM !!", "Basic realm=x"])
def test_a_negotiation_without_a_challenge_is_an_error(challenge):
    with pytest.raises(AuthError, match="answered the negotiation without a challenge"):
        run("ntlm", PARAMS, make_request(), make_context(), unauthorized("Negotiate, NTLM"), unauthorized(challenge))


def test_a_challenge_that_makes_no_sense_is_an_error():
    with pytest.raises(AuthError, match="the server's message cannot be used"):
        run("ntlm", PARAMS, make_request(), make_context(), unauthorized("NTLM"), unauthorized("NTLM AAAA"))


def test_the_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "spnego", None)
    with pytest.raises(AuthError) as caught:
        run("ntlm", PARAMS, make_request(), make_context(), unauthorized("NTLM"))
    assert "postrunner[ntlm]" in caught.value.hint


@pytest.mark.parametrize(
    ("username", "domain", "split"),
    [
        ("u", "D", ("u", "D")),
        ("D\\u", "", ("u", "D")),
        ("u@d", "", ("u", "d")),
        ("D\\u", "E", ("D\\u", "E")),
        ("D\\u@x", "", ("D\\u@x", "")),
        ("\\u", "", ("\\u", "")),
        ("a@b@c", "", ("a@b@c", "")),
    ],
)
def test_the_domain_may_be_part_of_the_user_name(username, domain, split):
    assert split_user(username, domain) == split

"""Sessions that run beside each other in one process, each on a thread, tell what they tell one after the other."""

import gc
import threading
from base64 import b64decode, b64encode

import httpx
import pytest

import runner
from runner.events import (
    AssertionChecked,
    ConsoleLogged,
    ItemStarted,
    RequestFinished,
    RunFinished,
    ScriptFinished,
)
from runner.formats.gc_pause import paused


def little(number, size):
    return number.to_bytes(size, "little")


def block(length, at):
    return little(length, 2) * 2 + little(at, 4)


DOMAIN, SERVER = "DOM".encode("utf-16-le"), "SRV".encode("utf-16-le")
TARGET = b"\2\0\6\0" + DOMAIN + b"\1\0\6\0" + SERVER + bytes(4)
HEAD = b"NTLMSSP\0" + little(2, 4) + block(6, 56) + little(0xE28A8235, 4) + bytes(range(1, 9)) + bytes(8)
NTLM = b64encode(HEAD + block(24, 62) + b"\x0a\0\x63\x45\0\0\0\x0f" + DOMAIN + TARGET).decode()
"""A server's challenge (MS-NLMP section 2.2.1.2); the workstation stands in the answer by its field (2.2.1.3)."""


def answer(request):
    """A server without memory: cookies, echo, digest and NTLM, by path."""
    authorization = request.headers.get("Authorization", "")
    if request.url.path == "/cookie":
        return httpx.Response(200, headers={"Set-Cookie": f"seen={request.url.params['who']}; Path=/"})
    if request.url.path == "/digest" and not authorization:
        return httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'})
    if request.url.path == "/ntlm" and "NTLM" not in authorization:
        return httpx.Response(401, headers={"WWW-Authenticate": "NTLM"})
    if request.url.path == "/ntlm" and len(authorization) < 80:
        return httpx.Response(401, headers={"WWW-Authenticate": f"NTLM {NTLM}"})
    message = b64decode(authorization.partition(" ")[2]) if "NTLM" in authorization else b""
    length, at = int.from_bytes(message[44:46], "little"), int.from_bytes(message[48:52], "little")
    told = {
        "path": request.url.raw_path.decode(),
        "cookie": request.headers.get("Cookie", ""),
        "workstation": message[at : at + length].decode("utf-16-le"),
    }
    return httpx.Response(200, json=told)


def item(who, name, path, test="", before="", **request):
    events = [
        {"listen": "prerequest", "script": {"exec": before}},
        {"listen": "test", "script": {"exec": f"pm.test('{name}', () => pm.response.to.have.status(200)); {test}"}},
    ]
    url = f"http://{who}.example/{path}"
    return {"name": name, "request": {"method": "GET", "url": url, **request}, "event": events}


def auth(kind, **params):
    return {"auth": {"type": kind, kind: [{"key": key, "value": value} for key, value in params.items()]}}


def collection(who):
    items = [
        item(who, "cookie", f"cookie?who={who}", "console.log(pm.cookies.get('seen'))"),
        item(who, "random", "echo?{{$guid}}&{{$randomFirstName}}", "console.log(pm.response.json().path, Math.random())"),
        item(who, "digest", "digest", **auth("digest", username=who, password="pw")),
        item(
            who,
            "ntlm",
            "ntlm",
            f"pm.expect(pm.response.json().workstation).to.equal('WS-{who}')",
            **auth("ntlm", username=who, password="pw", workstation=f"WS-{who}"),
        ),
        item(
            who,
            "own requests",
            "echo",
            "pm.environment.set('n', (pm.environment.get('n') || 0) + 1); console.log(pm.environment.get('n'))",
            f"const found = await Promise.all([1, 2, 3].map(n => pm.sendRequest('http://{who}.example/sub?' + n)));"
            "console.log(found.map(one => one.json().path + one.json().cookie).join())",
        ),
    ]
    return {"info": {"name": who}, "item": items}


def told(event):
    """What a run tells by an event, without its times and what differs from run to run."""
    about = [type(event).__name__, event.cursor.iteration, event.cursor.position, event.cursor.ref]
    if isinstance(event, ConsoleLogged):
        about += event.text
    elif isinstance(event, AssertionChecked):
        about += [event.assertion.name, event.assertion.passed]
    elif isinstance(event, RequestFinished):
        shown = [pair for pair in event.exchange.request.headers if "ntlm" not in pair[1].lower()]
        about += [event.source, event.exchange.request.href, event.exchange.response.code, shown]
    elif isinstance(event, ScriptFinished):
        about += [event.listen, event.error and event.error.message]
    elif isinstance(event, ItemStarted):
        about.append(event.item.name)
    elif isinstance(event, RunFinished):
        about += [event.error, [(one.key, one.value) for one in event.environment.values]]
    return about


def run(who):
    events = []
    transport = httpx.MockTransport(answer)
    summary = runner.run(
        collection(who),
        seed=who,
        iteration_count=2,
        transport=transport,
        on_event=lambda event: events.append(told(event)),
        real_values=True,
    )
    assert not summary.failed, summary.failures
    for iteration in (0, 1):  # requests that a script sends at the same time end in any order
        sent = [at for at, one in enumerate(events) if one[:2] == ["RequestFinished", iteration] and "script" in one]
        for at, one in zip(sent, sorted((events[at] for at in sent), key=str), strict=True):
            events[at] = one
    return events


@pytest.fixture
def whos():
    pytest.importorskip("spnego")
    return ["ada", "bob", "cleo", "dan"]


def test_four_sessions_beside_each_other_tell_what_they_tell_alone(whos):
    alone = {who: run(who) for who in whos}
    beside, gate = {}, threading.Barrier(len(whos))

    def work(who):
        gate.wait()
        beside[who] = run(who)

    threads = [threading.Thread(target=work, args=(who,)) for who in whos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for who in whos:
        assert beside[who] == alone[who]
    assert len({str(events) for events in beside.values()}) == len(whos)


def test_the_collector_is_on_again_when_the_last_of_two_threads_is_done():
    first, second = threading.Event(), threading.Event()

    def work():
        with paused():
            first.set()
            second.wait()

    thread = threading.Thread(target=work)
    thread.start()
    first.wait()
    with paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
    second.set()
    thread.join()
    assert gc.isenabled()

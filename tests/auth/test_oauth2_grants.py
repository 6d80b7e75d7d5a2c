"""OAuth 2.0 grants: whole runs against a real authorization server, the library Authlib."""

import io
import json
import os
import stat
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("authlib")

import runner
from runner.auth.oauth.token_request import seconds
from runner.engine import prompt
from runner.events import RequestFailed, RequestFinished, Warned
from tests.auth.oauth_server import CLIENT, PASSWORD, REDIRECT, SECRET, USER, Server, serve
from tests.auth.test_jws import KEY, pem

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@pytest.fixture
def server():
    app = Server()
    listener = serve(app)
    yield app
    listener.shutdown()
    listener.server_close()


def params(server, grant="client_credentials", **more):
    return {
        "grant_type": grant,
        "accessTokenUrl": f"{server.url}/token",
        "clientId": CLIENT,
        "clientSecret": SECRET,
        **more,
    }


def collection(*items):
    return {"info": {"name": "c", "schema": SCHEMA}, "item": list(items)}


def item(server, params, name="the item", **request):
    auth = {"type": "oauth2", "oauth2": [{"key": key, "value": value} for key, value in params.items()]}
    return {"name": name, "request": {"method": "GET", "url": f"{server.url}/api", "auth": auth, **request}}


class Ran:
    """A run: its events, and the text of every reporter."""

    def __init__(self, document, tmp_path, **fields):
        self.events, stream = [], io.StringIO()
        reports = (("json-export", str(tmp_path / "r.json")), ("junit-export", str(tmp_path / "r.xml")))
        self.summary = runner.run(
            document,
            on_event=self.events.append,
            real_values=True,
            stream=stream,
            reporters=("cli", "json", "junit"),
            reporter_options=reports,
            verbose=True,
            **fields,
        )
        self.text = stream.getvalue() + (tmp_path / "r.json").read_text() + (tmp_path / "r.xml").read_text()

    def of(self, type):
        return [event for event in self.events if isinstance(event, type)]

    @property
    def codes(self):
        return [e.exchange.response.code for e in self.of(RequestFinished) if e.source == "item" and e.exchange]

    @property
    def warnings(self):
        assert not self.of(RequestFailed)
        return [event.message for event in self.of(Warned)]

    @property
    def error(self):
        (failed,) = self.of(RequestFailed)
        assert failed.item.name == "the item"
        assert "the item" in self.text
        return str(failed.error)


def token_requests(server):
    return [form for path, form, _, _ in server.forms if path == "/token"]


def assert_no_secret(ran, server):
    for secret in (SECRET, PASSWORD, *(t.access_token for t in server.tokens), *(t.refresh_token for t in server.tokens)):
        assert secret is None or secret not in ran.text


GRANTS = {
    "client_credentials": {},
    "password_credentials": {"username": USER, "password": PASSWORD},
    "password": {"username": USER, "password": PASSWORD, "client_authentication": "body"},
    "jwt_bearer": {"algorithm": "RS256", "privateKey": pem(KEY), "payload": '{"sub": "ada"}'},
}


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize("place", ["header", "queryParams"])
def test_a_token_is_fetched_and_applied_and_never_shown(server, tmp_path, grant, place):
    server.key = KEY.public_key().public_bytes(*_public_pem()).decode()
    ran = Ran(collection(item(server, params(server, grant, addTokenTo=place, **GRANTS[grant]))), tmp_path)
    assert (ran.codes, ran.summary.failures, len(token_requests(server))) == ([200], [], 1)
    assert_no_secret(ran, server)


def _public_pem():
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Encoding.PEM, PublicFormat.SubjectPublicKeyInfo


@pytest.mark.parametrize("access_token", ["", None, "{{nobody}}"])
def test_one_token_serves_all_items_and_iterations(server, tmp_path, access_token):
    items = [item(server, params(server, accessToken=access_token, tokenName=name), name) for name in "ab"]
    ran = Ran(collection(*items), tmp_path, iteration_count=3)
    assert (ran.codes, len(token_requests(server))) == ([200] * 6, 1)


def test_another_client_secret_or_scope_is_another_token(server, tmp_path):
    wrong = item(server, params(server, clientSecret="wrong-secret"))
    others = [item(server, params(server, scope=scope), scope) for scope in ("read", "write", "read")]
    ran = Ran(collection(*others, wrong), tmp_path)
    assert [t.scope for t in server.tokens] == ["read", "write"]
    assert "auth type oauth2: the parameter accessTokenUrl was answered with the error invalid_client" in ran.error


def test_a_token_that_is_there_is_applied_and_none_is_fetched(server, tmp_path):
    ran = Ran(collection(item(server, params(server, accessToken="mine"))), tmp_path)
    assert (ran.codes, server.forms) == ([401], [])


def test_an_authorization_of_the_request_itself_is_left_alone(server, tmp_path):
    own = item(server, params(server), header=[{"key": "authorization", "value": "Bearer own"}])
    ran = Ran(collection(own), tmp_path)
    assert (ran.codes, server.forms) == ([401], [])


def test_client_credentials_go_where_the_collection_says(server, tmp_path):
    items = [item(server, params(server, client_authentication=place)) for place in ("header", "body")]
    Ran(collection(*items), tmp_path)
    (_, form, headers, _), (_, body_form, body_headers, _) = server.forms
    assert headers["Authorization"].startswith("Basic ")
    assert "client_secret" not in form
    assert "Authorization" not in body_headers
    assert (body_form["client_id"], body_form["client_secret"]) == (CLIENT, SECRET)


def test_further_parameters_go_to_body_url_and_headers(server, tmp_path):
    extra = [
        {"key": "audience", "value": "api", "send_as": "request_body"},
        {"key": "tenant", "value": "t 1", "send_as": "request_url"},
        {"key": "X-Tenant", "value": "t", "send_as": "request_header"},
        {"key": "off", "value": "x", "enabled": False},
    ]
    Ran(collection(item(server, params(server, tokenRequestParams=extra, audience="other", resource="r"))), tmp_path)
    _, form, headers, args = server.forms[0]
    assert form == {"grant_type": "client_credentials", "resource": "r", "audience": "api"}
    assert (args, headers["X-Tenant"]) == ({"tenant": "t 1"}, "t")


# -- refreshing -------------------------------------------------------------------------------------------------


def refreshed(server, tmp_path, **fields):
    return Ran(collection(item(server, params(server, "password", username=USER, password=PASSWORD))), tmp_path, **fields)


def test_a_used_up_token_is_refreshed(server, tmp_path):
    cache = str(tmp_path / "tokens.json")
    refreshed(server, tmp_path, token_cache=cache)
    _age(cache)
    ran = refreshed(server, tmp_path, token_cache=cache)
    assert [form["grant_type"] for form in token_requests(server)] == ["password", "refresh_token"]
    assert ran.codes == [200]
    assert_no_secret(ran, server)


def test_a_refresh_token_that_is_refused_leads_back_to_the_grant(server, tmp_path):
    cache = str(tmp_path / "tokens.json")
    refreshed(server, tmp_path, token_cache=cache)
    _age(cache)
    server.denied.append(server.tokens[0].refresh_token)
    ran = refreshed(server, tmp_path, token_cache=cache)
    assert [form["grant_type"] for form in token_requests(server)] == ["password", "refresh_token", "password"]
    assert ran.codes == [200]


def _age(cache):
    """Let every token of a cache end."""
    with open(cache) as file:
        document = json.load(file)
    for token in document["tokens"].values():
        token["expires"] = token["fetched"] = 1
    with open(cache, "w") as file:
        json.dump(document, file)


def test_the_refresh_token_of_the_collection_is_used(server, tmp_path):
    refreshed(server, tmp_path)
    given = params(
        server, "refresh_token", refreshToken=server.tokens[0].refresh_token, refreshTokenUrl=f"{server.url}/token"
    )
    ran = Ran(collection(item(server, given)), tmp_path)
    assert ran.codes == [200]
    assert_no_secret(ran, server)


def test_an_expired_refresh_token_is_named(server, tmp_path):
    ran = Ran(collection(item(server, params(server, "refresh_token", refreshToken="old-refresh"))), tmp_path)
    assert ran.error.startswith("auth type oauth2: the parameter refreshToken is expired or revoked")


# -- the file of tokens -----------------------------------------------------------------------------------------


def test_tokens_are_kept_from_run_to_run_in_a_private_file(server, tmp_path):
    cache = tmp_path / "sub" / "tokens.json"
    for _ in range(2):
        ran = Ran(collection(item(server, params(server))), tmp_path, token_cache=str(cache))
        assert ran.codes == [200]
    assert len(token_requests(server)) == 1
    text = cache.read_text()
    assert (SECRET in text, CLIENT in text) == (False, False)
    if os.name == "posix":
        assert stat.S_IMODE(cache.stat().st_mode) == 0o600


def test_the_file_does_not_make_a_wrong_secret_good(server, tmp_path):
    cache = str(tmp_path / "tokens.json")
    Ran(collection(item(server, params(server))), tmp_path, token_cache=cache)
    ran = Ran(collection(item(server, params(server, clientSecret="wrong-secret"))), tmp_path, token_cache=cache)
    assert "invalid_client" in ran.error


def test_a_kept_token_that_the_server_refuses_is_fetched_anew(server, tmp_path):
    cache = str(tmp_path / "tokens.json")
    Ran(collection(item(server, params(server))), tmp_path, token_cache=cache)
    server.denied.append(server.tokens[0].access_token)
    ran = Ran(collection(item(server, params(server))), tmp_path, token_cache=cache)
    assert (ran.codes, len(token_requests(server))) == ([401, 200], 2)


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"version": 1}', '{"version": 1, "salt": "00", "tokens": {"a": {}}}', "\xff"]
)
def test_a_broken_file_is_a_warning_and_written_anew(server, tmp_path, text):
    cache = tmp_path / "tokens.json"
    cache.write_text(text)
    ran = Ran(collection(item(server, params(server))), tmp_path, token_cache=str(cache))
    (warning,) = ran.of(Warned)
    assert (ran.codes, warning.code, warning.where) == ([200], "token-cache", str(cache))
    assert len(json.loads(cache.read_text())["tokens"]) == 1


# -- grants that need a person ----------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch):
    """A person at the terminal, whose answers a test gives."""
    shown = []

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    def sit(answer):
        class Stdin(Terminal):
            def readline(self, *_):
                return answer("".join(shown))

        class Stderr(Terminal):
            def write(self, text):
                shown.append(text)
                return len(text)

        monkeypatch.delenv("CI", raising=False)
        monkeypatch.setattr(prompt.sys, "stdin", Stdin())
        monkeypatch.setattr(prompt.sys, "stderr", Stderr())
        return shown

    return sit


def url_in(text):
    return next(line for line in text.splitlines() if line.startswith("http"))


@pytest.mark.parametrize("client", [{}, {"clientId": "public", "clientSecret": ""}])
@pytest.mark.parametrize(
    ("grant", "more"),
    [
        ("authorization_code", {}),
        ("authorization_code_with_pkce", {}),
        ("authorization_code_with_pkce", {"challengeAlgorithm": "plain", "code_verifier": "v" * 50, "state": "mine"}),
    ],
)
def test_a_person_brings_the_code_from_the_browser(server, tmp_path, terminal, grant, more, client):
    terminal(lambda text: server.authorize(url_in(text)) + "\n")
    given = params(server, grant, authUrl=f"{server.url}/authorize?a=b", redirect_uri=REDIRECT, scope="r w", **more)
    ran = Ran(collection(item(server, given | client)), tmp_path)
    assert ran.codes == [200]
    assert ("code_verifier" in token_requests(server)[0]) == (grant != "authorization_code")
    assert_no_secret(ran, server)


def test_the_authorization_url_has_what_the_collection_says(server, tmp_path, terminal):
    shown = terminal(lambda text: "")
    extra = [{"key": "prompt", "value": "login now", "send_as": "request_url"}]
    given = params(
        server, "authorization_code_with_pkce", authUrl="https://a.example/x?a=b", authRequestParams=extra, scope="r w"
    )
    ran = Ran(collection(item(server, given)), tmp_path)
    query = parse_qs(urlsplit(url_in("".join(shown))).query)
    assert (query["a"], query["prompt"], query["scope"], query["code_challenge_method"]) == (
        ["b"],
        ["login now"],
        ["r w"],
        ["S256"],
    )
    assert ran.error.endswith("the parameter authUrl led to a URL without a code")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{REDIRECT}?code=c&state=other", "the parameter state came back with another value"),
        (f"{REDIRECT}?error=access_denied", "the parameter authUrl led to the error access_denied"),
        ("made-up-code", "the parameter accessTokenUrl was answered with the error invalid_grant"),
    ],
)
def test_a_wrong_answer_of_the_browser_is_told(server, tmp_path, terminal, line, problem):
    terminal(lambda text: line)
    ran = Ran(collection(item(server, params(server, "authorization_code", authUrl="http://a.example"))), tmp_path)
    assert f"auth type oauth2: {problem}" in ran.error


def test_a_person_signs_in_with_a_device_code(server, tmp_path, terminal, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    shown = terminal(lambda text: "")
    given = params(server, "device_code", deviceAuthorizationUrl=f"{server.url}/device")
    ran = Ran(collection(item(server, given)), tmp_path)
    assert (ran.codes, len(token_requests(server))) == ([200], 2)
    assert "Open https://server.example/activate and enter the code " in "".join(shown)
    assert_no_secret(ran, server)


@pytest.mark.parametrize("grant", ["authorization_code", "authorization_code_with_pkce", "device_code"])
@pytest.mark.parametrize("ci", [True, False])
def test_nobody_is_waited_for_without_a_terminal_or_in_ci(server, tmp_path, terminal, monkeypatch, grant, ci):
    terminal(lambda text: pytest.fail("asked"))
    monkeypatch.setenv("CI", "true") if ci else monkeypatch.setattr(prompt.sys, "stdin", io.StringIO())
    given = params(server, grant, authUrl="http://a.example", deviceAuthorizationUrl=f"{server.url}/device")
    ran = Ran(collection(item(server, given)), tmp_path)
    problem = f"auth type oauth2: the parameter grant_type is '{grant}', which needs a person at a terminal"
    assert ran.warnings == [f"{problem}: sent without it"]
    assert ran.codes == [401]
    assert server.forms == []


# -- what can go wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            {"accessTokenUrl": "http://127.0.0.1:1/t"},
            "the parameter accessTokenUrl leads to no answer: connect",
        ),
        ({"client_authentication": "smoke"}, "the parameter client_authentication is 'smoke'"),
        ({"tokenRequestParams": "{"}, "the parameter tokenRequestParams is not valid JSON"),
        ({"tokenRequestParams": [1]}, "the parameter tokenRequestParams is not a list of parameters"),
        ({"grant_type": "jwt_bearer", "payload": "[1]"}, "the parameter payload is not a JSON object"),
    ],
)
def test_what_is_wrong_with_the_parameters_is_named(server, tmp_path, more, problem):
    ran = Ran(collection(item(server, params(server) | more)), tmp_path)
    assert ran.error.startswith(f"auth type oauth2: {problem}")
    assert ran.codes == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"accessTokenUrl": ""}, "the parameter accessTokenUrl is missing"),
        ({"accessTokenUrl": "{{nobody}}/token"}, "the parameter accessTokenUrl holds a variable that has no value"),
        ({"clientId": None}, "the parameter clientId is missing"),
        ({"clientSecret": "{{nobody}}"}, "the parameter clientSecret holds a variable that has no value"),
        ({"grant_type": "password", "username": "u"}, "the parameter password is missing"),
        ({"grant_type": "implicit"}, "the parameter grant_type is 'implicit', with which no token can be fetched here"),
        ({"grant_type": "jwt_bearer"}, "the parameter secret is missing"),
        ({"grant_type": "refresh_token"}, "the parameter refreshToken is missing"),
    ],
)
def test_a_grant_that_is_not_filled_in_leaves_the_request_without_a_token_and_warns(server, tmp_path, more, problem):
    ran = Ran(collection(item(server, params(server) | more)), tmp_path)
    assert ran.warnings[-1] == f"auth type oauth2: {problem}: sent without it"
    assert ran.codes == [401]
    assert server.forms == []


def test_a_grant_that_is_not_filled_in_warns_once_for_all_its_items(server, tmp_path):
    implicit = params(server, "implicit")
    ran = Ran(collection(*[item(server, implicit, name) for name in "abc"]), tmp_path)
    assert len(ran.warnings) == 1
    assert ran.codes == [401] * 3


@pytest.mark.parametrize(
    ("written", "read"), [(60, 60), ("60", 60), (-1, 0), (10**400, 0), ("soon", 0), (None, 0), ([60], 0)]
)
def test_a_life_that_is_not_a_sensible_number_counts_as_unknown(written, read):
    assert seconds(written) == read


class Fixed:
    """A token endpoint with one answer."""

    def __init__(self, status, text, headers=()):
        self.status, self.text, self.headers, self.asked = status, text, headers, 0

    def __call__(self, environ, start_response):
        self.asked += 1
        start_response(f"{self.status} X", list(self.headers))
        return [self.text.encode()]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Fixed(200, "<html>"), "was answered with something that is not a JSON object"),
        (Fixed(200, "[]"), "was answered with something that is not a JSON object"),
        (Fixed(200, "{}"), "was answered without an access_token"),
        (Fixed(200, '{"access_token": 5}'), "was answered without an access_token"),
        (Fixed(200, '{"access_token": "t", "token_type": "mac"}'), "was answered with a token of the type mac"),
        (Fixed(503, "down"), "was answered with the status 503"),
        (Fixed(307, "", [("Location", "http://127.0.0.1:1/elsewhere")]), "was answered with a redirect (307)"),
        (Fixed(400, '{"error": "invalid_scope", "error_description": "no\\nsuch"}'), "the error invalid_scope (no such)"),
        (Fixed(200, "error=bad_code&error_description=old"), "was answered with the error bad_code (old)"),
    ],
)
def test_a_bad_answer_of_the_token_endpoint_fails_the_item(tmp_path, answer, problem):
    listener = serve(answer)
    try:
        ran = Ran(collection(item(answer, params(answer))), tmp_path)
    finally:
        listener.shutdown()
        listener.server_close()
    assert ran.error.startswith("auth type oauth2: the parameter accessTokenUrl ")
    assert problem in ran.error
    assert answer.asked == 1


def test_a_clock_that_differs_is_mentioned(server, tmp_path):
    server.date = formatdate(1_000_000_000, usegmt=True)
    ran = Ran(collection(item(server, params(server, clientSecret="wrong-secret"))), tmp_path)
    assert "this machine's clock is" in ran.error
    assert "s ahead of the server's" in ran.error


def test_a_token_written_as_a_form_is_read(tmp_path):
    listener = serve(answer := Fixed(200, "access_token=form-token-1&token_type=bearer"))
    ran = Ran(collection(item(answer, params(answer))), tmp_path)
    listener.shutdown()
    listener.server_close()
    sent = next(e for e in ran.of(RequestFinished) if e.source == "item")
    assert ("Authorization", "Bearer form-token-1") in sent.exchange.request.headers
    assert "form-token-1" not in ran.text


# -- beside each other ------------------------------------------------------------------------------------------


def test_requests_beside_each_other_fetch_one_token(server, tmp_path):
    """Eight `pm.sendRequest` at once, each on a thread of its own."""
    auth = json.dumps(item(server, params(server, clientSecret="later"))["request"]["auth"])
    script = [
        f"const auth = {auth};",
        "auth.oauth2.find(param => param.key === 'clientSecret').value = pm.environment.get('client_secret');",
        f"const send = () => pm.sendRequest({{url: '{server.url}/api', method: 'GET', auth}});",
        "const answers = await Promise.all(Array.from({length: 8}, send));",
        "pm.test('all good', () => pm.expect(answers.map(a => a.code)).to.eql(Array(8).fill(200)));",
        "console.log(answers.length);",
    ]
    plain = {"name": "r", "request": {"method": "GET", "url": f"{server.url}/api", "auth": {"type": "noauth"}}}
    plain["event"] = [{"listen": "prerequest", "script": {"exec": script}}]
    ran = Ran(collection(plain), tmp_path, env_var=(("client_secret", SECRET),))
    assert [failure.name for failure in ran.summary.failures] == []
    assert len(token_requests(server)) == 1
    assert_no_secret(ran, server)

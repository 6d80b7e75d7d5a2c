"""A real OAuth 2.0 authorization server (Authlib) on loopback, and an API that wants its tokens."""

import json
import threading
import time
from types import SimpleNamespace
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, make_server

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request, TokenMixin
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
    ResourceOwnerPasswordCredentialsGrant,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from joserfc.jwk import RSAKey

CLIENT, SECRET, USER, PASSWORD = "the-client", "client-secret-1", "ada", "users-password-1"
REDIRECT = "http://127.0.0.1:1/callback"


class Client(ClientMixin):
    def __init__(self, id, public):
        self.client_id, self.public = id, public

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return REDIRECT

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, uri):
        return uri == REDIRECT

    def check_client_secret(self, secret):
        return secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return (method == "none") == self.public

    def check_response_type(self, type):
        return type == "code"

    def check_grant_type(self, type):
        return True


CLIENTS = {CLIENT: Client(CLIENT, False), "public": Client("public", True)}


class Token(TokenMixin, SimpleNamespace):
    def check_client(self, client):
        return True

    def get_scope(self):
        return self.scope

    def is_expired(self):
        return self.ends < time.time()

    is_revoked = is_expired


class Request(OAuth2Request):
    def __init__(self, environ, body):
        headers = {key[5:].title().replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")}
        query = environ["QUERY_STRING"]
        super().__init__(
            environ["REQUEST_METHOD"], f"https://server.example{environ['PATH_INFO']}?{query}", headers=headers
        )
        self._form, self._args = dict(parse_qsl(body)), dict(parse_qsl(query))
        self.payload = BasicOAuth2Payload({**self._args, **self._form})

    form = property(lambda self: self._form)
    args = property(lambda self: self._args)


class Server(AuthorizationServer):
    """Remembers every token it gave out and every form it was sent."""

    def __init__(self):
        super().__init__()
        self.tokens, self.forms, self.codes, self.devices, self.denied = [], [], {}, {}, []
        self.life, self.key, self.url, self.date = 3600, None, "", None
        self.register_token_generator("default", self.bearer)
        for grant in (Password, Refresh, Assertion, DeviceGrant, ClientCredentials):
            self.register_grant(grant)
        self.register_grant(Code, [CodeChallenge(required=False)])
        self.register_endpoint(Device)

    def bearer(self, **about):
        if about["grant_type"] == "client_credentials":
            about["include_refresh_token"] = False
        made = BearerTokenGenerator(lambda **_: f"access-{len(self.tokens)}-{'x' * 20}", lambda **_: f"refresh-{'y' * 20}")
        return made(**{**about, "expires_in": self.life})

    def query_client(self, id):
        return CLIENTS.get(id)

    def save_token(self, token, request):
        values = {"refresh_token": None, "scope": "", **token}
        self.tokens.append(Token(ends=time.time() + self.life, user=request.user, **values))

    def create_oauth2_request(self, request):
        return request

    def handle_response(self, status, body, headers):
        return status, json.dumps(body) if isinstance(body, dict) else body, headers

    def send_signal(self, *args, **more):
        pass

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        request = Request(environ, body)
        if environ["PATH_INFO"] == "/api":
            status, text, headers = self.api(environ, request)
        else:
            self.forms.append((environ["PATH_INFO"], request.form, request.headers, request.args))
            status, text, headers = self.answer(environ["PATH_INFO"], request)
        start_response(f"{status} X", [*headers, *([("Date", self.date)] if self.date else [])])
        return [(text or "").encode()]

    def answer(self, path, request):
        if path == "/device":
            return self.create_endpoint_response("device_authorization", request)
        return self.create_token_response(request)

    def api(self, environ, request):
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        token = token if scheme == "Bearer" else request.args.get("access_token")
        good = any(t.access_token == token and not t.is_expired() and token not in self.denied for t in self.tokens)
        return (200 if good else 401), "", []

    def authorize(self, url):
        """What the browser of a signed-in user would end at."""
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/authorize", "QUERY_STRING": url.partition("?")[2]}
        request = Request(environ, "")
        grant = self.get_consent_grant(request, end_user=USER)
        status, _, headers = self.create_authorization_response(request, grant_user=USER, grant=grant)
        assert status == 302
        return dict(headers)["Location"]


METHODS = ["client_secret_basic", "client_secret_post", "none"]


class ClientCredentials(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class Password(ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_user(self, username, password):
        return username if (username, password) == (USER, PASSWORD) else None


class Refresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_refresh_token(self, token):
        found = [t for t in self.server.tokens if t.refresh_token == token and token not in self.server.denied]
        return found[-1] if found else None

    def authenticate_user(self, token):
        return USER

    def revoke_old_credential(self, token):
        pass


class Assertion(JWTBearerGrant):
    def resolve_issuer_client(self, issuer):
        return CLIENTS.get(issuer)

    def resolve_client_public_key(self, client):
        return RSAKey.import_key(self.server.key)

    def authenticate_user(self, subject):
        return subject

    def has_granted_permission(self, client, user):
        return True

    def get_audiences(self):
        return [f"{self.server.url}/token"]


class Code(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, request):
        data = request.payload.data
        self.server.codes[code] = SimpleNamespace(
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
            get_redirect_uri=lambda: data.get("redirect_uri"),
            get_scope=lambda: data.get("scope") or "",
        )

    def query_authorization_code(self, code, client):
        return self.server.codes.get(code)

    def delete_authorization_code(self, code):
        self.server.codes = {}

    def authenticate_user(self, code):
        return USER


class Device(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = METHODS
    INTERVAL = 1

    def get_verification_uri(self):
        return "https://server.example/activate"

    def save_device_credential(self, client_id, scope, data):
        credential = DeviceCredentialDict(client_id=client_id, scope=scope, expires_at=time.time() + 60, **data)
        self.server.devices[data["device_code"]] = [credential, 0]


class DeviceGrant(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_device_credential(self, code):
        return self.server.devices.get(code, [None])[0]

    def query_user_grant(self, user_code):
        """The user signs in between the first question and the second."""
        device = next(d for d in self.server.devices.values() if d[0].get_user_code() == user_code)
        device[1] += 1
        return (USER, True) if device[1] > 1 else None

    def should_slow_down(self, credential):
        return False


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def serve(app):
    """Start an app on a free port; gives the server, whose thread ends with `shutdown`."""
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    app.url = f"http://127.0.0.1:{server.server_port}"
    return server

"""The tab Authorization: every auth type with its labels in the app, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runner.manual_steps.document import Code, Control, Entry, Line, Table
from runner.manual_steps.values import Values
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth
from runner.rules.text import text_of


@dataclass(frozen=True, slots=True)
class AuthType:
    """The name of a type in the app, and the labels of its fields by their parameters, in the order of the app."""

    title: str
    fields: Mapping[str, str]


_KEY = {
    "algorithm": "Algorithm",
    "secret": "Secret",
    "isSecretBase64Encoded": "Secret Base64 encoded",
    "privateKey": "Private key",
}
_TOKEN = {"passphrase": "Passphrase", "payload": "Payload", "header": "JWT headers"}

TYPES = {
    "noauth": AuthType("No Auth", {}),
    "basic": AuthType("Basic Auth", {"username": "Username", "password": "Password"}),
    "bearer": AuthType("Bearer Token", {"token": "Token"}),
    "apikey": AuthType("API Key", {"key": "Key", "value": "Value", "in": "Add to"}),
    "digest": AuthType(
        "Digest Auth",
        {
            "username": "Username",
            "password": "Password",
            "disableRetryRequest": "Yes, disable retrying the request",
            "realm": "Realm",
            "nonce": "Nonce",
            "algorithm": "Algorithm",
            "qop": "qop",
            "nonceCount": "Nonce Count",
            "clientNonce": "Client Nonce",
            "opaque": "Opaque",
        },
    ),
    "ntlm": AuthType(
        "NTLM Authentication",
        {
            "username": "Username",
            "password": "Password",
            "disableRetryRequest": "Yes, disable retrying the request",
            "domain": "Domain",
            "workstation": "Workstation",
        },
    ),
    "hawk": AuthType(
        "Hawk Authentication",
        {
            "authId": "Hawk Auth ID",
            "authKey": "Hawk Auth Key",
            "algorithm": "Algorithm",
            "user": "User",
            "nonce": "Nonce",
            "extraData": "ext",
            "app": "app",
            "delegation": "dlg",
            "timestamp": "Timestamp",
            "includePayloadHash": "Include payload hash",
        },
    ),
    "awsv4": AuthType(
        "AWS Signature",
        {
            "accessKey": "AccessKey",
            "secretKey": "SecretKey",
            "region": "AWS Region",
            "service": "Service Name",
            "sessionToken": "Session Token",
            "addAuthDataToQuery": "Add authorization data to",
        },
    ),
    "oauth1": AuthType(
        "OAuth 1.0",
        {
            "addParamsToHeader": "Add authorization data to",
            "signatureMethod": "Signature Method",
            "consumerKey": "Consumer Key",
            "consumerSecret": "Consumer Secret",
            "token": "Access Token",
            "tokenSecret": "Token Secret",
            "privateKey": "Private Key",
            "callback": "Callback URL",
            "verifier": "Verifier",
            "timestamp": "Timestamp",
            "nonce": "Nonce",
            "version": "Version",
            "realm": "Realm",
            "includeBodyHash": "Include body hash",
            "addEmptyParamsToSign": "Add empty parameters to signature",
            "disableHeaderEncoding": "Encode the parameters in the authorization header",
        },
    ),
    "oauth2": AuthType(
        "OAuth 2.0",
        {
            "addTokenTo": "Add authorization data to",
            "accessToken": "Token",
            "headerPrefix": "Header Prefix",
            "tokenName": "Token Name",
            "grant_type": "Grant type",
            "redirect_uri": "Callback URL",
            "authUrl": "Auth URL",
            "accessTokenUrl": "Access Token URL",
            "clientId": "Client ID",
            "clientSecret": "Client Secret",
            "username": "Username",
            "password": "Password",
            "challengeAlgorithm": "Code Challenge Method",
            "code_verifier": "Code Verifier",
            "scope": "Scope",
            "state": "State",
            "client_authentication": "Client Authentication",
            "refreshTokenUrl": "Refresh Token URL",
            "audience": "Audience",
            "resource": "Resource",
        },
    ),
    "edgegrid": AuthType(
        "Akamai EdgeGrid",
        {
            "accessToken": "Access Token",
            "clientToken": "Client Token",
            "clientSecret": "Client Secret",
            "nonce": "Nonce",
            "timestamp": "Timestamp",
            "baseURL": "Base URI",
            "headersToSign": "Headers to Sign",
            "maxBodySize": "Max body size",
        },
    ),
    "jwt": AuthType(
        "JWT Bearer",
        {
            "addTokenTo": "Add JWT token to",
            "algorithm": "Algorithm",
            "secret": "Secret",
            "isSecretBase64Encoded": "Secret Base64 encoded",
            "privateKey": "Private key",
            "passphrase": "Passphrase",
            "payload": "Payload",
            "headerPrefix": "Request header prefix",
            "queryParamKey": "Query param key",
            "header": "JWT headers",
        },
    ),
    "asap": AuthType(
        "ASAP (Atlassian)",
        {
            "alg": "Algorithm",
            "iss": "Issuer",
            "aud": "Audience",
            "kid": "Key ID",
            "privateKey": "Private key",
            "sub": "Subject",
            "claims": "Additional claims",
            "exp": "Expiry",
        },
    ),
}

_CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("apikey", "in"): {"header": "Header", "query": "Query Params"},
    ("awsv4", "addAuthDataToQuery"): {"true": "Request URL", "false": "Request Headers"},
    ("oauth1", "addParamsToHeader"): {"true": "Request Headers", "false": "Request Body / Request URL"},
    ("oauth1", "disableHeaderEncoding"): {"true": "not ticked", "false": "ticked"},
    ("oauth2", "addTokenTo"): {"header": "Request Headers", "queryParams": "Request URL"},
    ("oauth2", "grant_type"): {
        "authorization_code": "Authorization Code",
        "authorization_code_with_pkce": "Authorization Code (With PKCE)",
        "implicit": "Implicit",
        "password_credentials": "Password Credentials",
        "client_credentials": "Client Credentials",
    },
    ("oauth2", "client_authentication"): {
        "header": "Send as Basic Auth header",
        "body": "Send client credentials in body",
    },
    ("jwt", "addTokenTo"): {"header": "Request Header", "queryParam": "Query Param"},
}
"""The app's names for values that are chosen from a list."""

_TICKS = {"true": "ticked", "false": "not ticked"}


def authorization(auth: Auth | None, inherited: str, values: Values) -> Iterator[Entry]:
    """The entry about an auth; `inherited` names the folder or collection that it comes from, if it is not its own.

    Nothing if there is no auth at all, since a new request has none.
    """
    if auth is None:
        return
    known = TYPES.get(auth.type, AuthType(auth.type, {}))
    line: Line = ("In ", Control("Authorization"), " choose the ", Control("Auth Type"), " ", Control(known.title))
    rows = [(name, _cell(auth, name, value, values)) for name, value in _ordered(auth, known) if _is_given(value)]
    if len(rows) == 1:
        name, cell = rows[0]
        line = (*line, ", and enter as ", Control(known.fields.get(name, name)), ": ", *cell)
        rows = []
    if inherited:
        line = (*line, ". The request inherits it from ", Code(values.name(inherited)))
    table = Table(("Field", "Value"), tuple(((Control(known.fields.get(name, name)),), cell) for name, cell in rows))
    yield Entry((*line, ":" if rows else "."), (table,) if rows else ())
    if auth.type == "oauth2" and not _is_given(auth.params.get("accessToken")):
        buttons = (Control("Get New Access Token"), ", then ", Control("Proceed"), " and ", Control("Use Token"))
        yield Entry(("Click ", *buttons, "."))


def _ordered(auth: Auth, known: AuthType) -> Iterator[tuple[str, Json]]:
    """The parameters in the app's order, then those without a field in the app."""
    yield from ((name, auth.params[name]) for name in known.fields if name in auth.params)
    yield from ((name, value) for name, value in auth.params.items() if name not in known.fields)


def _is_given(value: Json) -> bool:
    return value not in (None, "", [], {})


def _cell(auth: Auth, name: str, value: Json, values: Values) -> Line:
    chosen = _CHOICES.get((auth.type, name), _TICKS if isinstance(value, bool) else {})
    text = text_of(value) if isinstance(value, str | int | float | bool) else ""
    if text in chosen:
        return (Control(chosen[text]),)
    if auth.type == "apikey" and name == "value":
        name = "api_key"  # here `value` is the name of a secret
    return values.cell(name, value)

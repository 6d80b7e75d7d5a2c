"""Auth of Insomnia in the words of Postman."""

import pytest

from tests.foreign.insomnia.exports import export, get


@pytest.mark.parametrize(
    ("auth", "type", "values"),
    [
        (
            {"type": "bearer", "token": "t", "prefix": "Token"},
            "apikey",
            {"key": "Authorization", "value": "Token t", "in": "header"},
        ),
        ({"type": "bearer", "token": "t", "prefix": "NO_PREFIX"}, "apikey", {"key": "Authorization", "value": "t"}),
        (
            {"type": "apikey", "key": "k", "value": "{{ _.v }}", "addTo": "queryParams"},
            "apikey",
            {"value": "{{v}}", "in": "query"},
        ),
        (
            {"type": "apikey", "key": "k", "value": "v", "addTo": "cookie"},
            "apikey",
            {"key": "Cookie", "value": "k=v", "in": "header"},
        ),
        (
            {"type": "iam", "accessKeyId": "a", "secretAccessKey": "b", "region": "r"},
            "awsv4",
            {"accessKey": "a", "secretKey": "b"},
        ),
        (
            {"type": "hawk", "id": "i", "key": "k", "algorithm": "sha256", "ext": "e", "validatePayload": True},
            "hawk",
            {"authId": "i", "authKey": "k", "extraData": "e", "includePayloadHash": True},
        ),
        (
            {"type": "oauth1", "consumerKey": "c", "tokenKey": "t", "signatureMethod": "HMAC-SHA1"},
            "oauth1",
            {"consumerKey": "c", "token": "t", "addParamsToHeader": True},
        ),
        (
            {"type": "asap", "issuer": "i", "audience": "a", "keyId": "k"},
            "asap",
            {"iss": "i", "aud": "a", "kid": "k", "alg": "RS256"},
        ),
        (
            {
                "type": "oauth2",
                "grantType": "client_credentials",
                "accessTokenUrl": "u",
                "clientId": "c",
                "credentialsInBody": True,
                "audience": "a",
                "tokenPrefix": "NO_PREFIX",
            },
            "oauth2",
            {
                "grant_type": "client_credentials",
                "client_authentication": "body",
                "headerPrefix": "",
                "tokenRequestParams": [{"key": "audience", "value": "a", "enabled": True, "send_as": "request_body"}],
            },
        ),
        (
            {"type": "oauth2", "grantType": "authorization_code", "usePkce": True, "redirectUrl": "r", "audience": "a"},
            "oauth2",
            {
                "grant_type": "authorization_code_with_pkce",
                "redirect_uri": "r",
                "headerPrefix": "Bearer",
                "authRequestParams": [{"key": "audience", "value": "a", "enabled": True, "send_as": "request_url"}],
            },
        ),
        ({"username": "u", "password": "p"}, "basic", {"username": "u", "password": "p"}),
    ],
)
def test_auth_has_the_names_of_postman(imported, auth, type, values):
    collection, _ = imported(export([get(authentication=auth)]))
    made = collection["item"][0]["request"]["auth"]
    assert made["type"] == type
    found = {row["key"]: row["value"] for row in made[type]}
    assert {key: found.get(key) for key in values} == values


def test_auth_that_postman_does_not_have_is_told(imported):
    collection, told = imported(export([get(authentication={"type": "netrc"})]))
    assert "auth of the type netrc has no counterpart in Postman" in told
    assert collection["item"][0]["request"]["auth"] == {"type": "noauth"}

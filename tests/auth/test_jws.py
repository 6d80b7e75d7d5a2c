"""JWT and ASAP: every token is verified with PyJWT."""

import json
from base64 import urlsafe_b64decode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from runner.auth.jwt.jws import KEY_ALGORITHMS, SECRET_ALGORITHMS
from runner.errors import AuthError
from tests.auth.conftest import NOW, case_params, header, make_context, make_request, run, signed

KEY = load_pem_private_key(case_params("asap")["privateKey"].encode(), None)
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
SECRET = "s" * 64
PAYLOAD = '{"sub":"é","n":1.0,"list":[1,2]}'


def pem(key, encryption=None):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()).decode()


def key_for(algorithm):
    return ec.generate_private_key(CURVES[algorithm]) if algorithm in CURVES else KEY


def token(params, type="jwt"):
    return header(signed(type, params), "Authorization").removeprefix("Bearer ")


def member(text, index):
    part = text.split(".")[index]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


@pytest.mark.parametrize("algorithm", KEY_ALGORITHMS)
def test_a_server_accepts_every_algorithm_with_a_key(algorithm):
    key = key_for(algorithm)
    found = token({"algorithm": algorithm, "privateKey": pem(key), "payload": PAYLOAD})
    assert jwt.decode(found, key.public_key(), [algorithm]) == json.loads(PAYLOAD)


@pytest.mark.parametrize("algorithm", SECRET_ALGORITHMS)
def test_a_server_accepts_every_algorithm_with_a_secret(algorithm):
    assert jwt.decode(token({"algorithm": algorithm, "secret": SECRET, "payload": PAYLOAD}), SECRET, [algorithm])


def test_a_secret_may_be_base64_of_any_bytes():
    from base64 import b64encode

    secret = bytes(range(192, 256))
    params = {"secret": b64encode(secret).decode(), "isSecretBase64Encoded": True, "payload": "{}"}
    assert jwt.decode(token(params), secret, ["HS256"]) == {}


def test_header_and_payload_are_what_the_collection_says():
    found = token({"secret": SECRET, "header": '{"kid":"k","alg":"none"}', "payload": {"a": 1}})
    assert (member(found, 0), member(found, 1)) == ('{"alg":"HS256","kid":"k"}', '{"a":1}')


def test_numbers_are_written_as_javascript_writes_them():
    assert member(token({"secret": SECRET, "payload": PAYLOAD}), 1) == '{"sub":"é","n":1,"list":[1,2]}'


def test_nothing_is_added_to_an_empty_payload():
    assert member(token({"secret": SECRET, "payload": " "}), 1) == "{}"


def test_a_token_can_go_into_the_query():
    params = {"secret": SECRET, "addTokenTo": "queryParam", "queryParamKey": "jwt"}
    prepared = signed("jwt", params, make_request(url="http://h/?jwt=old&a=1"))
    assert prepared.target.startswith("/?a=1&jwt=eyJ")
    assert header(prepared, "Authorization") is None
    assert signed("jwt", {**params, "queryParamKey": ""}).target.startswith("/a?x=1&token=eyJ")


def test_a_key_may_have_a_passphrase():
    locked = pem(KEY, BestAvailableEncryption(b"pass"))
    found = token({"algorithm": "RS256", "privateKey": locked, "passphrase": "pass"})
    assert jwt.decode(found, KEY.public_key(), ["RS256"]) == {}


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", ""), lambda text: text.replace("\n", "\\n"), lambda text: f'"{text}"']
)
def test_a_key_that_lost_its_line_breaks_is_read(change):
    found = token({"algorithm": "RS256", "privateKey": change(pem(KEY))})
    assert jwt.decode(found, KEY.public_key(), ["RS256"]) == {}


BAD = [
    ({"secret": "s", "payload": "{"}, "the parameter payload is not valid JSON"),
    ({"secret": "s", "header": "[1]"}, "the parameter header is not a JSON object"),
    ({"secret": "s", "algorithm": "none"}, "the parameter algorithm is 'none'"),
    ({"secret": "s", "addTokenTo": "body"}, "the parameter addTokenTo is 'body'"),
    ({"algorithm": "RS256", "privateKey": "xyz"}, "the parameter privateKey is not a PEM key"),
    (
        {"algorithm": "RS256", "privateKey": pem(key_for("ES256"))},
        "the parameter privateKey does not fit the algorithm RS256",
    ),
    ({"algorithm": "ES256", "privateKey": pem(KEY)}, "the parameter privateKey does not fit the algorithm ES256"),
    (
        {"algorithm": "ES256", "privateKey": pem(key_for("ES384"))},
        "the parameter privateKey does not fit the algorithm ES256",
    ),
    (
        {"algorithm": "RS256", "privateKey": pem(KEY, BestAvailableEncryption(b"x"))},
        "the parameter privateKey cannot be read",
    ),
]


@pytest.mark.parametrize(("params", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_bad_parameters_are_named(params, problem):
    with pytest.raises(AuthError, match=f"^auth type jwt: {problem}"):
        run("jwt", params, make_request(), make_context())


@pytest.mark.parametrize(("said", "shown"), [("", "ValueError"), ("(1, 2)", "ValueError"), ("bad (x)\nmore", "bad")])
def test_a_key_that_the_library_refuses_says_why_in_a_few_words(monkeypatch, said, shown):
    def refuse(*given, **more):
        raise ValueError(said)

    monkeypatch.setattr("cryptography.hazmat.primitives.serialization.load_pem_private_key", refuse)
    with pytest.raises(AuthError, match=f"the parameter privateKey cannot be read: {shown}$"):
        run("jwt", {"algorithm": "RS256", "privateKey": pem(KEY)}, make_request(), make_context())


# -- ASAP -------------------------------------------------------------------------------------------------------


def asap(**more):
    return token({**case_params("asap"), **more}, "asap")


def test_the_claims_of_asap_have_postmans_order():
    claims = json.loads(member(asap(), 1))
    expected = {"x": 1, "iat": NOW, "iss": "iss1", "sub": "sub1", "jti": claims["jti"], "aud": "aud1", "exp": NOW + 10}
    assert list(claims.items()) == list(expected.items())
    assert member(asap(), 0) == '{"alg":"RS256","kid":"kid1"}'


def test_a_server_accepts_asap():
    jwt.decode(
        asap(),
        KEY.public_key(),
        ["RS256"],
        audience="aud1",
        issuer="iss1",
        options={"verify_exp": False, "verify_iat": False},
    )


def test_the_subject_of_asap_is_the_issuer_and_an_hour_is_the_rule():
    claims = json.loads(member(asap(sub="", exp=None), 1))
    assert (claims["sub"], claims["exp"]) == ("iss1", NOW + 3600)


def test_claims_win_over_parameters():
    claims = json.loads(member(asap(claims={"iss": "i", "exp": "1800000000", "jti": "j", "aud": ["a", "b"]}), 1))
    assert (claims["iss"], claims["exp"], claims["jti"], claims["aud"]) == ("i", 1800000000, "j", ["a", "b"])


def data_uri(key_id="kid1"):
    from base64 import b64encode

    der = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return f"data:application/pkcs8;kid={key_id};base64,{b64encode(der).decode()}"


def test_the_key_of_asap_may_be_a_data_uri():
    from urllib.parse import quote

    for uri in (data_uri(), quote(data_uri(), safe="")):
        assert jwt.decode_complete(
            asap(privateKey=uri),
            KEY.public_key(),
            ["RS256"],
            options={"verify_signature": True, "verify_exp": False, "verify_iat": False, "verify_aud": False},
        )


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"privateKey": data_uri("other")}, "the parameter privateKey has another key id"),
        ({"privateKey": "data:text/plain,x"}, "the parameter privateKey is a malformed data URI"),
        (
            {"privateKey": "data:application/pkcs8;kid=kid1;base64,AAAA"},
            "the parameter privateKey in its data URI cannot be read",
        ),
        ({"claims": "{"}, "the parameter claims is not valid JSON"),
        ({"claims": "[1]"}, "the parameter claims is not a JSON object"),
        ({"alg": "HS256"}, "the parameter alg is 'HS256'"),
        ({"iss": ""}, "the parameter iss is missing"),
        ({"aud": None}, "the parameter aud is missing"),
    ],
)
def test_bad_parameters_of_asap_are_named(params, problem):
    with pytest.raises(AuthError, match=f"^auth type asap: {problem}"):
        run("asap", {**case_params("asap"), **params}, make_request(), make_context())

"""Hawk, AWS and EdgeGrid: published examples and what must not be signed."""

import pytest

from runner.auth.awsv4 import canonical_path, canonical_query
from runner.errors import AuthError
from runner.model.request import Body, FormParam, Header
from tests.auth.conftest import header, make_context, make_request, run, signed

HAWK = {
    "authId": "dh37fgj492je",
    "authKey": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn",
    "timestamp": "1353832234",
    "nonce": "j4h3g2",
    "extraData": "some-app-ext-data",
}
HAWK_URL = "http://example.com:8000/resource/1?b=1&a=2"


def test_the_published_example_of_hawk():
    value = header(signed("hawk", HAWK, make_request(url=HAWK_URL)), "Authorization")
    assert value == (
        'Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", ext="some-app-ext-data", '
        'mac="6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE="'
    )


def test_the_published_example_of_hawk_with_a_payload():
    request = make_request("POST", HAWK_URL, body=Body(mode="raw", raw="Thank you for flying Hawk"))
    value = header(signed("hawk", {**HAWK, "includePayloadHash": "true"}, request), "Authorization")
    assert 'hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY="' in value
    assert 'mac="aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw="' in value


def test_hawk_draws_nonce_and_time_itself():
    value = header(signed("hawk", {"authId": "i", "authKey": "k", "timestamp": "no"}), "Authorization")
    assert 'ts="1700000000"' in value
    assert len(value.partition('nonce="')[2].partition('"')[0]) == 6


def test_hawk_knows_two_algorithms(context):
    with pytest.raises(AuthError, match="the parameter algorithm is 'md5'"):
        run("hawk", {**HAWK, "algorithm": "md5"}, make_request(), context)


# -- AWS --------------------------------------------------------------------------------------------------------

VANILLA = {
    "accessKey": "AKIDEXAMPLE",
    "secretKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "region": "us-east-1",
    "service": "service",
}
S3 = {"accessKey": "AKIAIOSFODNN7EXAMPLE", "secretKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "service": "s3"}
AT_2015, AT_2013 = 1440938160, 1369353600


def aws(params, url, now, **more):
    return signed("awsv4", params, make_request(url=url, **more), make_context(now=now))


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "https://example.amazonaws.com/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        ("https://example.amazonaws.com/example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("https://example.amazonaws.com/./", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ],
)
def test_the_published_examples_of_aws(url, signature):
    assert header(aws(VANILLA, url, AT_2015), "Authorization").endswith(f"Signature={signature}")


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        ("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_the_published_examples_of_s3(query, signature):
    prepared = aws(S3, f"https://examplebucket.s3.amazonaws.com/?{query}", AT_2013)
    assert header(prepared, "Authorization").endswith(f"Signature={signature}")


def test_the_published_example_of_a_presigned_url():
    params = {**S3, "addAuthDataToQuery": True}
    prepared = aws(params, "https://examplebucket.s3.amazonaws.com/test.txt", AT_2013)
    assert prepared.target.endswith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    assert header(prepared, "Authorization") is None


def test_an_earlier_signature_is_replaced():
    old = [Header("x-amz-date", "old"), Header("authorization", "old"), Header("X-Amz-Security-Token", "old")]
    prepared = aws(VANILLA, "https://example.amazonaws.com/", AT_2015, headers=old)
    assert header(prepared, "X-Amz-Date") == "20150830T123600Z"
    assert header(prepared, "X-Amz-Security-Token") is None
    again = aws({**VANILLA, "addAuthDataToQuery": True}, "https://h/?X-Amz-Date=old&X-Amz-Signature=old&a=1", AT_2015)
    assert again.target.startswith("/?a=1&X-Amz-Date=20150830T123600Z&")
    assert again.target.count("X-Amz-Signature") == 1


def test_headers_that_may_change_on_the_way_are_not_signed():
    headers = [Header("User-Agent", "me"), Header("Range", "bytes=0-1"), Header("X-B", " a  b "), Header("x-a", "1")]
    value = header(aws(VANILLA, "https://h/", AT_2015, headers=headers), "Authorization")
    assert "SignedHeaders=host;x-a;x-amz-date;x-b," in value


def test_the_form_that_is_signed_is_the_form_that_is_sent():
    from hashlib import sha256

    body = Body(mode="formdata", formdata=(FormParam(key="a", value="1"),))
    prepared = aws(VANILLA, "https://h/", AT_2015, method="POST", body=body)
    assert header(prepared, "X-Amz-Content-Sha256") == sha256(prepared.body).hexdigest()


def test_only_s3_paths_are_left_alone():
    assert canonical_path("/a//b/./c/../d%20e", "s3") == "/a//b/./c/../d%20e"
    assert canonical_path("/a//b/./c/../d%20e/", "es") == "/a/b/d%2520e/"
    assert canonical_path("/a+b%2Bc", "s3") == "/a%2Bb%2Bc"


def test_a_canonical_query_is_sorted_after_encoding():
    assert canonical_query("b=2&a=%20&a=+&A&c=é") == "A=&a=%20&a=%20&b=2&c=%C3%A9"


# -- EdgeGrid ---------------------------------------------------------------------------------------------------

EDGE = {
    "accessToken": "akab-access-token-xxx-xxxxxxxxxxxxxxxx",
    "clientToken": "akab-client-token-xxx-xxxxxxxxxxxxxxxx",
    "clientSecret": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
    "nonce": "nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    "timestamp": "20140321T19:34:21+0000",
    "headersToSign": "X-Test1, X-Test2,X-Test3",
    "maxBodySize": 2048,
}
EDGE_URL = "https://akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net"


def edge(path="/", **more):
    return header(
        signed("edgegrid", EDGE | more.pop("params", {}), make_request(url=EDGE_URL + path, **more)), "Authorization"
    )


@pytest.mark.parametrize(
    ("request_parts", "signature"),
    [
        ({}, "tL+y4hxyHxgWVD30X3pWnGKHcPzmrIF+LThiAOhMxYU="),
        ({"path": "/testapi/v1/t1?p1=1&p2=2"}, "hKDH1UlnQySSHjvIcZpDMbQHihTQ0XyVAKZaApabdeA="),
        (
            {"path": "/testapi/v1/t3", "method": "POST", "body": Body(mode="raw", raw="datadatadatadatadatadatadatadata")},
            "hXm4iCxtpN22m4cbZb4lVLW5rhX8Ca82vCFqXzSTPe4=",
        ),
    ],
)
def test_the_published_examples_of_edgegrid(request_parts, signature):
    assert edge(**request_parts).endswith(f";signature={signature}")


def test_the_body_of_edgegrid_is_cut_and_only_that_of_post_counts():
    long, longer = (Body(mode="raw", raw="d" * size) for size in (2048, 2049))
    assert edge(method="POST", body=long) == edge(method="POST", body=longer)
    assert edge(method="PUT", body=long) == edge(method="PUT", body=Body(mode="raw", raw="x"))


def test_chosen_headers_of_edgegrid_are_signed_with_blanks_collapsed():
    plain = edge(headers=[Header("x-test1", "a b")])
    assert plain == edge(headers=[Header("X-TEST1", "  a   b ")])
    assert plain != edge()


def test_edgegrid_signs_the_base_url_when_there_is_one():
    assert edge(params={"baseURL": EDGE_URL}) == edge()
    assert edge(params={"baseURL": "https://other.example"}) != edge()


def test_numbers_of_thousands_of_digits_are_numbers():
    long = "1" * 5000
    assert f'ts="{long}"' in header(signed("hawk", {"authId": "i", "authKey": "k", "timestamp": long}), "Authorization")
    body = Body(mode="raw", raw="d" * 3000)
    whole, unlimited = (edge(method="POST", body=body, params={"maxBodySize": size}) for size in ("3000", long))
    assert whole == unlimited

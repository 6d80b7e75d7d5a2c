"""What the syntax of a URL or of cookies makes of a secret is masked, too, and nothing that is not a part of one."""

import json

import pytest

from runner.secrets import Secrets
from tests.cli.conftest import postrunner

__all__ = ["postrunner"]

VALUE = "Hq1Zk3Xw/Vb7Tm9Wr#Js5Ld8Pq?Gn4Fc6Ye;Bt2Ux0Ko"


@pytest.mark.parametrize(
    ("url", "apart"),
    [
        (f"http://h.example/p/{VALUE}/x", ["Hq1Zk3Xw", "Vb7Tm9Wr", "Js5Ld8Pq"]),
        (f"http://ada:{VALUE}@h.example/", ["Hq1Zk3Xw", "Vb7Tm9Wr", "Js5Ld8Pq", "Gn4Fc6Ye", "Bt2Ux0Ko"]),
        (f"{VALUE}.h.example/", ["Hq1Zk3Xw", "Vb7Tm9Wr"]),
        (f"http://h.example/?q={VALUE}", ["Hq1Zk3Xw/Vb7Tm9Wr"]),
    ],
)
def test_the_pieces_of_a_secret_in_a_url_are_masked(url, apart):
    secrets = Secrets([VALUE])
    secrets.learn_url(url)
    assert [piece for piece in apart if secrets.mask(f"say '{piece}'") != "say '••••'"] == []


@pytest.mark.parametrize("url", ["http://h.example/Vb7Tm9Wr", f"http://h.example/#{VALUE}", "http://h.example/?q=x"])
def test_a_url_that_takes_no_secret_apart_makes_no_more_texts_secret(url):
    secrets = Secrets([VALUE])
    before = secrets.version
    secrets.learn_url(url)
    assert secrets.version == before


def test_a_backslash_is_the_slash_that_a_url_makes_of_it():
    secrets = Secrets([r"Hq1Zk3Xw\Vb7Tm9Wr"])
    secrets.learn_url("http://h.example/Hq1Zk3Xw/Vb7Tm9Wr")
    assert secrets.mask("Hq1Zk3Xw, Vb7Tm9Wr") == "••••, ••••"


def test_plain_words_of_a_secret_url_stay_readable():
    secrets = Secrets(["https://hooks.h.example/services/T01AB23CD/Qk7XcV2bN9mLpW"])
    secrets.learn_url("https://hooks.h.example/services/T01AB23CD/Qk7XcV2bN9mLpW?x=1")
    assert secrets.mask("services of Qk7XcV2bN9mLpW") == "services of ••••"


def test_the_pieces_of_a_secret_in_a_cookie_header_are_masked():
    secrets = Secrets([VALUE])
    secrets.learn_header("Cookie", f"a=1; own={VALUE}")
    assert secrets.mask("Bt2Ux0Ko") == "••••"


@pytest.mark.parametrize("place", ["http://ada:{{s}}@h.example/", "http://h.example/{{s}}", "http://{{s}}.h.example/"])
@pytest.mark.parametrize("how", ["--dry-run", "--verbose"])
def test_no_output_shows_a_piece(postrunner, tmp_path, place, how):
    item = {"name": "a", "request": place.replace("h.example", "127.0.0.1:1")}
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "c"}, "item": [item]}))
    done = postrunner("run", "c.json", "--env-var", f"s={VALUE}", "--secret", "s", "-r", "cli,json", how)
    shown = done.out + done.err + "".join(path.read_text() for path in tmp_path.rglob("*.json") if path.name != "c.json")
    assert [piece for piece in ("Hq1Zk3Xw", "Vb7Tm9Wr", "Js5Ld8Pq") if piece.lower() in shown.lower()] == []

"""The jar: what it takes, what it gives, how it is saved."""

import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.cookies.jar import CookieJar, accept, default_path, domain_matches, is_public_suffix, path_matches
from runner.cookies.jar_file import dump_jar, load_jar
from runner.errors import InvalidCollection, RequestError
from runner.rules.set_cookie import iso_time, parse_date, parse_iso, parse_set_cookie
from tests.cookies.cookie_cases import CASES, SETTER, URLS

NOW = 1_800_000_000.0


def jar_with(*values, url=SETTER, now=NOW):
    jar = CookieJar(lambda: now)
    jar.store_from(url, values)
    return jar


@pytest.mark.parametrize("name", CASES)
def test_the_jar_sends_what_newman_sends(name):
    values, expected = CASES[name]
    jar = jar_with(*values)
    assert tuple(jar.header_for(url) or None for url in URLS) == expected


def test_all_37_groups_are_there():
    assert len(CASES) == 37


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("__Secure-a=1; Secure", True),
        ("__Secure-a=1", False),
        ("__Host-a=1; Secure; Path=/", True),
        ("__Host-a=1; Path=/", False),
        ("__Host-a=1; Secure; Path=/x", False),
        ("__Host-a=1; Secure; Path=/; Domain=example.com", False),
        ("a=1; Domain=example.com", True),
        ("a=1; Domain=EXAMPLE.com", True),
        ("a=1; Domain=.example.com", True),
        ("a=1; Domain=..example.com", False),
        ("a=1; Domain=com", False),
        ("a=1; Domain=other.com", False),
        ("a=1; Domain=w.example.com", False),
        ("a=1; Domain=", True),
        ("a=\x01", False),
        ("", False),
    ],
)
def test_a_host_may_set_only_its_own_cookies(value, kept):
    assert bool(jar_with(value, url="https://www.example.com/")) is kept


@pytest.mark.parametrize(
    ("domain", "public"),
    [
        ("com", True),
        ("co.uk", True),
        ("github.io", True),
        ("example.com", False),
        ("intranet", True),
        ("localhost", True),
        ("127.0.0.1", False),
        ("::1", False),
    ],
)
def test_public_suffixes_are_known(domain, public):
    assert is_public_suffix(domain) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_addresses_and_localhost_take_cookies_for_themselves(host):
    jar = jar_with(f"a=1; Domain={host.strip('[]')}", url=f"http://{host}:80/")
    assert jar.header_for(f"http://{host}:8080/x") == "a=1"


@pytest.mark.parametrize("host", ["keycloak", "localhost", "local", "test", "co.uk", "github.io", "app.localhost"])
def test_a_host_may_name_itself_even_where_it_is_a_public_suffix(host):
    jar = jar_with(f"a=1; Domain={host}", f"b=2; Domain=.{host}", url=f"http://{host}/")
    assert jar.header_for(f"http://{host}/x") == "a=1; b=2"
    assert jar.header_for(f"http://sub.{host}/x") == ("a=1; b=2" if host == "app.localhost" else "")


@pytest.mark.parametrize("domain", ["localhost", "local", "test", "example", "invalid", "internal", "com"])
def test_one_label_is_nobodys_domain(domain):
    assert not jar_with(f"a=1; Domain={domain}", url=f"http://app.{domain}/")


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_this_machine_is_secure_without_tls(host):
    jar = jar_with(
        "a=1; Secure; SameSite=None", "__Host-b=2; Secure; Path=/", "__Secure-c=3; Secure", url=f"http://{host}/"
    )
    assert jar.header_for(f"http://{host}:8080/") == "a=1; __Host-b=2; __Secure-c=3"


@pytest.mark.parametrize("host", ["128.0.0.1", "localhost.example", "notlocalhost", "[::2]", "keycloak"])
def test_other_hosts_are_secure_by_tls_only(host):
    jar = jar_with("a=1; Secure", url=f"http://{host}/")
    assert (jar.header_for(f"http://{host}/"), jar.header_for(f"https://{host}/")) == ("", "a=1")


def test_an_address_has_no_sub_domains():
    assert not domain_matches("127.0.0.1", "0.0.1")
    assert domain_matches("a.b.c", "b.c")
    assert not domain_matches("ab.c", "b.c")


@pytest.mark.parametrize(
    ("path", "prefix", "matches"), [("/a/b", "/a", True), ("/a", "/a", True), ("/ab", "/a", False), ("/a/b", "/a/", True)]
)
def test_paths_match_by_segments(path, prefix, matches):
    assert path_matches(path, prefix) is matches


@pytest.mark.parametrize(("path", "default"), [("/a/b", "/a"), ("/a/", "/a"), ("/a", "/"), ("/", "/"), ("", "/")])
def test_the_default_path_is_the_folder(path, default):
    assert default_path(path) == default


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Wed, 09 Jun 2021 10:18:14 GMT", "2021-06-09T10:18:14.000Z"),
        ("Wednesday, 09-Jun-21 10:18:14 GMT", "2021-06-09T10:18:14.000Z"),
        ("Wed Jun  9 10:18:14 2021", "2021-06-09T10:18:14.000Z"),
        ("09-Jun-80 1:2:3", "1980-06-09T01:02:03.000Z"),
        ("31 Feb 2021 00:00:00", "2021-03-03T00:00:00.000Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59.000Z"),
    ],
)
def test_cookie_dates_are_read_as_browsers_do(text, iso):
    assert iso_time(parse_date(text)) == iso


@pytest.mark.parametrize(
    "text", ["", "soon", "10:00:00", "32 Jan 2020 00:00:00", "1 Jan 1600 00:00:00", "1 Jan 2020 24:00:00"]
)
def test_other_text_is_no_date(text):
    assert parse_date(text) is None


def test_cookies_expire():
    now = [NOW]
    jar = CookieJar(lambda: now[0])
    jar.store_from(SETTER, ["a=1; Max-Age=10", "b=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "c=1"])
    now[0] += 10
    assert jar.header_for(SETTER) == "b=1; c=1"


def test_a_replaced_cookie_keeps_its_place_and_counts_its_age_anew():
    now = [NOW]
    jar = CookieJar(lambda: now[0])
    jar.store_from(SETTER, ["a=1; Max-Age=10", "b=1"])
    now[0] += 9
    jar.store_from(SETTER, ["a=2; Max-Age=10"])
    now[0] += 9
    assert jar.header_for(SETTER) == "a=2; b=1"


def test_an_expired_value_removes_the_cookie():
    jar = jar_with("a=1", "a=; Max-Age=0")
    assert (jar.header_for(SETTER), jar.entries()) == ("", [])


def test_the_last_readable_attribute_counts():
    cookie = parse_set_cookie("a=1; Max-Age=5; Max-Age=x; Path=/a; Path=b; SameSite=LAX; Foo=Bar; HttpOnly", NOW)
    assert (cookie.max_age, cookie.expires, cookie.path, cookie.same_site) == (5, NOW + 5, "b", "lax")
    assert (cookie.extensions, cookie.http_only, cookie.secure) == (("Foo=Bar",), True, False)


def test_store_from_tells_which_cookies_were_kept():
    kept = CookieJar().store_from(SETTER, ["a=1", "b=2; Domain=com"])
    assert [(cookie.name, cookie.domain, cookie.path) for cookie in kept] == [("a", "c1.example.com", "/setck/sub")]


def test_scripts_set_get_unset_and_clear():
    jar = CookieJar(lambda: NOW)
    assert jar.set(SETTER, "a", "1")["path"] == "/setck/sub"
    jar.set(SETTER, {"name": "b", "value": 2, "path": "/", "maxAge": 60, "secure": False})
    jar.set(SETTER, "c=3; Path=/; HttpOnly")
    assert (jar.get(SETTER, "a"), jar.get(SETTER, "b"), jar.get(SETTER, "x")) == ("1", "2", None)
    assert [cookie["name"] for cookie in jar.get_all(SETTER)] == ["a", "b", "c"]
    jar.unset(SETTER, "b")
    assert jar.header_for(SETTER) == "a=1; c=3"
    jar.clear(SETTER)
    assert len(jar) == 0


def test_a_cookie_of_a_script_without_a_name_has_an_empty_one():
    jar = CookieJar()
    jar.set(SETTER, {"name": None, "value": "1", "path": "/"})
    assert [(cookie["name"], cookie["value"]) for cookie in jar.get_all(SETTER)] == [("", "1")]


def test_a_script_cannot_set_a_cookie_for_another_site():
    jar = CookieJar()
    with pytest.raises(RequestError, match="not in this host's domain"):
        jar.set(SETTER, {"name": "a", "value": "1", "domain": "other.com"})
    assert jar.set(SETTER, {"name": "a", "value": "1", "domain": "com"})["domain"] == "com"
    assert jar.get_all(SETTER) == []


def test_a_domain_with_a_dot_in_front_fits_no_host_where_an_object_has_it_and_is_cut_in_a_text():
    jar = CookieJar()
    jar.set(SETTER, {"name": "a", "value": "1", "domain": ".example.com"})
    jar.set(SETTER, "b=2; Domain=.example.com")
    assert [(cookie["name"], cookie["domain"]) for cookie in jar.get_all(SETTER)] == [("b", "example.com")]


def test_cookie_objects_tell_when_they_end():
    jar = jar_with("a=1; Max-Age=60; Domain=example.com")
    (cookie,) = jar.get_all(SETTER)
    assert (cookie["expires"], cookie["session"], cookie["hostOnly"]) == ("2027-01-15T08:01:00.000Z", False, False)


def test_the_jar_is_saved_as_tough_cookie_saves_it():
    document = dump_jar(
        jar_with("a=1; Max-Age=60; Secure; HttpOnly; SameSite=None; X=y", "b=2; Domain=example.com; Path=/")
    )
    assert document["cookies"][1] == {
        "key": "b",
        "value": "2",
        "domain": "example.com",
        "path": "/",
        "hostOnly": False,
        "creation": "2027-01-15T08:00:00.000Z",
        "lastAccessed": "2027-01-15T08:00:00.000Z",
    }
    assert document["cookies"][0]["expires"] == "2027-01-15T08:01:00.000Z"
    assert document["rejectPublicSuffixes"] is True


def test_a_saved_jar_is_read_back():
    jar = jar_with("a=1; Max-Age=60; Secure; HttpOnly; SameSite=None; X=y", "b=2; Domain=example.com; Path=/", "v")
    again = CookieJar(lambda: NOW)
    load_jar(json.loads(json.dumps(dump_jar(jar))), again)
    assert dump_jar(again) == dump_jar(jar)
    assert again.header_for("https" + SETTER[4:]) == jar.header_for("https" + SETTER[4:])


def test_max_age_in_a_saved_jar_counts_from_the_creation():
    jar = CookieJar(lambda: NOW)
    node = {"key": "a", "value": "1", "domain": "h", "path": "/", "maxAge": 60, "creation": "2027-01-15T07:59:30.000Z"}
    load_jar({"cookies": [node, {**node, "key": "old", "creation": "2027-01-15T07:58:00.000Z"}]}, jar)
    assert jar.header_for("http://h/") == "a=1"


@pytest.mark.parametrize("document", [None, [], {}, {"cookies": {}}, {"cookies": [1]}, {"cookies": [{"key": "a"}]}])
def test_another_document_is_no_jar(document):
    with pytest.raises(InvalidCollection):
        load_jar(document, CookieJar())


def test_threads_share_a_jar():
    jar = CookieJar()

    def work(number):
        for at in range(100):
            jar.store_from(f"http://h{number}.example.com/", [f"a{at}=1"])
            jar.header_for("http://h1.example.com/")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jar) == 400


@given(st.text(max_size=60))
def test_any_set_cookie_text_is_a_cookie_or_nothing(text):
    jar = jar_with(text)
    assert "\n" not in jar.header_for(SETTER)


@given(st.text(alphabet="abc0123456789:/ ,-JanFebGMT", max_size=40))
def test_any_date_text_is_a_time_or_nothing(text):
    found = parse_date(text)
    assert found is None or parse_iso(iso_time(found)) == found


@given(st.text(alphabet="ab.:[]/@?#%1", max_size=20), st.text(alphabet="ab.1", max_size=8))
def test_any_url_and_domain_give_an_answer(url, domain):
    cookie = parse_set_cookie(f"a=1; Domain={domain}", NOW)
    kept = accept("http://" + url, cookie)
    assert kept is None or kept.path.startswith("/")


def test_a_cookie_that_lasts_for_ever_has_the_last_moment_there_is():
    from runner.model.response import Cookie
    from runner.sandbox.serialization import dump_cookie

    cookie = Cookie(name="a", value="b", expires=1e18)
    assert dump_cookie(cookie)["expires"] == "9999-12-31T23:59:59.000Z"


def test_a_changed_cookie_in_a_copy_leaves_the_jar_as_it_was():
    jar = CookieJar()
    jar.store_from(SETTER, ["a=1"])
    other = jar.copy()
    other.store_from(SETTER, ["a=2"])
    assert (jar.header_for(SETTER), other.header_for(SETTER)) == ("a=1", "a=2")

from runner.formats.format import CERTAIN, NO, Given
from runner.formats.postman.v1 import FORMAT, convert, parse_collection
from runner.model.collection import Folder
from runner.model.request import Auth, FormParam, Header, QueryParam


def collection(*requests, **more):
    document = {"id": "c", "name": "C", "order": [r["id"] for r in requests], "requests": list(requests), **more}
    return parse_collection(document)


def request(**fields):
    return collection({"id": "r", "name": "R", "url": "h", "method": "POST", **fields}).items[0].request


def names(entries):
    return [(e.name, names(e.items)) if isinstance(e, Folder) else e.name for e in entries]


def test_v1_is_known_by_its_flat_list_of_requests():
    assert FORMAT.sniff(Given.of({"id": "c", "order": [], "requests": []})) == CERTAIN
    assert FORMAT.sniff(Given.of({"item": [], "order": []})) == NO


def test_folders_come_first_and_nest():
    requests = [{"id": n, "name": n, "url": "h"} for n in "abc"]
    folders = [
        {"id": "f", "name": "F", "order": ["b"], "folders_order": ["g"]},
        {"id": "g", "name": "G", "order": ["c", "gone"]},
    ]
    converted = collection(*requests, order=["a"], folders=folders, folders_order=["f", "g"])
    assert names(converted.items) == [("F", [("G", ["c"]), "b"]), "a"]


def test_a_folder_that_contains_itself_is_not_followed():
    folders = [{"id": "f", "name": "F", "folders_order": ["g"]}, {"id": "g", "name": "G", "folders_order": ["g", "f"]}]
    assert names(collection(folders=[*folders, {"id": "h", "name": "H", "folders_order": ["f"]}]).items) == [
        ("H", [("F", [("G", [])])])
    ]


def test_headers_are_lines_where_slashes_switch_off():
    assert request(headers="A: 1\n//B: 2\n// C: 3\n").headers == (
        Header("A", "1"),
        Header("B", "2", True),
        Header("C", "3", True),
    )


def test_header_data_wins_over_the_lines():
    data = [{"key": "A", "value": "9", "enabled": False}]
    assert request(headers="A: 1\nB: 2", headerData=data).headers == (Header("A", "9", True), Header("B", "2"))


def test_query_and_path_variables_are_taken_from_their_lists():
    params = [{"key": "a", "value": "", "equals": False}, {"key": "b", "value": None, "equals": True, "enabled": False}]
    url = request(url="http://h/:id?z=1", queryParams=params, pathVariables={"id": "7"}).url
    assert url.query == (QueryParam("a"), QueryParam("b", "", True))
    assert [(v.key, v.value) for v in url.variables] == [("id", "7")]


def test_every_body_mode():
    data = [
        {"key": "k", "value": "v", "enabled": False},
        {"key": "f", "type": "file", "value": "path"},
        {"value": "no key"},
    ]
    assert request(dataMode="raw", rawModeData="x").body.raw == "x"
    assert request(dataMode="raw", rawModeData=["x"], dataDisabled=True).body.disabled
    assert request(dataMode="urlencoded", data=data[:1]).body.urlencoded == (FormParam(key="k", value="v", disabled=True),)
    assert [p.src for p in request(dataMode="params", data=data).body.formdata] == [None, "path"]
    assert [p.key for p in request(dataMode="params", data=None, rawModeData=data).body.formdata] == ["k", "f"]
    assert request(dataMode="binary", rawModeData="p").body.file == {"src": "p"}
    assert request(dataMode="graphql", graphqlModeData={"query": "q"}).body.graphql == {"query": "q"}
    assert request(graphqlModeData={"query": "q"}).body.graphql == {"query": "q"}
    assert request(dataMode=None, rawModeData="x").body is None
    assert request().body is None


def test_body_options_get_the_new_names_of_the_modes():
    options = request(dataMode="raw", rawModeData="{}", dataOptions={"raw": {"language": "json"}}).body.options
    assert options == {"raw": {"language": "json"}}


def test_helpers_become_auth():
    helper = {"currentHelper": "oAuth1", "helperAttributes": {"consumerKey": "k", "header": True, "time": 5}}
    assert request(**helper).auth == Auth("oauth1", {"consumerKey": "k", "addParamsToHeader": True})
    assert request(currentHelper="basicAuth", helperAttributes='{"username": "u"}').auth == Auth("basic", {"username": "u"})
    assert request(currentHelper="normal", auth={"type": "bearer"}).auth is None
    assert request(auth={"type": "bearer", "bearer": [{"key": "token", "value": "t"}]}).auth == Auth(
        "bearer", {"token": "t"}
    )


def test_scripts_and_variables_are_carried_over():
    converted = collection(
        {"id": "r", "url": "h", "tests": "a\nb", "preRequestScript": "c"},
        variables=[{"id": "v", "value": "1", "type": "text"}],
    )
    assert [(e.listen, e.script.exec) for e in converted.items[0].events] == [("test", "a\nb"), ("prerequest", "c")]
    assert [(v.key, v.type) for v in converted.variables] == [("v", "string")]


def test_the_conversion_is_a_v2_document():
    assert convert({"id": "c", "name": "C", "requests": []})["info"]["schema"].endswith("v2.1.0/collection.json")


def test_one_object_where_a_list_is_meant_is_a_list_of_one():
    request = {
        "id": "r",
        "name": "r",
        "method": "POST",
        "url": "http://h/:p",
        "headerData": {"key": "A", "value": "1"},
        "pathVariableData": {"key": "p", "value": "2"},
        "dataMode": "urlencoded",
        "data": {"key": "b", "value": "3"},
        "events": {"listen": "test", "script": {"exec": "x()"}},
    }
    document = {"id": "c", "name": "c", "order": ["r"], "requests": request, "variables": {"key": "v", "value": "4"}}
    collection = parse_collection(document)
    (item,) = collection.items
    assert [(h.key, h.value) for h in item.request.headers] == [("A", "1")]
    assert [(v.key, v.value) for v in item.request.url.variables] == [("p", "2")]
    assert [(p.key, p.value) for p in item.request.body.urlencoded] == [("b", "3")]
    assert [event.script.exec for event in item.events] == ["x()"]
    assert [(v.key, v.value) for v in collection.variables] == [("v", "4")]

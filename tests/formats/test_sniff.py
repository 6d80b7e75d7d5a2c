import pytest

from runner.formats.sniff import holds_scripts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"script": {"exec": ["pm.test()"]}}', True),
        ('{"script": {"exec": ["", "pm.test()"]}}', True),
        ('{"script": {"exec": [""]}}', False),
        ('{"url": "http://h/{{$randomCity}}"}', True),
        ('{"url": "http://h/{{$randomUUID}}/{{$randomInt}}/{{$guid}}"}', False),
        ('{"url": "http://h/{{random}}"}', False),
    ],
)
def test_the_child_is_started_early_for_what_needs_it(tmp_path, text, expected):
    (tmp_path / "c.json").write_text(text)
    assert holds_scripts(str(tmp_path / "c.json")) is expected


def test_a_missing_file_holds_nothing(tmp_path):
    assert holds_scripts(str(tmp_path / "none.json")) is False


@pytest.mark.parametrize("name", ["a.request.yaml", "a.request.yml", ".resources/definition.yml"])
def test_a_script_in_a_folder_of_the_format_v3_is_seen(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("$kind: http-request\nurl: http://a/scripts:\n")
    assert [holds_scripts(str(path)) for path in (tmp_path, file)] == [False, False]
    file.write_text("url: http://a\nscripts:\n  - type: afterResponse\n    code: x()\n")
    assert [holds_scripts(str(path)) for path in (tmp_path, file)] == [True, True]

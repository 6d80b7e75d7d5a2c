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

"""`--jobs auto`: the processors that this process may use."""

import os

import pytest

from runner.units.processors import processors, quotas


@pytest.fixture
def group(tmp_path):
    """Write control groups: paths with the texts of their files; gives the quotas of a process in `membership`."""

    def write(membership, **files):
        for name, text in files.items():
            path = tmp_path / "fs" / name.replace("__", "/").replace("cpu_", "cpu.", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "cgroup").write_text(membership)
        return quotas(tmp_path / "fs", tmp_path / "cgroup")

    return write


def test_they_are_at_most_those_of_the_machine():
    assert 1 <= processors() <= (os.cpu_count() or 1)


def test_the_quota_of_a_container_limits_them(monkeypatch):
    monkeypatch.setattr("runner.units.processors.quotas", lambda *_: [0.5])
    assert processors() == 1


def test_a_quota_of_version_2_counts_for_the_groups_below_it(group):
    assert group("0::/a/b\n", a__cpu_max="150000 100000\n", a__b__cpu_max="max 100000\n") == [1.5]


def test_a_container_sees_its_own_group_as_the_root(group):
    assert group("0::/\n", cpu_max="200000 100000\n") == [2.0]


def test_a_quota_of_version_1(group):
    files = {"cpu__a__cpu_cfs_quota_us": "50000\n", "cpu__a__cpu_cfs_period_us": "100000\n"}
    assert group("4:cpu,cpuacct:/a\n1:name=systemd:/x\n", **files) == [0.5]


@pytest.mark.parametrize("text", ["max 100000\n", "", "x y\n", "-1 100000\n", "100000 0\n", "1 2 3\n"])
def test_what_is_no_quota_limits_nothing(group, text):
    assert group("0::/a\n", a__cpu_max=text) == []


def test_a_path_cannot_leave_the_folder_of_the_groups(group):
    assert group("0::/../..\n", cpu_max="100000 100000\n") == [1.0]


def test_a_system_without_control_groups_has_none(tmp_path):
    assert quotas(tmp_path, tmp_path / "missing") == []

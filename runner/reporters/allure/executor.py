"""The CI job that runs this, which Allure shows as the executor, read from the environment variables of CI servers."""

from __future__ import annotations

from collections.abc import Mapping

from runner.logs import server_of
from runner.model.json import JsonObject


def executor(environ: Mapping[str, str]) -> JsonObject | None:
    """The executor of a job on a known CI server; None elsewhere."""
    get = environ.get
    if server_of(environ) == "GitHub Actions":
        url = f"{get('GITHUB_SERVER_URL', '')}/{get('GITHUB_REPOSITORY', '')}/actions/runs/{get('GITHUB_RUN_ID', '')}"
        return _executor("GitHub Actions", "github", get("GITHUB_WORKFLOW", ""), get("GITHUB_RUN_NUMBER", ""), url)
    if server_of(environ) == "GitLab CI":
        return _executor("GitLab CI", "gitlab", get("CI_JOB_NAME", ""), get("CI_PIPELINE_IID", ""), get("CI_JOB_URL", ""))
    if server_of(environ) == "TeamCity":
        return _executor("TeamCity", "teamcity", get("TEAMCITY_BUILDCONF_NAME", ""), get("BUILD_NUMBER", ""), "")
    if get("JENKINS_URL"):
        return _executor("Jenkins", "jenkins", get("JOB_NAME", ""), get("BUILD_NUMBER", ""), get("BUILD_URL", ""))
    return None


def _executor(name: str, kind: str, job: str, number: str, url: str) -> JsonObject:
    found: JsonObject = {"name": name, "type": kind, "buildName": f"{job} #{number}".strip(" #")}
    found |= {"buildOrder": int(number)} if number.isdecimal() and len(number) < 16 else {}
    return found | ({"buildUrl": url} if url.startswith(("http://", "https://")) else {})

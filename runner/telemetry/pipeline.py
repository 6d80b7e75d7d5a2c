"""What a CI server tells of the pipeline and the commit, by OpenTelemetry's names."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES: Mapping[str, str] = {
    "cicd.pipeline.name": "GITHUB_WORKFLOW CI_PIPELINE_NAME JOB_NAME BUILD_DEFINITIONNAME BUILDKITE_PIPELINE_SLUG",
    "cicd.pipeline.run.id": "GITHUB_RUN_ID CI_PIPELINE_ID BUILD_BUILDID CIRCLE_WORKFLOW_ID BUILDKITE_BUILD_ID BUILD_ID",
    "cicd.pipeline.run.url.full": "CI_PIPELINE_URL BUILDKITE_BUILD_URL BUILD_URL",
    "cicd.pipeline.task.name": "GITHUB_JOB CI_JOB_NAME SYSTEM_JOBDISPLAYNAME CIRCLE_JOB BUILDKITE_LABEL STAGE_NAME",
    "cicd.pipeline.task.run.id": "CI_JOB_ID SYSTEM_JOBID BUILDKITE_JOB_ID",
    "cicd.pipeline.task.run.url.full": "CI_JOB_URL CIRCLE_BUILD_URL",
    "cicd.worker.name": "RUNNER_NAME CI_RUNNER_DESCRIPTION AGENT_NAME NODE_NAME BUILDKITE_AGENT_NAME",
    "vcs.repository.name": "GITHUB_REPOSITORY CI_PROJECT_PATH BUILD_REPOSITORY_NAME CIRCLE_PROJECT_REPONAME",
    "vcs.repository.url.full": "CI_PROJECT_URL BUILD_REPOSITORY_URI CIRCLE_REPOSITORY_URL BUILDKITE_REPO GIT_URL",
    "vcs.ref.head.name": "GITHUB_HEAD_REF GITHUB_REF_NAME CI_COMMIT_REF_NAME BUILD_SOURCEBRANCHNAME CIRCLE_BRANCH"
    " BUILDKITE_BRANCH GIT_BRANCH",
    "vcs.change.id": "CI_MERGE_REQUEST_IID SYSTEM_PULLREQUEST_PULLREQUESTNUMBER CHANGE_ID",
}
"""Attribute → the variables that may have it: of GitHub, GitLab, Azure, CircleCI, Buildkite and Jenkins."""


def pipeline_attributes(environ: Mapping[str, str], revision: str) -> dict[str, str]:
    """The attributes that are known; user names and passwords are taken out of addresses."""
    found = {
        name: next((environ[one] for one in names.split() if environ.get(one)), "") for name, names in VARIABLES.items()
    }
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    if server and repository:
        found["vcs.repository.url.full"] = f"{server}/{repository}"
        if run := environ.get("GITHUB_RUN_ID"):
            found["cicd.pipeline.run.url.full"] = f"{server}/{repository}/actions/runs/{run}"
    found["vcs.ref.head.revision"] = revision
    kind = environ.get("GITHUB_REF_TYPE") or ("tag" if environ.get("CI_COMMIT_TAG") else "")
    found["vcs.ref.head.type"] = kind or ("branch" if found["vcs.ref.head.name"] else "")
    return {name: without_user(value) if name.endswith("url.full") else value for name, value in found.items() if value}


def without_user(url: str) -> str:
    """A URL without user name and password."""
    return re.sub(r"^([a-z][a-z0-9+.-]*://)[^/?#@]*@", r"\1", url, count=1, flags=re.IGNORECASE)

"""Which commit of the user's project a run belongs to."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from runner.model.quick_dataclass import dataclass

SERVERS = (
    *("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION", "CIRCLE_SHA1", "BITBUCKET_COMMIT"),
    *("BUILDKITE_COMMIT", "TRAVIS_COMMIT", "DRONE_COMMIT_SHA", "BUILD_VCS_NUMBER", "CODEBUILD_RESOLVED_SOURCE_VERSION"),
)
"""Environment variables in which CI servers name the commit: GitHub, GitLab, Jenkins, Azure, and so on."""

LONGEST = 10
"""Seconds that git may take."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, empty if unknown, and whether the working tree had changes of its own."""

    commit: str = ""
    changed: bool = False


def revision(environ: Mapping[str, str]) -> Revision:
    """The commit of the current folder, as git says, else as the CI server does."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
            env={**environ, "GIT_OPTIONAL_LOCKS": "0"},
        ).stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        told = ""
    if told:
        return Revision(told.removesuffix("-dirty"), told.endswith("-dirty"))
    return Revision(next((environ[name] for name in SERVERS if environ.get(name)), ""))

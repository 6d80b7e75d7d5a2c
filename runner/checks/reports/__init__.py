"""Reports of findings: for people, for programs, for CI servers."""

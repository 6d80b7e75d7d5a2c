"""What came of runs, kept in one SQLite file over many of them, and what that tells: flaky tests, slower requests."""

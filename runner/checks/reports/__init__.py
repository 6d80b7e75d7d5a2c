"""How findings are told: for people, for programs, for CI servers."""

"""The Postman API, as far as collections, environments, globals and workspaces go: documented rules, made-up data."""

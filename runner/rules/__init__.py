"""Postman's rules as pure functions: values to texts, substitution, casts, URLs, cookies, content types, status phrases.

Scripts follow the same rules in `runner/sandbox/js/`; `tests/rules/` runs one set of cases on both sides.
"""

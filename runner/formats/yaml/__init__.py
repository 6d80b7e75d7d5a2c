"""YAML text: read with positions, written in the style of Postman's files, edited in place.

The rules are those of the `yaml` package of npm, with which Postman reads and writes: YAML 1.2, core schema.
"""

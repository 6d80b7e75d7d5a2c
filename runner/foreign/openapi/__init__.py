"""OpenAPI 3.0 to 3.2 and Swagger 2.0: read into collections, with options of the names that openapi-to-postmanv2 has.

`documents.py`, `operations.py` and `schemas/` know nothing of collections.
"""

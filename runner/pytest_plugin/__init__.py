"""Requests of Postman collections as items of pytest. Only `plugin.py` is imported when pytest starts."""

"""The collection format v3 of Postman: a folder of YAML files, read by way of the JSON of v2.1 and written from it."""

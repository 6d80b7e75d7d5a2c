"""What the Postman stand-in holds at its start."""

from __future__ import annotations

from runner.model.json import JsonObject

SCRIPT = ["pm.test('status is 200', () => pm.response.to.have.status(200));"]

USERS: JsonObject = {"raw": "{{base_url}}/users", "host": ["{{base_url}}"], "path": ["users"]}
HEALTH: JsonObject = {"raw": "{{base_url}}/health", "host": ["{{base_url}}"], "path": ["health"]}

COLLECTION: JsonObject = {
    "info": {
        "name": "Sample Collection",
        "description": "Two requests in a folder, one beside it.",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    "item": [
        {
            "name": "Users",
            "item": [
                {
                    "name": "List users",
                    "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": SCRIPT}}],
                    "request": {"method": "GET", "header": [], "url": USERS},
                    "response": [
                        {
                            "name": "Two users",
                            "originalRequest": {"method": "GET", "header": [], "url": USERS},
                            "status": "OK",
                            "code": 200,
                            "_postman_previewlanguage": "json",
                            "header": [{"key": "Content-Type", "value": "application/json"}],
                            "cookie": [],
                            "body": '[{"id": 1}, {"id": 2}]',
                        }
                    ],
                },
                {
                    "name": "Create a user",
                    "request": {
                        "method": "POST",
                        "header": [],
                        "body": {"mode": "raw", "raw": '{"name": "Ann"}', "options": {"raw": {"language": "json"}}},
                        "url": USERS,
                    },
                    "response": [],
                },
            ],
        },
        {
            "name": "Health",
            "request": {"method": "GET", "header": [], "url": HEALTH},
            "response": [],
        },
    ],
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
    "variable": [{"key": "base_url", "value": "http://127.0.0.1:8080", "type": "string"}],
}

ENVIRONMENT: list[JsonObject] = [
    {"key": "base_url", "value": "http://127.0.0.1:8080", "type": "default", "enabled": True},
    {"key": "token", "value": "sample-token-of-the-stand-in", "type": "secret", "enabled": True},
]

GLOBALS: list[JsonObject] = [{"key": "team", "value": "blue", "type": "default", "enabled": True}]

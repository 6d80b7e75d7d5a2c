"""The only door to JavaScript: scripts run in V8, in a child process, and reach nothing but the pm API."""

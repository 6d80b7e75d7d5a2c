"""The conditions under which a load test passes: read from their texts, judged by its figures."""

"""Contract checks: whether what is sent and what comes back is what an OpenAPI document says."""

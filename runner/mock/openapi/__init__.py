"""What an OpenAPI document says beyond its examples: whether a call is valid, and other values for an answer."""

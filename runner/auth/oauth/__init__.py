"""OAuth 1.0a and OAuth 2.0, with the grants and the requests to the token endpoint."""

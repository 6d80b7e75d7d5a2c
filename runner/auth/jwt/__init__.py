"""The auth types that send a JSON Web Token made and signed here."""

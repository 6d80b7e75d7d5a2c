"""The `html` reporter and what its page is made of."""

"""Answers requests with the saved examples of collections, by the rules of Postman's mock servers."""

"""The commands that talk to Postman: pull and push."""

"""Load tests: the items of a collection sent by many users at once, on one machine or several, and what that measures."""

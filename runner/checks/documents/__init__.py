"""The files that are checked, whatever their format: where a value of one stands, and how it is changed."""

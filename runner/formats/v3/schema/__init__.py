"""What the files of the format may say. A file that says anything else is refused as a whole, as Postman does."""

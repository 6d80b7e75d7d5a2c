"""What is wrong with collections and variables, told from their files before any request is sent: rules in one table."""

"""Scripts of Bruno and Insomnia in Postman's API, and Postman's in Bruno's, by tables of chains of members."""

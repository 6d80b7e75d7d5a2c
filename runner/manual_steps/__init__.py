"""A document of the steps by which a person does in the Postman app what a collection does."""

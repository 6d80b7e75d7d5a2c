"""The canonical text of collections and environments: the order and style in which Postman writes them."""

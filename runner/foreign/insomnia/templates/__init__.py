"""Templates of Insomnia: variables, expressions and tags, as Postman can say them."""

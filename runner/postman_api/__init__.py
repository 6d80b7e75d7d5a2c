"""The Postman API: what is kept in Postman's cloud comes into files, and goes back from them."""

"""How an item of each kind is sent. The engine knows the table and no protocol."""

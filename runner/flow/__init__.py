"""Which item sets and reads which variable, and what follows from it: what an item needs, and what can run in parallel."""

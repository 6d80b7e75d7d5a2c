"""Which item sets and reads which variable, and what follows: what an item needs, and what can run beside what."""

"""What there is to say after a session: numbers, and who may see them."""

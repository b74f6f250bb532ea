"""Charts: numbers in, marks on axes."""

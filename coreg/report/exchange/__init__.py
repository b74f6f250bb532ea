"""What is given to other programs: one module a format, from rows to bytes."""

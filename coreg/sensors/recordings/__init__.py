"""Recordings from elsewhere, each format recognised by its content."""

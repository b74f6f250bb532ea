"""Pages on paper: sheets of A4."""

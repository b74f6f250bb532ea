"""The project's own benchmarks; each prints a table."""

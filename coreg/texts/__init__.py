"""TOML and JSON from outside, read within bounds, and written so that it reads back."""

"""Straps on the air: the one room that knows bleak."""

"""Practices: plans as data, one pure step, one breath for two."""

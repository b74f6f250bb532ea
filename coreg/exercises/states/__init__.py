"""Settled, flooded, awake: what is said of a heart, and when nothing is."""

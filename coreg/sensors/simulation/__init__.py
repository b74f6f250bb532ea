"""Couples that are made up, and the truth about them."""

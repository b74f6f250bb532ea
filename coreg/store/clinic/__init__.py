"""A therapist's: a folder for each couple, and a sealed book beside them."""

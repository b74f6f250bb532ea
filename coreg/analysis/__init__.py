"""Functions from arrays to numbers: cleaning, heart-rate variability, synchrony."""

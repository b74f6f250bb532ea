"""The pages of the evening: one small server on this computer, for its own browser."""

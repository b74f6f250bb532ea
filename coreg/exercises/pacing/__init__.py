"""One breath for two: what each heart answers to, and the pace for both."""

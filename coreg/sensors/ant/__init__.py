"""ANT+ straps: the one room that knows openant."""

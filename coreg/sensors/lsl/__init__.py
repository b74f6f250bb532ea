"""Lab Streaming Layer (LSL): the one room that knows pylsl."""

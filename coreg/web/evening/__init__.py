"""An evening on the pages as a state and pure steps."""

"""A folder of its own: whatever has it on its path is watched."""

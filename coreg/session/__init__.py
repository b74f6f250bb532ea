"""From inputs to features and cues: one path for live and replay."""

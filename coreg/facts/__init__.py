"""What everybody may speak of: the facts of a session, and how they are written."""

"""Many sessions: from files to rows, on one computer or on many, and what they say."""

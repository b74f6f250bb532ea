"""After the session: numbers, figures, pages."""

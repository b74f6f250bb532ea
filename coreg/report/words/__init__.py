"""The words of pages and figures."""

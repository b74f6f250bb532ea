"""What goes over the wire between page and server."""

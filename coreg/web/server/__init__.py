"""What serves the pages: door, seats, sockets."""

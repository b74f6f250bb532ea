"""What straps do that they should not, and the words for it."""

"""What lets a phone in: an address, a certificate, a code, and its picture."""

"""A fake `org.bluez` on a private D-Bus: bleak's own Linux backend without a radio."""

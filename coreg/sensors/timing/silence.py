"""How long a strap may be quiet before it is said to be silent."""

from typing import Final

SILENT_S: Final = 5.0
"""Without RR for so long a heart is not heard: in a session, on Home, by the radio."""

"""How chance is drawn for whatever is shown: known without loading any analysis."""

from typing import Final

SURROGATES: Final = 999
"""How often chance is drawn for anything that is shown."""

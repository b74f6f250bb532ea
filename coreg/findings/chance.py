"""How many surrogates each figure uses; loads no analysis."""

from typing import Final

SURROGATES: Final = 999
"""How often chance is drawn for anything that is shown."""

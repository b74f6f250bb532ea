"""How many surrogates each figure uses; loads no analysis."""

from typing import Final

SURROGATES: Final = 999
"""How often chance is drawn for anything that is shown."""
MINUTE_SURROGATES: Final = 199
"""How often at most where it is drawn anew for each minute that is left out."""

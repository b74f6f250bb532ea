"""A picture of an address, for a phone's camera."""

from functools import lru_cache

import segno

_QUIET_MODULES = 4  # of empty border, which cameras need (ISO/IEC 18004)


@lru_cache(maxsize=16)  # the laptop asks for it every other second
def picture_of(address: str) -> str:
    """Return the QR code of an address as an SVG in a `data:` address.

    As an image it runs nothing, whatever is in it. Dark on white by day and by night:
    many cameras do not read the other way round.
    """
    code = segno.make(address, micro=False, error="m", boost_error=False)
    picture: str = code.svg_data_uri(
        border=_QUIET_MODULES, dark="#26323A", light="#FFFFFF", omitsize=True
    )
    return picture

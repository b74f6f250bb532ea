"""What an ANT+ heart-rate strap broadcasts, four times a second.

Eight bytes, little-endian (ANT+ Device Profile: Heart Rate Monitor)::

    page u7 and toggle bit | three bytes of the page | beat time u16 | count u8 | bpm u8

The last four bytes are the same in every page: when the last beat was, in 1/1024 s, so
that it wraps at 64 s; how many beats there were, which wraps at 256; and the rate that
the strap reckons, 0 for none. Page 4 also says when the beat before it was. The first
straps had no pages: the first four bytes mean something only once the toggle bit was
seen to change, which it does every fourth broadcast.
"""

from dataclasses import dataclass
from typing import Final

from coreg.errors import BadPacketError

TICKS_PER_S: Final = 1024
TIMES_WRAP: Final = 1 << 16
COUNTS_WRAP: Final = 1 << 8
PREVIOUS_BEAT: Final = 4
"""The page that says when the beat before the last one was."""

_BYTES: Final = 8
_TOGGLE: Final = 0x80
_U8_MAX, _U16_MAX = 0xFF, 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class AntHeartRate:
    """One broadcast. `of_page` are the three bytes that `page` gives a meaning."""

    page: int
    toggle: bool
    of_page: bytes
    beat_ticks: int
    beat_count: int
    hr_bpm: int

    @property
    def previous_ticks(self) -> int | None:
        """When the beat before the last one was; None where the page is another."""
        if self.page != PREVIOUS_BEAT:
            return None
        return int.from_bytes(self.of_page[1:3], "little")


def decode(data: bytes) -> AntHeartRate:
    """Return what a broadcast says.

    Raises
    ------
    BadPacketError
        If it has not eight bytes.

    Examples
    --------
    >>> said = decode(bytes.fromhex("84 ff 00 10 34 13 7b 48"))
    >>> said.page, said.toggle, said.previous_ticks, said.beat_ticks
    (4, True, 4096, 4916)
    >>> said.beat_count, said.hr_bpm
    (123, 72)
    """
    if len(data) != _BYTES:
        raise BadPacketError(
            f"The ANT+ broadcast {data.hex(' ') or '(empty)'} has {len(data)} bytes "
            f"and not {_BYTES}.",
            "It is left out; if this happens often, move the stick nearer.",
        )
    return AntHeartRate(
        page=data[0] & ~_TOGGLE,
        toggle=bool(data[0] & _TOGGLE),
        of_page=data[1:4],
        beat_ticks=int.from_bytes(data[4:6], "little"),
        beat_count=data[6],
        hr_bpm=data[7],
    )


def encode(said: AntHeartRate) -> bytes:
    """Return the bytes of a broadcast.

    Raises
    ------
    ValueError
        If a value does not fit into its field: a mistake of the caller.

    Examples
    --------
    >>> encode(decode(bytes.fromhex("84ff001034137b48"))).hex()
    '84ff001034137b48'
    """
    fits = 0 <= said.page < _TOGGLE and len(said.of_page) == 3
    small = 0 <= said.beat_count <= _U8_MAX and 0 <= said.hr_bpm <= _U8_MAX
    if not (fits and small and 0 <= said.beat_ticks <= _U16_MAX):
        raise ValueError(f"no broadcast holds {said}")
    return (
        bytes([said.page | (_TOGGLE if said.toggle else 0)])
        + said.of_page
        + said.beat_ticks.to_bytes(2, "little")
        + bytes([said.beat_count, said.hr_bpm])
    )

"""Samples packed as differences, and back: what straps do to save their radio.

Layout (Polar Measurement Data Specification for 3rd Party, delta frames)::

    reference, one signed value a channel | blocks of: bits u8 | count u8 | packed

A block holds `count` differences for each channel, each of `bits` bits, signed, the
least significant bit first, without a gap between them; its last byte is filled up.
The differences add up: one wrong bit would bend all that follows, so that a block that
ends too early, or leads beyond what a value can be, spoils the whole frame.
"""

from itertools import pairwise
from typing import Final

from coreg.errors import BadPacketError

MOST_BITS: Final = 32  # of one difference: more than any resolution can need
_MOST_IN_BLOCK: Final = 255


def unpacked(body: bytes, *, channels: int, bits: int) -> list[tuple[int, ...]]:
    """Return the samples, each with one value for each channel, oldest first.

    Parameters
    ----------
    body : bytes
        The reference and the blocks.
    channels : int
        How many values a sample has.
    bits : int
        How wide a value is.

    Raises
    ------
    BadPacketError
        If the body ends within its reference or a block, or a value leaves its width.

    Examples
    --------
    >>> unpacked(bytes.fromhex("d0ff6501e40f 0801 fc07ff"), channels=3, bits=16)
    [(-48, 357, 4068), (-52, 364, 4067)]
    """
    size = -(-bits // 8)
    at = channels * size
    if len(body) < at:
        raise _bad(f"has {len(body)} bytes and no whole first sample")
    sample = [_signed(body[k : k + size]) for k in range(0, at, size)]
    samples = [_held(sample, bits)]
    while at < len(body):
        if at + 1 >= len(body):
            raise _bad("ends within the head of a block")
        wide, count = body[at], body[at + 1]
        if not 0 < wide <= MOST_BITS:
            raise _bad(f"says that a difference has {wide} bits")
        length = -(-wide * count * channels // 8)
        block = body[at + 2 : at + 2 + length]
        if len(block) < length:
            raise _bad(f"ends within a block, {len(block)} of {length} bytes")
        packed = int.from_bytes(block, "little")
        for first in range(0, count * channels, channels):
            for channel in range(channels):
                value = packed >> wide * (first + channel) & (1 << wide) - 1
                sample[channel] += _with_sign(value, wide)
            samples.append(_held(sample, bits))
        at += 2 + length
    return samples


def packed(samples: list[tuple[int, ...]], *, bits: int) -> bytes:
    """Return the body that holds these samples: blocks as narrow as each allows.

    Raises
    ------
    ValueError
        If there is no sample, or a value is wider than `bits`: a mistake of the caller.
    """
    if not samples:
        raise ValueError("a delta frame begins with a sample")
    size = -(-bits // 8)
    half = 1 << bits - 1
    if any(not -half <= value < half for sample in samples for value in sample):
        raise ValueError(f"a value takes more than {bits} bits")
    body = b"".join(value.to_bytes(size, "little", signed=True) for value in samples[0])
    steps = [
        [after - before for before, after in zip(*two, strict=True)]
        for two in pairwise(samples)
    ]
    for first in range(0, len(steps), _MOST_IN_BLOCK):
        block = steps[first : first + _MOST_IN_BLOCK]
        flat = [step for sample in block for step in sample]
        wide = max(1, *(_bits_of(step) for step in flat))
        whole = sum((step & (1 << wide) - 1) << wide * k for k, step in enumerate(flat))
        body += bytes([wide, len(block)])
        body += whole.to_bytes(-(-wide * len(flat) // 8), "little")
    return body


def _held(sample: list[int], bits: int) -> tuple[int, ...]:
    half = 1 << bits - 1
    if any(not -half <= value < half for value in sample):
        raise _bad(f"leads to {sample}, beyond {bits} bits")
    return tuple(sample)


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def _with_sign(value: int, wide: int) -> int:
    return value - (1 << wide) if value >> wide - 1 else value


def _bits_of(step: int) -> int:
    return (step if step >= 0 else ~step).bit_length() + 1


def _bad(why: str) -> BadPacketError:
    return BadPacketError(
        f"A packed frame of the strap {why}.",
        "It is left out; if this happens often, move closer to the computer.",
    )

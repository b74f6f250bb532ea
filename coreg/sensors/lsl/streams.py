"""What streams of LSL are called and hold: those we send, and those we take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coreg.errors import LslError
from coreg.words import wrong_and_do

_RR: Final = re.compile(
    r"(?<![a-z])(rr|r-r|ibi|ppi)(?![a-z])|rr[-_ ]?interval|interbeat", re.IGNORECASE
)
_MS_PER: Final = {
    "ms": 1.0,
    "msec": 1.0,
    "millisecond": 1.0,
    "milliseconds": 1.0,
    "s": 1000.0,
    "sec": 1000.0,
    "second": 1000.0,
    "seconds": 1000.0,
}
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDescription:
    """One stream; `channels` are (label, unit), and `said` what else it says of itself.

    Those without labels have as many empty ones as channels.
    """

    name: str
    kind: str
    source_id: str
    channels: tuple[tuple[str, str], ...]
    is_text: bool
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RrChannel:
    """Which channel of a stream holds RR intervals, and what makes ms of them."""

    number: int
    ms_per_unit: float


def rr_channel(stream: StreamDescription) -> RrChannel:
    """Return where a stream holds RR intervals, by what it says of itself.

    A unit may stand beside the label or at its end (`rr_ms`). None is guessed from the
    numbers: before the first one nobody could tell.

    Raises
    ------
    LslError
        If it does not say where, or in which unit.

    Examples
    --------
    >>> rr_channel(StreamDescription(name="strap", kind="RR", source_id="",
    ...     channels=(("rr_ms", ""),), is_text=False))
    RrChannel(number=0, ms_per_unit=1.0)
    """
    labels = [label for label, _ in stream.channels]
    found = [n for n, label in enumerate(labels) if _RR.search(_parted(label))]
    if not found and len(labels) == 1 and _is_called_rr(stream):
        found = [0]
    if stream.is_text or len(found) != 1:
        told = wrong_and_do(
            "errors.lsl.no-rr",
            stream=stream.name,
            channels=", ".join(filter(None, labels[:_MOST_NAMED])) or "-",
        )
        raise LslError(*told)
    label, unit = stream.channels[found[0]]
    said = (unit.strip() or _parted(label).rpartition(" ")[2]).lower()
    if said not in _MS_PER:
        told = wrong_and_do("errors.lsl.no-unit", stream=stream.name, unit=unit or "-")
        raise LslError(*told)
    return RrChannel(number=found[0], ms_per_unit=_MS_PER[said])


def _parted(label: str) -> str:
    return label.replace("_", " ")


def _is_called_rr(stream: StreamDescription) -> bool:
    return any(_RR.search(_parted(each)) for each in (stream.kind, stream.name))


def the_named(streams: Sequence[StreamDescription], wanted: str) -> int:
    """Return which stream has this source id, or this name where only one has.

    Raises
    ------
    LslError
        If none has, or several have the same name; the words say which there are.
    """
    for names in (
        [each.source_id for each in streams],
        [each.name for each in streams],
    ):
        if names.count(wanted) == 1:
            return names.index(wanted)
        if wanted in names:
            ids = [
                each.source_id
                for each in streams
                if wanted in (each.name, each.source_id)
            ]
            told = wrong_and_do(
                "errors.lsl.several", stream=wanted, ids=", ".join(ids[:_MOST_NAMED])
            )
            raise LslError(*told)
    there = ", ".join(sorted({each.name for each in streams})[:_MOST_NAMED])
    key = "errors.lsl.not-there" if there else "errors.lsl.none-there"
    told = wrong_and_do(key, stream=wanted, there=there)
    raise LslError(*told)

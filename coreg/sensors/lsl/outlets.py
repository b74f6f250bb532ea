"""Streams that we send: opened by their descriptions, closed with the session."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType

from coreg.sensors.lsl.library import Reach, reaching
from coreg.sensors.lsl.streams import StreamDescription

_LAST_SAMPLES_S = 0.5
# liblsl sends from a thread of its own, and drops what it has not sent.

Values = tuple[float, ...] | tuple[str, ...]


class Outlets:
    """Open streams, by their names."""

    def __init__(
        self, package: ModuleType, streams: Mapping[str, StreamDescription]
    ) -> None:
        self._package = package
        self._streams = {
            name: package.StreamOutlet(_info(package, each))
            for name, each in streams.items()
        }

    def now_s(self) -> float:
        """Return what LSL's clock says."""
        return float(self._package.local_clock())

    def push(self, stream: str, values: Values, stamp_s: float) -> None:
        """Send one sample, at its time on LSL's clock."""
        # A stamp of 0 would mean now, and -1 that there is none.
        self._streams[stream].push_sample(list(values), stamp_s)

    def close(self) -> None:
        """Take the streams off the network, once the last samples are on their way."""
        if any(each.have_consumers() for each in self._streams.values()):
            time.sleep(_LAST_SAMPLES_S)
        self._streams.clear()


@contextmanager
def open_outlets(
    streams: Sequence[StreamDescription], reach: Reach
) -> Iterator[Outlets]:
    """Announce streams while this is entered.

    Raises
    ------
    LslError
        If LSL cannot be used here.
    """
    outlets = Outlets(reaching(reach), {each.name: each for each in streams})
    try:
        yield outlets
    finally:
        outlets.close()


def _info(package: ModuleType, stream: StreamDescription) -> object:
    info = package.StreamInfo(
        stream.name,
        stream.kind,
        len(stream.channels),
        package.IRREGULAR_RATE,
        package.cf_string if stream.is_text else package.cf_double64,
        stream.source_id,
    )
    description = info.desc()
    channels = description.append_child("channels")
    for label, unit in stream.channels:
        channel = channels.append_child("channel")
        channel.append_child_value("label", label)
        channel.append_child_value("unit", unit)
        channel.append_child_value("type", stream.kind)
    of_ours = description.append_child("coreg")
    for name, value in stream.said:
        of_ours.append_child_value(name, value)
    return info

"""Two straps of one stick, each as a stream of intervals with times of its own."""

import queue
from collections.abc import Sequence

from coreg.base import clock
from coreg.errors import AntError, BadPacketError
from coreg.facts.events import NS_PER_S
from coreg.sensors.ant.stick import AntStick
from coreg.sensors.decoding.ant_heart_rate import decode
from coreg.sensors.timing.counted_beats import BeatCounter
from coreg.sensors.timing.samples import Sample
from coreg.words import wrong_and_do

_MOST_WAITING = 1000  # four minutes of one strap
LARGEST_NUMBER = 0xFFFF


class AntInlet:
    """One strap: what it broadcast since it was asked last."""

    def __init__(self, stick: AntStick, number: int) -> None:
        self.name = str(number)
        self._counter = BeatCounter()
        self._waiting: queue.Queue[tuple[int, bytes]] = queue.Queue(_MOST_WAITING)
        stick.listen(number, self._hear)

    def pull(self, within_s: float) -> list[Sample]:
        """Return the beats that became known; wait for the first as long as this."""
        samples: list[Sample] = []
        wait_s = within_s
        while True:
            try:
                heard_ns, data = self._waiting.get(timeout=wait_s)
            except queue.Empty:
                return samples
            wait_s = 1e-3
            if (sample := self._sample(heard_ns, data)) is not None:
                samples.append(sample)

    def close(self) -> None:
        """Do nothing: the stick ends with its channels."""

    def _hear(self, data: bytes) -> None:
        heard_ns = clock.monotonic_ns()
        if not self._waiting.full():  # else nobody pulls any more
            self._waiting.put_nowait((heard_ns, data))

    def _sample(self, heard_ns: int, data: bytes) -> Sample | None:
        try:
            said = decode(data)
        except BadPacketError:
            return None
        known = self._counter.feed(heard_ns / NS_PER_S, said)
        if known is None:
            return None
        return Sample(
            stamp_ns=round(known.t_s * NS_PER_S), heard_ns=heard_ns, rr_ms=known.rr_ms
        )


def open_inlets(stick: AntStick, numbers: Sequence[int]) -> tuple[AntInlet, ...]:
    """Listen to the straps of these numbers.

    Raises
    ------
    AntError
        If two are the same.
    """
    if len(set(numbers)) < len(numbers):
        raise AntError(*wrong_and_do("errors.ant.same", strap=str(numbers[0])))
    return tuple(AntInlet(stick, number) for number in numbers)

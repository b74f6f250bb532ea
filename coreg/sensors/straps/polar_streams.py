"""ECG and acceleration of a Polar strap: asked for, begun and stopped over one link.

A strap answers what is written to its control point by an indication; frames come by
notification on another characteristic. Answers are waited for one at a time. BlueZ
hands what is read from a characteristic to whoever listens to it as well, so what the
strap offers is read before anybody listens.

A stream that goes already was begun by somebody else, with settings that nobody here
knows: it is ended and begun anew, or not taken at all. A strap that does not say that
it stopped is asked once more. One may also stop by itself, which it says unasked.
"""

import asyncio
from dataclasses import replace
from typing import Protocol

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from coreg.base import clock
from coreg.errors import BadPacketError
from coreg.facts.events import Stream
from coreg.sensors.decoding import polar_control
from coreg.sensors.decoding.polar_control import (
    CONTROL_UUID,
    DATA_UUID,
    Answer,
    Features,
    Status,
    Stopped,
)
from coreg.sensors.quirks.words import Trouble, radio_error
from coreg.sensors.straps.radio_errors import in_words

_MOST_PARTS = 16  # of one answer
_MOST_PARAMETERS = 1024  # bytes, of all its parts
_MOST_ANSWERS = 64  # that wait for whoever asked
_STOPS = 2
_IS_STOPPED = {
    Status.SUCCESS,
    Status.ALREADY_IN_STATE,
    Status.INVALID_STATE,
    Status.INVALID_MEASUREMENT,
    Status.NOT_SUPPORTED,
}
_WHY = {
    Status.INVALID_MTU: Trouble.NARROW_LINK,
    Status.IN_CHARGER: Trouble.IN_CHARGER,
}


class StreamListener(Protocol):
    """Who hears of streams; called in order, on the event loop."""

    def started(self, stream: Stream, asked: bytes, answer: bytes, t_ns: int) -> None:
        """Take that a stream begins, with what the strap answered to the request."""
        ...

    def frame(self, stream: Stream, data: bytes, t_ns: int) -> None:
        """Take one frame, stamped on arrival."""
        ...

    def ended(self, stream: Stream) -> None:
        """Take that the strap ended a stream by itself."""
        ...


class PolarStreams:
    """What one connected strap measures beside its heart rate."""

    def __init__(self, client: BleakClient, answer_s: float) -> None:
        self._client = client
        self._answer_s = answer_s
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self._listener: StreamListener | None = None
        self._listened_to: set[str] = set()

    async def offered(self) -> frozenset[Stream]:
        """Return what the strap can measure; of most straps that is nothing.

        Raises
        ------
        RadioError
            If it has more to offer, and does not say what.
        """
        with in_words():
            if self._client.services.get_characteristic(CONTROL_UUID) is None:
                return frozenset()
            async with asyncio.timeout(self._answer_s):
                said = bytes(await self._client.read_gatt_char(CONTROL_UUID))
        try:
            features = polar_control.decode_control(said)
        except BadPacketError:
            return frozenset()
        if not isinstance(features, Features):
            return frozenset()
        return polar_control.streams_of(features)

    async def listen(self, listener: StreamListener) -> None:
        """Have everything handed over from now on; asked again, to another listener.

        Raises
        ------
        RadioError
            If the strap does not answer.
        """
        self._listener = listener
        heard = {CONTROL_UUID: self._answered, DATA_UUID: self._framed}
        with in_words():
            async with asyncio.timeout(2 * self._answer_s):
                for uuid, hear in heard.items():
                    if uuid not in self._listened_to:
                        await self._client.start_notify(uuid, hear)
                        self._listened_to.add(uuid)

    async def start(self, stream: Stream) -> None:
        """Begin to measure, as near as the strap can to what is wanted of it.

        Raises
        ------
        RadioError
            If it does not begin, or does not answer.
        """
        offered = await self._ask(polar_control.get_settings(stream))
        settings = polar_control.settings_wanted(stream)
        if offered.status == Status.SUCCESS:
            settings = _chosen(stream, offered) or settings
        asked = polar_control.start(stream, settings)
        answer = await self._ask(asked)
        if answer.status == Status.ALREADY_IN_STATE:
            await self.stop(stream)
            answer = await self._ask(asked)
        if answer.status != Status.SUCCESS:
            known = {int(status): trouble for status, trouble in _WHY.items()}
            raise radio_error(known.get(answer.status, Trouble.NO_STREAM))
        if self._listener is not None:
            whole = polar_control.encode_control(answer)
            self._listener.started(stream, asked, whole, clock.monotonic_ns())

    async def stop(self, stream: Stream) -> None:
        """Measure no more; a strap that did not is as well.

        Raises
        ------
        RadioError
            If the strap does not answer, or does not stop.
        """
        for _ in range(_STOPS):
            answer = await self._ask(polar_control.stop(stream))
            if answer.status in _IS_STOPPED:
                return
        raise radio_error(Trouble.NO_STREAM)

    def _answered(self, _sender: BleakGATTCharacteristic, data: bytearray) -> None:
        try:
            said = polar_control.decode_control(bytes(data))
        except BadPacketError:
            return  # who waits for an answer waits on, and not for ever
        if isinstance(said, Answer) and self._answers.qsize() < _MOST_ANSWERS:
            self._answers.put_nowait(said)
        if isinstance(said, Stopped) and self._listener is not None:
            for stream in sorted(polar_control.streams_stopped(said)):
                self._listener.ended(stream)

    def _framed(self, _sender: BleakGATTCharacteristic, data: bytearray) -> None:
        t_ns = clock.monotonic_ns()
        stream = polar_control.stream_of(data[0]) if data else None
        if stream is not None and self._listener is not None:
            self._listener.frame(stream, bytes(data), t_ns)

    async def _ask(self, request: bytes) -> Answer:
        """Write a request and return its answer, its parts joined."""
        while not self._answers.empty():
            self._answers.get_nowait()
        with in_words():
            async with asyncio.timeout(self._answer_s):
                await self._client.write_gatt_char(CONTROL_UUID, request, response=True)
                answer = await self._answer_to(request)
                for _ in range(_MOST_PARTS):
                    if not answer.more or len(answer.parameters) > _MOST_PARAMETERS:
                        break
                    more = await self._answer_to(request)
                    joined = answer.parameters + more.parameters
                    answer = replace(answer, more=more.more, parameters=joined)
        return answer

    async def _answer_to(self, request: bytes) -> Answer:
        while True:
            answer = await self._answers.get()
            if (answer.op, answer.measurement) == (request[0], request[1]):
                return answer


def _chosen(stream: Stream, offered: Answer) -> tuple[polar_control.Setting, ...]:
    """Return what to ask for of what is offered; nothing where it cannot be read."""
    try:
        settings = polar_control.decode_settings(offered.parameters)
    except BadPacketError:
        return ()
    return polar_control.settings_chosen(stream, settings)

"""A session as streams of LSL while it runs: hearts, pace, and what part it is in.

Strategy.

1. A listener is told everything with the session's time, and says it on LSL's clock.
   The two differ by a constant. No input is understood before its time, so each tick
   shows at least that constant, and the least of all shows it best: it is too large by
   as much as the quickest tick was late, a millisecond or so. A computer that slept
   stops LSL's clock and not ours; the next tick then shows less, and is believed.
2. A beat is known some seconds after it was, a breath before it begins. A beat is sent
   when it is known, at its own time; a breath when it begins, for it may yet be void.
3. The names and channels are those of the XDF export. Neither who pressed nor whose
   heart may be flooded is ever sent.
4. What straps measure beside heartbeats is sent where it is measured: each sample at
   the time that the strap's own stamps give it, and the breath once a second.
"""

import math
from collections.abc import Iterator
from typing import Protocol

from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    BlockBegan,
    Breath,
    BreathSeen,
    Ended,
    Input,
    Opened,
    PacerStopped,
    Partner,
    Paused,
    Resumed,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.sensors.lsl.streams import StreamDescription
from coreg.session.engine import Output
from coreg.session.lsl_samples import Samples, samples_from

PACE = "coreg pace"
PRACTICE = "coreg practice"


class Sender(Protocol):
    """Open streams."""

    def now_s(self) -> float:
        """Return what LSL's clock says."""
        ...

    def push(
        self, stream: str, values: tuple[float, ...] | tuple[str, ...], stamp_s: float
    ) -> None:
        """Send one sample, at its time on LSL's clock."""
        ...


def rr_stream(partner: Partner) -> str:
    """Return what the stream of one heart's intervals is called."""
    return f"coreg RR {partner}"


def labels_stream(partner: Partner) -> str:
    """Return what the stream of what cleaning says of them is called."""
    return f"coreg beat labels {partner}"


def samples_stream(partner: Partner, stream: Stream) -> str:
    """Return what the stream of one strap's samples is called."""
    return f"coreg {_CALLED[stream]} {partner}"


def breath_stream(partner: Partner) -> str:
    """Return what the stream of one chest's breath is called."""
    return f"coreg breath {partner}"


_CALLED = {Stream.ECG: "ECG", Stream.ACCELERATION: "acceleration"}
_KINDS = {Stream.ECG: "ECG", Stream.ACCELERATION: "Accelerometer"}
_MG = "thousandths of gravity"
_CHANNELS = {
    Stream.ECG: (("ecg_uv", "microvolts"),),
    Stream.ACCELERATION: (("x_mg", _MG), ("y_mg", _MG), ("z_mg", _MG)),
}
_BREATH = (("rate_per_min", "breaths per minute"), ("quality", "0 to 1"))


def streams_of(
    opened: Opened, measured: frozenset[Stream] = frozenset()
) -> tuple[StreamDescription, ...]:
    """Return the streams of a session in which straps are to measure these too."""
    session = opened.identity.session_id
    latency_s = Both(*opened.straps.latency_s)
    streams = []
    for partner in Partner:
        delay_s = latency_s[partner]
        said = (
            ("times", "heartbeats"),
            ("latency_taken_off_s", repr(delay_s)),
            ("lag_resolution_s", repr(opened.straps.lag_resolution_s)),
        )
        channels = (("rr_ms", "milliseconds"), ("nn_ms", "milliseconds"))
        streams += [
            _stream(rr_stream(partner), "RR", channels, session, said=said),
            _stream(labels_stream(partner), "Markers", (("label", ""),), session),
            *_measured(partner, measured, session),
        ]
    breath = (("period_s", "seconds"), ("inhale_s", "seconds"))
    return (
        *streams,
        _stream(PACE, "Pace", breath, session, said=(("times", "breaths begin"),)),
        _stream(PRACTICE, "Markers", (("mark", ""),), session),
    )


def _measured(
    partner: Partner, measured: frozenset[Stream], session: str
) -> list[StreamDescription]:
    said = (("times", "samples, by the strap's own stamps"),)
    streams = [
        _stream(
            samples_stream(partner, each),
            _KINDS[each],
            _CHANNELS[each],
            session,
            said=said,
        )
        for each in sorted(measured)
    ]
    if Stream.ACCELERATION in measured:
        streams.append(_stream(breath_stream(partner), "Breath", _BREATH, session))
    return streams


def _stream(
    name: str,
    kind: str,
    channels: tuple[tuple[str, str], ...],
    session: str,
    *,
    said: tuple[tuple[str, str], ...] = (),
) -> StreamDescription:
    return StreamDescription(
        name=name,
        kind=kind,
        source_id=f"{name.replace(' ', '-')}-{session}",
        channels=channels,
        is_text=kind == "Markers",
        said=(("session", session), *said),
    )


class SessionSender:
    """A listener of a session that sends it."""

    def __init__(
        self, sender: Sender, measured: frozenset[Stream] = frozenset()
    ) -> None:
        self._sender = sender
        self._ahead_s = math.inf  # of the session's time, LSL's clock
        self._breaths: list[Breath] = []
        self._waiting: list[Output] = []
        self._measured = measured
        self._samples: dict[tuple[Partner, Stream], Samples] = {}

    def __call__(self, given: Input, outputs: list[Output]) -> None:
        """Send what follows from an input."""
        t_s = given.t_ns / NS_PER_S
        if isinstance(given, Tick):
            self._ahead_s = min(self._ahead_s, self._sender.now_s() - t_s)
        self._waiting += outputs
        if not math.isfinite(self._ahead_s):
            self._send_samples(given)  # a start; frames come later than the first tick
            return  # before the first tick; it is the session's first moment
        waiting, self._waiting = self._waiting, []
        for output in waiting:
            self._take(output)
        self._send_begun(t_s)
        self._send_samples(given)

    def _send_samples(self, given: Input) -> None:
        if not isinstance(given, StreamStarted | StreamPacket):
            return
        which = (given.partner, given.stream)
        if given.stream not in self._measured:
            return
        if isinstance(given, StreamStarted):
            self._samples.pop(which, None)
            if (begun := samples_from(given)) is not None:
                self._samples[which] = begun
        elif (going := self._samples.get(which)) is not None:
            for t_s, row in going.of(given):
                self._send(samples_stream(*which), row, t_s)

    def _take(self, output: Output) -> None:
        if isinstance(output, Beat):
            rr = (output.rr_ms, output.nn_ms)
            self._send(rr_stream(output.partner), rr, output.t_s)
            label = (output.label.value,)
            self._send(labels_stream(output.partner), label, output.t_s)
        elif isinstance(output, Breath):
            self._breaths.append(output)
        elif isinstance(output, PacerStopped | Ended):
            self._breaths.clear()
        elif isinstance(output, BreathSeen) and Stream.ACCELERATION in self._measured:
            seen = (output.rate_per_min, output.quality)
            self._send(breath_stream(output.partner), seen, output.t_s)
        for t_s, mark in _marks(output):
            self._send(PRACTICE, (mark,), t_s)

    def _send_begun(self, t_s: float) -> None:
        while self._breaths and self._breaths[0].t_s <= t_s:
            breath = self._breaths.pop(0)
            self._send(PACE, (breath.period_s, breath.inhale_s), breath.t_s)

    def _send(
        self, stream: str, values: tuple[float, ...] | tuple[str, ...], t_s: float
    ) -> None:
        self._sender.push(stream, values, t_s + self._ahead_s)


def _marks(output: Output) -> Iterator[tuple[float, str]]:
    if isinstance(output, BlockBegan):
        yield output.t_s, f"part {output.number + 1}: {output.name}"
    elif isinstance(output, Paused):
        yield output.t_s, "pause"
    elif isinstance(output, Resumed):
        yield output.t_s, "pause over"
    elif isinstance(output, Ended):
        yield output.t_s, "end"

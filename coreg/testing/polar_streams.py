"""What a Polar H10 measures beside its heart rate, made up: bytes in, bytes out.

It answers what is written to its control point, and gives the frames that are due, by
any time one likes. Neither air nor bus is known here: a virtual strap on either carries
it.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.events import Stream
from coreg.sensors.decoding.polar_control import (
    MEASUREMENT,
    Answer,
    Features,
    Kind,
    Op,
    Request,
    Setting,
    Status,
    decode_request,
    encode_control,
    encode_settings,
    stream_of,
)
from coreg.sensors.decoding.polar_frames import (
    AccelerationFrame,
    EcgFrame,
    Form,
    encode_acceleration,
    encode_ecg,
)
from coreg.sensors.decoding.polar_time import answer, is_last, time_set

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
SAMPLES_A_FRAME = {Stream.ECG: 73, Stream.ACCELERATION: 36}
"""As an H10 sends them: 229 and 226 bytes."""
OFFERED = {
    Stream.ECG: (
        Setting(kind=Kind.RATE_HZ, values=(130,)),
        Setting(kind=Kind.RESOLUTION_BITS, values=(14,)),
    ),
    Stream.ACCELERATION: (
        Setting(kind=Kind.RATE_HZ, values=(25, 50, 100, 200)),
        Setting(kind=Kind.RESOLUTION_BITS, values=(16,)),
        Setting(kind=Kind.RANGE, values=(2, 4, 8)),
    ),
}


def still_ecg_uv(t_s: Floats) -> Floats:
    """A heartbeat a second, on the second, as it drifts; shape (n,), microvolts."""
    since_s = (t_s + 0.5) % 1.0 - 0.5
    beat = 900 * np.exp(-0.5 * (since_s / 0.012) ** 2)
    recovery = 150 * np.exp(-0.5 * ((since_s - 0.27) / 0.05) ** 2)
    drift = 40 * np.sin(2 * np.pi * 0.21 * t_s) + 12 * np.sin(2 * np.pi * 3.3 * t_s)
    return np.asarray(beat + recovery + drift, dtype=np.float64)


def still_acceleration_mg(t_s: Floats) -> Floats:
    """Twelve breaths a minute of somebody who sits upright; shape (n, 3), mG."""
    breath = 8 * np.sin(2 * np.pi * t_s / 5)
    return np.column_stack([breath, np.full(t_s.size, -980.0), 180 + 0.4 * breath])


@dataclass(eq=False, kw_only=True)
class PolarStreams:
    """The measurements of one strap. `asked` is every request that came, in order.

    `going` holds the streams under way, each with its rate and when its next sample is
    due. The strap's own clock runs `fast_ppm` fast and began `clock_ns` before the time
    that is given. `refuses` is what a start is answered with instead. Told what time it
    is, it answers `clock_error`, and where that is none takes that time `sets_late_s`
    late: H10s were seen to be off by .6 to 2 s (polar-ble-sdk #573, #674).
    """

    offers: frozenset[Stream] = frozenset(Stream)
    ecg_uv: Callable[[Floats], Floats] = still_ecg_uv
    acceleration_mg: Callable[[Floats], Floats] = still_acceleration_mg
    fast_ppm: float = 0.0
    clock_ns: int = 600_000_000_000_000_000
    refuses: Status | None = None
    clock_error: int = 0
    sets_late_s: float = 0.0
    asked: list[tuple[Op, Stream | None]] = field(default_factory=list)
    going: dict[Stream, tuple[int, float]] = field(default_factory=dict)
    _query: list[bytes] = field(default_factory=list)

    @property
    def features(self) -> bytes:
        """What the control point reads."""
        bits = sum(1 << MEASUREMENT[each] for each in self.offers)
        return encode_control(Features(bitmap=bytes([bits, 0])))

    def written(self, data: bytes, t_s: float) -> bytes:
        """Take a request at this time and return what is indicated for it."""
        request = decode_request(data)
        stream = stream_of(request.measurement)
        self.asked.append((request.op, stream))
        if stream is None or stream not in self.offers:
            return _answer(request, Status.NOT_SUPPORTED)
        match request.op:
            case Op.GET_SETTINGS:
                offered = encode_settings(OFFERED[stream])
                return _answer(request, Status.SUCCESS, offered)
            case Op.START:
                return self._start(request, stream, t_s)
            case Op.STOP:
                was_going = self.going.pop(stream, None) is not None
                status = Status.SUCCESS if was_going else Status.INVALID_STATE
                return _answer(request, status)

    def told(self, packet: bytes, t_s: float) -> bytes | None:
        """Take a packet of a query; return its answer with the last one."""
        self._query.append(packet)
        if not is_last(packet):
            return None
        query, self._query = self._query, []
        if not self.clock_error:
            since_2000_s = (time_set(query) - _EPOCH).total_seconds()
            gone_s = t_s * (1 + 1e-6 * self.fast_ppm)
            self.clock_ns = round(1e9 * (since_2000_s - self.sets_late_s - gone_s))
        return answer(self.clock_error)

    def frames(self, until_s: float) -> Iterator[bytes]:
        """Yield the frames whose last sample is measured by then, in order of time."""
        due = [
            (at_s, frame)
            for stream in sorted(self.going)
            for at_s, frame in self._frames(stream, until_s)
        ]
        yield from (frame for _, frame in sorted(due, key=lambda each: each[0]))

    def _start(self, request: Request, stream: Stream, t_s: float) -> bytes:
        if self.refuses is not None:
            return _answer(request, self.refuses)
        if stream in self.going:
            return _answer(request, Status.ALREADY_IN_STATE)
        told = {each.kind: each.values[0] for each in request.settings}
        offered = {each.kind: each.values for each in OFFERED[stream]}
        if told.get(Kind.RATE_HZ) not in offered[Kind.RATE_HZ]:
            return _answer(request, Status.INVALID_SAMPLE_RATE)
        self.going[stream] = (told[Kind.RATE_HZ], t_s)
        return _answer(request, Status.SUCCESS, b"")

    def _frames(self, stream: Stream, until_s: float) -> Iterator[tuple[float, bytes]]:
        rate_hz, next_s = self.going[stream]
        count = SAMPLES_A_FRAME[stream]
        while (last_s := next_s + (count - 1) / rate_hz) <= until_s:
            t_s = next_s + np.arange(count) / rate_hz
            yield last_s, self._frame(stream, t_s)
            next_s += count / rate_hz
        self.going[stream] = (rate_hz, next_s)

    def _frame(self, stream: Stream, t_s: Floats) -> bytes:
        last_ns = self.clock_ns + round(float(t_s[-1]) * (1e9 + 1e3 * self.fast_ppm))
        if stream is Stream.ECG:
            ecg_uv = tuple(np.round(self.ecg_uv(t_s)).astype(int).tolist())
            return encode_ecg(EcgFrame(last_ns=last_ns, ecg_uv=ecg_uv))
        measured = np.round(self.acceleration_mg(t_s)).tolist()
        return encode_acceleration(
            AccelerationFrame(
                last_ns=last_ns,
                form=Form.MG_16_BIT,
                acceleration_mg=tuple((x, y, z) for x, y, z in measured),
            )
        )


def _answer(request: Request, status: Status, parameters: bytes | None = None) -> bytes:
    return encode_control(
        Answer(
            op=request.op,
            measurement=request.measurement,
            status=status,
            more=None if parameters is None else False,
            parameters=parameters or b"",
        )
    )

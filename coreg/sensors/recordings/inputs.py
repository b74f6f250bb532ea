"""Recordings in place of straps: its beats arrive as they did."""

from collections.abc import Iterator

from coreg.facts.events import NS_PER_S, Intervals, Partner
from coreg.sensors.recordings.recording import Recording


def to_inputs(recording: Recording, partner: Partner) -> Iterator[Intervals]:
    r"""Yield what this partner's strap would have delivered, in order of time.

    Examples
    --------
    >>> from coreg.sensors.recordings.recognise import parse_recording
    >>> recording = parse_recording(b"arrival_s,rr_ms\n0.5,800\n0.5,810\n", name="x")
    >>> [(each.t_ns, each.rr_ms) for each in to_inputs(recording, Partner.A)]
    [(500000000, (800.0, 810.0))]
    """
    for t_s, rr_ms in recording.packets:
        yield Intervals(t_ns=round(t_s * NS_PER_S), partner=partner, rr_ms=rr_ms)

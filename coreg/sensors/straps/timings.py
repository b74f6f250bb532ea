"""How patient we are with a strap on the air."""

from dataclasses import dataclass

from coreg.sensors.timing.silence import SILENT_S


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapTimings:
    """How patient we are, in seconds; shorter in tests.

    `silence_s` without a notification ends a connection; `no_rr_s` without RR makes a
    strap wait for them again. Between attempts we wait `first_wait_s`, then twice as
    long each time, up to `longest_wait_s`; where a strap is heard and only the link
    will not hold, up to `heard_wait_s`. One that fell silent has `farewell_s` to stop
    what it measures; the next connection begins by stopping that too.
    """

    start_s: float = 4.0
    search_s: float = 6.0
    connect_s: float = 15.0
    read_s: float = 3.0
    farewell_s: float = 0.5
    let_go_s: float = 5.0
    silence_s: float = SILENT_S
    no_rr_s: float = 10.0
    battery_s: float = 600.0
    first_wait_s: float = 0.25
    longest_wait_s: float = 30.0
    heard_wait_s: float = 2.0


PATIENT = StrapTimings()

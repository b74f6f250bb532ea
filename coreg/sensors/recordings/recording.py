"""What a recording is, whatever it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coreg.sensors.recordings.file_marks import NO_MARKS, FileMarks

Packet = tuple[float, tuple[float, ...]]
MARKED = "marked"
"""The label of an interval that its file says is none of the heart's."""


class Kind(StrEnum):
    """What a recording was recognised as."""

    ARRIVALS = "arrival times and intervals"
    SENSOR_LOGGER = "Polar Sensor Logger"
    HRV_LOGGER = "HRV Logger"
    POLAR_HRM = "Polar .hrm"
    TIMED = "times and intervals"
    BEAT_TIMES = "times of heartbeats"
    TEXT = "intervals as text"
    POLAR_JSON = "Polar account"
    POLAR_PULSE = "Polar pulse through the day"
    APPLE_SERIES = "Apple heartbeat series"
    SUUNTO = "Suunto"
    EMPATICA = "Empatica E4"
    VNS_ANALYSE = "VNS Analyse"
    EMWAVE = "emWave Pro"
    KUBIOS_REPORT = "Kubios report"
    MINDWARE = "MindWare"
    NRF_CONNECT = "nRF Connect log"
    FIT = "FIT"
    WFDB = "WFDB annotations"
    XDF = "XDF"
    EDF = "EDF+"
    BIDS = "BIDS"


class Remark(StrEnum):
    """What a reader met that whoever reads the figures should know."""

    CLOCK_CHANGED = "clock-changed"
    STEPPED_BACK = "stepped-back"
    VALUES_MISSING = "values-missing"
    UNIT_DOUBTFUL = "unit-doubtful"
    UNIT_UNLIKE_CLOCK = "unit-unlike-clock"
    UNIT_UNLIKE_RATES = "unit-unlike-rates"
    RATES_OF_ANOTHER = "rates-of-another"
    BEATS_MISSING = "beats-missing"
    EVENLY_STAMPED = "evenly-stamped"
    UNDER_COUNTED = "under-counted"
    FILL_VALUES = "fill-values"
    TIMES_UNREAD = "times-unread"
    MARKS_USED = "marks-used"
    MARKS_UNUSED = "marks-unused"
    ONE_OF_TWO = "one-of-two"
    LIKE_READINGS = "like-readings"
    COARSE_STEPS = "coarse-steps"
    VALUES_REPEATED = "values-repeated"


Details = Mapping[str, Mapping[str, str | int]]
"""What a remark is about: names of columns, and how many rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """RR intervals of one person, as they arrived or, without arrivals, as they beat.

    `packets` holds (`t_s`, `rr_ms`) in order of time; intervals that arrived together
    are one packet, and a packet may be empty. Two things are told apart. `has_times`:
    the file says when each packet was, so that it tells of its own gaps; without it the
    times are the sum of the intervals. `has_clock`: these times can be compared, as
    they stand, with those of a second recording of the same `clock`, which is empty
    where the file names none. Where only the phone's own time of day was kept, that
    clock is not trusted to be the other phone's: times begin at 0, and `first_stamp_s`
    is the stamp taken off (None where there is none). `details` says what a remark is
    about; a column goes by its name, or else its place from 1. `marks` holds what the
    file itself says of each interval in `rr_ms`, as a label of cleaning's or `MARKED`,
    "" where it says nothing; it is empty where the file marks no interval. `file_marks`
    are moments that the file marks, such as laps, events and notes.
    """

    name: str
    kind: Kind
    packets: tuple[Packet, ...]
    has_times: bool
    has_clock: bool
    clock: str = ""
    first_stamp_s: float | None = None
    remarks: tuple[Remark, ...] = ()
    details: Details = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    file_marks: FileMarks = NO_MARKS

    @property
    def arrivals_s(self) -> tuple[float, ...]:
        """When each packet arrived."""
        return tuple(t_s for t_s, _ in self.packets)

    @property
    def rr_ms(self) -> tuple[float, ...]:
        """All intervals, oldest first."""
        return tuple(rr for _, together in self.packets for rr in together)

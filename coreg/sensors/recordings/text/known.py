"""Exports without intervals: what they are, and which file of the same app has some."""

import re
from collections.abc import Sequence
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.text.names import Role, role_of

_PSL: Final = "phone timestamp"
_FROM_PSL: Final = (
    "Record with RR-interval switched on, and give the file whose name ends in _RR "
    "(columns `Phone timestamp;RR-interval [ms]`)."
)
_FROM_PPI: Final = (
    "Record with a chest strap and RR-interval switched on; or, knowing this, give "
    "--column with the name of that column."
)
# What a file of Polar Sensor Logger holds, by a column that only it has.
_OF_PSL: Final = (
    (re.compile(r"\becg\b"), "the ECG itself", _FROM_PSL),
    (re.compile(r"^[xyz] \[m?g\]|\bacc"), "accelerations", _FROM_PSL),
    (re.compile(r"dps|gyro"), "turning (gyroscope)", _FROM_PSL),
    (re.compile(r"\[g(auss)?\]|magnet"), "the magnetic field", _FROM_PSL),
    (re.compile(r"channel|ppg"), "raw light of an optical sensor", _FROM_PSL),
    (re.compile(r"\bhr\b"), "heart rates without RR intervals", _FROM_PSL),
)


def named_refusal(names: Sequence[str]) -> BadRecordingError | None:
    """Return the refusal of an export that we know and that holds no intervals."""
    lower = [name.lower() for name in names]
    roles = [role_of(name) for name in names]
    if Role.PULSE in roles:
        pulse = names[roles.index(Role.PULSE)]
        return BadRecordingError(
            f"It holds pulse-to-pulse intervals of an optical sensor ('{pulse}'), not "
            "RR intervals of the heart.",
            _FROM_PPI,
        )
    if _PSL in lower:
        for pattern, what, do in _OF_PSL:
            if any(pattern.search(name) for name in lower):
                return BadRecordingError(
                    f"This file of Polar Sensor Logger holds {what}.", do
                )
    if "annotation" in lower and {"timestamp", "date"} & set(lower):
        return BadRecordingError(
            "This is HRV Logger's file of events: it holds no heartbeats.",
            "Give the file of RR intervals that it exports beside it.",
        )
    if Role.HEART_RATE in roles and Role.BEAT not in roles:
        rate = names[roles.index(Role.HEART_RATE)]
        return BadRecordingError(
            f"It holds heart rates ('{rate}') without RR intervals: what they vary by "
            "from beat to beat is not in it.",
            "Export RR intervals (some apps call them R-R, IBI or HRV data).",
        )
    return None

"""nRF Connect: its log, in which the heart rate service's notifications stand.

On Android a line reads `I 09:00:00.120 Notification received from 00002a37-..., value:
(0x) 10-48-56-03`; on iOS the characteristic is `2A37` and the value `0x1048...`. The
bytes are decoded as those of a strap, and the time of day is an arrival.
"""

import re
from typing import Final

from coreg.errors import BadPacketError, BadRecordingError
from coreg.sensors.decoding.heart_rate import decode, is_beat
from coreg.sensors.recordings.lines import fault_at, lines_of
from coreg.sensors.recordings.packets import Row, stamped, without_steps_back
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import beginning_of

_TIME: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d(?:[.,]\d{1,9})?)(?!\d)")
_HEART_RATE: Final = re.compile(r"\b(?:0000)?2a37\b", re.IGNORECASE)
_VALUE: Final = re.compile(r"0x\)?[ :]*\"?((?:[0-9a-f]{2}[ :-]?)+)\b", re.IGNORECASE)
_DAY_S: Final = 86_400.0
_MOST_CHARS: Final = 2_000  # a line of such a log; longer ones are looked at so far


def _notified(line: str) -> tuple[float, str] | None:
    """Return the time of day (s) and the bytes of a notification, if a line has one."""
    line = line[:_MOST_CHARS]
    time, characteristic = _TIME.search(line), _HEART_RATE.search(line)
    if time is None or characteristic is None or characteristic.start() < time.end():
        return None
    value = _VALUE.search(line, characteristic.end())
    if value is None:
        return None
    hours, minutes, seconds = time.groups()
    t_s = 3600 * int(hours) + 60 * int(minutes) + float(seconds.replace(",", "."))
    return t_s, value[1]


def _recognises(source: FileSource) -> bool:
    lines = beginning_of(source).splitlines()
    return any(_notified(line) is not None for line in lines)


def _read(source: FileSource) -> Recording:
    rows: list[Row] = []
    midnights_s = before_s = 0.0
    for number, text in lines_of(source.data):
        found = _notified(text)
        if found is None:
            continue
        t_s, packet = found
        if t_s + _DAY_S / 2 < before_s:  # a day began
            midnights_s += _DAY_S
        before_s = t_s
        rows.append((f"line {number}", t_s + midnights_s, _rr_ms(packet, number)))
    if not any(rr_ms for _, _, rr_ms in rows):
        raise BadRecordingError(
            "This nRF Connect log holds heart rate and no RR intervals.",
            "Use a strap that sends them, such as a Polar H10.",
        )
    held, remarks = without_steps_back(rows)
    return Recording(
        name=source.name,
        kind=Kind.NRF_CONNECT,
        packets=stamped(held),
        has_times=True,
        has_clock=False,
        first_stamp_s=rows[0][1],
        remarks=remarks,
    )


def _rr_ms(packet: str, line: int) -> tuple[float, ...]:
    try:
        data = bytes.fromhex(re.sub(r"[ :-]", "", packet))
        rr_ms = decode(data).rr_ms
    except BadPacketError as error:
        raise fault_at(line, error.wrong, "Save the log again, whole.") from None
    # Beside a beat a zero fills the packet up; alone it marks a beat that was lost.
    return tuple(filter(is_beat, rr_ms)) or rr_ms[:1]


NRF_CONNECT = Reader(recognises=_recognises, read=_read)

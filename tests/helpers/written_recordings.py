"""A whole small recording of each kind that is read, as its app or device writes it."""

import base64
import gzip
import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Final

from tests.helpers import fit_bytes
from tests.helpers.two_in_one_file import hearts_ms

_BEATS: Final = hearts_ms(0)[:12]
_RR: Final = [rr for _, rr in _BEATS]


def _lines(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _rows(form: str) -> list[str]:
    return [
        form.format(t_s=t_ms / 1000, rr=rr, rr_s=rr / 1000, n=n)
        for n, (t_ms, rr) in enumerate(_BEATS)
    ]


def _fit() -> bytes:
    return fit_bytes.activity(
        [(1_767_225_600 + n, [rr]) for n, rr in enumerate([0, *_RR]) if rr]
    )


def _xdf() -> bytes:
    def counted(n: int) -> bytes:
        return b"\x04" + struct.pack("<I", n)

    def chunk(tag: int, content: bytes) -> bytes:
        return counted(len(content) + 2) + struct.pack("<H", tag) + content

    about = (
        b"<info><name>strap</name><type>RR</type><channel_count>1</channel_count>"
        b"<nominal_srate>0</nominal_srate><channel_format>double64</channel_format>"
        b"<desc><channels><channel><label>RR</label><unit>ms</unit></channel>"
        b"</channels></desc></info>"
    )
    samples = b"".join(
        b"\x08" + struct.pack("<dd", t_ms / 1000, rr) for t_ms, rr in _BEATS
    )
    number = struct.pack("<I", 1)
    return (
        b"XDF:"
        + chunk(1, b"<?xml version='1.0'?><info/>")
        + chunk(2, number + about)
        + chunk(3, number + counted(len(_BEATS)) + samples)
    )


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("rr.txt", _lines(*map(str, _RR)))
    return packed.getvalue()


def _notified(n: int, rr_ms: int) -> str:
    ticks = round(rr_ms * 1.024)
    value = f"10-46-{ticks & 255:02X}-{ticks >> 8:02X}"
    return (
        f"A\t09:00:{n:02d}.000\tNotification received from"
        f" 00002a37-0000-1000-8000-00805f9b34fb, value: (0x) {value}"
    )


_KUBIOS: Final = """\
Kubios HRV Premium (ver. 3.5)
Results

RR Interval Samples Selected for Analysis
,SAMPLE 1,
RR INTERVAL DATA and SPECTRUM ESTIMATES
SAMPLE 1,,,
RR data,,FFT spectrum,
Time,RR interval,Frequency,
(s),(s),(Hz),
"""


def _mindware() -> bytes:
    """Return segments of half a minute, after their rate and length."""
    columns = [["500", "30", *["800"] * 37], ["800"] * 38, ["900"] * 20]
    return _lines(
        *(
            "\t".join(column[n] if n < len(column) else "" for column in columns)
            for n in range(39)
        )
    )


WRITTEN: Final[Mapping[str, bytes]] = {
    "intervals as text": _lines(*map(str, _RR)),
    "Polar Sensor Logger": _lines(
        "Phone timestamp;RR-interval [ms]",
        *(f"10:00:{t / 1000:06.3f};{rr}" for t, rr in _BEATS),
    ),
    "HRV Logger": _lines("date,rr,since start", *_rows("2026-01-01,{rr},{t_s}")),
    "arrivals": _lines("arrival_s,rr_ms", *_rows("{t_s:.3f},{rr}")),
    "two people": _lines("anna_rr_ms,ben_rr_ms", *_rows("{rr},{n}")),
    "Polar .hrm": _lines(
        "[Params]", "Version=106", "Mode=111", "[HRData]", *map(str, _RR)
    ),
    "Polar session": json.dumps(
        {
            "exercises": [
                {
                    "startTime": "2026-01-01T10:00:00",
                    "samples": {"rr": [{"duration": f"PT{r / 1000}S"} for r in _RR]},
                }
            ]
        }
    ).encode(),
    "Polar pulse": json.dumps(
        [
            {
                "devicePpiSamplesList": [
                    {
                        "ppiSamples": [
                            {
                                "sampleDateTime": f"2026-01-02T00:00:{t / 1000:06.3f}",
                                "pulseLength": rr,
                            }
                            for t, rr in _BEATS
                        ]
                    }
                ]
            }
        ]
    ).encode(),
    "Apple heartbeat series": json.dumps(
        [
            {
                "startDate": "2026",
                "heartbeats": [
                    {"timeSinceSeriesStart": t / 1000, "precededByGap": False}
                    for t, _ in _BEATS
                ],
            }
        ]
    ).encode(),
    "Suunto SML": f"<sml><DeviceLog><R-R><Data>{' '.join(map(str, _RR))}</Data></R-R>"
    "</DeviceLog></sml>".encode(),
    "Suunto JSON": json.dumps(
        {
            "Samples": [
                {
                    "TimeISO8601": "2026-01-01T10:00:00.000+00:00",
                    "Attributes": {"suunto/sml": {"R-R": {"IBI": _RR}}},
                }
            ]
        }
    ).encode(),
    "Empatica": _lines("1644844459.000000, IBI", *_rows("{t_s},{rr_s}")),
    "VNS Analyse": _lines("RR-Intervalle - Rohwerte (Aktiv)", *_rows("0,{rr}")),
    "emWave": _lines("Time Offset,HeartRate,rawIBI", *_rows("{t_s},74,{rr}")),
    "Kubios report": (_KUBIOS + "\n".join(_rows("{t_s},{rr_s},0.01,")) + "\n").encode(),
    "MindWare": _mindware(),
    "nRF Connect": _lines(*(_notified(n, rr) for n, rr in enumerate(_RR))),
    "own beats": _lines(
        "session,partner,t_s,rr_ms,nn_ms,label",
        *_rows("20260101-100000-aaaa,A,{t_s},{rr},{rr},normal"),
    ),
    "BIDS events": _lines(
        "onset\tduration\ttrial_type\trr_ms", *_rows("{t_s}\t0\tbeat\t{rr}")
    ),
    "JSON table": json.dumps(
        {"t_s": [t / 1000 for t, _ in _BEATS], "rr_ms": _RR}
    ).encode(),
    "FIT": _fit(),
    "XDF": _xdf(),
    "WFDB annotations": base64.b64decode(
        "AFgX/CMjIHRpbWUgcmVzb2x1dGlvbjogMjUwAADs/////wEAAAT6BOEE+gQAAA=="
    ),
    "gzip": gzip.compress(_lines(*map(str, _RR)), mtime=0),
    "zip": _zip(),
}
"""By a name for tests; the annotations were written by wfdb 4.3.1."""

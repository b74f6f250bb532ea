"""What programs of laboratories write: known by its content, and how to get intervals.

They hold channels sampled at a fixed rate. A channel of intervals is no exception: it
repeats each until the next, or meets some between two samples, so that which beats were
neighbours is lost.

References
----------
AcqKnowledge: Biopac application note 156, and github.com/uwmadison-chm/bioread.
SON, CFS, CFWB, GDF, SCP: the signatures of biosig4c++.
"""

import math
import re
import struct
from typing import Final

from coreg.sensors.recordings.source import FileSource
from coreg.sensors.recordings.structured_text import beginning_of

FROM_ECG: Final = (
    "Find the R peaks with your ECG program, and export the RR intervals as text, one"
    " a line, or the beats as WFDB annotations."
)
_ACQ: Final = "an AcqKnowledge recording (Biopac), which holds channels and no beats"
_IN_ACQ: Final = (
    "In AcqKnowledge, find the R peaks (Analysis > Hemodynamics, or Find Cycle), and"
    " save the RR intervals as text, one a line."
)
_ACQ_HEAD: Final = {order: struct.Struct(order + "xxiihhhd") for order in "<>"}
_ACQ_VERSIONS: Final = range(29, 201)
_ACQ_MOST_CHANNELS: Final = 512
_ACQ_HEADER_BYTES: Final = range(200, 100_000)

_ACQ_TEXT: Final = (
    "AcqKnowledge's text of channels sampled at a fixed rate (Biopac), in which beats"
    " are lost"
)
_LABCHART_TEXT: Final = (
    "LabChart's text of channels sampled at a fixed rate, in which beats are lost"
)
_IN_LABCHART: Final = (
    "In LabChart, export the RR intervals themselves (HRV add-on), as text, one a line."
)
_HEAD_LINES: Final = 12
_LABCHART: Final = re.compile(r'\s*"?Interval=\s', re.IGNORECASE)
_LABCHART_TITLES: Final = re.compile(r'\s*"?ChannelTitle=', re.IGNORECASE)
_ACQ_RATE: Final = re.compile(
    r'\s*"?\d+([.,]\d+)?\s*([mu]?sec|min)\w*/sample', re.IGNORECASE
)
_ACQ_CHANNELS: Final = re.compile(r'\s*"?\d+\s+channels?\b', re.IGNORECASE)
_FIRSTBEAT: Final = re.compile(r"<IBIData\b")


def named_laboratory(source: FileSource) -> tuple[str, str] | None:
    """Return what a laboratory's file is and what to do, or None where it is none."""
    if _is_acqknowledge(source.data):
        return _ACQ, _IN_ACQ
    lines = beginning_of(source).splitlines()
    head = [each for each in lines if each.strip()][:_HEAD_LINES]
    if not head:
        return None
    if _LABCHART.match(head[0]) and any(map(_LABCHART_TITLES.match, head)):
        return _LABCHART_TEXT, _IN_LABCHART
    if any(map(_ACQ_RATE.match, head)) and any(map(_ACQ_CHANNELS.match, head)):
        return _ACQ_TEXT, _IN_ACQ
    if head[0].lstrip("\ufeff ").startswith("<") and any(map(_FIRSTBEAT.search, head)):
        return (
            "Firstbeat's own file of a measurement",
            "Export the RR intervals from Firstbeat as text or CSV.",
        )
    return None


def _is_acqknowledge(data: bytes) -> bool:
    """Whether a header is AcqKnowledge's, which has no signature but small numbers."""
    for head in _ACQ_HEAD.values():
        if len(data) < head.size:
            return False
        version, size, channels, _, _, sample_ms = head.unpack_from(data)
        is_header = (
            version in _ACQ_VERSIONS
            and size in _ACQ_HEADER_BYTES
            and 1 <= channels <= _ACQ_MOST_CHANNELS
        )
        if is_header and math.isfinite(sample_ms) and 1e-4 <= sample_ms <= 1e7:
            return True
    return False

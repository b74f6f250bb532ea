"""A session as a BIDS data set: a participant each, and one dyad.

After the Brain Imaging Data Structure 1.10 (behavioural data and physiological
recordings). Beats are events, because nothing samples them evenly: `events.tsv` has one
row a beat, with its interval, and the parts of the practice. Beside it lies the heart
rate at even steps; `n/a` is where it is not known. A recording has no heading inside
`physio.tsv.gz`: its columns are named in the JSON.
"""

import datetime as dt
import gzip
import json
import math
import re
from typing import Final

from coreg.facts.events import NS_PER_S
from coreg.findings.beat_rows import BeatRow, HeartRows, SessionRows
from coreg.findings.timeline import BlockSpan
from coreg.report.exchange.cells import rounded, written

_VERSION: Final = "1.10.0"
_DYAD: Final = "D001"
_SESSION: Final = "ses-01"
_UNKNOWN: Final = "n/a"
_PART: Final = ("part", "part_name")
_MARK: Final = "mark"
_US: Final = 6  # decimals of a second
_README: Final = """\
# A practice of two, recorded with coreg

Two people practised with a heart strap each. In this data set each whose recording was
given is a participant of the dyad D001.

- `events.tsv`: each heartbeat that was recorded (`beat`, at its time, with the interval
  that ended there in `rr_ms`; `nn_ms` where it counts), each stretch in which beats
  were lost (`gap`), the parts of the practice (`part`) and its pauses (`pause`). What
  a file that was imported marks is a `mark`, with its words in a column `mark`.
- `recording-rr_physio.tsv.gz`: heart rate in beats per minute at even steps.

Onsets count from `acq_time` (UTC), when the practice, or the part of it that was asked
for, began. Beats from before that are below 0.
"""


def bids_files(rows: SessionRows) -> dict[str, bytes]:
    """Return the files of one data set."""
    task = re.sub(r"[^a-zA-Z0-9]", "", rows.plan) or "practice"
    files = {
        "dataset_description.json": _json(
            {
                "Name": f"coreg {rows.name}",
                "BIDSVersion": _VERSION,
                "DatasetType": "raw",
                "GeneratedBy": [{"Name": "coreg"}],
            }
        ),
        "README.md": _README.encode(),
        "participants.tsv": _tsv(
            ("participant_id", "dyad_id", "role", "age", "sex"),
            [
                (_subject(heart), _DYAD, heart.partner.value, _UNKNOWN, _UNKNOWN)
                for heart in rows.hearts
            ],
        ),
        "participants.json": _json(_PARTICIPANTS),
        f"task-{task}_events.json": _json(
            {
                "TaskName": rows.title or task,
                **_EVENTS,
                **(_OF_MARKS if rows.marks else {}),
            }
        ),
    }
    for heart in rows.hearts:
        files |= _of_heart(rows, heart, task)
    return files


def _of_heart(rows: SessionRows, heart: HeartRows, task: str) -> dict[str, bytes]:
    subject = _subject(heart)
    place = f"{subject}/{_SESSION}"
    stem = f"{subject}_{_SESSION}_task-{task}"
    began = rows.began and rows.began + dt.timedelta(seconds=heart.rate.start_s)
    acquired = began.strftime("%Y-%m-%dT%H:%M:%SZ") if began else _UNKNOWN
    physio = f"beh/{stem}_recording-rr_physio.tsv.gz"
    return {
        f"{place}/{subject}_{_SESSION}_scans.tsv": _tsv(
            ("filename", "acq_time"), [(physio, acquired)]
        ),
        f"{place}/beh/{stem}_events.tsv": _tsv(
            _columns(rows),
            _events(rows, heart),
        ),
        f"{place}/{physio}": _zipped(
            "".join(
                f"{rounded(bpm, 4) if math.isfinite(bpm) else _UNKNOWN}\n"
                for bpm in heart.rate.hr_bpm
            )
        ),
        f"{place}/beh/{stem}_recording-rr_physio.json": _json(
            {
                "TaskName": rows.title or task,
                "SamplingFrequency": heart.rate.rate_hz,
                "StartTime": 0,
                "Columns": ["heart_rate"],
                "PhysioType": "generic",
                "heart_rate": {
                    "Description": "Heart rate between accepted beats.",
                    "Units": "beats/min",
                },
            }
        ),
    }


def _columns(rows: SessionRows) -> tuple[str, ...]:
    columns = ("onset", "duration", "trial_type", "rr_ms", "nn_ms", "label", *_PART)
    return (*columns, _MARK) if rows.marks else columns


def _events(rows: SessionRows, heart: HeartRows) -> list[tuple[str, ...]]:
    zero_s = heart.rate.start_s
    no_mark = (_UNKNOWN,) if rows.marks else ()
    events: list[tuple[float, tuple[str, ...]]] = []
    for beat in heart.beats:
        events.append((beat.t_s - zero_s, _of_beat(beat)))
        if math.isfinite(beat.gap_before_s):
            start_s = beat.t_s - beat.rr_ms / 1000 - beat.gap_before_s - zero_s
            events.append((start_s, _lasting("gap", beat.gap_before_s)))
    for part in rows.parts:
        cells = _lasting("part", part.end_s - part.start_s, part)
        events.append((part.start_s - zero_s, cells))
    for pause in rows.pauses:
        length_s = pause.end_s - pause.start_s
        events.append((pause.start_s - zero_s, _lasting("pause", length_s)))
    events = [(onset_s, (*cells, *no_mark)) for onset_s, cells in events]
    for mark in rows.marks:
        if mark.partner is heart.partner:
            cells = (*_lasting(_MARK, 0.0), written(mark.label) or _UNKNOWN)
            events.append((mark.t_ns / NS_PER_S - zero_s, cells))
    events.sort(key=lambda event: event[0])
    return [(rounded(onset_s, _US), *cells) for onset_s, cells in events]


def _of_beat(beat: BeatRow) -> tuple[str, ...]:
    nn_ms = written(beat.nn_ms) or _UNKNOWN
    of_beat = (written(beat.rr_ms), nn_ms, beat.label.value)
    return "0", "beat", *of_beat, *_of_part(beat.part)


def _lasting(
    kind: str, length_s: float, part: BlockSpan | None = None
) -> tuple[str, ...]:
    no_beat = (_UNKNOWN,) * 3
    return rounded(length_s, _US), kind, *no_beat, *_of_part(part)


def _of_part(part: BlockSpan | None) -> tuple[str, str]:
    if part is None:
        return _UNKNOWN, _UNKNOWN
    return str(part.number + 1), written(part.name) or _UNKNOWN


def _subject(heart: HeartRows) -> str:
    return f"sub-{_DYAD}{heart.partner}"


def _tsv(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    lines = [columns, *rows]
    return "".join("\t".join(map(_in_one_cell, line)) + "\n" for line in lines).encode()


def _in_one_cell(text: str) -> str:
    return " ".join(text.split())  # a name may hold what parts cells


def _json(told: dict[str, object]) -> bytes:
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def _zipped(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


_PARTICIPANTS: Final[dict[str, object]] = {
    "dyad_id": {"Description": "Which two practised together."},
    "role": {
        "Description": "Which of the two.",
        "Levels": {"A": "the one called A", "B": "the one called B"},
    },
    "age": {"Description": "Age; not known to coreg.", "Units": "year"},
    "sex": {"Description": "Sex; not known to coreg."},
}
_OF_MARKS: Final[dict[str, object]] = {
    _MARK: {"Description": "What the file that was imported says at this moment."}
}
_EVENTS: Final[dict[str, object]] = {
    "trial_type": {
        "Description": "What begins here.",
        "Levels": {
            "beat": "a heartbeat; rr_ms is the interval that ended with it",
            "gap": "beats were lost; no interval reaches over it",
            "part": "a part of the practice; its number and name stand beside it",
            "pause": "the practice was paused",
            "mark": "a mark of the file that was imported",
        },
    },
    "rr_ms": {
        "Description": "Interval that ended with this beat, as recorded.",
        "Units": "ms",
    },
    "nn_ms": {
        "Description": "The same where it counts for figures; n/a where it does not.",
        "Units": "ms",
    },
    "label": {
        "Description": "What cleaning says of the interval.",
        "Levels": {
            "normal": "accepted",
            "ectopic": "a beat out of turn",
            "missed": "a beat was missed in it",
            "extra": "a beat too many",
            "long": "too long",
            "short": "too short",
            "gap": "beats were lost before it: take no difference to the one before",
        },
    },
    "part": {"Description": "Number of the part of the practice, from 1."},
    "part_name": {"Description": "What the practice calls this part."},
}

"""A heart as EDF+: each interval as an annotation at its beat, and the heart rate.

After Kemp & Olivan, Clinical Neurophysiology 114 (2003) 1755. A signal of EDF cannot
leave a sample out: where the rate is not known it is 0, which no heart has, and an
annotation `gap` lasts as long as beats were lost.
"""

import datetime as dt
import io
import math
from typing import Any, Final

import numpy as np

from coreg.base.packages import package
from coreg.facts.events import NS_PER_S
from coreg.findings.beat_rows import BeatRow, HeartRows, SessionRows
from coreg.report.exchange.cells import number
from coreg.report.exchange.names import of_heart

_UNKNOWN_BPM: Final = 0.0
_MOST_BPM: Final = 327.67  # so that a step is a hundredth
_RECORD_S: Final = 1.0
_YEARS: Final = range(1985, 2085)  # what EDF's two digits of a year stand for


def edf_files(rows: SessionRows) -> dict[str, bytes]:
    """Return one file of each heart.

    Raises
    ------
    MissingPackageError
        If edfio is not installed.
    """
    edfio = package("edfio")
    return {
        f"{of_heart(rows, heart)}.edf": _file(edfio, rows, heart)
        for heart in rows.hearts
    }


def _file(edfio: Any, rows: SessionRows, heart: HeartRows) -> bytes:
    # Onsets count from the file's beginning, and beats may lie before the session's.
    zero_s = float(
        math.floor(
            min(0.0, heart.beats[0].t_s, rows.parts[0].start_s if rows.parts else 0.0)
        )
    )
    began = rows.began and rows.began + dt.timedelta(seconds=zero_s)
    has_date = began is not None and began.year in _YEARS
    edf = edfio.Edf(
        [_rate(edfio, heart, zero_s)],
        patient=edfio.Patient(code=f"partner-{heart.partner}"),
        recording=edfio.Recording(
            startdate=began.date() if began and has_date else None,
            equipment_code="coreg",
        ),
        starttime=began.time() if began else None,
        data_record_duration=_RECORD_S,
        annotations=[
            *(_of_beat(edfio, each, zero_s) for each in heart.beats),
            *_gaps(edfio, heart, zero_s),
            *(
                edfio.EdfAnnotation(
                    each.start_s - zero_s,
                    each.end_s - each.start_s,
                    f"part {each.number + 1}: {each.name}",
                )
                for each in rows.parts
            ),
            *(
                edfio.EdfAnnotation(each.t_ns / NS_PER_S - zero_s, None, each.label)
                for each in rows.marks
                if each.partner is heart.partner
            ),
        ],
    )
    target = io.BytesIO()
    edf.write(target)
    return target.getvalue()


def _of_beat(edfio: Any, beat: BeatRow, zero_s: float) -> Any:
    nn_ms = number(beat.nn_ms) or "none"
    text = f"beat rr_ms={number(beat.rr_ms)} nn_ms={nn_ms} label={beat.label}"
    return edfio.EdfAnnotation(round(beat.t_s - zero_s, 6), None, text)


def _gaps(edfio: Any, heart: HeartRows, zero_s: float) -> list[Any]:
    return [
        edfio.EdfAnnotation(
            round(beat.t_s - beat.rr_ms / 1000 - beat.gap_before_s - zero_s, 6),
            round(beat.gap_before_s, 6),
            "gap",
        )
        for beat in heart.beats
        if math.isfinite(beat.gap_before_s)
    ]


def _rate(edfio: Any, heart: HeartRows, zero_s: float) -> Any:
    rate = heart.rate
    before = round((rate.start_s - zero_s) * rate.rate_hz)
    known = np.nan_to_num(np.array(rate.hr_bpm), nan=_UNKNOWN_BPM)
    per_record = round(rate.rate_hz * _RECORD_S)
    after = -(before + known.size) % per_record
    last_s = heart.beats[-1].t_s - zero_s
    after += per_record * max(
        0, math.ceil(last_s / _RECORD_S) - (before + known.size + after) // per_record
    )
    return edfio.EdfSignal(
        np.clip(np.pad(known, (before, after)), 0.0, _MOST_BPM),
        rate.rate_hz,
        label="HR",
        physical_dimension="bpm",
        physical_range=(-327.68, _MOST_BPM),
        prefiltering="0: not known",
    )

"""One recording in numbers: its beats, what cleaning says of them, every HRV figure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coreg.analysis.cleaning import LOST_AT_LEAST_MS, LOST_SHARE, clean
from coreg.analysis.coarse_steps import coarse_step_ms
from coreg.analysis.hrv import Hrv, hrv
from coreg.analysis.rhythm import irregular_stretches, within_any
from coreg.analysis.spectrum import Spectrum, psd_welch
from coreg.analysis.timedomain import with_gaps
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import BeatLabel, Quirk
from coreg.findings.hanging import Hanging, hanging, with_caution
from coreg.sensors.quirks.in_files import habits_in
from coreg.sensors.recordings.file_marks import NO_MARKS, FileMarks
from coreg.sensors.recordings.recording import Details, Recording, Remark
from coreg.sensors.timing.beats import beat_times
from coreg.sensors.timing.stamped import (
    counts_ticks_as_ms,
    evenly_stamped,
    overcounted_in_all,
    stamped_at_beats,
    stamped_at_some_beats,
    times_of_stamped_beats,
    usual_coverage,
)
from coreg.sensors.timing.surplus import SurplusStretch, lasted_s, overcounted

LOST_S = 100.0
_MISSES_MANY = 0.2  # of its intervals come after a loss
_WHOLE = 0.9  # of the time outside of gaps is in intervals, where none is lost
_JUDGED_S, _LATE_S = 20.0, 3.0
_SETTLED = 3  # packets back: a stamp that stepped back is made up for by the next


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CleanedRecording:
    """A recording, cleaned; `corrected_ms` as in `coreg.analysis.cleaning.Cleaned`.

    All others have one entry an interval; `lost_before` says where the packets tell of
    lost beats. For `over_counted_s` there was more time in its beats than on the clock,
    and for `irregular_s` the rhythm was irregular: `nn_ms` is NaN there. Where
    `misses_beats`, beats are lost all over it; if its times do not say where, each
    packet counts as one after a loss. `by_hand` are the places of intervals that
    somebody decided.
    """

    t_s: Floats
    rr_ms: Floats
    nn_ms: Floats
    labels: tuple[str, ...]
    corrected_ms: Floats
    lost_before: Flags
    over_counted_s: float
    irregular_s: float
    misses_beats: bool = False
    by_hand: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingFigures:
    """A recording, cleaned and measured.

    `t_s`, `rr_ms`, `nn_ms` and `labels` have one entry an interval. `spectrum` is None
    where the recording is too short or too broken for one. For `over_counted_s` there
    was more time in its beats than on the clock, and for `irregular_s` the rhythm was
    irregular: no figure is taken there. `hangs_on` is what RMSSD hangs on, None where
    on no beat in doubt. `details` and `file_marks` as in `Recording`; no figure rests
    on such marks.
    """

    name: str
    kind: str
    t_s: Floats
    rr_ms: Floats
    nn_ms: Floats
    labels: tuple[str, ...]
    hrv: Hrv
    spectrum: Spectrum | None
    over_counted_s: float
    irregular_s: float
    hangs_on: Hanging | None
    remarks: tuple[Remark, ...]
    details: Details = field(default_factory=dict)
    file_marks: FileMarks = NO_MARKS

    @property
    def label_counts(self) -> Mapping[str, int]:
        """How many intervals cleaning gave each label."""
        return Counter(self.labels)


def cleaned(recording: Recording) -> CleanedRecording:
    """Clean a recording by all that it says of its beats."""
    rr_ms = np.array(recording.rr_ms, dtype=np.float64)
    if recording.has_times:
        t_s, lost_before = _timed(recording)
        if not recording.has_clock and stamped_at_beats(recording.packets):
            lost_before, are_seen = _lost_between(recording), True
        elif are_seen := stamped_at_some_beats(recording.packets):
            lost_before = lost_before | _lost_between(recording)
        # The beat clock alone says where beats were lost; its small errors elsewhere
        # are none of cleaning's business. Any step beyond the longest RR says "lost".
        steps_s = rr_ms / 1000 + np.where(lost_before, LOST_S, 0.0)
        said = clean(rr_ms, np.cumsum(steps_s))
        misses_beats = bool(np.mean(lost_before) > _MISSES_MANY)
        if not are_seen and _is_thin(recording, t_s, rr_ms, lost_before):
            misses_beats, lost_before = True, lost_before | _first_of_packets(recording)
    else:
        t_s = np.cumsum(rr_ms) / 1000
        said = clean(rr_ms)
        lost_before, misses_beats = np.zeros(rr_ms.size, dtype=bool), False
    untrue = overcounted(recording.packets) if recording.has_times else ()
    if recording.has_times and not untrue:
        untrue = overcounted_in_all(recording.packets)
    is_untrue = _arrived_in(untrue, recording)
    marks = recording.marks or ("",) * rr_ms.size
    is_marked = np.array([bool(each) for each in marks], dtype=np.bool_)
    labels = tuple(
        mark if mark and label == BeatLabel.NORMAL else label
        for mark, label in zip(marks, said.labels, strict=True)
    )
    rows = t_s.tolist(), rr_ms.tolist(), lost_before.tolist()
    is_irregular = within_any(irregular_stretches(*rows), t_s)
    return CleanedRecording(
        t_s=t_s,
        rr_ms=rr_ms,
        nn_ms=np.where(is_untrue | is_irregular | is_marked, np.nan, said.nn_ms),
        labels=tuple(
            BeatLabel.EXTRA.value if no and label == BeatLabel.NORMAL else label
            for no, label in zip(is_untrue.tolist(), labels, strict=True)
        ),
        corrected_ms=said.corrected_ms,
        lost_before=lost_before,
        over_counted_s=lasted_s(untrue),
        irregular_s=float(rr_ms[is_irregular].sum()) / 1000,
        misses_beats=misses_beats,
    )


def remarks_of(recording: Recording, of: CleanedRecording) -> tuple[Remark, ...]:
    """Return what its reader met, and what its own times say of unit and losses."""
    found = list(recording.remarks)
    habits = habits_in(recording.packets) if recording.has_times else frozenset()
    is_even = recording.has_times and evenly_stamped(recording.packets)
    is_unlike = Quirk.RR_IN_MS in habits and not is_even
    if is_unlike or (recording.has_times and counts_ticks_as_ms(recording.packets)):
        found.append(Remark.UNIT_UNLIKE_CLOCK)
    if is_even:
        found.append(Remark.EVENLY_STAMPED)
    if of.misses_beats:
        found.append(Remark.BEATS_MISSING)
    elif Quirk.UNDER_COUNTED in habits and not is_even:
        found.append(Remark.UNDER_COUNTED)
    if Quirk.FILL_VALUES in habits:
        found.append(Remark.FILL_VALUES)
    if coarse_step_ms(of.rr_ms):
        found.append(Remark.COARSE_STEPS)
    return tuple(found)


def measured(recording: Recording) -> RecordingFigures:
    """Clean a recording and take every figure that it is long enough for."""
    return figures_of(recording, cleaned(recording))


def figures_of(recording: Recording, of: CleanedRecording) -> RecordingFigures:
    """Take every figure that what was kept of a recording is long enough for."""
    gapped_t_s, gapped_nn_ms = with_gaps(of.t_s, of.nn_ms, of.lost_before)
    figures = hrv(gapped_t_s, gapped_nn_ms)
    found = hanging_in(of, of.nn_ms)
    enough = np.isfinite(figures.hf_ms2)
    return RecordingFigures(
        name=recording.name,
        kind=recording.kind.value,
        t_s=of.t_s,
        rr_ms=of.rr_ms,
        nn_ms=of.nn_ms,
        labels=of.labels,
        hrv=with_caution(figures, found),
        spectrum=psd_welch(gapped_t_s, gapped_nn_ms) if enough else None,
        over_counted_s=of.over_counted_s,
        irregular_s=of.irregular_s,
        hangs_on=found,
        remarks=remarks_of(recording, of),
        details=recording.details,
        file_marks=recording.file_marks,
    )


def hanging_in(of: CleanedRecording, nn_ms: Floats) -> Hanging | None:
    """Return what RMSSD of these intervals of a recording hangs on."""
    return hanging(
        t_s=of.t_s,
        rr_ms=of.rr_ms,
        nn_ms=nn_ms,
        labels=of.labels,
        lost_before=of.lost_before,
        by_hand=of.by_hand,
    )


def _timed(recording: Recording) -> tuple[Floats, Flags]:
    """Return the time of each beat, and after which arrivals beats were lost.

    Exact stamps of beats are their times. Elsewhere all arrivals are weighed, which
    takes as long for a day as everything else together and more.
    """
    if not recording.has_clock:
        exact_s = times_of_stamped_beats(recording.packets)
        if exact_s is not None:
            return exact_s, np.zeros(exact_s.size, dtype=np.bool_)
    timed = beat_times(recording.packets)
    return timed.t_s, timed.after_gap


def _lost_between(recording: Recording) -> Flags:
    """Say of each interval whether beats were lost before it, by stamps of beats.

    A loss raises how far stamps are ahead of the sum of intervals, for good; a stamp
    that came late, or a clock set right, does not.
    """
    arrived_s = np.array([t_s for t_s, together in recording.packets for _ in together])
    rr_ms = np.array(recording.rr_ms, dtype=np.float64)
    ahead_ms = 1000 * arrived_s - np.cumsum(rr_ms)
    before_ms = np.full(rr_ms.size, -np.inf)
    for back in range(1, _SETTLED + 1):
        before_ms[back:] = np.maximum(before_ms[back:], ahead_ms[:-back])
    lost_ms = ahead_ms - before_ms
    is_lost: Flags = lost_ms > np.maximum(LOST_AT_LEAST_MS, LOST_SHARE * rr_ms)
    is_lost[:1] = False
    return is_lost


def _is_thin(
    recording: Recording, t_s: Floats, rr_ms: Floats, lost_before: Flags
) -> bool:
    """Whether far less time is in intervals than passed, also outside of the gaps.

    Stamps at an even rate may be made up: they are warned of, and not believed.
    """
    if evenly_stamped(recording.packets):
        return False
    if usual_coverage(recording.packets) < _WHOLE:
        return True
    within = ~lost_before[1:]
    lasted_s = float(np.diff(t_s)[within].sum())
    held_s = float(rr_ms[1:][within].sum()) / 1000
    is_long = lasted_s > _JUDGED_S and lasted_s - held_s > _LATE_S
    return is_long and held_s < _WHOLE * lasted_s


def _first_of_packets(recording: Recording) -> Flags:
    """Say of each interval whether it is the first of those that came together."""
    return np.array(
        [at == 0 for _, together in recording.packets for at in range(len(together))],
        dtype=np.bool_,
    )


def _arrived_in(stretches: Sequence[SurplusStretch], recording: Recording) -> Flags:
    """Say of each interval whether it arrived in one of the stretches."""
    arrived_s = np.array([t_s for t_s, together in recording.packets for _ in together])
    within = np.zeros(arrived_s.size, dtype=np.bool_)
    for each in stretches:
        within |= (arrived_s >= each.start_s) & (arrived_s <= each.end_s)
    return within

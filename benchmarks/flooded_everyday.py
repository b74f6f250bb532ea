"""How often are real hearts asked about that are not upset, as far as anybody knows?

Recordings of 24 minutes and more, most of them from Holter monitors, cut into sessions
of 20 minutes that overlap nowhere; nobody is paced, and whoever was upset or ran up a
stair in truth is not known. Rest is what the product takes for it on a first evening:
the session's own first two minutes, its Arrive. Sessions come in thirds by how little
their minutes differ: the calmest third is nearest to two who sit still.

    python -m benchmarks.flooded_everyday

Needs the recordings beside the repository; exit status 2 without them.
"""

import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.as_live import labelled
from benchmarks.real_strangers import SESSION_S, Session, heart, sessions
from coreg.exercises.states.flooding import flooded_spans

MINUTE_S = 60.0
ARRIVE_MIN = 2
THIRDS = ("calmest", "middle", "liveliest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How much one session's minutes differ, and how often it would be asked about."""

    person: str
    spread_bpm: float
    asked: int


def minutes_bpm(rr_s: np.ndarray, length_s: float) -> np.ndarray:
    """Return the heart rate of each minute, of cleaned beats; NaN where none was."""
    heard = heart(rr_s)
    known = np.isfinite(heard.nn_ms)
    minute = np.minimum(heard.beat_t_s[known], length_s - 1) // MINUTE_S
    nn_ms = heard.nn_ms[known]
    counts = np.bincount(minute.astype(int), minlength=int(length_s // MINUTE_S))
    sums_ms = np.bincount(minute.astype(int), weights=nn_ms, minlength=counts.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(60_000 * counts / sums_ms)


def watched(session: Session) -> Watched:
    """Return what the watch makes of a session."""
    inside = np.cumsum(session.rr_s) <= SESSION_S
    heard = heart(session.rr_s[inside])
    a_minute_bpm = minutes_bpm(session.rr_s[inside], SESSION_S)
    rest_bpm = float(np.nanmean(a_minute_bpm[:ARRIVE_MIN]))
    nn_ms = labelled(heard.beat_t_s, 1000 * session.rr_s[inside])
    spans = flooded_spans(heard.beat_t_s, nn_ms, [], rest_bpm=rest_bpm)
    spread_bpm = float(np.nanstd(a_minute_bpm))
    return Watched(person=session.person, spread_bpm=spread_bpm, asked=len(spans))


def main() -> int:
    found = [watched(each) for each in sessions()]
    if not found:
        print("The recordings are not beside the repository.", file=sys.stderr)
        return 2
    found.sort(key=lambda each: each.spread_bpm)
    people = len({each.person for each in found})
    print(f"{len(found)} sessions of 20 min, {people} recordings")
    parts = np.array_split(np.arange(len(found)), len(THIRDS))
    for name, part in zip(THIRDS, parts, strict=True):
        asked = np.array([found[i].asked for i in part])
        an_hour = asked * 3600 / SESSION_S
        error = an_hour.std(ddof=1) / np.sqrt(asked.size)
        widest = found[part[-1]].spread_bpm
        print(
            f"{name:10} third: {an_hour.mean():.2f} ±{error:.2f} an hour, in "
            f"{np.mean(asked > 0):.2f} of {asked.size}; minutes differ by up to "
            f"{widest:.1f}/min (SD)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

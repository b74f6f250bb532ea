"""What goes wrong in a quiet or slow heart, and what rhythm is none: seen, and spared?

    python -m benchmarks.quiet_hearts [--hearts 40]

Five questions, with figures of our own making (the acceptance benchmark plants beats
20-40 % early, and counts labelled ones only where they are 15 % early):

1. A quiet heart (RMSSD 6-16 ms), one beat or 1 % of them 8-16 % early. The beat resets
   the rhythm (what follows is normal), or a pause repays it in half or in full.
2. The same, planted into real stretches of quiet hearts that hold sinus beats alone and
   of which cleaning takes nothing (what it takes there is counted in 4).
3. A slow heart (42-50/min) that slow breathing swings by up to half; each beat in turn
   is missed.
4. Nothing planted: real stretches of beats that somebody labelled, all of them sinus,
   and simulated hearts. Whatever cleaning takes from these is harm; unless a label is
   doubtful, so that stretches with a beat 15 % early are left out of a row of its own,
   and named.
5. Which share of beats is marked as of an irregular rhythm: an hour of fibrillation,
   what is not, and simulated hearts that breath swings widely and unevenly, 4-20 times
   a minute.

Truth is the series before anything was planted. The error is that of RMSSD after
cleaning; its standard error is that of the mean, over hearts. Both cleaners are asked:
`batch` has all, `live` is three beats late.
"""

import argparse
import csv
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.cleaning import clean
from coreg.analysis.cleaning_causal import CausalCleaner, CleanedBeat
from coreg.analysis.rhythm import irregular_stretches

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("COREG_SHARED", ROOT.parent / "shared"))
TICK_MS = 1000 / 1024
BEATS = 330
APART = 14

Array = NDArray[np.float64]


class Case(NamedTuple):
    """A series as the strap gives it, where something is wrong, and the truth."""

    rr_ms: Array
    planted: tuple[int, ...]
    truth_ms: Array


def rmssd(rr_ms: Array) -> float:
    step = np.diff(rr_ms)
    return math.sqrt(float(np.nanmean(step**2)))


def on_ticks(rr_ms: Array) -> Array:
    return np.round(rr_ms / TICK_MS) * TICK_MS


# --- hearts ----------------------------------------------------------------------


def slow_waves(n: int, rng: np.random.Generator) -> Array:
    """Unit variance, power falling with frequency, nothing above a tenth of a beat."""
    hz = np.fft.rfftfreq(n)
    size = np.zeros(hz.size)
    size[1:] = hz[1:] ** -0.8 * (hz[1:] < 0.1)
    waves = np.fft.irfft(size * np.exp(2j * np.pi * rng.random(hz.size)), n)
    return np.asarray(waves / waves.std())


def breath(n: int, per_beat: float, rng: np.random.Generator) -> Array:
    """Unit amplitude; depth and length of a breath wander."""
    phase = 2 * np.pi * np.cumsum(per_beat * (1 + 0.1 * slow_waves(n, rng)))
    return np.asarray((1 + 0.25 * slow_waves(n, rng)) * np.sin(phase))


def quiet_heart(rng: np.random.Generator) -> Array:
    """RMSSD 6-16 ms, 55-95 beats a minute, on the ticks of a strap."""
    mean_ms, target = rng.uniform(630, 1090), rng.uniform(6, 16)
    fast = breath(BEATS, rng.uniform(0.15, 0.32), rng) + rng.normal(0, 0.4, BEATS)
    rr_ms = mean_ms + fast * target / rmssd(fast)
    return on_ticks(rr_ms + rng.uniform(8, 25) * slow_waves(BEATS, rng))


def slow_heart(rng: np.random.Generator) -> Array:
    """42-50 beats a minute, and a breath of 6-12 a minute.

    At six a minute it swings the heart by 14-50 % from peak to trough, at twelve by
    half of that (Hirsch & Bishop, Am. J. Physiol. 241 (1981) H620: beyond its corner
    the swing falls as the rate rises).
    """
    mean_ms, rate = rng.uniform(1200, 1430), rng.uniform(6, 12)
    depth = rng.uniform(0.07, 0.25) * 6 / rate
    swing = depth * breath(BEATS, rate * mean_ms / 60_000, rng)
    return on_ticks(
        mean_ms * (1 + swing) + rng.normal(0, 12, BEATS) + 20 * slow_waves(BEATS, rng)
    )


# --- what goes wrong -------------------------------------------------------------


def places(n: int, wanted: int, rng: np.random.Generator) -> tuple[int, ...]:
    found: list[int] = []
    for at in rng.permutation(np.arange(25, n - 10)).tolist():
        if all(abs(at - other) > APART for other in found):
            found.append(at)
        if len(found) == wanted:
            break
    return tuple(sorted(found))


def early(truth_ms: Array, wanted: int, repaid: float, seed: list[int]) -> Case:
    """Beats 8-16 % early; of that, the pause after each repays a share."""
    rng = np.random.default_rng(seed)
    rr_ms = truth_ms.copy()
    at = places(rr_ms.size, wanted, rng)
    for i in at:
        lost_ms = rng.uniform(0.08, 0.16) * rr_ms[i]
        rr_ms[i] -= lost_ms
        rr_ms[i + 1] += repaid * lost_ms
    return Case(on_ticks(rr_ms), at, truth_ms)


def missed(truth_ms: Array, at: int) -> Case:
    rr_ms = np.delete(truth_ms, at + 1)
    rr_ms[at] = truth_ms[at : at + 2].sum()
    return Case(rr_ms, (at,), truth_ms)


# --- real stretches that somebody labelled as sinus --------------------------------


def column(path: Path, name: str) -> list[str]:
    with path.open(newline="", encoding="utf-8") as stream:
        return [row[name] for row in csv.DictReader(stream) if row[name]]


def labelled() -> Iterator[tuple[str, Array, NDArray[np.bool_]]]:
    """Yield intervals, and which of them lie between two sinus beats."""
    data = SHARED / "data"
    paths = [*sorted((data / "nsr2db_ref").glob("*_beats_*.csv"))]
    ltdb = sorted((data / "ltdb_labelled_beats").glob("*.csv"))
    paths += [path for path in ltdb if "14149" not in path.name]  # fibrillation
    for path in paths:
        with path.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        key = "t_s" if "t_s" in rows[0] else next(k for k in rows[0] if "t" in k)
        t_s = np.array([float(row[key]) for row in rows])
        is_n = np.array([row["label"] == "N" for row in rows])
        yield path.stem, 1000 * np.diff(t_s), is_n[1:] & is_n[:-1]
    for path in sorted((data / "gudb_cheststrap_rpeaks").glob("*sitting.tsv")):
        peaks = np.array([float(line) for line in path.read_text().split()])
        rr_ms = 4 * np.diff(peaks)
        yield path.stem, rr_ms, np.ones(rr_ms.size, dtype=bool)


def sinus_stretches() -> dict[str, Array]:
    """Return stretches of about five minutes, or what there is, of sinus beats alone.

    A labelled beat may yet be missing from the list: no stretch holds an interval half
    as long again as the median of the 21 around it, or shorter than two thirds of it.
    """
    found: dict[str, Array] = {}
    for name, rr_ms, is_sinus in labelled():
        around = np.lib.stride_tricks.sliding_window_view(
            np.pad(rr_ms, 10, mode="edge"), 21
        )
        ratio = rr_ms / np.median(around, axis=1)
        whole = is_sinus & (ratio < 1.5) & (ratio > 0.667)
        edges = np.flatnonzero(np.diff(np.pad(whole.astype(int), 1)))
        for start, stop in edges.reshape(-1, 2).tolist():
            for a in range(start, stop, BEATS):
                part = rr_ms[a : min(a + BEATS, stop)]
                if part.size >= 100:
                    found[f"{name}+{a}"] = part
    return found


def holds_an_early_beat(rr_ms: Array) -> bool:
    """Whether some interval is 15 % shorter than both the one before and after it.

    No breath does that to a heart of the labelled stretches; a premature beat does.
    """
    return bool((rr_ms[1:-1] < 0.85 * np.minimum(rr_ms[:-2], rr_ms[2:])).any())


# --- asking ----------------------------------------------------------------------


class Answer(NamedTuple):
    """What one cleaner made of one case."""

    error: float  # of RMSSD, as a share
    found: int
    taken: int  # intervals away from anything planted


def batch(case: Case) -> Answer:
    cleaned = clean(case.rr_ms)
    is_odd = np.array([label != "normal" for label in cleaned.labels])
    return _answer(case, cleaned.corrected_ms, is_odd)


def live(case: Case) -> Answer:
    cleaner, answers = CausalCleaner(), list[CleanedBeat]()
    for i, rr in enumerate(case.rr_ms.tolist()):
        answers += cleaner.feed(t_s=float(i), rr_ms=rr, after_gap=False)
    answers += cleaner.flush()
    nn_ms = np.array([beat.nn_ms for beat in answers])
    return _answer(case, nn_ms, np.array([b.label != "normal" for b in answers]))


def _answer(case: Case, nn_ms: Array, is_odd: NDArray[np.bool_]) -> Answer:
    near = np.zeros(is_odd.size, dtype=bool)
    found = 0
    for at in case.planted:
        near[max(0, at - 1) : at + 3] = True
        found += bool(is_odd[at : at + 2].any())
    error = abs(rmssd(nn_ms) / rmssd(case.truth_ms) - 1)
    return Answer(error, found, int((is_odd & ~near).sum()))


CLEANERS: dict[str, Callable[[Case], Answer]] = {"batch": batch, "live": live}


def report(what: str, cases: Iterable[Case]) -> None:
    cases = tuple(cases)
    if not cases:
        print(f"{what:44} no recordings here")
        return
    planted = sum(len(case.planted) for case in cases)
    before = 100 * np.array(
        [abs(rmssd(case.rr_ms) / rmssd(case.truth_ms) - 1) for case in cases]
    )
    for who, ask in CLEANERS.items():
        answers = [ask(case) for case in cases]
        error = 100 * np.array([answer.error for answer in answers])
        found = sum(answer.found for answer in answers)
        seen = f"{found / planted:6.3f}" if planted else "     -"
        se = error.std(ddof=1) / math.sqrt(error.size) if error.size > 1 else math.nan
        taken = sum(answer.taken for answer in answers)
        print(
            f"{what:44}{who:6}{len(cases):6}{np.median(before):8.1f}"
            f"{np.median(error):8.2f}{np.percentile(error, 90):8.1f}{error.max():8.1f}"
            f"{error.mean():8.2f}{se:7.2f}{seen}{taken:6}"
        )


# --- rhythm ----------------------------------------------------------------------


def marked_share(rr_ms: Array) -> float:
    t_s = np.cumsum(rr_ms) / 1000
    within = np.zeros(rr_ms.size, dtype=bool)
    for each in irregular_stretches(t_s.tolist(), rr_ms.tolist(), [False] * rr_ms.size):
        within |= (t_s >= each.start_s) & (t_s <= each.end_s)
    return float(within.mean())


def uneven_breath(rng: np.random.Generator) -> Array:
    """A heart at 41-86 a minute whose breaths differ in length and depth by up to .3.

    At six a minute the swing is 10-50 % from peak to trough; faster ones swing less.
    """
    mean_ms, rate = rng.uniform(700, 1450), rng.uniform(4, 20)
    usual = rng.uniform(0.05, 0.25) * min(1.0, 6 / rate)
    uneven_s, uneven_deep = rng.uniform(0, 0.3, 2)
    rr_ms: list[float] = []
    t_s = start_s = 0.0
    length_s, depth = 60 / rate, usual
    while len(rr_ms) < BEATS:
        if t_s - start_s >= length_s:
            start_s += length_s
            length_s = 60 / rate * max(0.4, rng.normal(1, uneven_s))
            depth = usual * max(0.1, rng.normal(1, uneven_deep))
        swing = depth * math.sin(2 * math.pi * (t_s - start_s) / length_s)
        rr_ms.append(mean_ms * (1 + swing) + rng.normal(0, 15))
        t_s += rr_ms[-1] / 1000
    return np.array(rr_ms)


def numbers(path: Path) -> Array:
    return np.array([float(line) for line in path.read_text().split()])


def recorded() -> dict[str, list[Array]]:
    """Return whole recordings, by what they are of."""
    data = SHARED / "data"
    ltdb = {
        path.stem: 1000 * np.diff(np.array(column(path, "t_s"), dtype=float))
        for path in sorted((data / "ltdb_labelled_beats").glob("*.csv"))
    }
    return {
        "fibrillation (14149, an hour)": [v for k, v in ltdb.items() if "14149" in k],
        "ectopy (three long-term hours)": [
            v for k, v in ltdb.items() if "14149" not in k
        ],
        "every third beat early (H10)": [
            np.array(column(path, "rr_ms"), dtype=float)
            for path in (data / "polar_h10_ecg_pvc").glob("device_rr.csv")
        ],
        "sinus, two hours each (nsr2db)": [
            1000 * np.diff(np.array(column(path, "t_s"), dtype=float))
            for path in sorted((data / "nsr2db_ref").glob("*_beats_*.csv"))
        ],
        "healthy, two hours each (Holter)": [
            numbers(path) for path in sorted((data / "physionet_healthy_rr").glob("*"))
        ],
        "chest strap, from rest to running": [
            4 * np.diff(numbers(path))
            for path in sorted((data / "gudb_cheststrap_rpeaks").glob("*.tsv"))
        ],
        "at rest (H10, Welltory)": [
            numbers(path) for path in sorted((data / "welltory_h10").glob("*.txt"))
        ],
        "ear pulse (PhysioKit)": [
            np.array(column(path, "rr_ms"), dtype=float)
            for path in sorted((data / "physiokit_dyads").glob("*pulse.csv"))
        ],
    }


def report_rhythm(seed: int, hearts: int) -> None:
    print(
        f"\n{'share of beats marked as irregular':44}{'n':>6}{'beats':>9}{'share':>8}"
    )
    made = [
        uneven_breath(np.random.default_rng([4, seed, k])) for k in range(5 * hearts)
    ]
    scattered = [
        700 * np.random.default_rng([5, seed, k]).gamma(25, 1 / 25, BEATS)
        for k in range(hearts)
    ]
    simulated = {"simulated, uneven breath": made, "simulated, independent": scattered}
    for what, series in (recorded() | simulated).items():
        if not series:
            print(f"{what:44} no recordings here")
            continue
        beats = sum(rr_ms.size for rr_ms in series)
        shares = [marked_share(rr_ms) for rr_ms in series]
        share = sum(s * rr_ms.size for s, rr_ms in zip(shares, series, strict=True))
        some = sum(each > 0 for each in shares)
        print(f"{what:44}{len(series):6}{beats:9}{share / beats:8.4f}  in {some}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hearts", type=int, default=40, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    seeds = [[asked.seed, number] for number in range(asked.hearts)]
    quiet = [quiet_heart(np.random.default_rng([1, *seed])) for seed in seeds]
    slow = [slow_heart(np.random.default_rng([2, *seed])) for seed in seeds]
    real = sinus_stretches()
    still = [rr_ms for rr_ms in real.values() if rmssd(rr_ms) < 20]
    whole = [rr_ms for rr_ms in still if not batch(Case(rr_ms, (), rr_ms)).taken]
    print("RMSSD error in % after cleaning (before: its median without any)")
    print(
        f"{'':44}{'':6}{'n':>6}{'before':>8}{'median':>8}{'p90':>8}{'worst':>8}"
        f"{'mean':>8}{'SE':>7} found taken"
    )
    for repaid, how in ((0.0, "resets"), (0.5, "half repaid"), (1.0, "repaid")):
        for hearts, whose in ((quiet, "quiet"), (whole, "real quiet")):
            for share, much in ((0.0, "one"), (0.01, "1 %")):
                cases = [
                    early(rr, max(1, round(share * rr.size)), repaid, [*seed, 3])
                    for seed, rr in zip(
                        [[asked.seed, k] for k in range(len(hearts))],
                        hearts,
                        strict=True,
                    )
                ]
                report(f"{whose}, {much} early, {how}", cases)
    report(
        "slow, each beat missed in turn",
        (missed(rr, at) for rr in slow[:12] for at in range(25, 315, 7)),
    )
    report("untouched: quiet", (Case(rr, (), rr) for rr in quiet))
    report("untouched: slow", (Case(rr, (), rr) for rr in slow))
    report("untouched: real, labelled sinus", (Case(r, (), r) for r in real.values()))
    report("  of these RMSSD below 20 ms", (Case(rr, (), rr) for rr in still))
    doubtful = [name for name, rr in real.items() if holds_an_early_beat(rr)]
    clear = [rr for name, rr in real.items() if name not in doubtful]
    report("  of all, no beat 15 % early", (Case(rr, (), rr) for rr in clear))
    report(
        "  of these RMSSD below 20 ms",
        (Case(rr, (), rr) for rr in clear if rmssd(rr) < 20),
    )
    print(f"a beat 15 % early, though labelled sinus: {', '.join(doubtful) or 'none'}")
    report_rhythm(asked.seed, asked.hearts)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Signals that are no intervals, and hearts, as lists without a heading: what is said?

    python -m benchmarks.signals_as_lists [--seed 0] [--stretches 6] [--hearts 40]

Each list is written one whole number a line, as the name `list.txt`, and read. It is
refused as samples of an ECG, refused for another reason, read with the caution that
it may be readings or written again, or read without a word. What it truly is nobody
asks the reader:

1. Three real ECGs, brought down to few samples a second, and at their own rate and
   twice that; of each rate stretches of one and of four minutes, of a level and a size
   as ten bits could have. They come down in three ways by turns: filtered, averaged
   over each sample, and picked.
2. A minute of real breathing belts with added noise, as a share of a usual breath.
3. Real hearts, cut into stretches that do not overlap.
4. Hearts made up here, in `benchmarks.quiet_hearts` and by coreg's own simulator.
5. Heart rates of real hearts in tenths of beats a minute, of ten minutes or what there
   is (four at least): of each beat, of each second, and running means of 5 and 15 s.

A seed decides stretches, levels, sizes, noise and made-up hearts. Stretches of one
recording, and lists of one belt, are not independent of one another.
"""

import argparse
import gzip
import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy.signal import resample_poly

from benchmarks.quiet_hearts import quiet_heart, recorded, slow_heart, uneven_breath
from benchmarks.r_peaks import SHARED, many_ventricular, record_100
from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.facts.events import NS_PER_S, Breath
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.simulation.couple import SimulatedCouple

DATA: Final = SHARED / "data"
FEW_PER_S: Final = {"20, 25": (20.0, 25.0), "32 to 62.5": (32.0, 40.0, 50.0, 62.5)}
MINUTES: Final = (1, 4)
BELTS_PER_S: Final = (10, 25, 50, 100)
BELT_S: Final = 60
NOISES: Final = {"no noise": 0.0, "1/100": 0.01, "1/50": 0.02, "1/20": 0.05}
SIZES: Final = (300, 1000, 3000, 12_000)
RATES_OF_S: Final = 600
FEWEST_S: Final = 240
LIVED_S: Final = 900
SLOW_PER_MIN: Final = 6.0
FIRST_COUPLE: Final = 630_000
BEATS: Final = 900
ROWS: Final = np.arange(BEATS)

CAUTIONS: Final = frozenset({Remark.LIKE_READINGS, Remark.VALUES_REPEATED})

Heart = Callable[[np.random.Generator], Floats]


class Told(StrEnum):
    """What somebody is told who gives a list."""

    ECG = "as an ECG"
    REFUSED = "otherwise"
    CAUTION = "caution"
    NO_WORD = "no word"


class Row(NamedTuple):
    """What the lists of one row of the table truly are, and the lists."""

    what: str
    lists: Iterable[Floats]


def told(values: Floats) -> tuple[Told, str]:
    """Write a list and read it; return what is said, and why if that is a refusal."""
    text = "".join(f"{each:.0f}\n" for each in values.tolist())
    try:
        recording = parse_recording(text.encode(), name="list.txt")
    except BadRecordingError as error:
        is_ecg = "samples of an ECG" in error.wrong
        return (Told.ECG if is_ecg else Told.REFUSED), error.wrong
    has_caution = not CAUTIONS.isdisjoint(recording.remarks)
    return (Told.CAUTION if has_caution else Told.NO_WORD), ""


# --- signals -------------------------------------------------------------------------


def ecgs() -> Iterator[tuple[str, Floats, float]]:
    """Yield real ECGs: whose, their samples, and how many of these there are a second.

    Of two, a heart of an even rhythm; of the H10, with an early beat after each or
    each second one.
    """
    if (DATA / "mitdb_130hz").is_dir():
        yield "MIT-BIH 100", record_100()[1], 130.0
    rest = DATA / "neurokit_rest" / "bio_resting_5min_100hz.csv.gz"
    if rest.is_file():
        yield "NeuroKit, at rest", _at_rest(0), 100.0
    if (DATA / "polar_h10_ecg_pvc").is_dir():
        yield "H10, early beats", many_ventricular()[1], 130.0


def belts() -> Iterator[tuple[Floats, float]]:
    """Yield real breathing belts, and how many samples these have a second."""
    for path in sorted((DATA / "physiokit_dyads").glob("*_resp_10hz.txt")):
        yield np.loadtxt(path), 10.0
    if (DATA / "neurokit_rest").is_dir():
        yield _at_rest(1), 100.0


def _at_rest(column: int) -> Floats:
    path = DATA / "neurokit_rest" / "bio_resting_5min_100hz.csv.gz"
    with gzip.open(path, "rt") as lines:
        return np.loadtxt(lines, delimiter=",", skiprows=1, usecols=column)


def filtered(signal: Floats, own_hz: float, rate_hz: float) -> Floats:
    """Return a signal at another rate, without what that rate cannot hold."""
    by = Fraction(rate_hz / own_hz).limit_denominator(1000)
    return np.asarray(
        resample_poly(signal, by.numerator, by.denominator, padtype="line")
    )


def picked(signal: Floats, own_hz: float, rate_hz: float) -> Floats:
    """Return a signal at another rate, folded as where nothing filters it."""
    rows = np.arange(0, signal.size - 1, own_hz / rate_hz)
    return np.asarray(np.interp(rows, np.arange(signal.size), signal))


def averaged(signal: Floats, own_hz: float, rate_hz: float) -> Floats:
    """Return means over about the time of one sample at another rate."""
    width = max(1, round(own_hz / rate_hz))
    means = np.convolve(signal, np.full(width, 1 / width), "same")
    return picked(means, own_hz, rate_hz)


WAYS: Final = (filtered, averaged, picked)


def of_size_one(signal: Floats) -> Floats:
    """Return a signal about 0, all but its rarest values within one unit."""
    low, high = np.quantile(signal, [0.005, 0.995])
    return np.asarray((signal - np.median(signal)) / (high - low))


def of_breath_one(belt: Floats, rate_hz: float) -> Floats:
    """Return a belt about 0, what it usually spans in ten seconds being one unit."""
    rows = round(10 * rate_hz)
    spans = np.ptp(belt[: belt.size // rows * rows].reshape(-1, rows), axis=1)
    return np.asarray((belt - np.median(belt)) / np.median(spans))


def counts(
    unit: Floats, level: float, size: float, rng: np.random.Generator, noise: float = 1
) -> Floats:
    """Return a signal as a converter gives it: whole numbers, with noise in these."""
    return np.asarray(np.round(level + size * unit + rng.normal(0, noise, unit.size)))


def _of_ten_bits(
    unit: Floats, rng: np.random.Generator, noise: float | None = None
) -> Floats:
    """Return a signal of any level and size; noise is a share of this, or else 1."""
    size = float(np.exp(rng.uniform(np.log(60), np.log(400))))
    level = rng.uniform(500, 980 - size)
    in_counts = 1.0 if noise is None else noise * size
    return np.clip(counts(unit, level, size, rng, in_counts), 0, 1023)


def ecg_rows(seed: int, stretches: int) -> Iterator[Row]:
    for k, (name, ecg, own_hz) in enumerate(ecgs()):
        own = (own_hz, 2 * own_hz)
        groups = FEW_PER_S | {", ".join(f"{each:g}" for each in own): own}
        for group, rates in groups.items():
            rng = np.random.default_rng([1, seed, k, round(rates[0])])
            # Long lists take long to read, and differ less in what is told of them.
            fewer = stretches if rates is not own else max(1, stretches // 3)
            pairs = [(own_hz, rate_hz) for rate_hz in rates]
            yield Row(f"ECG, {name}: {group}/s", _pieces(ecg, pairs, fewer, rng))


def _pieces(
    ecg: Floats,
    from_to_hz: list[tuple[float, float]],
    many: int,
    rng: np.random.Generator,
) -> Iterator[Floats]:
    for own_hz, rate_hz in from_to_hz:
        units = [of_size_one(way(ecg, own_hz, rate_hz)) for way in WAYS]
        for k, minutes in itertools.product(range(many), MINUTES):
            unit, rows = units[k % len(units)], round(60 * minutes * rate_hz)
            begin = rng.integers(unit.size - rows + 1)
            yield _of_ten_bits(unit[begin : begin + rows], rng)


def belt_rows(seed: int) -> Iterator[Row]:
    for name, noise in NOISES.items():
        rng = np.random.default_rng([2, seed, round(1 / noise) if noise else 0])
        yield Row(f"breathing belt, {name} of a breath", _belts(noise, rng))


def _belts(noise: float, rng: np.random.Generator) -> Iterator[Floats]:
    for belt, own_hz in belts():
        unit = of_breath_one(belt, own_hz)
        for rate_hz in BELTS_PER_S:
            whole = filtered(unit, own_hz, rate_hz)
            begin = rng.integers(whole.size - BELT_S * rate_hz + 1)
            yield _of_ten_bits(whole[begin : begin + BELT_S * rate_hz], rng, noise)


# --- real hearts ---------------------------------------------------------------------


def real_hearts() -> list[Floats]:
    """Return all real intervals there are, in ms."""
    series = [each for those in recorded().values() for each in those]
    for name in ("polar_h10_arrival_times/*", "rhenanbartels_polar/*"):
        series += [np.array(read_recording(path).rr_ms) for path in _files(name)]
    series += [np.loadtxt(path) for path in _files("pyhrv_reference/SampleNNI*")]
    return [rr_ms[np.isfinite(rr_ms) & (rr_ms > 0)] for rr_ms in series]


def _files(pattern: str) -> list[Path]:
    return sorted(DATA.glob(pattern))


def real_rows(seed: int) -> Iterator[Row]:
    hearts = real_hearts()
    for size in SIZES:
        rng = np.random.default_rng([3, seed, size])
        yield Row(f"real hearts, {size} intervals", _stretches(hearts, size, rng))


def _stretches(
    hearts: list[Floats], size: int, rng: np.random.Generator
) -> Iterator[Floats]:
    for rr_ms in hearts:
        begin = int(rng.integers(rr_ms.size % size + 1))
        for at in range(begin, rr_ms.size - size + 1, size):
            yield rr_ms[at : at + size]


def rates_of(rr_ms: Floats) -> dict[str, Floats]:
    """Return the heart rates of one heart in tenths of beats a minute."""
    of_beats = 600_000 / rr_ms
    t_s = np.cumsum(rr_ms) / 1000
    seconds = np.arange(0, t_s[-1])
    of_seconds = of_beats[np.searchsorted(t_s, seconds, side="right")]
    return {
        "of each beat": of_beats,
        "of each second": of_seconds,
        "means of 5 s": np.convolve(of_seconds, np.full(5, 1 / 5), "valid"),
        "means of 15 s": np.convolve(of_seconds, np.full(15, 1 / 15), "valid"),
    }


def rate_rows(seed: int) -> Iterator[Row]:
    rng = np.random.default_rng([5, seed])
    long = (rr_ms for rr_ms in real_hearts() if rr_ms.sum() >= 1000 * FEWEST_S)
    rates = [rates_of(_ten_minutes(rr_ms, rng)) for rr_ms in long]
    for kind in rates[0] if rates else ():
        yield Row(f"heart rate in tenths, {kind}", [each[kind] for each in rates])


def _ten_minutes(rr_ms: Floats, rng: np.random.Generator) -> Floats:
    t_s = np.cumsum(rr_ms) / 1000
    begin_s = rng.uniform(0, max(0.0, t_s[-1] - RATES_OF_S))
    return np.asarray(rr_ms[(t_s > begin_s) & (t_s <= begin_s + RATES_OF_S)])


# --- made-up hearts ------------------------------------------------------------------


def quiet(rng: np.random.Generator) -> Floats:
    return np.asarray(900 + rng.normal(0, 3, BEATS) + 10 * np.sin(ROWS / 30))


def with_a_pacemaker(rng: np.random.Generator) -> Floats:
    return np.asarray(1000 + rng.normal(0, 0.6, BEATS))


def fibrillating(rng: np.random.Generator) -> Floats:
    return np.asarray(150 + rng.gamma(20, 35, BEATS))


def with_each_fiftieth_beat_split(rng: np.random.Generator) -> Floats:
    rr_ms: Floats = 812 + 30 * np.sin(ROWS * 1.4) + rng.normal(0, 8, BEATS)
    rr_ms[25::50] = rr_ms[26::50] = 406
    return rr_ms


def with_runs(rng: np.random.Generator) -> Floats:
    rr_ms: Floats = 850 + 25 * np.sin(ROWS * 1.5) + rng.normal(0, 20, BEATS)
    for at in np.cumsum(rng.normal(40, 10, 20).astype(int)):
        rr_ms[at : at + rng.integers(3, 6)] = 480 + rng.normal(0, 8)
    return rr_ms


def with_arousals(rng: np.random.Generator) -> Floats:
    rr_ms: Floats = 950 + 15 * np.sin(ROWS * 1.5) + rng.normal(0, 12, BEATS)
    for at in np.cumsum(rng.normal(45, 8, 18).astype(int)):
        size = min(int(rng.integers(8, 16)), max(0, BEATS - at))
        rr_ms[at : at + size] -= 180 * np.hanning(size)
    return rr_ms


def breathing_deeply(
    rng: np.random.Generator, slowest: float = 2, fastest: float = 7
) -> Floats:
    """Breathe evenly, at one rate a minute between these."""
    t_s, rr_ms = 0.0, []
    usual, size, noise = rng.uniform((600, 30, 1), (1100, 160, 8))
    breaths_per_min = rng.uniform(slowest, fastest)
    for _ in ROWS:
        swing = size * np.sin(2 * np.pi * breaths_per_min / 60 * t_s)
        rr_ms.append(usual + swing + rng.normal(0, noise))
        t_s += rr_ms[-1] / 1000
    return np.array(rr_ms)


MADE_UP: Final[dict[str, Heart]] = {
    "quiet": quiet,
    "with a pacemaker": with_a_pacemaker,
    "fibrillating": fibrillating,
    "each fiftieth beat split": with_each_fiftieth_beat_split,
    "with runs": with_runs,
    "with arousals": with_arousals,
    "breathing 2 to 4.5 a minute": partial(breathing_deeply, fastest=4.5),
    "breathing 4.5 to 7 a minute": partial(breathing_deeply, slowest=4.5),
    "quiet, on a strap's ticks": quiet_heart,
    "slow, breathing 6 to 12": slow_heart,
    "breathing unevenly, 4 to 20": uneven_breath,
}


def made_up_rows(seed: int, hearts: int) -> Iterator[Row]:
    for k, (name, heart) in enumerate(MADE_UP.items()):
        chances = (np.random.default_rng([4, seed, k, n]) for n in range(hearts))
        yield Row(f"made up, {name}", map(heart, chances))
    couples = range(FIRST_COUPLE + 1000 * seed, FIRST_COUPLE + 1000 * seed + hearts)
    yield Row("simulator, breathing as they like", map(left_alone, couples))
    yield Row(f"simulator, led at {SLOW_PER_MIN:g} a minute", map(led, couples))


def left_alone(seed: int) -> Floats:
    """Return the intervals of one of a simulated couple whom nobody leads."""
    couple = SimulatedCouple(seed=seed)
    couple.advance(LIVED_S * NS_PER_S)
    return _intervals_ms(couple)


def led(seed: int) -> Floats:
    """Return the intervals of one of a simulated couple led at six a minute."""
    couple = SimulatedCouple(seed=seed)
    period_s = 60 / SLOW_PER_MIN
    for t_s in np.arange(0, LIVED_S, period_s).tolist():
        couple.hear(Breath(t_s=t_s, period_s=period_s, inhale_s=0.4 * period_s))
        couple.advance(int((t_s + period_s) * NS_PER_S))
    return _intervals_ms(couple)


def _intervals_ms(couple: SimulatedCouple) -> Floats:
    one = next(iter(couple.people.values()))
    return 1000 * np.diff(np.array(one.beat_times_s))


# --- the table -----------------------------------------------------------------------


def report(rows: Iterable[Row]) -> Counter[str]:
    """Print how often what is said; return why lists were refused as no ECG."""
    others = Counter[str]()
    for row in rows:
        answers = [told(values) for values in row.lists]
        said = Counter(what for what, _ in answers)
        cells = "".join(f"{said[each]:11}" for each in Told)
        print(f"{row.what:46}{len(answers):6}{cells}", flush=True)
        others.update(
            f"{row.what}: {why}" for what, why in answers if what == Told.REFUSED
        )
    return others


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--stretches", type=int, default=6, metavar="N")
    parser.add_argument("--hearts", type=int, default=40, metavar="N")
    asked = parser.parse_args()
    print(
        f"seed {asked.seed}: lists refused, read with the caution, and without a word"
    )
    print(f"{'':46}{'n':>6}{''.join(f'{each:>11}' for each in Told)}")
    if not DATA.is_dir():
        print(f"no recordings in {DATA}: made-up hearts alone")
    others = report(ecg_rows(asked.seed, asked.stretches))
    others += report(belt_rows(asked.seed))
    others += report(real_rows(asked.seed))
    others += report(made_up_rows(asked.seed, asked.hearts))
    others += report(rate_rows(asked.seed))
    for why, times in others.items():
        print(f"{times} refused otherwise, {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

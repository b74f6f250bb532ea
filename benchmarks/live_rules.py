"""One rule for artefacts on the live path, or several? What each leaves to go by.

    python -m benchmarks.live_rules [--hearts 60]

A heart breathes at six a minute for about six minutes; 3 % of its beats are missed,
made up, or early with or without a pause. The figures that pace, *settled* and possible
flooding go by are taken of its beats as each rule leaves them, against those of the
true beats:

* the answer to each breath (`response_ms`): error as a share of the true answer, and
  how many breaths have none;
* heart rate over exactly one breath (`hr_between`), beats a minute;
* RMSSD over 20 s, as a ratio, of neighbours that are left.

Then possible flooding itself: hearts that breathe at six for twelve minutes and are not
upset, and the same ones upset (15/min more within 20 s, for a minute and a half, the
swing halved), with none, 3 and 10 % of beats wrong. Printed: notices an hour where
nobody is upset, the share of upsets noticed within a minute, and how long after an
upset began that is *told*, which is when the beat that shows it has its label.

Between them, the same hearts with one beat in ten wrong, anywhere, by what leaves the
clock as it was (missed, made up, early with its pause), so that phases can be compared:
how many of the wrong intervals pass, how many of the right ones go, and how far answers
lie off as complex numbers (root mean square, as a share of the mean true answer).

Rules: none; within 20 % of the median of nine around (pace and *settled*, of beats as
sent, before sessions said `by_labels`); within 30 % of the median of the last nine
(flooding, before that); the live cleaner, whose answer comes three beats late
(flooding); and the 20 % asked of what the cleaner accepts (pace and *settled*).
"""

import argparse
import math
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.as_live import Labelled
from benchmarks.quiet_hearts import breath, on_ticks, places, slow_waves
from coreg.exercises.pacing.response import plausible, response_ms
from coreg.exercises.states.flooding import FloodingWatch, hr_between

Array = NDArray[np.float64]
BEATS = 400
PERIOD_S = 10.0
RMSSD_S = 20.0
SHARE = 0.03
MANY = 0.1
SHARES = (0.0, 0.03, 0.1)
UPSET_S, UPSET_FOR_S, SEEN_WITHIN_S = 420.0, 90.0, 60.0
UPSET_BPM = 15.0
LONG_S = 720.0


class Heard(NamedTuple):
    """A beat as a rule leaves it: `nn_ms` is NaN if rejected, `known_s` when."""

    t_s: float
    nn_ms: float
    known_s: float


Rule = Callable[[Array, Array], list[Heard]]


def true_heart(rng: np.random.Generator) -> Array:
    """50-85 beats a minute, a swing of 4-30 % with six breaths a minute."""
    mean_ms = rng.uniform(700, 1200)
    per_beat = mean_ms / 1000 / PERIOD_S
    swing = rng.uniform(0.02, 0.15) * breath(BEATS, per_beat, rng)
    noise = rng.normal(0, rng.uniform(3, 15), BEATS)
    return on_ticks(mean_ms * (1 + swing) + noise + 15 * slow_waves(BEATS, rng))


def disturbed(rr_ms: Array, at: set[int], rng: np.random.Generator) -> Array:
    """Return what a strap sends of it; the clock goes on as it did, but for resets."""
    out: list[float] = []
    i = 0
    while i < rr_ms.size:
        rr = float(rr_ms[i])
        if i not in at:
            out.append(rr)
            i += 1
            continue
        match int(rng.integers(4)):
            case 0:
                out.append(rr + float(rr_ms[i + 1]))
                i += 1
            case 1:
                part = rng.uniform(0.25, 0.75)
                out += [part * rr, (1 - part) * rr]
            case 2:
                early = rng.uniform(0.1, 0.35) * rr
                out += [rr - early, float(rr_ms[i + 1]) + early]
                i += 1
            case _:
                out.append(rr * (1 - rng.uniform(0.1, 0.25)))
        i += 1
    return on_ticks(np.array(out))


def left(t_s: Array, rr_ms: Array, kept: NDArray[np.bool_], wait: int) -> list[Heard]:
    """Return the beats of a mask that is known so many beats late."""
    nn_ms = np.where(kept, rr_ms, np.nan)
    known_s = np.concatenate((t_s[wait:], np.full(wait, t_s[-1])))
    rows = zip(t_s.tolist(), nn_ms.tolist(), known_s.tolist(), strict=True)
    return [Heard(*row) for row in rows]


def none(t_s: Array, rr_ms: Array) -> list[Heard]:
    return left(t_s, rr_ms, np.ones(rr_ms.size, dtype=np.bool_), 0)


def around_nine(t_s: Array, rr_ms: Array) -> list[Heard]:
    around = np.lib.stride_tricks.sliding_window_view(np.pad(rr_ms, 4, mode="edge"), 9)
    usual_ms = np.median(around, axis=1)
    return left(t_s, rr_ms, np.abs(rr_ms - usual_ms) < 0.2 * usual_ms, 4)


def last_nine(t_s: Array, rr_ms: Array) -> list[Heard]:
    usual = [float(np.median(rr_ms[max(0, i - 8) : i + 1])) for i in range(rr_ms.size)]
    return left(t_s, rr_ms, np.abs(rr_ms - usual) <= 0.3 * np.array(usual), 0)


def cleaner(t_s: Array, rr_ms: Array) -> list[Heard]:
    heart, said = Labelled(), list[Heard]()
    for at_s, rr in zip(t_s.tolist(), rr_ms.tolist(), strict=True):
        said += [Heard(each.t_s, each.nn_ms, at_s) for each in heart.feed(at_s, rr)]
    last_s = float(t_s[-1])
    return [*said, *(Heard(each.t_s, each.nn_ms, last_s) for each in heart.flush())]


def cleaner_and_fifth(t_s: Array, rr_ms: Array) -> list[Heard]:
    heard = cleaner(t_s, rr_ms)
    nn_ms = np.array([each.nn_ms for each in heard])
    number = np.arange(nn_ms.size, dtype=np.float64)
    kept = set(plausible(number, nn_ms)[0].astype(int).tolist())
    return [
        each if i in kept else each._replace(nn_ms=math.nan)
        for i, each in enumerate(heard)
    ]


RULES: dict[str, Rule] = {
    "none": none,
    "20 % of nine around": around_nine,
    "30 % of the last nine": last_nine,
    "live cleaner": cleaner,
    "cleaner, then 20 %": cleaner_and_fifth,
}


def rmssd(t_s: Array, rr_ms: Array, until_s: float) -> float:
    """RMSSD of the last `RMSSD_S`, of beats that followed one another."""
    adjacent = np.diff(t_s) - rr_ms[1:] / 1000 < 0.5
    steps = np.diff(rr_ms)[
        adjacent & (t_s[1:] > until_s - RMSSD_S) & (t_s[1:] <= until_s)
    ]
    return math.sqrt(float(np.mean(steps**2))) if steps.size >= 8 else math.nan


def figures(heard: list[Heard], starts_s: Array) -> tuple[Array, Array, Array]:
    """Answer, heart rate and RMSSD at each breath."""
    beats = np.array([(each.t_s, each.nn_ms) for each in heard])
    t_s, nn_ms = beats[np.isfinite(beats[:, 1])].T
    answers, rates, spreads = [], [], []
    for start_s in starts_s.tolist():
        end_s = start_s + PERIOD_S
        answers.append(response_ms(t_s, nn_ms, start_s, PERIOD_S))
        over = hr_between(heard, from_s=start_s, until_s=end_s)
        rates.append(over.hr_bpm if over.share >= 0.6 else math.nan)
        spreads.append(rmssd(t_s, nn_ms, end_s))
    return np.array(answers), np.array(rates), np.array(spreads)


def spoiled(rr_ms: Array, rng: np.random.Generator) -> tuple[Array, Array, list[bool]]:
    """Return times and intervals with one beat in ten wrong, and which are right."""
    true_s = np.cumsum(rr_ms) / 1000
    sent_s, right, was_right = [float(true_s[0])], [True], True
    for at_s in true_s[1:].tolist():
        what, where = rng.random(2)
        if len(sent_s) < 25 or what >= MANY:
            sent_s.append(at_s)
            right.append(was_right)
            was_right = True
        elif where < 0.4:
            was_right = False
        elif where < 0.7:
            sent_s += [sent_s[-1] + where * (at_s - sent_s[-1]), at_s]
            right += [False, False]
            was_right = True
        else:
            sent_s.append(at_s - 0.3 * (at_s - sent_s[-1]))
            right.append(False)
            was_right = False
    t_s = np.array(sent_s)
    return t_s, on_ticks(1000 * np.diff(t_s, prepend=0)), right


def answers_table(hearts: int, seed: int) -> None:
    """Print what each rule lets pass and what becomes of answers, one in ten wrong."""
    print(f"\none beat in ten wrong, {hearts} hearts")
    print(f"{'':24}{'wrong pass':>18}{'right go':>18}{'answer off':>18}{'none':>18}")
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in RULES}
    for number in range(hearts):
        rng = np.random.default_rng([11, seed, number])
        true_ms = true_heart(rng)
        true_s = np.cumsum(true_ms) / 1000
        t_s, rr_ms, right = spoiled(true_ms, rng)
        starts_s = np.arange(40.0, true_s[-1] - 20, PERIOD_S)
        truth = figures(none(true_s, true_ms), starts_s)[0]
        for name, rule in RULES.items():
            heard = rule(t_s, rr_ms)
            kept = np.isfinite([each.nn_ms for each in heard])
            found = figures(heard, starts_s)[0]
            off = np.abs(found - truth)
            rows[name].append(
                (
                    float(kept[~np.array(right)].mean()),
                    float(1 - kept[right].mean()),
                    math.sqrt(float(np.nanmean(off**2))) / float(np.abs(truth).mean()),
                    float(np.isnan(found).mean()),
                )
            )
    for name, of in rows.items():
        cells = (mean(list(column), 3) for column in zip(*of, strict=True))
        print(f"{name:24}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def long_heart(rng: np.random.Generator, upset_bpm: float) -> Array:
    """Twelve minutes of a heart, upset from `UPSET_S` on: the same draws either way."""
    beats = 4 * BEATS
    rest_bpm = rng.uniform(52, 85)
    swing_ms, noise_ms = rng.uniform(20, 100), rng.uniform(3, 15)
    noise = rng.normal(0, noise_ms, beats)
    waves = 15 * slow_waves(beats, rng)
    ramp_s = (UPSET_S, UPSET_S + 20, UPSET_S + UPSET_FOR_S, UPSET_S + UPSET_FOR_S + 20)
    t_s, out = 0.0, list[float]()
    for i in range(beats):
        if t_s > LONG_S:
            break
        above = float(np.interp(t_s, ramp_s, (0, upset_bpm, upset_bpm, 0)))
        swing = (1 - above / 30) * swing_ms * math.sin(2 * math.pi * t_s / PERIOD_S)
        calm_ms = 60_000 / rest_bpm + swing + noise[i] + waves[i]
        out.append(60_000 / (60_000 / calm_ms + above))
        t_s += out[-1] / 1000
    return on_ticks(np.array(out))


def notices_s(heard: list[Heard], rest_bpm: float) -> list[float]:
    """Return when possible flooding is told."""
    watch, told = FloodingWatch(rest_bpm=rest_bpm), list[float]()
    breaths = iter(np.arange(0.0, LONG_S, PERIOD_S).tolist())
    next_s = next(breaths)
    for beat in heard:
        while next_s <= beat.t_s:
            watch.breathe(next_s, PERIOD_S)
            next_s = next(breaths, math.inf)
        watch.beat(beat.t_s, beat.nn_ms)
        if len(watch.spans) > len(told):
            told.append(beat.known_s)
    return told


def mean(values: list[float], digits: int = 2) -> str:
    of = np.array(values)
    known = of[np.isfinite(of)]
    error = known.std(ddof=1) / math.sqrt(known.size)
    return f"{known.mean():9.{digits}f} ±{error:6.{digits}f}"


def flooding_table(hearts: int, seed: int) -> None:
    """Print how often each rule has a notice, and how soon a true one is told."""
    print(f"\npossible flooding of {hearts} hearts, and of the same upset")
    print(f"{'':24}{'':8}{'false, an hour':>18}{'seen':>18}{'told after, s':>18}")
    for share in SHARES:
        false: dict[str, list[float]] = {name: [] for name in RULES}
        seen: dict[str, list[float]] = {name: [] for name in RULES}
        after: dict[str, list[float]] = {name: [] for name in RULES}
        for number in range(hearts):
            for upset_bpm in (0.0, UPSET_BPM):
                rng = np.random.default_rng([7, seed, number])
                true_ms = long_heart(rng, upset_bpm)
                rest_bpm = float(60_000 / np.median(true_ms[:60]))
                anywhere = rng.random(true_ms.size - 35) < share
                at = set((25 + np.flatnonzero(anywhere)).tolist())
                sent_ms = disturbed(true_ms, at, rng)
                sent_s = np.cumsum(sent_ms) / 1000
                for name, rule in RULES.items():
                    told_s = notices_s(rule(sent_s, sent_ms), rest_bpm)
                    if not upset_bpm:
                        false[name].append(3600 * len(told_s) / LONG_S)
                        continue
                    since_s = [s - UPSET_S for s in told_s if s >= UPSET_S]
                    is_seen = bool(since_s) and since_s[0] <= SEEN_WITHIN_S
                    seen[name].append(float(is_seen))
                    after[name].append(since_s[0] if is_seen else math.nan)
        for name in RULES:
            cells = mean(false[name]), mean(seen[name], 3), mean(after[name], 1)
            row = "".join(f"{cell:>18}" for cell in cells)
            print(f"{name:24}{100 * share:4.0f} %  {row}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hearts", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in RULES}
    for number in range(asked.hearts):
        rng = np.random.default_rng([6, asked.seed, number])
        true_ms = true_heart(rng)
        at = set(places(true_ms.size, round(SHARE * true_ms.size), rng))
        sent_ms = disturbed(true_ms, at, rng)
        true_s, sent_s = np.cumsum(true_ms) / 1000, np.cumsum(sent_ms) / 1000
        starts_s = np.arange(40.0, min(true_s[-1], sent_s[-1]) - 20, PERIOD_S)
        truth = figures(none(true_s, true_ms), starts_s)
        for name, rule in RULES.items():
            found = figures(rule(sent_s, sent_ms), starts_s)
            unknown = np.isnan(found[0])
            off = np.abs(np.abs(found[0]) - np.abs(truth[0])) / np.abs(truth[0])
            ratio = np.abs(found[2] / truth[2] - 1)
            rows[name].append(
                (
                    float(np.nanmean(off)),
                    float(unknown.mean()),
                    float(np.nanmean(np.abs(found[1] - truth[1]))),
                    float(np.nanmean(ratio)),
                    float(np.isnan(found[2]).mean()),
                )
            )
    print(f"mean over {asked.hearts} hearts, and its standard error")
    print(
        f"{'':24}{'answer off':>16}{'no answer':>16}{'rate off, /min':>16}"
        f"{'RMSSD off':>16}{'no RMSSD':>16}"
    )
    for name, of in rows.items():
        table = np.array(of)
        se = table.std(axis=0, ddof=1) / math.sqrt(len(of))
        cells = zip(table.mean(axis=0), se, strict=True)
        print(f"{name:24}" + "".join(f"{m:9.3f} ±{s:5.3f}" for m, s in cells))
    answers_table(asked.hearts, asked.seed)
    flooding_table(asked.hearts, asked.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How often is a heart said to have followed the breath, and is it so?

    python -m benchmarks.followed [COUPLES]

A log of eight minutes of breaths is led by the product's own pacer: *six* with the
glide before it; *later*, when the glide is over; and *found*, the pace looked for by
both hearts of a simulated couple. Against them:

* real hearts never paced: recordings beside the repository, in pieces of eight
  minutes, each against four logs; nothing in them can follow. The same people come
  often, so the error is that of people, not of pieces.
* simulated hearts that follow no breath, three in ten, half, or as people do.

What is said of a heart by three tests at .05, the share of those hearts:

* *Rayleigh*: locking² times breaths beyond -ln .05, which takes breaths as independent.
* *moved*: the whole log moved in time by 30 s and more, 99 times, end to beginning.
* *now*: the log run a little slower and faster (`chance_of_step`).

And *too few*: nothing is said, for want of breaths. Without the recordings, the
simulated ones alone.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.as_live import LivePacer
from benchmarks.real_strangers import heart, recordings
from coreg.analysis.crosscorrelation import GRID_RATE_HZ, instantaneous_hr_bpm
from coreg.analysis.phase_locking import FEWEST_ANSWERS, adherence, chance_of_step
from coreg.analysis.surrogates import p_value
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.pacing.pace_limits import FASTEST_BY_THERAPIST_PER_MIN
from coreg.exercises.pacing.response import responses_ms
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.events import NS_PER_S, Breath, Partner
from coreg.findings.timeline import PacedBreaths
from coreg.findings.together import pacer_at
from coreg.sensors.simulation.couple import SimulatedCouple, draw_traits

Floats = NDArray[np.float64]

BREATHING_S = 480.0
BEGINS_S = 20.0
AFTER_S = 15.0
LOGS, LOGS_EACH = 12, 4
FIRST_SEED, FIRST_LOG_SEED = 100, 700
SHARES = (0.0, 0.3, 0.5, None)
_NO_GAPS = np.empty((0, 2))
_RAYLEIGH = 2.996


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What each test says of one heart."""

    who: str
    rayleigh: bool
    moved: bool
    now: bool
    too_few: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """How the breath is led, and how much of its beginning does not count."""

    name: str
    new: Callable[[], SharedPacer]
    left_out_s: float = 0.0


KINDS = (
    Led(name="six", new=SharedPacer.steady),
    Led(name="six, later", new=SharedPacer.steady, left_out_s=120.0),
    Led(name="found", new=SharedPacer.finding),
)


def couple_of(seed: int, share: float | None) -> SimulatedCouple:
    """Return a couple who follow this share of the breaths; None: as they are drawn."""
    traits = draw_traits(seed)
    if share is not None:
        for partner, person in traits.items():
            breath = replace(person.body.breath, adherence=share)
            traits[partner] = replace(person, body=replace(person.body, breath=breath))
    return SimulatedCouple(seed=seed, traits=traits)


def breathed(couple: SimulatedCouple, led: Led) -> PacedBreaths:
    """Lead a couple's breath, and return the log of what counts of it."""
    pacer = LivePacer(led.new())
    t_s, rates, starts_s = BEGINS_S, list[float](), list[float]()
    heard = dict.fromkeys(Partner, 1)
    couple.advance(int(t_s * NS_PER_S))
    while t_s < BEGINS_S + led.left_out_s + BREATHING_S:
        for partner in Partner:
            beats_s = couple.people[partner].beat_times_s
            for before_s, beat_s in zip(
                beats_s[heard[partner] - 1 :], beats_s[heard[partner] :], strict=False
            ):
                pacer.observe(partner, beat_s, 1000 * (beat_s - before_s))
            heard[partner] = len(beats_s)
        rate = pacer.rate_per_min(t_s)
        period_s = 60 / rate
        inhale_s = InOut.LONGER_OUT.inhale_share * period_s
        couple.hear(Breath(t_s=t_s, period_s=period_s, inhale_s=inhale_s))
        rates.append(rate)
        starts_s.append(t_s)
        t_s += period_s
        couple.advance(int(t_s * NS_PER_S))
    couple.advance(int((t_s + AFTER_S) * NS_PER_S))
    counts = np.array(starts_s) >= BEGINS_S + led.left_out_s
    start_s, rate_per_min = np.array(starts_s)[counts], np.array(rates)[counts]
    return PacedBreaths(
        start_s=start_s,
        end_s=start_s + 60 / rate_per_min,
        breaths_per_min=rate_per_min,
    )


def from_the_start(log: PacedBreaths) -> PacedBreaths:
    """Return the same log, as if nothing had gone before it."""
    earlier_s = log.start_s[0] - BEGINS_S
    return replace(log, start_s=log.start_s - earlier_s, end_s=log.end_s - earlier_s)


def said(who: str, beat_t_s: Floats, nn_ms: Floats, log: PacedBreaths) -> Said:
    """Return what each test says of a heart beside this log."""
    grid_s = np.arange(log.start_s[0], log.end_s[-1], 1 / GRID_RATE_HZ)
    ln_hr = np.log(instantaneous_hr_bpm(beat_t_s, nn_ms, _NO_GAPS, grid_s))
    phase_rad = pacer_at(log, grid_s).phase_rad
    of = adherence(ln_hr, phase_rad, GRID_RATE_HZ)
    away = np.linspace(30 * GRID_RATE_HZ, grid_s.size - 30 * GRID_RATE_HZ, 99)
    # A turn of the log keeps its rhythm; the phase has to go on where it begins anew.
    steps_rad = np.diff(phase_rad, append=2 * phase_rad[-1] - phase_rad[-2])
    turned = [
        adherence(ln_hr, np.cumsum(np.roll(steps_rad, int(by))), GRID_RATE_HZ).locking
        for by in away
    ]
    known = np.isfinite(nn_ms)
    slow = log.breaths_per_min <= FASTEST_BY_THERAPIST_PER_MIN
    answers_ms = responses_ms(
        beat_t_s[known],
        nn_ms[known],
        log.start_s[slow],
        60 / log.breaths_per_min[slow],
    )
    return Said(
        who=who,
        rayleigh=of.locking**2 * of.breaths > _RAYLEIGH,
        moved=p_value(of.locking, np.array(turned)) <= 0.05,
        now=chance_of_step(answers_ms) <= 0.05,
        too_few=int(np.isfinite(answers_ms).sum()) < FEWEST_ANSWERS,
    )


def never_paced(logs: list[PacedBreaths]) -> Iterator[Said]:
    """Yield what is said of real hearts, of which none was paced."""
    number = 0
    for person, rr_s in recordings():
        t_s = np.cumsum(rr_s)
        piece_s = BEGINS_S + BREATHING_S + 2 * AFTER_S
        for start_s in np.arange(0.0, t_s[-1] - piece_s, piece_s):
            inside = (t_s >= start_s) & (t_s < start_s + piece_s)
            heard = heart(rr_s[inside])
            for _ in range(LOGS_EACH):
                log = logs[number % len(logs)]
                number += 1
                yield said(person, heard.beat_t_s, heard.nn_ms, log)


def simulated(share: float | None, couples: int, led: Led) -> Iterator[Said]:
    """Yield what is said of hearts that follow this share of the breaths."""
    for seed in range(FIRST_SEED, FIRST_SEED + couples):
        couple = couple_of(seed, share)
        log = breathed(couple, led)
        for partner in Partner:
            beats_s = np.array(couple.people[partner].beat_times_s)
            nn_ms = 1000 * np.diff(beats_s)
            yield said(f"{seed} {partner}", beats_s[1:], nn_ms, log)


def share_of(all_said: list[Said], what: str) -> str:
    """Return a share with the standard error of the people's shares."""
    people = sorted({each.who for each in all_said})
    values = np.array([getattr(each, what) for each in all_said], dtype=np.float64)
    of = np.array([each.who for each in all_said])
    sums = np.array([(values - values.mean())[of == who].sum() for who in people])
    error = np.sqrt(np.sum(sums**2)) / values.size
    return f"{values.mean():5.3f} ±{error:5.3f}"


def line(name: str, all_said: list[Said]) -> str:
    people = len({each.who for each in all_said})
    cells = [f"{name:28}{len(all_said):5}{people:5}"]
    cells += [share_of(all_said, each) for each in ("rayleigh", "moved", "now")]
    return "  ".join([*cells, f"{np.mean([each.too_few for each in all_said]):5.3f}"])


def main(couples: int) -> None:
    print("log, hearts                      n  who  Rayleigh      moved         now")
    for led in KINDS:
        seeds = range(FIRST_LOG_SEED, FIRST_LOG_SEED + LOGS)
        logs = [from_the_start(breathed(couple_of(seed, None), led)) for seed in seeds]
        real = list(never_paced(logs))
        if real:
            print(line(f"{led.name}, real, never paced", real), flush=True)
        for share in SHARES:
            name = "as people do" if share is None else f"{share:.0%} of breaths"
            done = list(simulated(share, couples, led))
            print(line(f"{led.name}, {name}", done), flush=True)


if __name__ == "__main__":
    main(*[int(each) for each in sys.argv[1:]] or [60])

"""Other couples than the acceptance benchmark's: is synchrony called only where it is?

    python -m benchmarks.other_couples [--couples N] [--first SEED] [--rows NAME ...]

Evenings of 2 + 8 + 6 minutes (arriving, one paced breath, rest), n couples a row. What
is meant differently here than in the shared generator, so that nothing is tuned to it:

* slow waves are sums of relaxations an octave apart (their weights give the slope of
  the spectrum), not noise cut in a band;
* a breath is drawn after a breath, each of its own length and depth, and moves the
  heart while it lasts; some breaths are sighs;
* beats come from a renewal process (inverse Gaussian) whose mean follows all that;
* coupling is a driver that both share beside their own, not a mixture of A into B.

Three kinds of rows. *Nothing shared*: a call is false. *Shared, not coupled*: something
in the room moved both; a couple must not read of hearts that moved together, or must be
told why. *Coupled*: how much is found.

Printed for each row: the share of evenings with p < .05 in heart rate over the whole
evening, in the swing with the breath, in either (Holm); in which a part is told alike
or opposite (Holm over parts); and standard errors at .05 and .5.
"""

import argparse
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coreg.analysis.cleaning import clean
from coreg.analysis.session_regressors import Pacer
from coreg.analysis.synchrony import Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart

Floats = NDArray[np.float64]

GRID_HZ = 4.0
ARRIVE_S, BREATHE_S, REST_S = 120.0, 480.0, 360.0
END_S = ARRIVE_S + BREATHE_S + REST_S
PHASES = (
    Phase(name="arrive", start_s=0.0, end_s=ARRIVE_S),
    Phase(name="breathe", start_s=ARRIVE_S, end_s=ARRIVE_S + BREATHE_S),
    Phase(name="rest", start_s=ARRIVE_S + BREATHE_S, end_s=END_S),
)
SURROGATES = 499
TOLD = 0.05
REST_FROM_S = ARRIVE_S + BREATHE_S
T_S: Floats = np.arange(0.0, END_S + 10.0, 1 / GRID_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What an evening of this row is like.

    `coupling` is the share of variance of slow waves that a common driver has;
    `share_of_time` how much of the evening it is there; `lag_s` how much later B shows
    it; `slowest_only` couples nothing faster than .02 Hz. `room` adds to both hearts
    what happens in the room. `lost`, `ectopic` are shares of beats.
    """

    coupling: float = 0.0
    lag_s: tuple[float, float] = (0.0, 1.0)
    share_of_time: float = 1.0
    slowest_only: bool = False
    slope: tuple[float, float] = (0.6, 1.4)
    is_quiet: bool = False
    bursts: float = 0.0
    lost: float = 0.0
    ectopic: float = 0.003
    room: tuple["Happening", ...] = field(default=())


Happening = Callable[[np.random.Generator], tuple[Floats, Floats]]


def answer_of(rng: np.random.Generator, at_s: Sequence[float], bpm: float) -> Floats:
    """How one heart answers what happens at these times: up, then back, its own way."""
    wave = np.zeros(T_S.size)
    size, late_s = rng.lognormal(math.log(bpm), 0.35), rng.uniform(0.5, 2.0)
    rise_s, fall_s = rng.uniform(1.5, 3.0), rng.uniform(6.0, 14.0)
    for each_s in at_s:
        since = np.maximum(T_S - each_s - late_s, 0.0)
        shape = np.exp(-since / fall_s) - np.exp(-since / rise_s)
        wave += size * rng.uniform(0.7, 1.3) * shape / 0.55
    return wave


def both_answer(
    times: Callable[[np.random.Generator], list[float]], bpm: float
) -> Happening:
    def happening(rng: np.random.Generator) -> tuple[Floats, Floats]:
        at_s = times(rng)
        return answer_of(rng, at_s, bpm), answer_of(rng, at_s, bpm)

    return happening


def at_random(count: int) -> Callable[[np.random.Generator], list[float]]:
    return lambda rng: sorted(rng.uniform(20.0, END_S - 20.0, count).tolist())


def talk_in_turns(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Who speaks has the faster heart; in the rest they speak in turns of 8 to 30 s."""
    speaking = np.zeros((2, T_S.size))
    now_s, who = REST_FROM_S + rng.uniform(5, 20), 0
    while now_s < END_S:
        for_s = rng.uniform(8.0, 30.0)
        inside = (now_s <= T_S) & (now_s + for_s > T_S)
        speaking[who, inside] = 1.0
        now_s, who = now_s + for_s + rng.exponential(2.0), 1 - who
    a, b = (_eased(each, 3.0) * rng.normal(5.0, 1.5) for each in speaking)
    return a, b


def phrased_sound(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Music with a phrase of about half a minute moves both a little, all evening."""
    period_s = rng.uniform(26.0, 34.0)
    phrase = 2 * np.pi * T_S / period_s + rng.uniform(0, 2 * np.pi)
    a, b = (
        rng.uniform(0.6, 1.6) * np.sin(phrase - rng.normal(0.6, 0.3)) for _ in range(2)
    )
    return a, b


def relaxing_trend(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Both settle, each in their own time."""
    a, b = (
        rng.uniform(4.0, 9.0) * np.exp(-T_S / rng.uniform(120, 400)) for _ in range(2)
    )
    return a, b


NOTHING = {
    "usual": Kind(),
    "steep waves (1/f^2)": Kind(slope=(1.8, 2.0)),
    "flat waves": Kind(slope=(0.0, 0.2)),
    "bursts": Kind(bursts=0.8),
    "quiet hearts": Kind(is_quiet=True),
    "20 % lost": Kind(lost=0.2),
    "ectopy 8 %": Kind(ectopic=0.08),
}
ROOM = {
    "both relax": Kind(room=(relaxing_trend,)),
    "one bell": Kind(room=(both_answer(lambda _: [REST_FROM_S], 4.0),)),
    "three bells": Kind(
        room=(both_answer(lambda _: [ARRIVE_S, REST_FROM_S, END_S - 60.0], 4.0),)
    ),
    "seats, twice": Kind(room=(both_answer(at_random(2), 12.0),)),
    "five coughs": Kind(room=(both_answer(at_random(5), 7.0),)),
    "talk in turns": Kind(room=(talk_in_turns,)),
    "phrased sound": Kind(room=(phrased_sound,)),
}
COUPLED = {
    **{f"coupled {k}": Kind(coupling=k) for k in (0.2, 0.3, 0.4, 0.5)},
    "coupled .5, 4-8 s": Kind(coupling=0.5, lag_s=(4.0, 8.0)),
    "coupled .5, below .02 Hz": Kind(coupling=0.5, slowest_only=True),
    "coupled .8, 30 % of the time": Kind(coupling=0.8, share_of_time=0.3),
    "coupled .5, 20 % lost": Kind(coupling=0.5, lost=0.2),
    "coupled .5, ectopy 8 %": Kind(coupling=0.5, ectopic=0.08),
}
ROWS = NOTHING | ROOM | COUPLED


def _eased(x: Floats, tau_s: float) -> Floats:
    """A first-order lag, as bodies follow what begins and ends at once."""
    keep = math.exp(-1 / (GRID_HZ * tau_s))
    out = np.empty(x.size)
    now = x[0]
    for at, value in enumerate(x.tolist()):
        now = keep * now + (1 - keep) * value
        out[at] = now
    return out


def slow_waves(
    rng: np.random.Generator, slope: float, fastest_tau_s: float = 2.0
) -> Floats:
    """Relaxations an octave apart, of unit variance together; steeper, slower."""
    taus_s = fastest_tau_s * 2.0 ** np.arange(0, 8)
    weights = taus_s ** ((slope - 1) / 2)
    wave = np.zeros(T_S.size)
    for tau_s, weight in zip(taus_s, weights, strict=True):
        keep = math.exp(-1 / (GRID_HZ * tau_s))
        drive = rng.standard_normal(T_S.size) * math.sqrt(1 - keep * keep)
        level = rng.standard_normal()
        part = np.empty(T_S.size)
        for at, each in enumerate(drive.tolist()):
            level = keep * level + each
            part[at] = level
        wave += weight * part
    wave /= math.sqrt(float(np.sum(weights**2)))
    return wave


def breaths(rng: np.random.Generator, pacer: Pacer) -> tuple[Floats, Floats]:
    """Phase (turns) and depth of one person's breath, drawn after one another."""
    phase, depth = np.zeros(T_S.size), np.zeros(T_S.size)
    own_s, late_s = rng.uniform(3.2, 5.5), rng.uniform(0.3, 1.5)
    now_s, turns = 0.0, 0
    while now_s < T_S[-1]:
        is_paced = ARRIVE_S <= now_s - late_s < REST_FROM_S
        if is_paced:
            rate = np.interp(now_s, pacer.t_s, pacer.rate_hz)
            ahead = np.interp(now_s - late_s, pacer.t_s, pacer.phase_rad) / (2 * np.pi)
            slip = (ahead + 0.5) % 1.0 - 0.5  # how far the pacer is in its own breath
            for_s = float((1 - 0.7 * slip) / rate) * rng.lognormal(0, 0.06)
            deep = rng.lognormal(math.log(2.2), 0.15)
        else:
            for_s = own_s * rng.lognormal(0, 0.18)
            deep = rng.lognormal(0, 0.3) * (2.5 if rng.random() < 0.02 else 1.0)
        inside = (now_s <= T_S) & (now_s + for_s > T_S)
        phase[inside] = turns + (T_S[inside] - now_s) / for_s
        depth[inside] = deep
        now_s, turns = now_s + for_s, turns + 1
    return phase, depth


def shared_driver(rng: np.random.Generator, kind: Kind) -> tuple[Floats, Floats]:
    """The common waves, when they are there, and how much of variance they have."""
    slope = rng.uniform(*kind.slope)
    fastest_s = 8.0 if kind.slowest_only else 2.0
    wave = slow_waves(rng, slope, fastest_s)
    there = np.ones(T_S.size)
    if kind.share_of_time < 1:
        sleepy = _eased(rng.standard_normal(T_S.size), 25.0)
        there = (sleepy > np.quantile(sleepy, 1 - kind.share_of_time)).astype(float)
        there = _eased(there, 4.0)
    return wave, kind.coupling * there


def evening_pacer(rng: np.random.Generator) -> Pacer:
    """Near six a minute, a new pace every 50 s or so; sometimes six throughout."""
    is_on = (T_S >= ARRIVE_S) & (T_S < REST_FROM_S)
    rate_hz = np.full(T_S.size, 0.1)
    if rng.random() < 0.5:
        now_s, level = ARRIVE_S, rng.uniform(0.085, 0.115)
        while now_s < REST_FROM_S:
            for_s = rng.uniform(35.0, 70.0)
            rate_hz[(now_s <= T_S) & (now_s + for_s > T_S)] = level
            level = float(np.clip(level + rng.normal(0, 0.006), 0.075, 0.125))
            now_s += for_s
    phase_rad = 2 * np.pi * np.cumsum(np.where(is_on, rate_hz, 0.0)) / GRID_HZ
    return Pacer(t_s=T_S, rate_hz=rate_hz, phase_rad=phase_rad, is_on=is_on)


def evening(kind: Kind, seed: int) -> tuple[tuple[ComparedHeart, ComparedHeart], Pacer]:
    """Draw one evening; the same kind and seed give the same beats."""
    rng = np.random.default_rng([seed, 20261201])
    pacer = evening_pacer(rng)
    common, share = shared_driver(rng, kind)
    rooms = [each(rng) for each in kind.room]
    lag_s = rng.uniform(*kind.lag_s)
    hearts = []
    for person in range(2):
        own = slow_waves(rng, rng.uniform(*kind.slope))
        late = np.interp(T_S - (lag_s if person else 0.0), T_S, common)
        waves = np.sqrt(share) * late + np.sqrt(1 - share) * own
        if kind.bursts:
            swell = np.exp(kind.bursts * slow_waves(rng, 1.5, 20.0))
            waves = waves * swell / math.sqrt(float(np.mean(swell**2)))
        in_room = sum((each[person] for each in rooms), np.zeros(T_S.size))
        hearts.append(_heart(rng, kind, pacer, waves, in_room))
    return (hearts[0], hearts[1]), pacer


def _heart(
    rng: np.random.Generator, kind: Kind, pacer: Pacer, waves: Floats, room: Floats
) -> ComparedHeart:
    phase, depth = breaths(rng, pacer)
    small = 0.35 if kind.is_quiet else 1.0
    slow = small * rng.lognormal(math.log(2.2), 0.3) * waves
    swing = small * rng.lognormal(math.log(1.6), 0.45) * depth
    answered = (pacer.rate_hz - 0.1) * rng.normal(60, 20) * pacer.is_on
    onset = answer_of(rng, [ARRIVE_S, REST_FROM_S], 2.0) * rng.choice([-1.0, 1.0])
    bpm = rng.uniform(56, 84) + slow + room + _eased(answered, 8.0) + onset
    bpm = bpm + swing * np.sin(2 * np.pi * phase - rng.normal(0.8, 0.3))
    return _worn(rng, kind, beats(rng, np.clip(bpm, 38.0, 150.0)))


def beats(rng: np.random.Generator, bpm: Floats) -> Floats:
    """Beats whose next interval is inverse Gaussian about what the rate asks for."""
    t_s, at = [], 0.3
    spread = rng.uniform(0.004, 0.012)
    while at < END_S:
        t_s.append(at)
        mean_s = 60.0 / bpm[min(int(at * GRID_HZ), bpm.size - 1)]
        at += rng.wald(mean_s, mean_s / spread**2)
    return np.array(t_s)


def _worn(rng: np.random.Generator, kind: Kind, beat_t_s: Floats) -> ComparedHeart:
    """What a strap hears of it, cleaned: early beats, stretches that are lost."""
    rr_ms = 1000 * np.diff(beat_t_s)
    early = rng.random(rr_ms.size - 1) < kind.ectopic
    by = rng.uniform(0.2, 0.4, early.sum()) * rr_ms[:-1][early]
    rr_ms[:-1][early] -= by
    rr_ms[1:][early] += by
    t_s = beat_t_s[1:].copy()
    t_s[:-1][early] -= by / 1000
    gaps: list[tuple[float, float]] = []
    while sum(high - low for low, high in gaps) < kind.lost * END_S:
        low = rng.uniform(10, END_S - 30)
        gaps.append((low, low + rng.uniform(3.0, 15.0)))
    gaps_s = merged(gaps)
    heard = np.ones(t_s.size, dtype=np.bool_)
    for low, high in gaps_s:
        heard &= (t_s < low) | (t_s - rr_ms / 1000 > high)
    t_s, rr_ms = t_s[heard], rr_ms[heard]
    nn_ms = clean(np.round(rr_ms * 1.024) / 1.024, t_s).nn_ms
    return ComparedHeart(beat_t_s=t_s, nn_ms=nn_ms, gaps_s=gaps_s)


def merged(spans: list[tuple[float, float]]) -> Floats:
    """Spans that touch as one, in order; shape (n, 2)."""
    out: list[list[float]] = []
    for low, high in sorted(spans):
        if out and low <= out[-1][1]:
            out[-1][1] = max(high, out[-1][1])
        else:
            out.append([low, high])
    return np.array(out).reshape(-1, 2)


def told(given: tuple[str, int]) -> tuple[bool, ...]:
    """What is told of one evening, in the order of `COLUMNS`."""
    name, seed = given
    (a, b), pacer = evening(ROWS[name], seed)
    found = synchrony(
        a, b, phases=PHASES, pacer=pacer, surrogates=SURROGATES, seed=seed
    )
    parts = [each for each in found.per_phase if each.p_hr_holm < TOLD]
    return (
        found.p_hr < TOLD,
        found.p_rsa < TOLD,
        found.p_any < TOLD,
        any(each.hr.r > 0 for each in parts),
        any(each.hr.r < 0 for each in parts),
    )


COLUMNS = ("heart rate", "swing", "either", "a part alike", "a part opposite")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--couples", type=int, default=200)
    parser.add_argument("--first", type=int, default=70_000)
    parser.add_argument("--rows", nargs="*", default=list(ROWS), choices=list(ROWS))
    given = parser.parse_args(arguments)
    n = given.couples
    print(f"{n} couples a row, seeds from {given.first}, {SURROGATES} surrogates")
    errors = [math.sqrt(p * (1 - p) / n) for p in (0.05, 0.5)]
    print(f"standard error {errors[0]:.3f} at .05, {errors[1]:.3f} at .5")
    print(f"{'':30}" + "".join(f"{each:>17}" for each in COLUMNS))
    with ProcessPoolExecutor() as pool:
        for name in given.rows:
            jobs = [(name, seed) for seed in range(given.first, given.first + n)]
            shares = np.mean(list(pool.map(told, jobs, chunksize=4)), axis=0)
            row = "".join(f"{each:17.3f}" for each in shares)
            print(f"{name:30}{row}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

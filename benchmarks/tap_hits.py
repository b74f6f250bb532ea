"""Hits and false alarms of *awake*, through the whole path.

Simulated people of a reaction-time variability (SD of ln RT within a person) answer the
glints of a practice with 25 minutes of breathing; glints, taps and bands go through the
engine as in a session. Some do not change: what is called in between or drowsy of them
is false. Others answer 20 or 40 % slower from some moment after the reference on: what
is called so once all recent answers are slow is a hit.

A first evening takes tonight's first answers as its reference. A later evening has the
40 of earlier ones, taken here as ready; on it everybody's median is another than usual,
by a standard deviation of 5 %. That, how people differ (12 %) and that answers are
log-normal are assumed.

Printed are shares of windows that could be judged.

    python -m benchmarks.tap_hits [--quick] [SEED]
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from benchmarks.settled_minutes import LED, OPENED, plan_of
from coreg.exercises.plan import with_fixed_pace
from coreg.exercises.states.usual_taps import AN_EVENING, KEPT
from coreg.facts.events import (
    NS_PER_S,
    AwakeWindow,
    Glint,
    Input,
    Opened,
    Partner,
    Tapped,
    Tick,
    Wakefulness,
)
from coreg.session.alertness import RECENT_GLINTS
from coreg.session.engine import Engine
from tests.helpers.openings import changed

VARIABILITIES = (0.15, 0.20, 0.25)
SLOWINGS = (0.0, 0.2, 0.4)
MISSES = (0.05, 0.10)
MEDIAN_S, BETWEEN_PEOPLE, BETWEEN_EVENINGS = 0.35, 0.12, 0.05
PLAN = with_fixed_pace(plan_of(((LED, 25),)))
BEGINS = changed(OPENED, plan_toml=PLAN, taps=True)
CALLED_SLOWER = (Wakefulness.BETWEEN, Wakefulness.DROWSY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What people of one row are like."""

    variability: float
    slowing: float
    misses: float
    is_first_evening: bool


class Person:
    """Answers glints; `slow_from` is the first one (from 0) answered slower."""

    def __init__(self, kind: Kind, rng: np.random.Generator) -> None:
        self._rng, self._kind = rng, kind
        self._usual = math.log(MEDIAN_S) + BETWEEN_PEOPLE * rng.standard_normal()
        self.before_s: tuple[float, ...] = ()
        self.slow_from = AN_EVENING
        if not kind.is_first_evening:
            self.before_s = tuple(self._answers_s(KEPT))
            self._usual += BETWEEN_EVENINGS * rng.standard_normal()
            self.slow_from = 0

    def taps_after_s(self, number: int) -> float:
        """Return how long after its glint this one taps; NaN: never."""
        (answer_s,) = self._answers_s(1)
        if self._rng.random() < self._kind.misses:
            return math.nan
        is_slow = number >= self.slow_from
        return answer_s * (1 + self._kind.slowing * is_slow)

    def _answers_s(self, size: int) -> list[float]:
        noise = self._kind.variability * self._rng.standard_normal(size)
        return [float(each) for each in np.exp(self._usual + noise)]


def evening(kind: Kind, rng: np.random.Generator) -> Iterator[AwakeWindow]:
    """Yield what is said of two people of this kind once they have changed, if at all.

    Of the others everything that is judged.
    """
    people = {partner: Person(kind, rng) for partner in Partner}
    before_s = tuple(person.before_s for person in people.values())
    engine = Engine()
    engine.feed(begun(before_s))
    waiting: list[Tapped] = []
    numbers, seen = count(), dict.fromkeys(Partner, 0)
    for t_ns in count(0, NS_PER_S // 4):
        due: list[Input] = [tap for tap in waiting if tap.t_ns <= t_ns]
        waiting = [tap for tap in waiting if tap.t_ns > t_ns]
        for given in (*sorted(due, key=lambda tap: tap.t_ns), Tick(t_ns=t_ns)):
            for output in engine.feed(given):
                if isinstance(output, Glint):
                    waiting += answers(output.t_s, next(numbers), people)
                elif isinstance(output, AwakeWindow):
                    seen[output.partner] += 1
                    changed = people[output.partner].slow_from + RECENT_GLINTS
                    if not kind.slowing or seen[output.partner] >= changed:
                        yield output
        if engine.is_ended:
            return


def begun(before_s: tuple[tuple[float, ...], ...]) -> Opened:
    """Return an evening on which so much is known of both."""
    first_s = tuple(each[:AN_EVENING] for each in before_s)
    return changed(BEGINS, first_taps_s=first_s, usual_taps_s=before_s)


def answers(t_s: float, number: int, people: dict[Partner, Person]) -> list[Tapped]:
    """Return how both answer one glint."""
    after_s = {who: person.taps_after_s(number) for who, person in people.items()}
    return [
        Tapped(t_ns=round((t_s + each_s) * NS_PER_S), partner=who)
        for who, each_s in after_s.items()
        if not math.isnan(each_s)
    ]


def shares(kind: Kind, evenings: int, seed: int) -> tuple[float, float, float]:
    """Return the shares called slower, drowsy, and not judged, of all windows."""
    rng = np.random.default_rng(seed)
    said = [each.band for _ in range(evenings) for each in evening(kind, rng)]
    judged = [band for band in said if band is not Wakefulness.UNKNOWN]
    slower = sum(band in CALLED_SLOWER for band in judged)
    drowsy = judged.count(Wakefulness.DROWSY)
    known = max(len(judged), 1)
    return slower / known, drowsy / known, 1 - len(judged) / len(said)


def main(seed: int, evenings: int) -> int:
    print(f"{2 * evenings} people a row, seed {seed}")
    print("reference        variability  slower by  missed   called slower  drowsy")
    for is_first, words in ((True, "tonight's"), (False, "stored")):
        for variability in VARIABILITIES:
            wanted = [(slowing, 0.0) for slowing in SLOWINGS]
            if variability == VARIABILITIES[1]:
                wanted += [(0.0, misses) for misses in MISSES]
            for slowing, misses in wanted:
                kind = Kind(
                    variability=variability,
                    slowing=slowing,
                    misses=misses,
                    is_first_evening=is_first,
                )
                slower, drowsy, _ = shares(kind, evenings, seed)
                print(
                    f"{words:17}{variability:8.2f}{slowing:13.0%}{misses:9.0%}"
                    f"{slower:14.3f}{drowsy:10.3f}"
                )
    return 0


if __name__ == "__main__":
    numbers = [int(arg) for arg in sys.argv[1:] if arg.isdigit()]
    sys.exit(main(numbers[0] if numbers else 0, 20 if "--quick" in sys.argv else 150))

"""How simulated people answer glints: as awake people do, slower where they are drowsy.

Times are log-normal about a median of each person's own. Nobody's answers move a heart,
and without glints no chance is drawn, so that couples are what they were before taps.
"""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from coreg.facts.both import Both
from coreg.facts.events import NS_PER_S, Cue, Glint, Partner, Tapped
from coreg.sensors.simulation.events import ScriptedEvent, influence

# Simple reactions of rested adults lie about a quarter to a third of a second (Basner &
# Dinges 2011); a soft glint while breathing takes longer, which is assumed.
MEDIAN_S: Final = 0.35
BETWEEN_PEOPLE: Final = 0.12  # SD of the logarithm; assumed, as the next
WITHIN_ONE: Final = 0.18

_STREAM: Final = 8421  # apart from the chance that hearts are made of


class SimulatedTaps:
    """The taps of both, in the session's own time.

    Parameters
    ----------
    seed : int
        Not negative; decides everything that is chance.
    events : mapping of Partner to events
        What happens to each; `slower_answers` of them slows the answers.

    Examples
    --------
    >>> both = SimulatedTaps(seed=7, events={})
    >>> both.hear(Glint(t_s=10.0))
    >>> sorted(tap.partner.value for tap in both.until(12_000_000_000))
    ['A', 'B']
    """

    def __init__(
        self, *, seed: int, events: Mapping[Partner, tuple[ScriptedEvent, ...]]
    ) -> None:
        streams = np.random.SeedSequence([seed, _STREAM]).spawn(len(Partner))
        self._luck = dict(Both(*map(np.random.default_rng, streams)).items())
        self._usual = {
            partner: math.log(MEDIAN_S) + BETWEEN_PEOPLE * luck.standard_normal()
            for partner, luck in self._luck.items()
        }
        self._events = events
        self._on_the_way: list[Tapped] = []

    def hear(self, cue: Cue) -> None:
        """See a glint and decide when to tap; other cues are nothing."""
        if not isinstance(cue, Glint):
            return
        for partner, luck in self._luck.items():
            moved = influence(self._events.get(partner, ()), cue.t_s)
            usual_s = math.exp(
                self._usual[partner] + WITHIN_ONE * luck.standard_normal()
            )
            tap_s = cue.t_s + usual_s * (1 + moved.slower_answers)
            tap = Tapped(t_ns=round(tap_s * NS_PER_S), partner=partner)
            self._on_the_way.append(tap)

    def until(self, until_ns: int) -> list[Tapped]:
        """Return the taps since the last call, up to this moment, in their order."""
        waiting = sorted(self._on_the_way, key=lambda tap: (tap.t_ns, tap.partner))
        tapped = [tap for tap in waiting if tap.t_ns <= until_ns]
        self._on_the_way = waiting[len(tapped) :]
        return tapped

"""Why nothing is said of part of an evening: in a sentence, and without a number.

That much was going on in a heart is no reason that anybody is told: whoever reads it
would be told that they were flooded.
"""

from collections.abc import Mapping
from typing import Final

from coreg.exercises.states.gates import Gate
from coreg.words import say

WORTH_TELLING_S: Final = 30.0
_EARLY, _SIGNAL, _TAPS = Gate.WARMING_UP, Gate.SIGNAL, Gate.FEW_TAPS
_SENTENCES: Final[Mapping[frozenset[Gate], str]] = {
    frozenset({_EARLY}): "early",
    frozenset({_SIGNAL}): "signal",
    frozenset({_TAPS}): "taps",
    frozenset({_EARLY, _SIGNAL}): "early_and_signal",
    frozenset({_EARLY, _TAPS}): "early_and_taps",
}


def left_out(by_reason_s: Mapping[Gate, float]) -> tuple[str, ...]:
    """Return one sentence, or none where each reason took under half a minute.

    Examples
    --------
    >>> left_out({Gate.WARMING_UP: 125.0, Gate.SIGNAL: 31.0, Gate.AROUSED: 90.0})
    ('Left out: the first minutes, and gaps in the signal.',)
    >>> left_out({Gate.WARMING_UP: 29.0})
    ()
    """
    told = frozenset(
        gate
        for gate, lasted_s in by_reason_s.items()
        if lasted_s >= WORTH_TELLING_S and gate is not Gate.AROUSED
    )
    return (say(f"report.left_out.{_SENTENCES[told]}"),) if told else ()

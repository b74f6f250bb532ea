"""Why part of an evening was not judged: whole minutes a reason, in one sentence."""

from collections.abc import Mapping

from coreg.exercises.states.gates import Gate
from coreg.report.words.numbers import count

_MINUTE_S = 60.0
_WORTH_TELLING_S = 30.0
_WORDS = {
    Gate.WARMING_UP: "while warming up",
    Gate.SIGNAL: "where the strap’s signal had holes",
    Gate.AROUSED: "while much was going on in your heart",
    Gate.FEW_TAPS: "while too few glints had been answered",
}


def not_judged(by_reason_s: Mapping[Gate, float]) -> tuple[str, ...]:
    """Return one sentence, or none where each reason took under half a minute.

    Examples
    --------
    >>> told = not_judged({Gate.WARMING_UP: 125, Gate.SIGNAL: 31, Gate.AROUSED: 9})
    >>> print(told[0].replace(chr(160), " "))
    Not judged: 2 minutes while warming up, 1 minute where the strap’s signal had holes.
    >>> not_judged({Gate.WARMING_UP: 29.0})
    ()
    """
    told = [
        f"{minutes(by_reason_s[gate])} {words}"
        for gate, words in _WORDS.items()
        if by_reason_s.get(gate, 0.0) >= _WORTH_TELLING_S
    ]
    return (f"Not judged: {', '.join(told)}.",) if told else ()


def minutes(t_s: float) -> str:
    r"""Return whole minutes; half a minute is one, as it is worth telling.

    Examples
    --------
    >>> minutes(29.0), minutes(30.0), minutes(100.0)
    ('0\xa0minutes', '1\xa0minute', '2\xa0minutes')
    """
    whole = round(t_s / _MINUTE_S)
    return count(max(whole, 1) if t_s >= _WORTH_TELLING_S else whole, "minute")

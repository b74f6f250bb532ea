"""What evenings taught of a couple, in its library: a pace, and of each rest and taps.

A stored belief or figure that cannot be read is nothing known: it never stops a
practice. Kept among the settings, which go with everything else that is erased.
"""

import json
import math
import statistics

from coreg.base.bounds import BadText, json_of
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.facts.opened import LearnedBefore
from coreg.store.library_db import Library

OURS = "ours"
MOST_EVENINGS = 12
# Resting heart rate differs by a few beats between days: of one or two evenings
# nobody's usual rest is known.
FEWEST_EVENINGS = 3
LONGEST_TAP_S = 1.5  # a later one is a miss
_LARGEST_CHARS = 100_000


def simulated(seed: int) -> str:
    """Return the name under which what a simulated couple taught is kept."""
    return f"simulated couple {seed}"


def known_of(library: Library, couple: str) -> LearnedBefore:
    """Return what earlier evenings taught about a couple.

    Raises
    ------
    StorageUnusable
        If the library cannot be read.
    """
    settings = library.settings()
    taps = [_kept_taps(settings.get(_taps(couple, one), "")) for one in Partner]
    return LearnedBefore(
        pace_belief=_kept_pace(settings.get(_pace(couple), "")),
        rest_bpm=tuple(
            _usual(_evenings(settings.get(_rest(couple, partner), "")))
            for partner in Partner
        ),
        first_taps_s=tuple(first_s for first_s, _ in taps),
        usual_taps_s=tuple(usual_s for _, usual_s in taps),
    )


def keep_pace(library: Library, couple: str, pace_belief: str) -> None:
    """Keep what the pacer believes after an evening; nothing learned changes nothing.

    Raises
    ------
    StorageUnusable
        If the library cannot be written.
    """
    if pace_belief:
        library.keep_setting(_pace(couple), pace_belief)


def keep_rest(
    library: Library, couple: str, arrived_bpm: tuple[float, ...], *, session_id: str
) -> None:
    """Keep tonight's heart rates at rest beside those of the last evenings.

    Each goes with its session, where that is erased.

    Raises
    ------
    StorageUnusable
        If the library cannot be written.
    """
    settings = library.settings()
    for partner, rest_bpm in Both(*arrived_bpm).items():
        if math.isfinite(rest_bpm):
            name = _rest(couple, partner)
            evenings = _evenings(settings.get(name, ""))
            evenings.append((session_id, round(rest_bpm, 1)))
            library.keep_setting(name, json.dumps(evenings[-MOST_EVENINGS:]))


def keep_taps(
    library: Library, couple: str, usual_taps_s: tuple[tuple[float, ...], ...]
) -> None:
    """Keep how soon A and B usually answer; the first evening's stay beside it.

    Raises
    ------
    StorageUnusable
        If the library cannot be written.
    """
    settings = library.settings()
    for partner, usual_s in Both(*usual_taps_s).items():
        if usual_s:
            name = _taps(couple, partner)
            first_s, _ = _kept_taps(settings.get(name, ""))
            # A tenth of a millisecond is finer than any screen or keyboard.
            rounded_s = tuple(round(tap_s, 4) for tap_s in usual_s)
            kept = {"first": first_s or rounded_s, "usual": rounded_s}
            library.keep_setting(name, json.dumps(kept))


def forget_taps(library: Library, couple: str) -> None:
    """Forget how soon both answer: their next evening with taps is a first one."""
    for partner in Partner:
        library.keep_setting(_taps(couple, partner), "")


def forget_rest(library: Library, session_id: str) -> None:
    """Forget how both hearts were at rest on one evening.

    Figures that were kept without their evening may be of this one: they go, too.
    """
    settings = library.settings()
    for partner in Partner:
        evenings = _evenings(settings.get(_rest(OURS, partner), ""))
        others = [each for each in evenings if each[0] not in {session_id, ""}]
        if others != evenings:
            library.keep_setting(_rest(OURS, partner), json.dumps(others))


def forget_partner(library: Library, partner: Partner) -> None:
    """Forget one partner's rest and taps, and the pace of both: of that one too."""
    library.keep_setting(_pace(OURS), "")
    forget_own(library, partner)


def forget_own(library: Library, partner: Partner) -> None:
    """Forget what is one partner's alone: rest and taps."""
    library.keep_setting(_rest(OURS, partner), "")
    library.keep_setting(_taps(OURS, partner), "")


def of_one(settings: dict[str, str], partner: Partner) -> dict[str, object]:
    """Return what evenings taught of one partner: rests, and how soon taps came."""
    first_s, usual_s = _kept_taps(settings.get(_taps(OURS, partner), ""))
    rests = _evenings(settings.get(_rest(OURS, partner), ""))
    return {
        "rest_bpm": [{"session_id": name, "bpm": bpm} for name, bpm in rests],
        "first_taps_s": list(first_s),
        "usual_taps_s": list(usual_s),
    }


def _pace(couple: str) -> str:
    return f"pace of {couple}"


def _rest(couple: str, partner: Partner) -> str:
    return f"rest of {partner}, {couple}"


def _taps(couple: str, partner: Partner) -> str:
    return f"taps of {partner}, {couple}"


def _kept_pace(text: str) -> str:
    """Return a belief as the pacer wrote it; it goes into a session, which has room."""
    return text if len(text) <= _LARGEST_CHARS else ""


def _kept_taps(text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the first and the usual answers; nothing where either cannot be read."""
    try:
        told = json_of(text, _LARGEST_CHARS)
        first_s, usual_s = (_seconds(told[name]) for name in ("first", "usual"))
    except (ValueError, TypeError, KeyError):
        return (), ()
    return first_s, usual_s


def _seconds(told: object) -> tuple[float, ...]:
    if not isinstance(told, list) or not all(isinstance(s, float) for s in told):
        raise TypeError("answers are a list of seconds")
    if not all(0 < s < LONGEST_TAP_S for s in told):
        raise ValueError("nobody answers in no time, or after it is a miss")
    return tuple(told)


def _evenings(text: str) -> list[tuple[str, float]]:
    """Return each evening's name, empty where it was not kept, and its figure."""
    try:
        told = json_of(text, _LARGEST_CHARS)
    except BadText:
        return []
    if not isinstance(told, list):
        return []
    return [evening for each in told if (evening := _evening(each)) is not None]


def _evening(told: object) -> tuple[str, float] | None:
    match told:
        case float(bpm) if _is_rest(bpm):  # until sessions were named beside
            return "", bpm
        case [str(session_id), float(bpm)] if _is_rest(bpm):
            return session_id, bpm
    return None


def _is_rest(bpm: float) -> bool:
    return 20 < bpm < 250


def _usual(evenings: list[tuple[str, float]]) -> float:
    if len(evenings) < FEWEST_EVENINGS:
        return math.nan
    return statistics.median(bpm for _, bpm in evenings)

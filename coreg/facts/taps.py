"""Facts of *taps*, which are off unless somebody asks for them (`coreg.facts.events`).

A glint is given to both at once; whoever sees it taps their own side of the keyboard.
"""

from dataclasses import dataclass

from coreg.facts.kinds import Partner, Wakefulness


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """An input: somebody tapped on this partner's side."""

    t_ns: int
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class AwakeWindow:
    """A feature: how awake one partner's latest answers to glints were, in a band.

    Experimental. From `start_s`, the glint before, `length_s` long to the one that was
    just answered or missed. `band` is not known where a gate is shut; `gates` names
    those that are.
    """

    t_s: float
    partner: Partner
    start_s: float
    length_s: float
    band: Wakefulness
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glint:
    """A cue: a soft glint for both. It is void where the pacer stops before it."""

    t_s: float

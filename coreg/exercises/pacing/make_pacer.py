"""The pacer of an evening: what the couple chose, with what earlier evenings taught.

A belief travels as text, from one evening's end to the next one's first input. Whatever
became of it on the way, a practice begins: what cannot be read is nothing known.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from coreg.base.bounds import BadText, json_of
from coreg.exercises.pacing.shared_pacer import UNLED_S, SharedPacer
from coreg.exercises.plan import Plan
from coreg.facts.events import Opened

_LARGEST_CHARS = 200_000  # ten times what a belief takes


def make_pacer(opened: Opened, plan: Plan) -> SharedPacer:
    """Return the pacer that this evening opens with."""
    belief = _read(opened.learned.pace_belief)
    try:
        return _pacer(opened, plan, belief)
    except ValueError:
        return _pacer(opened, plan, None)


def belief_text(pacer: SharedPacer) -> str:
    """Return what this evening's pacer believes, empty where it learned nothing.

    Examples
    --------
    >>> belief_text(SharedPacer.steady())
    ''
    """
    if not pacer.has_learned:
        return ""
    return json.dumps(pacer.belief(), separators=(",", ":"))


def _pacer(opened: Opened, plan: Plan, belief: Mapping[str, Any] | None) -> SharedPacer:
    if not math.isnan(plan.breaths_per_min):
        return SharedPacer.at(plan.breaths_per_min, belief=belief)
    if opened.practice.finds_pace:
        unled_s = UNLED_S if opened.practice.only_in_step else 0.0
        return SharedPacer.finding(
            belief=belief, unled_s=unled_s, until_back=opened.practice.until_back
        )
    return SharedPacer.steady(belief=belief)


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        belief = json_of(text, _LARGEST_CHARS)
    except BadText:
        return None
    return belief if isinstance(belief, dict) else None

"""The pace of a practice, as options of the command line."""

import argparse
import math

from coreg.cli.common import pace
from coreg.errors import CoregError
from coreg.exercises.plan import (
    BlockKind,
    InOut,
    Pace,
    Plan,
    with_in_out,
    with_set_pace,
)
from coreg.web.evening import STEADY_SIX, PaceChosen
from coreg.web.messages import PaceWay


def add_pace_options(command: argparse.ArgumentParser) -> None:
    """Offer to set or find a pace, and the shares of in and out."""
    own_pace = command.add_mutually_exclusive_group()
    own_pace.add_argument(
        "--find-pace",
        action="store_true",
        help="let both hearts lead to the pace that suits both; each of the two has to "
        "agree (default: a steady six breaths a minute)",
    )
    own_pace.add_argument(
        "--pace",
        type=pace,
        metavar="PER_MIN",
        help="a pace of your own, 4.5 to 7 breaths a minute",
    )
    command.add_argument(
        "--in-out",
        choices=tuple(each.value for each in InOut),
        help="how a breath is shared between in and out (default: 40:60)",
    )


def with_pace(given: argparse.Namespace, text: str) -> str:
    """Return the plan's text with the pace that was asked for."""
    if given.pace is not None:
        text = with_set_pace(text, given.pace)
    return text if given.in_out is None else with_in_out(text, InOut(given.in_out))


def refuse_idle_pace(given: argparse.Namespace, plan: Plan) -> None:
    """Refuse a pace that would be without effect: no breath is left to take it."""
    if not given.find_pace and given.pace is None:
        return
    why = _why_no_breath_takes_it(plan)
    if given.find_pace and not why:
        why = _why_no_pace_is_found(plan)
    if not why:
        return
    asked = "--find-pace" if given.find_pace else "--pace"
    wanted = asked if given.find_pace else f"{asked} {given.pace:g}"
    raise CoregError(
        f"{wanted} has no effect in “{plan.title}”: {why}.",
        f"Leave {asked} out, or choose another practice (`coreg practices`).",
    )


def _why_no_breath_takes_it(plan: Plan) -> str:
    """Return why no breath could take another pace; empty where one can."""
    paced = [each for each in plan.blocks if each.kind is BlockKind.BREATHE]
    if not paced:
        return "it has no paced breath"
    if any(math.isnan(each.breaths_per_min) for each in paced):
        return ""
    return "its blocks set the pace themselves"


def _why_no_pace_is_found(plan: Plan) -> str:
    """Return why no heart could lead its breaths; empty where hearts can."""
    if plan.pace is not Pace.SHARED:
        return f'no heart leads its pace (pace = "{plan.pace}")'
    if math.isnan(plan.breaths_per_min):
        return ""
    return f"it sets its pace itself (breaths_per_min = {plan.breaths_per_min:g})"


def pace_chosen(given: argparse.Namespace) -> PaceChosen | None:
    """Return the pace that was asked for, None where the last evening's holds."""
    if not (given.find_pace or given.pace or given.in_out):
        return None
    way = PaceWay.FIND if given.find_pace else PaceWay.SIX
    return PaceChosen(
        way=PaceWay.SET if given.pace else way,
        per_min=round(given.pace or STEADY_SIX.per_min, 1),
        in_out=InOut(given.in_out or STEADY_SIX.in_out),
    )

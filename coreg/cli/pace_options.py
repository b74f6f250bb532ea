"""The pace of a practice, as options of the command line."""

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass

from coreg.errors import CoregError
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Pace, Plan, with_in_out, with_set_pace
from coreg.web.evening.state import STEADY_SIX, PaceChosen
from coreg.web.wire.named import PaceWay
from coreg.words import in_words, wrong_and_do


def with_pace(given: argparse.Namespace, text: str) -> str:
    """Return the plan's text with the pace that was asked for."""
    if given.pace is not None:
        text = with_set_pace(text, given.pace)
    return text if given.in_out is None else with_in_out(text, InOut(given.in_out))


def refuse_idle_pace(given: argparse.Namespace, plan: Plan) -> None:
    """Refuse what would be without effect on the breath of this plan.

    A pace that no breath is left to take; shares of in and out, or taps, where no
    breath is paced.
    """
    for asked, name, why in _idle(given, plan):
        if asked and why is not None:
            told = wrong_and_do(
                f"terminal.pace.{why.kind}",
                option=asked,
                name=name,
                practice=in_words(plan.title),
                pace=why.pace,
            )
            raise CoregError(*told)


@dataclass(frozen=True, slots=True)
class _Why:
    """Why an option has no effect: what the words are called, and the plan's pace."""

    kind: str
    pace: str = ""


def _idle(
    given: argparse.Namespace, plan: Plan
) -> Iterator[tuple[str, str, _Why | None]]:
    """Yield each option as it was asked for, its name, and why it has no effect.

    Empty where it was not asked for; None where it has an effect.
    """
    no_pace, no_breath = _why_no_breath_takes_it(plan), _why_nothing_is_paced(plan)
    finds = "--find-pace" if given.find_pace else ""
    yield finds, "--find-pace", no_pace or _why_no_pace_is_found(plan)
    pace = "" if given.pace is None else f"--pace {given.pace:g}"
    yield pace, "--pace", no_pace
    in_out = "" if given.in_out is None else f"--in-out {given.in_out}"
    yield in_out, "--in-out", no_breath
    yield "--taps" if given.taps else "", "--taps", no_breath


def _why_nothing_is_paced(plan: Plan) -> _Why | None:
    """Return why there is no breath to share or to tap in; None where there is."""
    paced = any(each.means.is_led for each in plan.blocks)
    return None if paced else _Why("no-paced-breath")


def _why_no_breath_takes_it(plan: Plan) -> _Why | None:
    """Return why no breath could take another pace; None where one can."""
    paced = [each for each in plan.blocks if each.means.is_led]
    if not paced:
        return _why_nothing_is_paced(plan)
    if any(math.isnan(each.breaths_per_min) for each in paced):
        return None
    return _Why("sets-in-blocks")


def _why_no_pace_is_found(plan: Plan) -> _Why | None:
    """Return why no heart could lead its breaths; None where hearts can."""
    if plan.pace is not Pace.SHARED:
        return _Why("no-heart-leads", plan.pace)
    if math.isnan(plan.breaths_per_min):
        return None
    return _Why("sets-itself", f"{plan.breaths_per_min:g}")


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

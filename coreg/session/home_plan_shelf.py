"""A couple's home plan: kept in their library, brought by a file, and what came of it.

It lies among what is of both: locked where the folder is, and in its backup.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coreg.base.bounds import BadText
from coreg.base.local_time import local
from coreg.base.text_files import text_of
from coreg.errors import BadPlanError
from coreg.exercises.home_plan import HomePlan, home_plan_text, parse_home_plan
from coreg.exercises.plan import Plan, readable_plan
from coreg.facts.events import Ending, Opened, Source
from coreg.session.plan_shelf import WITHOUT_BREATHING, found_plan, own_plans
from coreg.store.erasing import HOME_PLAN
from coreg.store.library import list_sessions
from coreg.store.library_db import Library
from coreg.store.plans import plan_names
from coreg.store.reader import State
from coreg.words import system_said, wrong_and_do

_LARGEST_BYTES: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class CameOfIt:
    """What came of a home plan: practised to the end, and stopped; never by whom.

    Only the practice of the plan, on days on which it holds, and not in a therapist's
    hour.
    """

    done: tuple[dt.date, ...]
    stopped: tuple[dt.date, ...]


def plans_there(folder: Path) -> dict[str, Plan]:
    """Return the practices that there are for whoever's folder this is, by name."""
    shipped = {name: found_plan(name, folder).plan for name in plan_names()}
    own = {name: found.plan for name, found in own_plans(folder).plans.items()}
    return {**shipped, **own}


def read_home_plan(path: Path, plans: Mapping[str, Plan]) -> HomePlan:
    """Return the home plan in a file.

    Raises
    ------
    BadPlanError
        If it cannot be read, or has a fault.
    """
    try:
        text = text_of(path, _LARGEST_BYTES)
    except BadText as fault:
        told = wrong_and_do("errors.home-plan.no-text", path=path, why=str(fault))
        raise BadPlanError(*told) from None
    except OSError as fault:
        why = system_said(fault)
        told = wrong_and_do("errors.home-plan.unreadable", path=path, why=why)
        raise BadPlanError(*told) from fault
    return parse_home_plan(text, plans)


def keep_home_plan(library: Library, plan: HomePlan) -> None:
    """Keep a home plan in place of the one that there was."""
    library.keep_setting(HOME_PLAN, home_plan_text(plan))


def end_home_plan(library: Library) -> None:
    """End a home plan before its day."""
    library.keep_setting(HOME_PLAN, "")


def home_plan_in(library: Library, plans: Mapping[str, Plan]) -> HomePlan | None:
    """Return the home plan that is kept; None where there is none that can be read.

    One that names a practice that is gone gives nothing tonight, and the ladder does.
    """
    kept = library.settings().get(HOME_PLAN, "")
    try:
        return parse_home_plan(kept, plans) if kept else None
    except BadPlanError:
        return None


def practised_last(folder: Path, zone: dt.tzinfo) -> dict[str, dt.date]:
    """Return on which day each practice was practised last, by its name."""
    last: dict[str, dt.date] = {}
    for session in list_sessions(folder):
        opened = session.opened
        if opened is None or opened.couple.source is not Source.STRAPS:
            continue
        name = _practice_of(opened)
        began = local(opened.identity.opened_utc, zone)
        if name and began is not None:
            last[name] = max(began.date(), last.get(name, dt.date.min))
    return last


def came_of_it(plan: HomePlan, folder: Path, zone: dt.tzinfo) -> CameOfIt:
    """Return what came of a home plan, as far as it was recorded here."""
    done: list[dt.date] = []
    stopped: list[dt.date] = []
    for session in list_sessions(folder):
        opened = session.opened
        if opened is None or opened.couple.source is not Source.STRAPS:
            continue
        if opened.identity.hour or session.ending is Ending.WENT_OVER:
            continue  # with their therapist, and going over is no stop
        began = local(opened.identity.opened_utc, zone)
        is_of_it = began is not None and plan.holds(began.date())
        if began is None or not is_of_it or _practice_of(opened) != plan.practice:
            continue
        is_done = session.state is State.WHOLE and session.ending is Ending.COMPLETE
        (done if is_done else stopped).append(began.date())
    return CameOfIt(done=tuple(done), stopped=tuple(stopped))


def _practice_of(opened: Opened) -> str:
    """Return which practice it was; without its breathing it is the same one."""
    plan = readable_plan(opened.practice.plan_toml)
    return "" if plan is None else plan.name.removesuffix(WITHOUT_BREATHING)

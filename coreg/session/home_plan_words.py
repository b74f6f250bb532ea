"""A plan for home in words: the same on every page, in a note and at a terminal."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from coreg.exercises.home_plan import HomePlan
from coreg.exercises.plan import Plan
from coreg.session.home_plan_shelf import CameOfIt, home_plan_in, plans_there
from coreg.store.library_db import Library
from coreg.words import day, in_words, say


def in_short(plan: HomePlan, plans: Mapping[str, Plan]) -> str:
    """Return a plan in one line: which practice, how often, until when."""
    return say(
        "pages.server.home-plan-short",
        practice=in_words(plans[plan.practice].title),
        n=plan.times_a_week,
        day=day(plan.until),
    )


def held_in_short(folder: Path, today: dt.date) -> str:
    """Return the plan in a couple's folder that holds today; empty where none does."""
    plans = plans_there(folder)
    plan = home_plan_in(Library(folder, only_reads=True), plans)
    return in_short(plan, plans) if plan is not None and plan.holds(today) else ""


def came_in_words(came: CameOfIt) -> tuple[str, ...]:
    """Say what came of a plan; never by whom, and nothing done is no failure."""
    stopped = say("terminal.home-plan.stopped", n=len(came.stopped))
    return (
        say("terminal.home-plan.done", n=len(came.done)),
        *((stopped,) if came.stopped else ()),
        *(() if came.done else (say("terminal.home-plan.in-the-way"),)),
    )

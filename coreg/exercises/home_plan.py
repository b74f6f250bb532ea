"""A plan for home, made with a therapist: both read it, and neither changes it.

It says which practice, how often, until when, and one sentence of why. It takes the
place of the ladder while it holds, ends by its date, and takes nothing else away: *not
today*, a pause and something gentler are there as on every evening.

A harder practice stands in it once a week at most. It travels as a small TOML file;
whatever is wrong in one is named by its place. Pure: whoever asks gives the day.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coreg.base.toml_table import TomlTable, read_toml
from coreg.base.toml_writer import toml_text
from coreg.errors import BadPlanError
from coreg.exercises.plan import OpenedBy, Plan

FORMAT: Final = 1
MOST_A_WEEK: Final = 7
HARDER_A_WEEK: Final = 1
LONGEST: Final = dt.timedelta(weeks=12)
LONGEST_WHY: Final = 200
WEEK: Final = dt.timedelta(days=7)
_KEYS: Final = ("format", "practice", "times_a_week", "since", "until", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePlan:
    """Which practice, how often, from when until when (that day too), and why."""

    practice: str
    times_a_week: int
    since: dt.date
    until: dt.date
    why: str

    def holds(self, today: dt.date) -> bool:
        """Whether it holds on a day; it ends by itself.

        Examples
        --------
        >>> day = dt.date(2026, 3, 1)
        >>> plan = HomePlan(practice="relaxed-and-alert", times_a_week=3, since=day,
        ...     until=dt.date(2026, 3, 28), why="To sit down together again.")
        >>> plan.holds(day), plan.holds(plan.until), plan.holds(dt.date(2026, 3, 29))
        (True, True, False)
        """
        return self.since <= today <= self.until


def parse_home_plan(text: str, plans: Mapping[str, Plan]) -> HomePlan:
    """Return the home plan that a TOML text describes.

    Parameters
    ----------
    text : str
    plans : mapping of str to Plan
        The practices that there are for this couple, by name.

    Raises
    ------
    BadPlanError
        Naming the place in the text and what would be right there.
    """
    top = read_toml(
        text, "the home plan", BadPlanError, compare_with="the one that was written"
    )
    top.expect_format(FORMAT)
    top.allow(*_KEYS)
    since, until = _day(top, "since"), _day(top, "until")
    if not since <= until <= since + LONGEST:
        last = since + LONGEST
        raise top.wrong("until", f"a day from {since} to {last}")
    practice = top.text("practice")
    plan = plans.get(practice)
    if plan is None or plan.opened_by is not OpenedBy.COUPLE:
        raise top.wrong("practice", "the name of a practice that a couple opens")
    most = HARDER_A_WEEK if plan.is_harder else MOST_A_WEEK
    return HomePlan(
        practice=practice,
        times_a_week=top.whole("times_a_week", 1, most),
        since=since,
        until=until,
        why=_sentence(top),
    )


def home_plan_text(plan: HomePlan) -> str:
    """Return a home plan as the file that it travels in: `parse_home_plan` reads it."""
    values: dict[str, Any] = {
        "format": FORMAT,
        "practice": plan.practice,
        "times_a_week": plan.times_a_week,
        "since": plan.since,
        "until": plan.until,
        "why": plan.why,
    }
    return toml_text(values)


def offered(
    plan: HomePlan | None,
    today: dt.date,
    plans: Mapping[str, Plan],
    practised: Mapping[str, dt.date],
) -> str | None:
    """Return the practice that a home plan gives tonight; None: what the ladder gives.

    Parameters
    ----------
    plan : HomePlan or None
    today : date
    plans : mapping of str to Plan
        The practices that there are, by name.
    practised : mapping of str to date
        On which day each practice was practised last.
    """
    if plan is None or not plan.holds(today) or plan.practice not in plans:
        return None
    last = practised.get(plan.practice)
    rests = plans[plan.practice].is_harder and last is not None
    if rests and last is not None and today - last < WEEK:
        return None
    return plan.practice


def _day(top: TomlTable, key: str) -> dt.date:
    value = top.values.get(key)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise top.wrong(key, "a day, such as 2026-03-28")
    return value


def _sentence(top: TomlTable) -> str:
    words = " ".join(top.text("why").split())
    if len(words) > LONGEST_WHY:
        raise top.wrong("why", f"one sentence of at most {LONGEST_WHY} characters")
    return words

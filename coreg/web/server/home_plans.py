"""A couple's plan for home, for their therapist's page: what it is, made or ended.

The rules are those of the command line: a plan is checked as one that came in a file,
and none is made for a couple that may not practise.
"""

from collections.abc import Mapping

from coreg.base import clock
from coreg.exercises.home_plan import (
    HARDER_A_WEEK,
    LONGEST,
    MOST_A_WEEK,
    WEEK,
    HomePlan,
    home_plan_text,
    parse_home_plan,
)
from coreg.exercises.plan import OpenedBy, Plan
from coreg.session.home_plan_shelf import (
    came_of_it,
    end_home_plan,
    home_plan_in,
    keep_home_plan,
    plans_there,
)
from coreg.session.home_plan_words import came_in_words, in_short
from coreg.session.plan_shelf import WITHOUT_BREATHING
from coreg.store.clinic.book import Book
from coreg.store.clinic.records import Couple
from coreg.store.library_db import Library
from coreg.web.wire.of_clinic import KeepHomePlan, PlanForHomeTold, PlannedShown
from coreg.web.wire.outgoing import PROTOCOL
from coreg.words import in_words

_USUAL_WEEKS = 4


def home_plan_told(book: Book, couple: Couple) -> PlanForHomeTold:
    """Return a couple's plan, what came of it, and what another one may be."""
    folder = book.open_couple(couple.id_)
    plans = plans_there(folder)
    plan = home_plan_in(Library(folder, only_reads=True), plans)
    today = clock.today()
    lines = () if plan is None else came_in_words(came_of_it(plan, folder, clock.HERE))
    return PlanForHomeTold(
        v=PROTOCOL,
        couple=couple.id_,
        called=couple.called,
        words="" if plan is None else in_short(plan, plans),
        why="" if plan is None else plan.why,
        came=lines,
        practices=_practices(plans),
        today=today.isoformat(),
        usual=(today + _USUAL_WEEKS * WEEK).isoformat(),
        latest=(today + LONGEST).isoformat(),
    )


def keep(book: Book, couple: Couple, asked: KeepHomePlan) -> None:
    """Keep a plan in place of the one that there was.

    Raises
    ------
    BadPlanError
        If no plan can be so.
    """
    folder = book.open_couple(couple.id_)
    plan = HomePlan(
        practice=asked.practice,
        times_a_week=asked.times_a_week,
        since=clock.today(),
        until=asked.until,
        why=asked.why,
    )
    checked = parse_home_plan(home_plan_text(plan), plans_there(folder))
    keep_home_plan(Library(folder), checked)


def end(book: Book, couple: Couple) -> None:
    """End a couple's plan before its day."""
    end_home_plan(Library(book.open_couple(couple.id_)))


def _practices(plans: Mapping[str, Plan]) -> tuple[PlannedShown, ...]:
    """Return the practices that a plan may name, by their titles."""
    shown = [
        PlannedShown(
            name=name,
            title=in_words(plan.title),
            most_a_week=HARDER_A_WEEK if plan.is_harder else MOST_A_WEEK,
        )
        for name, plan in plans.items()
        if plan.opened_by is OpenedBy.COUPLE and not name.endswith(WITHOUT_BREATHING)
    ]
    return tuple(sorted(shown, key=lambda each: each.title))

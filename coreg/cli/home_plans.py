"""`coreg plan`: a couple's plan for home; and what `coreg clinic` says of one."""

import argparse
from pathlib import Path

from coreg.base import clock
from coreg.base.whole_file import write_whole
from coreg.cli.common import say
from coreg.errors import BadPlanError, StorageUnusable
from coreg.exercises.home_plan import HomePlan, home_plan_text
from coreg.session.home_plan_shelf import (
    came_of_it,
    home_plan_in,
    keep_home_plan,
    plans_there,
    read_home_plan,
)
from coreg.session.home_plan_words import came_in_words, in_short
from coreg.store.folder import data_folder, data_location
from coreg.store.library_db import Library, is_library_in
from coreg.words import day, say as word, system_said, wrong_and_do


def run(given: argparse.Namespace) -> int:
    """Bring a plan for home, or show the one that there is."""
    folder = data_location(given.data_dir)
    if given.what == "import":
        folder = data_folder(given.data_dir)
        plan = read_home_plan(given.file, plans_there(folder))
        if plan.until < clock.utc_now().astimezone(clock.HERE).date():
            told = wrong_and_do("errors.home-plan.over", day=day(plan.until))
            raise BadPlanError(*told)
        keep_home_plan(Library(folder), plan)
    kept = None
    if is_library_in(folder):
        library = Library(folder, only_reads=True)
        kept = home_plan_in(library, plans_there(folder))
    say_home_plan(kept, folder)
    return 0


def say_home_plan(plan: HomePlan | None, folder: Path) -> None:
    """Say what a plan is and what came of it, or that there is none."""
    if plan is None:
        say(word("terminal.home-plan.none"))
        return
    say(in_short(plan, plans_there(folder)))
    say(plan.why)
    for line in came_in_words(came_of_it(plan, folder, clock.HERE)):
        say(line)


def write_home_plan(path: Path, plan: HomePlan) -> None:
    """Write a plan as the file that it travels in.

    Raises
    ------
    StorageUnusable
        If it cannot be written.
    """
    try:
        write_whole(path, home_plan_text(plan).encode())
    except OSError as error:
        told = wrong_and_do(
            "terminal.file-unwritable", path=path, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    say(str(path))

"""`coreg practices`: list them; write, check and preview one of one's own."""

import argparse
import tempfile
from pathlib import Path

from coreg.cli.common import say, say_json
from coreg.cli.options.practices import PREVIEW_SPEED
from coreg.cli.plan_outline import advice_on, outline
from coreg.errors import BadPlanError, StorageUnusable
from coreg.exercises.plan import Plan, with_name
from coreg.facts.both import Both
from coreg.session.plan_shelf import LeftOut, found_plan, free_name, own_plans
from coreg.session.sources import simulated_hearts
from coreg.store.folder import data_location, made_practices_folder
from coreg.store.plans import new_plan_text, plan_names
from coreg.words import in_words, say as word, system_said, wrong_and_do


def run(given: argparse.Namespace) -> int:
    """List the practices, or do what was asked with one of them."""
    match given.what:
        case "check":
            return _check(given)
        case "new":
            return _write_new(given)
        case "preview":
            return _preview(given)
    return _list(given)


# --- the list ---------------------------------------------------------------------


def _list(given: argparse.Namespace) -> int:
    folder = data_location(given.data_dir)
    shipped = [found_plan(name, folder).plan for name in plan_names()]
    found = own_plans(folder)
    own = [each.plan for each in found.plans.values()]
    if given.json:
        told = [_as_json(plan, is_own=False) for plan in shipped]
        told += [_as_json(plan, is_own=True) for plan in own]
        left_out = [_left_out_json(each) for each in found.left_out]
        say_json({"practices": told, "left_out": left_out}, indent=2)
        return 0
    for line in _straight([_columns(plan) for plan in (*shipped, *own)]):
        say(line)
    for each in found.left_out:
        say(word("terminal.practices.left-out", wrong=each.wrong, do=each.do))
    return 0


def _columns(plan: Plan) -> list[str]:
    return [
        plan.name,
        f"{plan.minutes:3.0f} min",
        word(f"terminal.practices.for-{plan.opened_by}"),
        word("terminal.practices.from-evening", number=plan.from_evening),
        in_words(plan.title),
    ]


def _straight(rows: list[list[str]]) -> list[str]:
    """Return rows as lines with straight columns."""
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{each:{width}}" for each, width in zip(row, wide, strict=True)
        ).rstrip()
        for row in rows
    ]


def _as_json(plan: Plan, *, is_own: bool) -> dict[str, object]:
    return {
        "name": plan.name,
        "title": plan.title,
        "purpose": plan.purpose,
        "length_s": 60 * plan.minutes,
        "blocks": len(plan.blocks),
        "opened_by": plan.opened_by.value,
        "from_evening": plan.from_evening,
        "straps": plan.straps.value,
        "is_own": is_own,
    }


def _left_out_json(each: LeftOut) -> dict[str, object]:
    return {"file": str(each.path), "wrong": each.wrong, "do": each.do}


# --- check ------------------------------------------------------------------------


def _check(given: argparse.Namespace) -> int:
    """Say that all is well with a plan, and what it is; or what is wrong with it."""
    folder = data_location(given.data_dir)
    try:
        found = found_plan(given.file, folder)
    except BadPlanError as fault:
        if not given.json:
            raise
        say_json({"ok": False, "wrong": fault.wrong, "do": fault.do}, indent=2)
        return 1
    if given.json:
        is_own = found.plan.name not in plan_names()
        say_json({"ok": True, **_as_json(found.plan, is_own=is_own)}, indent=2)
        return 0
    for line in (*outline(found), *advice_on(given.file, found.plan, folder)):
        say(line)
    return 0


# --- new --------------------------------------------------------------------------


def _write_new(given: argparse.Namespace) -> int:
    """Write the file of a new practice; what is there already is left alone."""
    folder = data_location(given.data_dir)
    path = Path(given.file)
    name = free_name(path.name.removesuffix(".toml"))
    path = path.with_name(f"{name}.toml")
    if given.from_practice is None:
        text = new_plan_text(name)
    else:
        found = found_plan(given.from_practice, folder)
        text = with_name(found.text, name)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        told = wrong_and_do("errors.practice.there-already", path=path)
        raise StorageUnusable(*told) from None
    except OSError as error:
        told = wrong_and_do(
            "terminal.file-unwritable", path=path, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    for step in ("ready", "check", "preview"):
        say(word(f"terminal.practices.new.{step}", path=path))
    home = made_practices_folder(folder)
    say(word("terminal.practices.new.home", folder=home))
    return 0


# --- preview ----------------------------------------------------------------------


def _preview(given: argparse.Namespace) -> int:
    """Open the pages with a made-up couple, in a folder that goes afterwards."""
    found = found_plan(given.file, data_location(given.data_dir))
    # The pages take a second to load: a fault in the plan is said before.
    from coreg.cli.home import Opening, open_pages  # noqa: PLC0415
    from coreg.web.evening.state import Chosen  # noqa: PLC0415
    from coreg.web.server.practice_catalogue import PracticeCatalogue  # noqa: PLC0415

    seen = found.plan.measured_of_each
    speed = given.speed or PREVIEW_SPEED
    chosen = Chosen(
        practice=found.plan.name, minutes=0.0, length=None, without_breathing=False
    )
    with tempfile.TemporaryDirectory(
        prefix="coreg-preview-", ignore_cleanup_errors=True
    ) as folder:
        open_pages(
            Opening(
                data_dir=Path(folder),
                catalogue=PracticeCatalogue(found.text),
                straight_to=simulated_hearts(
                    seed=1, speed=speed, measured=Both(seen, seen)
                ),
                chosen=chosen,
                pace=None,
                straps=(),
                speed=speed,
                port=given.port,
                in_browser=not given.no_browser,
            )
        )
    return 130  # only an interrupt ends it

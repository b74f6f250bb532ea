"""Commands that only look: sessions, check, replay, report, practices."""

import argparse
import json
import math
from pathlib import Path

from coreg.base.clock import HERE
from coreg.base.local_time import local
from coreg.cli.common import Commands, add_command, add_json, make_out_folder
from coreg.errors import CoregError
from coreg.exercises.plan import Pace, Plan, parse_plan, readable_plan
from coreg.facts.events import Opened
from coreg.report.page_format import PageFormat, Wanted, Whose
from coreg.session.live import versions
from coreg.session.replay import Comparison, compare
from coreg.store.folder import data_location
from coreg.store.library import ListedSession, find_session, list_sessions
from coreg.store.plans import plan_names, read_plan
from coreg.store.reader import CheckResult, State, check_session, read_session

SESSION_HELP = "an id, an unambiguous beginning of it, `last`, or a session file"


def add_commands(commands: Commands) -> None:
    """Add the commands that only read."""
    sessions = add_command(
        commands,
        "sessions",
        run_sessions,
        does="list what was recorded",
        example="coreg sessions",
    )
    add_json(sessions)
    check = add_command(
        commands,
        "check",
        run_check,
        does="read every stored event and say whether all are whole",
        example="coreg check last",
    )
    check.add_argument("session", nargs="?", help=f"{SESSION_HELP} (default: all)")
    add_json(check)
    replay = add_command(
        commands,
        "replay",
        run_replay,
        does="recompute a session from its inputs and compare it with what was live",
        example="coreg replay last",
    )
    replay.add_argument("session", help=SESSION_HELP)
    add_json(replay)
    _add_report(commands)
    practices = add_command(
        commands,
        "practices",
        run_practices,
        does="list the practices, or check a plan file",
        example="coreg practices check my-plan.toml",
    )
    practices.add_argument("check", nargs="?", choices=["check"], help="check a plan")
    practices.add_argument("file", nargs="?", help="the plan file to check")


def _add_report(commands: Commands) -> None:
    report = add_command(
        commands,
        "report",
        run_report,
        does="draw the pages of a session: the therapist's sheets with every figure, a "
        "partner's own page, the joint page that both opened, or a partner's page over "
        "all evenings up to this one",
        example="coreg report last --pages therapist,joint --out evening",
    )
    report.add_argument("session", help=SESSION_HELP)
    report.add_argument(
        "--pages",
        type=_pages,
        default=(Whose.THERAPIST,),
        help=f"some of {','.join(Whose)} (default: therapist)",
    )
    report.add_argument(
        "--leave-out",
        nargs="+",
        default=(),
        metavar="SESSION",
        help="evenings not to count over evenings: alcohol, medicine, illness, poor "
        "sleep",
    )
    report.add_argument(
        "--format",
        type=_formats,
        default=(PageFormat.PDF, PageFormat.HTML),
        help=f"some of {','.join(PageFormat)} (default: pdf,html)",
    )
    report.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="(default: here)"
    )


def _formats(text: str) -> tuple[PageFormat, ...]:
    try:
        return tuple(map(PageFormat, text.split(",")))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}; choose some of {','.join(PageFormat)}"
        ) from None


def _pages(text: str) -> tuple[Whose, ...]:
    try:
        return tuple(map(Whose, text.split(",")))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}; choose some of {','.join(Whose)}"
        ) from None


def run_sessions(given: argparse.Namespace) -> int:
    """List what was recorded."""
    listed = list_sessions(data_location(given.data_dir))
    if given.json:
        told = {"sessions": [_as_json(session) for session in listed]}
        print(json.dumps(told, indent=2))
        return 0
    if not listed:
        print("Nothing is recorded yet. Try: coreg practice --simulate --headless")
    for session in listed:
        print("  ".join(_columns(session)))
    return 0


def _columns(session: ListedSession) -> list[str]:
    if session.opened is None:
        return [f"{session.session_id:20}", session.wrong]
    minutes, seconds = divmod(round(session.length_s), 60)
    notes = [session.state.value]
    if session.opened.couple.source.value != "straps":
        notes.append(session.opened.couple.source.value)
    return [
        f"{session.session_id:20}",
        _when(session.opened),
        f"{_title(session):20}",
        f"{minutes:3}:{seconds:02d}",
        ", ".join(notes),
    ]


def _when(opened: Opened) -> str:
    """Return when a session began, by the clock on the wall; as written if by none."""
    when = local(opened.identity.opened_utc, HERE)
    return opened.identity.opened_utc[:16] if when is None else f"{when:%Y-%m-%d %H:%M}"


def _title(session: ListedSession) -> str:
    plan = _plan(session)
    return "(unreadable plan)" if plan is None else plan.title


def _plan(session: ListedSession) -> Plan | None:
    opened = session.opened
    return readable_plan(opened.practice.plan_toml) if opened is not None else None


def _as_json(session: ListedSession) -> dict[str, object]:
    opened, plan = session.opened, _plan(session)
    return {
        "id": session.session_id,
        "opened_utc": opened.identity.opened_utc if opened else None,
        "practice": plan.name if plan else None,
        "source": opened.couple.source.value if opened else None,
        "length_s": None if math.isnan(session.length_s) else session.length_s,
        "state": session.state.value,
        "wrong": session.wrong,
    }


def run_check(given: argparse.Namespace) -> int:
    """Check one session or all of them; 1 where any is damaged."""
    folder = data_location(given.data_dir)
    if given.session is None:
        paths = [session.path for session in list_sessions(folder)]
    else:
        paths = [find_session(folder, given.session)]
    results = [check_session(path) for path in paths]
    if given.json:
        checked = [_check_json(result) for result in results]
        print(json.dumps({"sessions": checked}, indent=2))
    else:
        for result in results:
            print(f"{result.path.stem}  {result.words}")
        if not results:
            print("Nothing is recorded yet: nothing to check.")
    return int(any(result.state is State.DAMAGED for result in results))


def _check_json(result: CheckResult) -> dict[str, object]:
    return {
        "id": result.path.stem,
        "ok": result.state is not State.DAMAGED,
        "events": result.events,
        "state": result.state.value,
        "words": result.words,
    }


def run_replay(given: argparse.Namespace) -> int:
    """Recompute a session and compare it with what was logged live."""
    session = read_session(find_session(data_location(given.data_dir), given.session))
    compared = compare(
        [event.fact for event in session.events],
        is_whole=session.state is State.WHOLE,
    )
    if session.opened.identity.versions == versions():
        recorded_with, status = "", 1
    else:
        with_what = ", ".join(
            " ".join(pair) for pair in session.opened.identity.versions
        )
        recorded_with, status = f"recorded with {with_what}: ", 0
    if not compared.difference:
        words, status = _identical(compared), 0
    else:
        words = f"{recorded_with}{compared.difference}"
    if given.json:
        told = {
            "identical": not compared.difference,
            "features": compared.features,
            "cues": compared.cues,
            "repeated_packets": compared.repeated_packets,
            "difference": compared.difference,
            "same_versions": not recorded_with,
        }
        print(json.dumps(told, indent=2))
    else:
        print(words)
    return status


def _identical(compared: Comparison) -> str:
    same = f"identical: {compared.features} features, {compared.cues} cues"
    if not compared.repeated_packets:
        return same
    return f"{same}; {compared.repeated_packets} repeated packets left out"


def run_report(given: argparse.Namespace) -> int:
    """Draw the pages of a session."""
    # Drawing takes a second to load: only who wants pages waits for it.
    from coreg.cli.drawn_pages import draw_pages  # noqa: PLC0415

    folder = data_location(given.data_dir)
    path = find_session(folder, given.session)
    make_out_folder(given.out)
    wanted = Wanted(
        pages=given.pages,
        formats=given.format,
        data_folder=folder,
        left_out=frozenset(find_session(folder, each).stem for each in given.leave_out),
        zone=HERE,
    )
    return draw_pages(path, given.out, wanted)


def run_practices(given: argparse.Namespace) -> int:
    """List the practices, or check a plan file."""
    if given.check is None:
        names = plan_names()
        wide = max(map(len, names))
        for name in names:
            plan = read_plan(name, parse_plan)
            print(f"{name:{wide}}  {plan.minutes:3.0f} min  {plan.purpose}")
        return 0
    if given.file is None:
        raise CoregError(
            "No plan file was named.", "Try: coreg practices check my-plan.toml"
        )
    plan = read_plan(given.file, parse_plan)
    print(f"ok: {plan.title}, {len(plan.blocks)} blocks")
    if plan.pace is Pace.FIXED:
        print(
            f'pace = "{Pace.FIXED}": no heart is watched, as where none may be relied '
            f'on. To have both watched, write pace = "{Pace.BLOCKS}" where blocks set '
            "the pace, and leave it out where none does."
        )
    return 0

"""Commands that only look: sessions, check, replay, report."""

import argparse
import math

from coreg.base.clock import HERE
from coreg.cli.common import on_the_wall, say, say_json
from coreg.cli.noting import note
from coreg.cli.out_folder import out_folder
from coreg.exercises.plan import Plan, readable_plan
from coreg.facts.events import Opened, Source
from coreg.report.page_format import OWN
from coreg.report.words.stored import in_own_words
from coreg.session.live import versions
from coreg.session.replay import Comparison, compare
from coreg.store.audit import What
from coreg.store.folder import data_location
from coreg.store.keys import check_keys
from coreg.store.library import ListedSession, find_session, list_sessions
from coreg.store.library_db import check_library
from coreg.store.reader import CheckResult, State, check_session, read_session
from coreg.words import in_words, say as word


def run_sessions(given: argparse.Namespace) -> int:
    """List what was recorded."""
    listed = list_sessions(data_location(given.data_dir))
    if given.json:
        told = {"sessions": [_as_json(session) for session in listed]}
        say_json(told, indent=2)
        return 0
    if not listed:
        say(word("terminal.nothing-recorded-try"))
    for session in listed:
        say("  ".join(_columns(session)))
    return 0


def _columns(session: ListedSession) -> list[str]:
    if session.opened is None:
        return [f"{session.session_id:20}", session.wrong]
    minutes, seconds = divmod(round(session.length_s), 60)
    notes = [word(f"terminal.sessions.{session.state}")]
    source = session.opened.couple.source
    if source is not Source.STRAPS:
        notes.append(word(f"terminal.sessions.{source}"))
    notes += map(in_own_words, _files(session.opened))
    if session.erased is not None:
        notes.append(word("terminal.sessions.one-heart"))
    return [
        f"{session.session_id:20}",
        on_the_wall(session.opened.identity.opened_utc),
        f"{_title(session):20}",
        f"{minutes:3}:{seconds:02d}",
        ", ".join(notes),
    ]


def _title(session: ListedSession) -> str:
    plan = _plan(session)
    if plan is None:
        return word("terminal.sessions.unreadable-plan")
    return in_words(plan.title)


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
        "heart_erased": session.erased,
        "files": _files(opened) if opened else [],
    }


def _files(opened: Opened) -> list[str]:
    """Return the recordings that a session comes from; none of any other."""
    if opened.couple.source is not Source.RECORDINGS:
        return []
    return [each for each in opened.straps.streams if each]


def run_check(given: argparse.Namespace) -> int:
    """Check one session, or all and the library; 1 where any cannot be used."""
    folder = data_location(given.data_dir)
    library, wrong_keys = None, ""
    if given.session is None:
        paths = [session.path for session in list_sessions(folder)]
        library, wrong_keys = check_library(folder), check_keys(folder)
    else:
        paths = [find_session(folder, given.session)]
    results = [check_session(path) for path in paths]
    if given.json:
        told: dict[str, object] = {"sessions": [_check_json(each) for each in results]}
        if library is not None:
            told["library"] = {"ok": library.is_well, "words": library.words}
        if wrong_keys:
            told["keys"] = {"ok": False, "words": wrong_keys}
        say_json(told, indent=2)
    else:
        for result in results:
            say(f"{result.path.stem}  {result.words}")
        if not results:
            say(word("terminal.nothing-recorded"))
        if library is not None:
            say(word("terminal.check.library", words=library.words))
        if wrong_keys:
            say(word("terminal.check.keys", words=wrong_keys))
    is_library_well = (library is None or library.is_well) and not wrong_keys
    return int(not (is_library_well and all(_is_well(each) for each in results)))


def _is_well(result: CheckResult) -> bool:
    return result.state not in {State.DAMAGED, State.UNREADABLE}


def _check_json(result: CheckResult) -> dict[str, object]:
    return {
        "id": result.path.stem,
        "ok": _is_well(result),
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
        say_json(told, indent=2)
    else:
        say(words)
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
    from coreg.cli.passcodes import keys_for  # noqa: PLC0415
    from coreg.report.wanted import Wanted  # noqa: PLC0415

    folder = data_location(given.data_dir)
    path = find_session(folder, given.session)
    keys = keys_for(folder, path, given.pages)
    out = out_folder(given)
    wanted = Wanted(
        pages=given.pages,
        formats=given.format,
        data_folder=folder,
        left_out=frozenset(find_session(folder, each).stem for each in given.leave_out),
        zone=HERE,
        keys=keys,
    )
    status = draw_pages(path, out, wanted)
    for page in given.pages:
        whose = str(OWN.get(page, page))
        note(
            folder,
            What.WRITTEN,
            whose=whose,
            session_id=path.stem,
            place=str(out),
        )
    return status

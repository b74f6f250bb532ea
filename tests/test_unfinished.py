"""A practice that broke off is offered at the next start, as far as that is true."""

import datetime as dt
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.errors import StorageUnusable
from coreg.exercises.plan import parse_plan
from coreg.facts.both import Both
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Ended,
    Ending,
    Opened,
    PacerStopped,
    Partner,
    Paused,
    Press,
    Resumed,
    SignalLost,
    Source,
    Tick,
    WentOn,
)
from coreg.facts.kinds import WhyNot
from coreg.session import broken_off as broken_off_module
from coreg.session.broken_off import broken_off
from coreg.session.live import versions
from coreg.store import erasing, left
from coreg.store.erasing import worn_by
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.plans import plan_text
from coreg.store.reader import State, check_session, read_session
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import Do, GoOnWith, KeepRest, LeaveUnfinished, Refuse
from coreg.web.evening.happenings import Heard, InTheAir, SessionWentOn
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import NOT_TODAY_S, Evening, Unfinished
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.evening_store import ERASE_AT_END, EveningStore
from coreg.web.wire.incoming import (
    Consent,
    Erase,
    Go,
    Hold,
    Onward,
    PauseWay,
    Swap,
)
from coreg.web.wire.named import Choice, Erasing, OnwardWay, Screen, Way
from tests.helpers.evening_server import CHEAP
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, append_all, raw_damage
from tests.helpers.short_plans import BREATHING
from tests.test_web_evening import BEGAN, HOME, SHELF, after, shown

ID, NEWER, OLDER = "20260301-193000-7f3a", "20260301-203000-7f3b", "20250301-0-7f3c"
BEGAN_UTC = dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC)
REAL = changed(
    OPENED,
    source=Source.STRAPS,
    plan_toml=BREATHING,
    opened_utc=BEGAN_UTC.isoformat(),
    versions=versions(),
)
ARRIVE, BREATHE = (
    BlockBegan(t_s=120.0 * n, number=n, name=kind, kind=kind, length_s=120.0)
    for n, kind in enumerate(("arrive", "breathe"))
)
SOON = BEGAN_UTC + dt.timedelta(minutes=20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


def break_off(
    folder: Path, session_id: str = ID, opened: Opened = REAL, *facts: Logged
) -> Path:
    """Record a session that nobody ended."""
    path = session_path(folder, session_id)
    with SessionLog.create(path, changed(opened, session_id=session_id)) as log:
        append_all(log, [ARRIVE, *(facts or (Tick(t_ns=60_000_000_000),))])
    return path


# --- found by the log -----------------------------------------------------------


def test_nothing_broke_off_where_nothing_was_recorded(folder: Path) -> None:
    assert broken_off(folder, utc=SOON) is None


@pytest.mark.parametrize("session_id", [ID, NEWER, OLDER])
def test_the_one_recorded_last_is_found_wherever_its_name_sorts(
    folder: Path, session_id: str
) -> None:
    for each in {ID, NEWER, OLDER} - {session_id}:
        break_off(folder, each)
    path = break_off(folder, session_id)
    found = broken_off(folder, utc=SOON)
    assert found is not None
    assert (found.path, found.why_not) == (path, None)


def test_whoever_practised_since_is_not_asked_of_the_one_before(folder: Path) -> None:
    break_off(folder, NEWER)
    path = session_path(folder, OLDER)  # the clock was set back in between
    with SessionLog.create(path, REAL) as log:
        append_all(log, [ARRIVE, Ended(t_s=1.0, ending=Ending.FINISHED_EARLY)])
    assert broken_off(folder, utc=SOON) is None


def test_a_simulated_couple_since_then_hides_no_practice_that_may_go_on(
    folder: Path,
) -> None:
    real = break_off(folder, ID)
    simulated = break_off(folder, NEWER, changed(REAL, source=Source.SIMULATED))
    found = [
        broken_off(folder, utc=BEGAN_UTC + dt.timedelta(minutes=away_min))
        for away_min in (20, 90)
    ]
    assert [each and each.path for each in found] == [real, simulated]


@pytest.mark.parametrize(
    ("away", "why_not"),
    [
        (dt.timedelta(minutes=60), None),
        (dt.timedelta(minutes=62), WhyNot.LONG_AGO),
        (dt.timedelta(days=30), WhyNot.LONG_AGO),
        (-dt.timedelta(days=30), None),  # set back: no clock can tell
    ],
)
def test_after_an_hour_the_evening_is_over(
    folder: Path, away: dt.timedelta, why_not: WhyNot | None
) -> None:
    break_off(folder)
    found = broken_off(folder, utc=BEGAN_UTC + away)
    assert found is not None
    assert found.why_not is why_not


@pytest.mark.parametrize(
    ("opened", "why_not"),
    [
        (changed(REAL, source=Source.SIMULATED), WhyNot.SIMULATED),
        (changed(REAL, source=Source.RECORDINGS), WhyNot.RECORDINGS),
        (changed(REAL, versions=(("coreg", "0.1"),)), WhyNot.OTHER_VERSION),
    ],
)
def test_what_can_not_go_on_says_why(
    folder: Path, opened: Opened, why_not: WhyNot
) -> None:
    break_off(folder, ID, opened)
    found = broken_off(folder, utc=SOON)
    assert found is not None
    assert found.why_not is why_not


def test_one_that_had_ended_is_over_though_its_file_was_not_closed(
    folder: Path,
) -> None:
    path = break_off(folder, ID, REAL, Ended(t_s=9.0, ending=Ending.COMPLETE))
    raw_damage(path, "UPDATE meta SET value = ?, crc = ? WHERE key = 'state'")
    assert read_session(path).state is State.INTERRUPTED
    found = broken_off(folder, utc=SOON)
    assert found is not None
    assert found.why_not is WhyNot.OVER


def test_a_damaged_one_is_never_written_to(folder: Path) -> None:
    path = break_off(folder, ID, REAL, *(Tick(t_ns=n) for n in range(9)))
    raw_damage(path, "UPDATE event SET t_mono_ns = 5 WHERE seq = 7")
    found = broken_off(folder, utc=SOON)
    assert found is not None
    assert found.why_not is WhyNot.DAMAGED
    before = path.read_bytes()
    left.leave(path)
    assert path.read_bytes() == before


# --- left as it is --------------------------------------------------------------


def test_one_that_was_left_is_asked_of_no_more_and_reads_as_before(
    folder: Path,
) -> None:
    path = break_off(folder)
    left.leave(path)
    left.leave(path)
    assert broken_off(folder, utc=SOON) is None
    assert check_session(path).words == "ok: 3 events (interrupted)"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_whole_session_is_never_left(folder: Path) -> None:
    path = session_path(folder, ID)
    with SessionLog.create(path, REAL) as log:
        append_all(log, [Ended(t_s=1.0, ending=Ending.COMPLETE)])
    left.leave(path)
    assert read_session(path).state is State.WHOLE


# --- the next start -------------------------------------------------------------


def started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Unfinished | None:
    monkeypatch.setattr(clock, "utc_now", lambda: SOON)
    store = EveningStore(folder, passcode_cost=CHEAP)
    evening = store.evening(SHELF.names, source=Source.STRAPS, seed=1, speed=1.0)
    return evening.unfinished


def test_the_next_start_knows_what_broke_off_and_in_which_straps(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert started(folder, monkeypatch) is None
    library = Library(folder)
    for partner, identity in zip(Partner, ("H10 4A2F", "H10 91C0"), strict=True):
        library.keep_setting(worn_by(partner), identity)
    break_off(folder)
    unfinished = started(folder, monkeypatch)
    assert unfinished is not None
    assert unfinished.session_id == ID
    assert unfinished.worn == Both("H10 4A2F", "H10 91C0")
    assert unfinished.until_server_s is not None
    now_s = clock.monotonic_ns() / 1e9
    assert unfinished.until_server_s - now_s == pytest.approx(41 * 60, abs=60)


def test_what_was_to_be_erased_and_could_not_be_is_not_gone_on_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(folder)
    Library(folder).keep_setting(ERASE_AT_END, ID)

    def stuck(*_: object) -> None:
        raise StorageUnusable("Not now.", "Later.")

    monkeypatch.setattr(erasing, "erase_session", stuck)
    assert started(folder, monkeypatch) is None


def test_one_that_cannot_be_read_at_the_moment_keeps_nobody_from_starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_off(folder)

    def no_room(*_: object) -> None:
        raise StorageUnusable("The disk is full.", "Free some space.")

    monkeypatch.setattr(broken_off_module, "read_beginning", no_room)
    assert started(folder, monkeypatch) is None


# --- Home -----------------------------------------------------------------------

UNFINISHED = Unfinished(
    session_id=ID,
    source=Source.STRAPS,
    why_not=None,
    until_server_s=1000.0,
    by_heart=True,
    finds_pace=False,
    worn=Both("strap 1", "strap 2"),
)
GO_ON, LOOK_BACK, LEAVE = (Onward(way=way) for way in OnwardWay)


def seen(strap_id: str, identity: str) -> StrapSeen:
    return StrapSeen(
        id=strap_id,
        identity=identity,
        has_said_who=True,
        name="",
        model="",
        ends="",
        worn_by=None,
        jumps=(math.nan, 1.0),
        signal="good",
        words="",
    )


AIR = InTheAir(straps=(seen("one", "strap 1"), seen("two", "strap 2")), trouble="")
OFFERED, _ = after(replace(HOME, unfinished=UNFINISHED), AIR)


def offer(evening: Evening) -> dict[str, object] | None:
    told: dict[str, object] | None = json.loads(shown(evening))["unfinished"]
    return told


def test_home_offers_to_go_on_to_look_back_or_to_leave_it() -> None:
    told = offer(OFFERED)
    assert told is not None
    assert told["may_go_on"]
    assert told["is_ready"]
    assert told["page"] is None
    on, effects = after(OFFERED, GO_ON)
    assert effects == [GoOnWith(session_id=ID)]
    assert on.starting
    gone, effects = after(OFFERED, LEAVE)
    assert effects == [LeaveUnfinished(session_id=ID)]
    assert (gone.screen, offer(gone)) == (Screen.HOME, None)
    back, effects = after(OFFERED, LOOK_BACK)
    assert effects == [LeaveUnfinished(session_id=ID)]
    assert (back.screen, back.turn) == (Screen.LOOK_BACK, Partner.B)
    assert back.looking is not None
    assert back.looking.session_id == ID


@pytest.mark.parametrize("hour", ["", OLDER])
def test_what_broke_off_had_free_time_unless_it_is_of_an_hour_with_a_therapist(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hour: str
) -> None:
    """Its plan settles in before it breathes, and nobody is asked of an hour."""
    break_off(folder, ID, changed(REAL, hour=hour))
    found = started(folder, monkeypatch)
    assert found is not None
    assert found.had_quiet is (not hour)


def test_who_looks_back_is_asked_of_the_free_time_where_its_plan_has_some() -> None:
    for had_quiet in (True, False):
        unfinished = replace(UNFINISHED, had_quiet=had_quiet)
        back, _ = after(replace(OFFERED, unfinished=unfinished), LOOK_BACK)
        assert back.looking is not None
        assert back.looking.had_quiet is had_quiet


def test_other_straps_or_each_the_others_do_not_go_on() -> None:
    swapped, effects = after(OFFERED, Swap(), AIR, GO_ON)
    assert effects == [Refuse(why="other-straps")]
    told = offer(swapped)
    assert told is not None
    assert not told["is_ready"]
    strange = replace(AIR, straps=(AIR.straps[0], seen("two", "strap 3")))
    assert after(OFFERED, strange, GO_ON)[1] == [Refuse(why="other-straps")]
    alone = replace(AIR, straps=AIR.straps[:1])
    assert after(OFFERED, alone, GO_ON)[1] == [Refuse(why="two-hearts")]


def test_what_may_not_go_on_any_more_says_so_and_is_refused() -> None:
    late, effects = after(OFFERED, GO_ON, server_s=1001.0)
    assert effects == [Refuse(why="not-now")]
    assert not late.starting
    over = replace(OFFERED, unfinished=replace(UNFINISHED, until_server_s=0.5))
    told = offer(over)
    assert told is not None
    assert not told["may_go_on"]
    assert "a while ago" in str(told["words"])


def test_of_a_simulated_couple_only_the_page_is_offered() -> None:
    simulated = replace(UNFINISHED, source=Source.SIMULATED, why_not=WhyNot.SIMULATED)
    evening = replace(OFFERED, unfinished=simulated)
    told = offer(evening)
    assert told is not None
    assert told["page"] == f"/evenings/{ID}/page"
    for way in (GO_ON, LOOK_BACK):
        assert after(evening, way)[1] == [Refuse(why="not-now")]


@pytest.mark.parametrize("why_not", WhyNot)
def test_every_reason_has_its_words(why_not: WhyNot) -> None:
    told = offer(replace(OFFERED, unfinished=replace(UNFINISHED, why_not=why_not)))
    assert told is not None
    assert not told["may_go_on"]
    assert told["title"]
    assert told["words"]


NO = Consent(
    partner=Partner.B,
    choice=Choice.NOT_NOW,
    adult=True,
    record=False,
    show_partner=False,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=False,
    show_therapist=False,
)


@pytest.mark.parametrize(
    "taken_back",
    [
        NO,
        replace(NO, choice=Choice.YES),
        replace(NO, choice=Choice.YES, record=True, heart_rhythm=True),
    ],
    ids=["all", "saving", "hearts that lead"],
)
def test_what_somebody_took_back_since_looks_as_a_day_that_is_not_the_day(
    taken_back: Consent,
) -> None:
    own = Go(screen=Screen.CONSENT, partner=Partner.B)
    back, _ = after(OFFERED, own, taken_back)
    assert offer(back) == offer(OFFERED)  # nothing shows before somebody asks
    ended, effects = after(back, AIR, GO_ON)
    assert effects == [KeepRest(for_s=NOT_TODAY_S, was_said=False)]
    assert ended.screen is Screen.NOT_YET


def test_whoever_begins_anew_has_left_it() -> None:
    evening, effects = after(OFFERED, BEGAN)
    assert effects == [LeaveUnfinished(session_id=ID)]
    assert evening.unfinished is None


def test_who_only_looks_around_with_a_simulated_couple_has_left_nothing() -> None:
    looking = replace(OFFERED, source=Source.SIMULATED)
    evening, effects = after(looking, BEGAN)
    assert effects == []
    assert evening.unfinished is not None


def test_whoever_erases_it_is_not_asked_of_it() -> None:
    erase = Erase(what=Erasing.SESSION, session_id=ID, partner=None, confirm="erase")
    evening, _ = after(OFFERED, Go(screen=Screen.EVENINGS), erase)
    assert evening.unfinished is None


def test_it_is_offered_on_home_alone() -> None:
    for screen in (Screen.EVENINGS, Screen.GATE, Screen.SETTINGS):
        evening = replace(OFFERED, screen=screen)
        assert offer(evening) is None
        assert after(evening, GO_ON)[1] == [Refuse(why="not-now")]
    assert after(HOME, GO_ON)[1] == [Refuse(why="not-now")]


# --- coming back ----------------------------------------------------------------

BACK = WentOn(t_s=800.0, since_s=200.0, is_timed=True)
HELD = tuple(Hold(partner=partner, on=True) for partner in Partner)


def came_back(*cues: object, evening: Evening = OFFERED) -> Evening:
    starting, _ = after(evening, GO_ON)
    on = SessionWentOn(
        session_id=ID,
        clock=SessionClock(origin_s=0.0, speed=1.0),
        taps=False,
        plan=parse_plan(plan_text("relaxed-and-alert")),
        first=Partner.A,
        cues=cues,  # type: ignore[arg-type]
        went_on=BACK,
    )
    back, effects = after(starting, on)
    assert effects == []  # what was said then does nothing now
    live, _ = after(back, Heard(cue=BACK), Heard(cue=Paused(t_s=200.0)))
    assert live == back or live.running is not None
    return live


def test_it_comes_back_paused_in_its_block_and_goes_on_by_both_alone() -> None:
    back = came_back(ARRIVE, BREATHE, Breath(t_s=198.0, period_s=10.0, inhale_s=4.0))
    assert (back.screen, back.running.block.kind) == (Screen.PAUSE, "breathe")  # type: ignore[union-attr]
    told = json.loads(shown(back))
    assert told["pause"]["is_back"]
    assert not told["pause"]["is_last"]
    assert told["unfinished"] is None
    for held in HELD:
        assert after(back, held, held)[1] == []
    _, effects = after(back, *HELD)
    assert effects == [Do(press=Press.RESUME)]
    on, _ = after(
        back, Heard(cue=PacerStopped(t_s=200.0)), Heard(cue=Resumed(t_s=820.0))
    )
    assert on.screen is Screen.BREATHE
    block = on.running.block  # type: ignore[union-attr]
    assert block is not None
    assert 820.0 - block.began_s == 200.0 - 120.0  # as far into the block as before


def test_coreg_stopping_is_not_a_pause_that_somebody_needed() -> None:
    back = came_back(ARRIVE, BREATHE)
    on, _ = after(back, Heard(cue=Resumed(t_s=820.0)), Heard(cue=Paused(t_s=830.0)))
    assert not json.loads(shown(on))["pause"]["is_last"]
    assert not json.loads(shown(on))["pause"]["is_back"]


def test_a_pause_that_was_the_last_stays_the_last() -> None:
    back = came_back(
        ARRIVE, BREATHE, Paused(t_s=130.0), Resumed(t_s=140.0), Paused(t_s=150.0)
    )
    told = json.loads(shown(back))
    assert told["pause"]["is_last"]
    assert after(back, *HELD)[1] == []  # that is enough for today
    assert after(back, PauseWay(way=Way.FINISH))[1] == [Do(press=Press.FINISH)]


def test_what_was_lost_then_is_lost_still_and_old_quirks_are_not_said_again() -> None:
    back = came_back(ARRIVE, SignalLost(t_s=30.0, partner=Partner.B))
    assert [each.id for each in back.notices] == ["lost-B"]

"""From a yes of each to the light: virtual straps at home, in jumping time.

What nobody agreed to is never asked of a strap: the virtual ones saw every request.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from coreg.facts.events import (
    NS_PER_S,
    Glow,
    PaceTurned,
    Pacing,
    Partner,
    Press,
    Stream,
    StreamPacket,
    StreamTakenBack,
)
from coreg.sensors.decoding.polar_control import Op
from coreg.session.replay import compare
from coreg.store.reader import read_session
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.web.wire.incoming import (
    Choose,
    Consent,
    Go,
    Message,
    PauseWay,
    Pressing,
    Swap,
)
from coreg.web.wire.named import Choice, Screen, Way
from coreg.web.wire.of_own import ChoosePasscode, EnterPasscode
from tests.helpers.two_chests import LIGHT_PLAN, chest
from tests.helpers.two_people import PASSCODES
from tests.test_straps_at_home import Home, at_home

A, B = Partner.A, Partner.B
ECG, MOVES = Stream.ECG, Stream.ACCELERATION
USUAL = "relaxed-and-alert"
Started = dict[Partner, list[Stream | None]]


def started(couple: VirtualCouple) -> Started:
    """What each virtual strap was ever asked to begin."""
    found: Started = {}
    for partner, strap in couple.straps.items():
        requests = [] if strap.polar is None else strap.polar.asked
        found[partner] = [stream for op, stream in requests if op is Op.START]
    return found


def going(couple: VirtualCouple, *of: Partner) -> set[Stream]:
    """What the straps of these measure now; of nobody named, both straps."""
    return {
        stream
        for partner, strap in couple.straps.items()
        if strap.polar is not None and partner in (of or tuple(Partner))
        for stream in strap.polar.going
    }


@asynccontextmanager
async def evening(
    tmp_path: Path, *, measures_more: bool = True, with_therapist: bool = False
) -> AsyncIterator[tuple[VirtualCouple, Home]]:
    """A home in which the chest of A breathes at nine a minute, B's at twelve."""
    async with virtual_couple(measures_more=measures_more) as couple:
        for partner, rate in {A: 9.0, B: 12.0}.items():
            polar = couple.straps[partner].polar
            if polar is not None:
                polar.acceleration_mg = chest(rate)
        async with at_home(
            couple, tmp_path, practised=5, with_therapist=with_therapist
        ) as home:
            await home.both_seen()
            yield couple, home


async def answered(home: Home, message: Message) -> None:
    """Say something that is kept, and wait until it is."""
    number = len(home.heard)

    def taken() -> bool:
        return any(
            each["type"] == "taken" and each["id"] == number for each in home.heard
        )

    assert home.service.ask(message, home.page, number)
    await home.until(taken)


async def agree(
    home: Home,
    partner: Partner,
    more: dict[str, bool],
    *,
    back: Screen = Screen.SETTINGS,
) -> None:
    """One of the two says alone, on their own page, what their strap may measure."""
    home.say(Go(screen=Screen.CONSENT, partner=partner))
    await home.screen(Screen.CONSENT)
    is_first = home.service.evening.passcode_utc[partner] is None
    unlock = ChoosePasscode if is_first else EnterPasscode
    await answered(home, unlock(partner=partner, passcode=PASSCODES[partner.value]))
    said = Consent(
        partner=partner,
        choice=Choice.YES,
        adult=True,
        record=True,
        show_partner=True,
        heart_rhythm=False,
        see_doctor=False,
        find_pace=False,
        show_therapist=False,
        **more,
    )
    await answered(home, said)
    await home.screen(back)


async def both_agree(home: Home, **of: dict[str, bool]) -> None:
    home.say(Go(screen=Screen.SETTINGS, partner=None))
    await home.screen(Screen.SETTINGS)
    for partner in Partner:
        await agree(home, partner, of.get(partner.value, {}))
    home.say(Go(screen=Screen.HOME, partner=None))
    await home.screen(Screen.HOME)
    await home.both_seen()


def offered(home: Home) -> set[str]:
    return {each["name"] for each in home.last("state")["choices"]}


async def choose(home: Home, practice: str) -> None:
    home.say(
        Choose(
            practice=practice,
            minutes=None,
            length=None,
            without_breathing=False,
            first=None,
        )
    )
    await home.until(lambda: home.service.evening.chosen.practice == practice)


async def practised(home: Home, *, until: Screen, seconds: float) -> Path:
    """Begin, go on to this screen and stay there for so long; return the session."""
    await home.begin()
    await home.screen(Screen.ARRIVE)
    home.say(Pressing(press=Press.READY))
    await home.screen(until)
    await asyncio.sleep(seconds)
    home.say(Pressing(press=Press.FINISH))
    await home.screen(Screen.LOOK_BACK)
    await home.service.all_kept()
    return home.service.recorded[-1]


def test_from_a_yes_of_each_the_light_goes_between_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> Path:
        async with evening(tmp_path) as (couple, home):
            assert LIGHT_PLAN not in offered(home)
            await both_agree(home, A={"movement": True})
            assert LIGHT_PLAN not in offered(home)
            await both_agree(home, A={"movement": True}, B={"movement": True})
            assert LIGHT_PLAN in offered(home)
            assert started(couple) == {A: [], B: []}  # a yes begins nothing yet
            await choose(home, LIGHT_PLAN)
            path = await practised(home, until=Screen.BOTH_LIGHT, seconds=150)
            assert started(couple) == {A: [MOVES], B: [MOVES]}
            assert going(couple) == set()
            return path

    path = run_in_no_time(scene(), monkeypatch)
    session = read_session(path)
    assert session.opened.straps.measured == ((MOVES,), (MOVES,))
    facts = [each.fact for each in session.events]
    assert compare(facts, is_whole=True).difference == ""
    rates = [60 / each.period_s for each in facts if isinstance(each, Glow)]
    assert rates[-1] == pytest.approx((9 * 12) ** 0.5, abs=0.15)
    turns = [each.pacing for each in facts if isinstance(each, PaceTurned)]
    assert turns == [Pacing.CALM, Pacing.FOLLOWING]


def test_a_strap_is_asked_for_what_its_own_wearer_agreed_to_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> Path:
        async with evening(tmp_path) as (couple, home):
            home.say(Swap())  # B wears the strap that was A's
            await both_agree(home, B={"movement": True, "ecg": True})
            await choose(home, USUAL)
            path = await practised(home, until=Screen.BREATHE, seconds=30)
            # ECG is for an hour with a therapist: nobody at home reads it.
            assert started(couple) == {A: [MOVES], B: []}
            return path

    path = run_in_no_time(scene(), monkeypatch)
    assert read_session(path).opened.straps.measured == ((), (MOVES,))


def test_a_yes_taken_back_in_a_pause_stops_that_strap_before_the_pause_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> Path:
        async with evening(tmp_path) as (couple, home):
            await both_agree(home, A={"movement": True}, B={"movement": True})
            await choose(home, USUAL)
            await home.begin()
            await home.screen(Screen.ARRIVE)
            home.say(Pressing(press=Press.READY))
            await home.screen(Screen.BREATHE)
            await asyncio.sleep(20)
            assert going(couple) == {MOVES}
            home.say(Pressing(press=Press.PAUSE))
            await home.screen(Screen.PAUSE)
            await agree(home, A, {"movement": False}, back=Screen.PAUSE)
            await asyncio.sleep(2)
            assert going(couple, A) == set()
            assert going(couple, B) == {MOVES}
            await asyncio.sleep(3)
            home.say(PauseWay(way=Way.FINISH))
            await home.screen(Screen.LOOK_BACK)
            await home.service.all_kept()
            return home.service.recorded[-1]

    path = run_in_no_time(scene(), monkeypatch)
    facts = [each.fact for each in read_session(path).events]
    last_s = {
        partner: max(
            each.t_ns
            for each in facts
            if isinstance(each, StreamPacket) and each.partner is partner
        )
        / NS_PER_S
        for partner in Partner
    }
    assert last_s[B] > last_s[A] + 2
    (back,) = [each for each in facts if isinstance(each, StreamTakenBack)]
    assert (back.partner, back.stream) == (A, MOVES)
    assert 0 <= back.t_ns / NS_PER_S - last_s[A] < 2
    assert compare(facts, is_whole=True).difference == ""


def test_without_a_yes_no_strap_is_asked_for_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> Path:
        async with evening(tmp_path) as (couple, home):
            await choose(home, USUAL)
            path = await practised(home, until=Screen.BREATHE, seconds=30)
            assert started(couple) == {A: [], B: []}
            return path

    path = run_in_no_time(scene(), monkeypatch)
    assert read_session(path).opened.straps.measured == ((), ())


def test_a_no_that_comes_later_counts_from_the_next_practice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with evening(tmp_path) as (couple, home):
            await both_agree(home, A={"movement": True}, B={"movement": True})
            await choose(home, LIGHT_PLAN)
            await both_agree(home, A={"movement": False}, B={"movement": True})
            await home.until(lambda: home.service.evening.chosen.practice == USUAL)
            assert any("two straps that can see" in words for words in home.notices)
            await practised(home, until=Screen.BREATHE, seconds=10)
            assert started(couple) == {A: [], B: [MOVES]}

    run_in_no_time(scene(), monkeypatch)


def test_straps_that_cannot_see_a_breath_are_offered_no_such_light(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with evening(tmp_path, measures_more=False) as (_couple, home):
            await both_agree(home, A={"movement": True}, B={"movement": True})
            assert LIGHT_PLAN not in offered(home)
            await choose(home, USUAL)
            await practised(home, until=Screen.BREATHE, seconds=10)

    run_in_no_time(scene(), monkeypatch)


def test_with_a_therapist_ecg_comes_of_whoever_agreed_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> Path:
        async with evening(tmp_path, with_therapist=True) as (couple, home):
            await both_agree(home, A={"ecg": True}, B={"movement": True})
            await choose(home, USUAL)
            path = await practised(home, until=Screen.BREATHE, seconds=10)
            assert started(couple) == {A: [ECG], B: [MOVES]}
            return path

    path = run_in_no_time(scene(), monkeypatch)
    assert read_session(path).opened.straps.measured == ((ECG,), (MOVES,))

"""The evening as a pure step: what may follow what, whoever sends whatever."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from coreg.exercises.plan import parse_plan
from coreg.exercises.plan_blocks import Length
from coreg.facts.both import Both
from coreg.facts.events import (
    BlockBegan,
    Breath,
    Ended,
    Ending,
    PacerStopped,
    Partner,
    Paused,
    Press,
    Resumed,
    SignalBack,
    SignalLost,
    Source,
)
from coreg.sensors.quirks.words import Trouble, sentence
from coreg.store.plans import plan_text
from coreg.store.release import Wish
from coreg.web.evening.effects import (
    Begin,
    Do,
    Effect,
    KeepAside,
    KeepConsent,
    KeepNames,
    KeepRating,
    KeepRest,
    KeepWish,
    KeepWords,
    Refuse,
    Remove,
    Tell,
    Withdraw,
)
from coreg.web.evening.happenings import (
    Erased,
    Fault,
    Happening,
    Heard,
    InTheAir,
    LinkIs,
    NotKept,
    OwnWordsGone,
    PageCame,
    PasscodeChosen,
    PasscodeForgotten,
    QuietOne,
    RecordingIs,
    SessionBegan,
    SessionOver,
    SessionStopped,
    Warmed,
)
from coreg.web.evening.on_gate import SIT_AGAIN_S
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import (
    NOT_TODAY_S,
    STEADY_SIX,
    Agreed,
    Chosen,
    Evening,
    Notice,
    first_screen,
)
from coreg.web.evening.step import step
from coreg.web.evening.strap_seen import Signal, StrapSeen
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.view import state_of, straps_of
from coreg.web.wire.incoming import (
    Assign,
    Choose,
    ChooseSource,
    Consent,
    Erase,
    Gate,
    Go,
    Hold,
    Lines,
    Look,
    Message,
    Names,
    OwnWords,
    PauseWay,
    Pressing,
    Rating,
    Settings,
    Start,
    Swap,
)
from coreg.web.wire.named import Choice, Erasing, GateAnswer, Moment, Screen, Way
from coreg.web.wire.outgoing import WarmthTold, encode
from coreg.web.words import say

SHELF = PracticeCatalogue()
SESSION = "20260301-193000-7f3a"
FREE = Agreed(
    record=True,
    show_partner=True,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=False,
    show_therapist=False,
)
NEW = first_screen(
    Evening(
        screen=Screen.WELCOME,
        turn=None,
        names=Both("A", "B"),
        passcode_utc=Both(None, None),
        agreed=Both(None, None),
        practices=SHELF.names,
        chosen=Chosen(
            practice="relaxed-and-alert",
            minutes=0.0,
            length=None,
            without_breathing=False,
        ),
        pace=STEADY_SIX,
        source=Source.STRAPS,
        seed=1,
        speed=1.0,
        worn=Both(None, None),
        swapped=False,
        straight=False,
        starting=False,
        running=None,
        looking=None,
        notices=(),
        recording_trouble="",
        warmth=True,
    )
)
HOME = first_screen(
    replace(
        NEW,
        agreed=Both(FREE, FREE),
        worn=Both("one", "two"),
        arriving=frozenset({"one", "two"}),
    )
)
BEGAN = SessionBegan(
    session_id=SESSION,
    clock=SessionClock(origin_s=1000.0, speed=2.0),
    kept=True,
    blocks=parse_plan(plan_text("relaxed-and-alert")).blocks,
)
YES = Consent(
    partner=Partner.A,
    choice=Choice.YES,
    adult=True,
    record=True,
    show_partner=True,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=False,
    show_therapist=False,
)


def block(number: int, kind: str, t_s: float = 0.0) -> Heard:
    began = BlockBegan(t_s=t_s, number=number, name=kind, kind=kind, length_s=60.0)
    return Heard(cue=began)


def after(
    evening: Evening, *given_: Message | Happening, server_s: float = 0.0
) -> tuple[Evening, list[Effect]]:
    effects: list[Effect] = []
    for each in given_:
        evening, more = step(evening, each, server_s=server_s)
        effects += more
    return evening, effects


def shown(evening: Evening) -> str:
    told = state_of(evening, server_s=1.0, catalogue=SHELF, straps=())
    return encode(told)


BREATHING, _ = after(HOME, BEGAN, block(2, "breathe"))


# --- first use ----------------------------------------------------------------


def test_each_is_asked_alone_and_then_they_are_at_home() -> None:
    asked, _ = after(NEW, Names(A="Ada", B="Bo"))
    assert (asked.screen, asked.turn) == (Screen.CONSENT, Partner.A)
    next_one, _ = after(asked, YES)
    assert (next_one.screen, next_one.turn) == (Screen.CONSENT, Partner.B)
    home, effects = after(next_one, replace(YES, partner=Partner.B))
    assert (home.screen, home.turn) == (Screen.HOME, None)
    assert effects == [KeepConsent(partner=Partner.B, agreed=FREE)]


BOTH_SAY_YES = tuple(Gate(partner=each, answer=GateAnswer.YES) for each in Partner)
NO = replace(YES, choice=Choice.NOT_NOW)
TICKED_OTHERWISE = replace(
    YES,
    record=False,
    show_partner=False,
    heart_rhythm=True,
    see_doctor=True,
    find_pace=True,
    show_therapist=False,
)


def of_b(answer: Consent) -> Consent:
    return replace(answer, partner=Partner.B)


def test_whatever_the_first_one_answers_the_other_is_asked_and_sees_the_same() -> None:
    asked, _ = after(NEW, Names(A="Ada", B="Bo"))
    answered = {shown(after(asked, each)[0]) for each in (YES, NO, TICKED_OTHERWISE)}
    assert len(answered) == 1
    state = json.loads(answered.pop())
    assert (state["screen"], state["turn"]) == ("consent", "B")


def test_where_either_said_no_both_read_one_line_that_says_not_who() -> None:
    asked, _ = after(NEW, Names(A="Ada", B="Bo"))
    ended = [after(asked, a, of_b(b))[0] for a, b in ((NO, YES), (YES, NO), (NO, NO))]
    assert {each.screen for each in ended} == {Screen.NOT_YET}
    assert len({shown(each) for each in ended}) == 1
    for each in ended:
        back, _ = after(each, Go(screen=Screen.WELCOME))
        assert back.screen is Screen.WELCOME  # not straight back to either of them
        again, _ = after(back, Names(A="Ada", B="Bo"))
        assert (again.screen, again.turn) == (Screen.CONSENT, Partner.A)
        twice, _ = after(again, YES)
        assert twice.turn is Partner.B  # also where B had said yes


def test_what_was_agreed_to_can_be_taken_back_and_no_screen_tells() -> None:
    for partner in Partner:
        settings = replace(HOME, screen=Screen.SETTINGS)
        opened = Go(screen=Screen.CONSENT, partner=partner)
        no, yes = (replace(each, partner=partner) for each in (NO, YES))
        back, effects = after(settings, opened, no)
        kept, _ = after(settings, opened, yes)
        assert effects == [Withdraw(partner=partner)]
        assert not back.is_set_up
        home = Go(screen=Screen.HOME)
        assert shown(back) == shown(kept)
        assert shown(after(back, home)[0]) == shown(after(kept, home)[0])
        # Nothing begins, and it looks as where one of them says: not today.
        on = (home, Start())
        asked, _ = after(back, *on)
        assert shown(asked) == shown(after(kept, *on)[0])
        ended, effects = after(asked, *BOTH_SAY_YES)
        assert {type(each) for each in effects} == {KeepRest}
        assert ended.screen is Screen.NOT_YET


@pytest.mark.parametrize(
    "answer",
    [replace(YES, adult=False), replace(YES, partner=Partner.B)],
    ids=["a child", "for the other"],
)
def test_nobody_agrees_who_may_not(answer: Consent) -> None:
    asked, _ = after(NEW, Names(A="Ada", B="Bo"))
    same, effects = after(asked, answer)
    assert same == asked
    assert isinstance(effects[0], Refuse)


def test_what_somebody_s_body_asks_for_chooses_nothing_that_the_other_sees() -> None:
    asked, _ = after(NEW, Names(A="Ada", B="Bo"))
    careful, _ = after(asked, replace(YES, see_doctor=True), of_b(YES))
    plain, _ = after(asked, YES, of_b(YES))
    assert not careful.chosen.without_breathing
    assert shown(careful) == shown(plain)


def test_a_heart_rhythm_problem_of_either_turns_heart_driven_features_off() -> None:
    ticked = replace(FREE, heart_rhythm=True)
    for agreed in (
        Both[Agreed | None](FREE, ticked),
        Both[Agreed | None](ticked, FREE),
    ):
        home = replace(HOME, agreed=agreed)
        evening, _ = after(home, BEGAN, block(2, "breathe"))
        assert not evening.by_heart
        # As where hearts are not known: whose it is cannot be told from it.
        unknown = [Tell(told=WarmthTold(value=None))]
        assert after(evening, Warmed(value=0.5))[1] == unknown
    told = after(BREATHING, Warmed(value=0.5))[1]
    assert told == [Tell(told=WarmthTold(value=0.5))]
    assert after(replace(BREATHING, warmth=False), Warmed(value=0.5))[1] == []


def test_health_is_shown_on_no_page() -> None:
    ticked = Agreed(
        record=True,
        show_partner=False,
        heart_rhythm=True,
        see_doctor=False,
        find_pace=False,
        show_therapist=False,
    )
    assert shown(replace(BREATHING, agreed=Both(ticked, FREE))) == shown(BREATHING)


# --- practising ---------------------------------------------------------------


def test_real_hearts_need_two_straps_and_two_agreements() -> None:
    asked, effects = after(HOME, Start())
    assert (asked.screen, asked.turn, effects) == (Screen.GATE, Partner.A, [])
    assert after(asked, *BOTH_SAY_YES)[1][-1:] == [Begin()]
    for not_yet in (
        replace(HOME, worn=Both("one", None)),
        replace(HOME, agreed=Both(FREE, None)),
    ):
        assert Begin() not in after(not_yet, Start(), *BOTH_SAY_YES)[1]
    twice, _ = after(HOME, Start(), *BOTH_SAY_YES)
    assert after(twice, Start())[1] == [Refuse(why="not-now")]


def gated(a: GateAnswer, b: GateAnswer) -> tuple[Evening, list[Effect]]:
    answers = (Gate(partner=Partner.A, answer=a), Gate(partner=Partner.B, answer=b))
    return after(HOME, Start(), *answers)


def test_whatever_the_first_one_answers_at_the_gate_the_second_sees_the_same() -> None:
    asked, _ = after(HOME, Start())
    seen = {
        shown(after(asked, Gate(partner=Partner.A, answer=each))[0])
        for each in GateAnswer
    }
    assert len(seen) == 1


def test_not_today_from_either_is_one_calm_line_and_nothing_begins() -> None:
    ended = [gated(GateAnswer.NOT_TODAY, other) for other in GateAnswer] + [
        gated(other, GateAnswer.NOT_TODAY) for other in GateAnswer
    ]
    assert {shown(evening) for evening, _ in ended} == {
        shown(replace(HOME, screen=Screen.NOT_YET))
    }
    # Until when it rests is kept, and nothing else of it: nothing begins.
    assert all({type(each) for each in effects} == {KeepRest} for _, effects in ended)


def test_something_gentler_from_either_is_a_quiet_evening_as_by_chance() -> None:
    yes, gentler = GateAnswer.YES, GateAnswer.GENTLER
    by_chance, _ = after(gated(yes, yes)[0], QuietOne())
    asked = [gated(gentler, yes)[0], gated(yes, gentler)[0], gated(gentler, gentler)[0]]
    for quiet in (by_chance, *asked):
        assert quiet.tonight.chosen.without_breathing
        assert not quiet.chosen.without_breathing  # tonight's alone
        begun, _ = after(quiet, BEGAN, block(1, "arrive"))
        assert told_words(begun) == ["Tonight is a quiet one."]
        on, _ = after(begun, block(3, "rest"))
        assert told_words(on) == []
        assert not on.is_gentle
    assert not gated(yes, yes)[0].tonight.chosen.without_breathing


@pytest.mark.parametrize(
    ("seen", "begins"),
    [
        ([], False),
        (["one"], False),
        (["one", "three"], False),
        (["one", "two"], True),
        (["three", "two", "one"], True),
    ],
    ids=["both gone", "one gone", "a stranger", "both", "both and a stranger"],
)
def test_a_practice_begins_only_while_both_hearts_arrive(
    seen: list[str], begins: bool
) -> None:
    air = InTheAir(straps=tuple(in_the_air(each) for each in seen), trouble="")
    here, _ = after(HOME, air)
    assert here.worn == ("one", "two")  # what was said of them stays
    asked, effects = after(here, Start())
    assert effects == ([] if begins else [Refuse(why="two-hearts")])
    assert (asked.screen is Screen.GATE) is begins
    # And those who fell silent while each was asked are waited for on Home.
    gone, _ = after(after(HOME, Start())[0], air)
    begun, effects = after(gone, *BOTH_SAY_YES)
    assert (Begin() in effects) is begins
    assert begins or begun.screen is Screen.HOME


@pytest.mark.parametrize(
    ("signal", "jumps", "arrives"),
    [
        ("good", (math.nan, 0.0), True),
        ("dry", (0.0, 0.5), True),
        ("dry", (0.0, math.nan), False),  # no contact: its rate may stand still
        ("good", (), False),
        ("silent", (0.0, 0.0), False),  # the last that was heard of it
        ("searching", (0.0, 0.0), False),
    ],
)
def test_a_heart_arrives_where_its_beats_are_heard_now(
    signal: Signal, jumps: tuple[float, ...], arrives: bool
) -> None:
    strap = replace(in_the_air("one"), signal=signal, jumps=jumps)
    assert strap.arrives is arrives
    told = straps_of(HOME, (strap,), server_s=0.0)
    assert [each.arrives for each in told] == [arrives]
    other = in_the_air("two")
    here, _ = after(HOME, InTheAir(straps=(strap, other), trouble=""))
    assert (after(here, Start())[0].screen is Screen.GATE) is arrives


@pytest.mark.parametrize("screen", list(Screen))
def test_lines_tell_whose_strap_it_is_for_a_minute_and_only_on_home(
    screen: Screen,
) -> None:
    """What jumps is a strap that is tapped: no screen shows anybody's heart."""
    strangers = (in_the_air("one"), in_the_air("two"))
    unsure = replace(HOME, screen=screen)
    unsure, _ = step(unsure, InTheAir(straps=strangers, trouble=""), server_s=100.0)
    for server_s, lasts in ((159.0, True), (160.0, False)):
        for each in straps_of(unsure, strangers, server_s=server_s):
            assert bool(each.jumps) is (lasts and screen is Screen.HOME)
            assert "bpm" not in repr(each)


def test_lines_are_gone_once_it_is_clear_and_come_again_when_asked_for() -> None:
    remembered = (in_the_air("one", A), in_the_air("two", B))
    air = InTheAir(straps=remembered, trouble="")
    evening, _ = step(HOME, air, server_s=100.0)

    def shown(server_s: float) -> bool:
        told = straps_of(evening, remembered, server_s=server_s)
        return any(each.jumps for each in told)

    assert not shown(100.0)  # everybody knows whose they are
    for asked, from_s in ((True, 200.0), (False, 210.0)):
        evening, _ = step(evening, Lines(shown=asked), server_s=from_s)
        assert shown(from_s) is asked
    evening, _ = step(evening, air, server_s=300.0)
    assert not shown(300.0)
    busy = replace(evening, screen=Screen.SETTINGS)
    assert step(busy, Lines(shown=True), server_s=1.0)[1] == (Refuse(why="not-now"),)


def test_a_card_does_not_repeat_what_is_wrong_with_the_computer() -> None:
    """It stands above both cards; on each would be the same long words again."""
    strap = replace(in_the_air("one"), signal="searching")
    off = replace(strap, words=sentence(Trouble.SERVICE_STOPPED))
    gone = replace(strap, words=sentence(Trouble.WENT_AWAY))
    told = straps_of(HOME, (off, gone), server_s=0.0)
    assert [each.words for each in told] == [
        "Looking for it…",
        sentence(Trouble.WENT_AWAY),
    ]


def test_one_strap_is_worn_by_one() -> None:
    evening, _ = after(HOME, Assign(strap_id="one", partner=Partner.B))
    assert evening.worn == (None, "one")
    evening, _ = after(HOME, Swap())
    assert evening.worn == ("two", "one")


def test_the_simulated_couple_needs_nobody_s_consent() -> None:
    home, _ = after(NEW, ChooseSource(source=Source.SIMULATED, seed=7))
    assert (home.screen, home.seed) == (Screen.HOME, 7)
    assert after(home, Start())[1] == [Begin()]
    assert json.loads(shown(home))["simulated"] is True


def test_a_page_cannot_choose_a_plan_by_its_path() -> None:
    for name in ("/etc/passwd", "../x", "no-such", ""):
        asked = Choose(
            practice=name, minutes=None, length=None, without_breathing=False
        )
        assert after(HOME, asked) == (HOME, [Refuse(why="no-such-practice")])


def test_times_are_told_on_the_server_s_clock() -> None:
    evening, effects = after(
        BREATHING, Heard(cue=Breath(t_s=10.0, period_s=8.0, inhale_s=3.0))
    )
    (told,) = effects
    assert isinstance(told, Tell)
    expected = {"t_s": 1005.0, "period_s": 4.0, "inhale_s": 1.5}
    assert json.loads(encode(told.told)) == {"type": "breath", **expected}
    state = json.loads(shown(evening))
    assert state["next_breath"] == expected
    assert state["block"]["began_server_s"] == 1000.0
    assert state["block"]["length_s"] == 30.0


def test_a_pause_stops_everything_and_moves_the_rest_back() -> None:
    breath = Heard(cue=Breath(t_s=10.0, period_s=8.0, inhale_s=3.0))
    paused, _ = after(
        BREATHING,
        breath,
        Heard(cue=PacerStopped(t_s=12.0)),
        Heard(cue=Paused(t_s=12.0)),
    )
    state = json.loads(shown(paused))
    assert (state["screen"], state["paused"]) == ("pause", True)
    assert state["breath"] is None
    assert state["next_breath"] is None
    resumed, _ = after(paused, Heard(cue=Resumed(t_s=20.0)))
    state = json.loads(shown(resumed))
    assert (state["screen"], state["paused"]) == ("breathe", False)
    assert state["block"]["began_server_s"] == 1004.0  # 8 s of the session, half real


def holds(partner: Partner, *, on: bool = True) -> Hold:
    return Hold(partner=partner, on=on)


def test_one_press_pauses_and_going_on_takes_both_at_once() -> None:
    assert after(BREATHING, Pressing(press=Press.PAUSE))[1] == [Do(press=Press.PAUSE)]
    paused, _ = after(BREATHING, Heard(cue=Paused(t_s=1.0)))
    one, effects = after(paused, holds(Partner.A), server_s=5.0)
    assert effects == []
    assert shown(one) == shown(paused)  # nobody is pressed by the other's being ready
    assert after(one, holds(Partner.B), server_s=6.0)[1] == [Do(press=Press.RESUME)]


@pytest.mark.parametrize(
    "again",
    [
        (holds(Partner.A),),
        (holds(Partner.A, on=False), holds(Partner.A)),
        (holds(Partner.A, on=False), holds(Partner.B)),
        (Pressing(press=Press.RESUME), Pressing(press=Press.RESUME)),
    ],
    ids=["one holds on", "one twice", "one after the other", "a button pressed twice"],
)
def test_one_alone_does_not_go_on(again: tuple[Message, ...]) -> None:
    paused, _ = after(BREATHING, Heard(cue=Paused(t_s=1.0)))
    one, _ = after(paused, holds(Partner.A), server_s=5.0)
    effects = after(one, *again, server_s=5.5)[1]
    assert Do(press=Press.RESUME) not in effects


def test_letting_go_once_it_went_on_is_no_mistake() -> None:
    let_go = holds(Partner.A, on=False)
    assert after(BREATHING, let_go) == (BREATHING, [])
    assert after(HOME, let_go) == (HOME, [])


def paused_again(way: Way | None, evening: Evening = BREATHING) -> Evening:
    """A second pause, after a first one that was left that way."""
    first, _ = after(evening, Heard(cue=Paused(t_s=1.0)))
    if way is not None:
        first, _ = after(first, PauseWay(way=way))
    again, _ = after(first, Heard(cue=Resumed(t_s=5.0)), Heard(cue=Paused(t_s=9.0)))
    return again


@pytest.mark.parametrize("way", [None, Way.NEAR, Way.APART])
def test_a_second_pause_that_one_of_them_needed_is_the_last_of_the_day(
    way: Way | None,
) -> None:
    again = paused_again(way)
    assert json.loads(shown(again))["pause"]["is_last"] is True
    both = (holds(Partner.A), holds(Partner.B))
    assert after(again, *both)[1] == []
    finish = [Do(press=Press.FINISH)]
    assert after(again, PauseWay(way=Way.FINISH))[1] == finish


def test_where_a_therapist_is_there_no_pause_ends_the_hour() -> None:
    again = paused_again(None, replace(BREATHING, with_therapist=True))
    assert json.loads(shown(again))["pause"]["is_last"] is False
    both = (holds(Partner.A), holds(Partner.B))
    assert after(again, *both)[1] == [Do(press=Press.RESUME)]


# Where either takes part a press is waited for, too, and it may be too much; what one
# does alone is left by a pause for other reasons, as is what stands at either end.
@pytest.mark.parametrize(
    ("practice", "number", "kind", "is_last"),
    [
        ("repair", 2, "turn", True),
        ("repair", 5, "care", True),
        ("repair", 9, "words", False),
        ("right-now", 4, "gate", False),
        ("near-and-far", 1, "step", False),
        ("relaxed-and-alert", 0, "question", False),
    ],
)
def test_a_part_that_waits_for_a_press_counts_unless_it_is_at_an_end_or_of_one_alone(
    practice: str, number: int, kind: str, is_last: bool
) -> None:
    blocks = parse_plan(plan_text(practice)).blocks
    assert (blocks[number].kind, blocks[number].waits) == (kind, True)
    in_it, _ = after(HOME, replace(BEGAN, blocks=blocks), block(number, kind))
    again = paused_again(None, in_it)
    assert json.loads(shown(again))["pause"]["is_last"] is is_last


@pytest.mark.parametrize(("later_h", "is_last"), [(11.0, True), (24.0, False)])
def test_a_pause_of_another_day_is_none_of_this_day(
    later_h: float, is_last: bool
) -> None:
    """Whoever leaves the page open over night begins the next day anew."""
    monday = (Paused(t_s=1.0), Resumed(t_s=5.0), Ended(t_s=9.0, ending=Ending.COMPLETE))
    evening, _ = after(BREATHING, *(Heard(cue=each) for each in monday), SessionOver())
    clock = SessionClock(origin_s=1000.0 + 3600.0 * later_h, speed=2.0)
    began = replace(BEGAN, clock=clock)
    again, _ = after(evening, began, block(2, "breathe"), Heard(cue=Paused(t_s=3.0)))
    assert json.loads(shown(again))["pause"]["is_last"] is is_last


def test_looking_around_with_a_simulated_couple_tires_nobody() -> None:
    simulated = replace(BREATHING, source=Source.SIMULATED)
    again = paused_again(None, simulated)
    assert json.loads(shown(again))["pause"]["is_last"] is False


def test_a_door_bell_ends_no_evening() -> None:
    again = paused_again(Way.SOMEONE)
    assert json.loads(shown(again))["pause"]["is_last"] is False
    both = (holds(Partner.A), holds(Partner.B))
    assert after(again, *both)[1] == [Do(press=Press.RESUME)]


def test_whoever_went_away_while_holding_holds_no_more() -> None:
    paused, _ = after(BREATHING, Heard(cue=Paused(t_s=1.0)))
    gone, _ = after(paused, holds(Partner.A), server_s=5.0)
    assert after(gone, holds(Partner.B), server_s=7.5)[1] == []


def test_either_may_finish_at_once() -> None:
    paused, _ = after(BREATHING, Heard(cue=Paused(t_s=1.0)))
    finish = [Do(press=Press.FINISH)]
    assert after(paused, PauseWay(way=Way.FINISH))[1] == finish
    assert after(BREATHING, Pressing(press=Press.FINISH))[1] == finish


def test_apart_says_when_to_be_back() -> None:
    paused, _ = after(BREATHING, Heard(cue=Paused(t_s=1.0)))
    apart, _ = after(paused, PauseWay(way=Way.APART), server_s=100.0)
    assert json.loads(shown(apart))["pause"]["back_server_s"] == 100.0 + 20 * 60
    near, _ = after(apart, PauseWay(way=Way.NEAR), server_s=200.0)
    assert json.loads(shown(near))["pause"]["back_server_s"] is None


def test_a_lost_strap_is_said_and_taken_back() -> None:
    lost, _ = after(BREATHING, Heard(cue=SignalLost(t_s=5.0, partner=Partner.B)))
    (notice,) = json.loads(shown(lost))["notices"]
    assert "The right strap has gone quiet" in notice["words"]
    back, _ = after(lost, Heard(cue=SignalBack(t_s=9.0, partner=Partner.B)))
    assert json.loads(shown(back))["notices"] == []


def test_recording_that_stops_is_said_while_the_practice_goes_on() -> None:
    evening, _ = after(BREATHING, RecordingIs(trouble="The disk is full."))
    state = json.loads(shown(evening))
    assert state["recording"] == {"ok": False, "words": "The disk is full."}
    assert state["screen"] == "breathe"


def test_a_rating_is_kept_for_its_owner_and_hands_the_turn_on() -> None:
    question, _ = after(HOME, BEGAN, block(0, "question"))
    rating = Rating(
        partner=Partner.A, moment=Moment.BEFORE, at_ease=7, wide_awake=3, myself=None
    )
    next_one, effects = after(question, rating)
    assert next_one.turn is Partner.B
    assert effects == [
        KeepRating(
            partner=Partner.A,
            session_id=SESSION,
            moment=Moment.BEFORE,
            at_ease=7,
            wide_awake=3,
            myself=None,
        )
    ]
    _, effects = after(
        next_one, replace(rating, partner=Partner.B, at_ease=None, wide_awake=None)
    )
    assert effects == [Do(press=Press.NEXT)]  # straight into the practice
    assert shown(next_one) == shown(replace(question, turn=Partner.B))  # unsaid


def test_what_one_says_is_kept_for_them_whatever_the_other_agreed_to() -> None:
    """Hearts that are not saved take nobody’s own words away."""
    unkept, _ = after(HOME, replace(BEGAN, kept=False), block(0, "question"))
    rating = Rating(
        partner=Partner.A, moment=Moment.BEFORE, at_ease=7, wide_awake=3, myself=1
    )
    words = OwnWords(partner=Partner.A, text="quiet")
    kept = [type(each) for each in after(unkept, words, rating)[1]]
    assert kept == [KeepWords, KeepRating]
    nobody = replace(unkept, source=Source.SIMULATED)
    assert after(nobody, words, rating)[1] == []


def test_a_day_that_is_not_the_day_is_not_asked_away() -> None:
    """Whoever said no today is not asked again until the other has it their way."""
    for no in Partner:
        answers = [
            Gate(
                partner=each,
                answer=GateAnswer.NOT_TODAY if each is no else GateAnswer.YES,
            )
            for each in Partner
        ]
        ended, _ = after(HOME, Start(), *answers, Go(screen=Screen.WELCOME))
        assert ended.screen is Screen.HOME
        again, effects = after(ended, Start(), server_s=11 * 3600.0)
        assert (again.screen, effects) == (Screen.NOT_YET, [])
        next_day, _ = after(ended, Start(), server_s=13 * 3600.0)
        assert next_day.screen is Screen.GATE
        # Nor does either choose it away: the same anew, more, or all of it afresh.
        for who in Partner:
            opened = Go(screen=Screen.CONSENT, partner=who)
            agrees = replace(YES, partner=who)
            takes_back = replace(agrees, choice=Choice.NOT_NOW)
            for chosen in ([agrees], [takes_back, opened, agrees]):
                again, _ = after(ended, opened, *chosen, Start())
                assert again.screen is Screen.NOT_YET


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("Bo", "Ada", "names-swapped"),
        ("X", "ada", "names-swapped"),
        ("BO", "Y", "names-swapped"),
        ("Ada", "ADA", "names-equal"),
        ("Bea", "bea", "names-equal"),
    ],
)
def test_nobody_takes_the_others_name(a: str, b: str, why: str) -> None:
    """Who is found by a name would write into the place of the other one."""
    sealed = replace(
        HOME, names=Both("Ada", "Bo"), passcode_utc=Both("2026-03-01T20:00:00Z", None)
    )
    same, effects = after(sealed, Names(A=a, B=b))
    assert same == sealed
    assert effects == [Refuse(why=why)]
    for fine in (Names(A="Ada", B="Bo"), Names(A="Eve", B="Bo"), Names(A="", B="")):
        assert [type(each) for each in after(sealed, fine)[1]] == [KeepNames]
    # Before there is anything under a name, whoever sat down the other way swaps.
    new = replace(sealed, passcode_utc=Both(None, None))
    assert [type(e) for e in after(new, Names(A="Bo", B="Ada"))[1]] == [KeepNames]


def test_whoever_leaves_the_page_of_the_second_one_takes_no_no_away() -> None:
    """Back, and Sit down together once more, is not to answer for the first one."""
    no = Gate(partner=Partner.A, answer=GateAnswer.NOT_TODAY)
    asked, effects = after(HOME, Start(), no)
    assert effects == [KeepRest(for_s=NOT_TODAY_S, was_said=True)]  # killed here, too
    left, _ = after(asked, Go(screen=Screen.HOME))
    assert after(left, Start())[0].screen is Screen.NOT_YET
    yes = replace(no, answer=GateAnswer.YES)
    fine, _ = after(HOME, Start(), yes, Go(screen=Screen.HOME), Start())
    assert fine.screen is Screen.GATE


def test_what_rested_for_want_of_a_yes_may_be_once_it_is_given() -> None:
    taken_back = replace(HOME, agreed=Both(None, FREE), was_set_up=True)
    ended, _ = after(taken_back, Start(), *BOTH_SAY_YES, Go(screen=Screen.WELCOME))
    assert after(ended, Start())[0].screen is Screen.NOT_YET
    opened = Go(screen=Screen.CONSENT, partner=Partner.A)
    agreed, effects = after(ended, opened, YES)
    assert KeepRest(for_s=0.0, was_said=False) in effects
    assert after(agreed, Start())[0].screen is Screen.GATE
    # The other one's choices are not what it rests for.
    theirs = (replace(opened, partner=Partner.B), replace(YES, partner=Partner.B))
    assert after(ended, *theirs, Start())[0].screen is Screen.NOT_YET


# --- looking back -------------------------------------------------------------

LOOKING, _ = after(
    BREATHING, Heard(cue=Ended(t_s=9.0, ending=Ending.COMPLETE)), SessionOver()
)


def wish(partner: Partner, whose: Wish) -> Look:
    return Look(partner=partner, whose=whose)


@pytest.mark.parametrize(
    ("a", "b", "joint"),
    [
        (Wish.OURS, Wish.OURS, True),
        (Wish.OURS, Wish.MINE, False),
        (Wish.NOTHING, Wish.OURS, False),
        (Wish.NOTHING, Wish.NOTHING, False),
    ],
)
def test_ours_opens_when_both_released_it(a: Wish, b: Wish, joint: bool) -> None:
    evening, effects = after(LOOKING, wish(Partner.B, b), wish(Partner.A, a))
    look = json.loads(shown(evening))["look"]
    assert (look["page"] is not None) is joint
    # What each wished for alone is in no message: an own page opens by passcode.
    assert look.keys() == {"session_id", "page", "wished", "had_quiet"}
    assert [each.whose for each in effects if isinstance(each, KeepWish)] == [b, a]


def test_ours_stays_closed_to_whom_one_did_not_agree_to_show() -> None:
    closed = replace(LOOKING, agreed=Both(replace(FREE, show_partner=False), FREE))
    evening, _ = after(closed, wish(Partner.B, Wish.OURS), wish(Partner.A, Wish.OURS))
    assert json.loads(shown(evening))["look"]["page"] is None


def test_the_ending_is_told_and_home_is_one_step_away() -> None:
    assert json.loads(shown(LOOKING))["ending"] == "complete"
    assert after(LOOKING, Go(screen=Screen.HOME))[0].screen is Screen.HOME


def test_nothing_is_erased_while_anybody_practises() -> None:
    everything = Erase(
        what=Erasing.EVERYTHING, session_id=None, partner=None, confirm="erase"
    )
    assert after(BREATHING, everything)[1] == [Refuse(why="practising")]
    settings_, _ = after(HOME, Go(screen=Screen.SETTINGS))
    assert isinstance(after(settings_, everything)[1][0], Remove)
    gone, _ = after(settings_, Erased(what=Erasing.EVERYTHING, partner=None))
    assert (gone.screen, gone.names, gone.is_set_up) == (
        Screen.WELCOME,
        ("A", "B"),
        False,
    )


@pytest.mark.parametrize("what", [Erasing.PARTNER, Erasing.EVERYTHING])
def test_a_running_no_outlives_what_is_erased(what: Erasing) -> None:
    resting = replace(
        HOME, rests_until_s=900.0, rests_as_said=True, harder_until_s=1800.0
    )
    whose = Partner.A if what is Erasing.PARTNER else None
    gone, _ = after(resting, Erased(what=what, partner=whose))
    assert (gone.rests_until_s, gone.rests_as_said) == (900.0, True)
    assert gone.harder_until_s == 1800.0


# --- whatever comes -----------------------------------------------------------

PARTNERS = st.sampled_from(Partner)
ANYTHING: st.SearchStrategy[Message | Happening] = st.one_of(
    st.builds(Pressing, press=st.sampled_from(Press)),
    st.builds(PauseWay, way=st.sampled_from(Way)),
    st.builds(Consent, partner=PARTNERS, choice=st.sampled_from(Choice)),
    st.builds(Names, A=st.text(max_size=9), B=st.text(max_size=9)),
    st.builds(
        Choose,
        practice=st.sampled_from(["relaxed-and-alert", "other"]),
        minutes=st.none() | st.floats(1, 60),
        length=st.none() | st.sampled_from(Length),
    ),
    st.builds(ChooseSource, source=st.sampled_from(Source), seed=st.none()),
    st.builds(Assign, strap_id=st.sampled_from(["one", "two"]), partner=PARTNERS),
    st.just(Swap()),
    st.builds(Go, screen=st.sampled_from(Screen)),
    st.just(Start()),
    st.builds(Rating, partner=PARTNERS, moment=st.sampled_from(Moment)),
    st.builds(OwnWords, partner=PARTNERS, text=st.text(max_size=9)),
    st.builds(Look, partner=PARTNERS, whose=st.sampled_from(Wish)),
    st.builds(Settings),
    st.builds(Erase, what=st.sampled_from(Erasing), confirm=st.just("erase")),
    st.just(PageCame()),
    st.just(BEGAN),
    st.just(SessionStopped(words="no")),
    st.builds(
        block,
        st.integers(0, 4),
        st.sampled_from(["question", "arrive", "breathe", "rest", "words"]),
    ),
    st.sampled_from(
        [
            Heard(cue=Breath(t_s=10.0, period_s=8.0, inhale_s=3.0)),
            Heard(cue=PacerStopped(t_s=12.0)),
            Heard(cue=Paused(t_s=12.0)),
            Heard(cue=Resumed(t_s=14.0)),
            Heard(cue=SignalLost(t_s=1.0, partner=Partner.A)),
            Heard(cue=Ended(t_s=1.0, ending=Ending.COMPLETE)),
            Warmed(value=None),
            RecordingIs(trouble="full"),
            SessionOver(),
            NotKept(key="not-kept-names", words="full"),
            Fault(),
        ]
    ),
    st.builds(Erased, what=st.sampled_from(Erasing), partner=st.none() | PARTNERS),
)


@settings(max_examples=300)
@given(st.sampled_from([NEW, HOME, BREATHING, LOOKING]), st.lists(ANYTHING))
def test_whatever_comes_the_evening_stays_one(
    evening: Evening, given_: list[Message | Happening]
) -> None:
    for number, each in enumerate(given_):
        before = evening
        evening, effects = step(evening, each, server_s=float(number))
        state = json.loads(shown(evening))  # it can always be shown
        assert state["paused"] == (state["pause"] is not None)
        if any(isinstance(effect, Refuse) for effect in effects):
            assert evening == before
            assert len(effects) == 1
        if any(isinstance(effect, Begin) for effect in effects):
            assert not before.is_busy
            assert not before.is_real or (before.is_set_up and all(before.worn))
        kept = (KeepRating, KeepWords, KeepWish)
        if any(isinstance(effect, kept) for effect in effects):
            assert before.is_real
        assert evening.worn[0] is None or evening.worn[0] != evening.worn[1]


def in_the_air(
    strap_id: str, worn_by: Partner | None = None, *, has_said_who: bool = True
) -> StrapSeen:
    return StrapSeen(
        id=strap_id,
        identity=f"serial of {strap_id}",
        has_said_who=has_said_who,
        name=strap_id,
        model="strap",
        ends="",
        worn_by=worn_by,
        jumps=(0.0,),
        signal="good",
        words="",
    )


WROTE = Gate(
    partner=Partner.A,
    answer=GateAnswer.YES,
    text="A quiet hour.",
    aside=True,
    at_ease=4,
    myself=0,
)
YES_OF_B = Gate(partner=Partner.B, answer=GateAnswer.YES)
BOTH_HERE = InTheAir(straps=(in_the_air("one"), in_the_air("two")), trouble="")


def strap_gone_at_the_gate(wrote: Gate = WROTE) -> Evening:
    asked, _ = after(HOME, Start())
    silent = InTheAir(straps=(in_the_air("one"),), trouble="")
    home, effects = after(asked, silent, wrote, YES_OF_B)
    assert home.screen is Screen.HOME
    assert Begin() not in effects
    return home


def said_of_a(evening: Evening) -> list[Effect]:
    """What is kept of A once it begins after all, and A says only yes."""
    begun = after(evening, BOTH_HERE, Start(), *BOTH_SAY_YES, BEGAN)[1]
    return [each for each in begun if isinstance(each, KeepRating | KeepWords)]


def test_what_each_wrote_waits_where_a_strap_falls_silent_until_they_sit_again() -> (
    None
):
    home = strap_gone_at_the_gate()
    words, rating = said_of_a(home)
    assert isinstance(words, KeepWords)
    assert isinstance(rating, KeepRating)
    assert words.text == "A quiet hour."
    assert (rating.at_ease, rating.wide_awake, rating.myself) == (4, None, 0)
    aside = KeepAside(session_id=SESSION)
    assert aside in after(home, BOTH_HERE, Start(), *BOTH_SAY_YES, BEGAN)[1]
    anew = replace(WROTE, text="Sleep.", at_ease=9, myself=None)
    begun = after(home, BOTH_HERE, Start(), anew, YES_OF_B, BEGAN)[1]
    (words,) = [each for each in begun if isinstance(each, KeepWords)]
    (rating,) = [each for each in begun if isinstance(each, KeepRating)]
    assert (words.text, rating.at_ease, rating.myself) == ("Sleep.", 9, 0)
    once = after(home, BOTH_HERE, Start(), *BOTH_SAY_YES, BEGAN)[0]
    assert once.unbegun is None


def test_that_words_wait_looks_the_same_whatever_anybody_wrote() -> None:
    nothing = Gate(partner=Partner.A, answer=GateAnswer.YES)
    wrote, not_ = strap_gone_at_the_gate(), strap_gone_at_the_gate(nothing)
    assert shown(wrote) == shown(not_)
    assert told_words(wrote) == [say("said-kept")]
    again = [after(each, BOTH_HERE, Start())[0] for each in (wrote, not_)]
    assert shown(again[0]) == shown(again[1])


@pytest.mark.parametrize(
    "given",
    [
        (BOTH_HERE, Start(), Go(screen=Screen.HOME)),
        (Go(screen=Screen.SETTINGS), Names(A="Eve", B="Bo"), Go(screen=Screen.HOME)),
        (PasscodeForgotten(partner=Partner.A),),
        (PasscodeChosen(partner=Partner.A, utc="2026-11-20T20:00:00Z"),),
        (OwnWordsGone(partner=Partner.A, said=()),),
        (Erased(what=Erasing.SESSION, partner=None),),
    ],
    ids=["left", "named", "forgotten", "another passcode", "deleted", "erased"],
)
def test_what_waits_is_gone_where_it_may_be_read_by_others_or_they_left(
    given: tuple[Message | Happening, ...],
) -> None:
    home, _ = after(strap_gone_at_the_gate(), *given)
    # Who forgot a passcode agreed to nothing any more, either.
    assert said_of_a(replace(home, agreed=Both(FREE, FREE))) == []


def test_what_waits_is_for_this_evening_only() -> None:
    home = strap_gone_at_the_gate()
    late_s = SIT_AGAIN_S + 1.0
    _, effects = after(home, BOTH_HERE, Start(), *BOTH_SAY_YES, BEGAN, server_s=late_s)
    assert not [each for each in effects if isinstance(each, KeepRating | KeepWords)]


def test_what_each_wrote_waits_where_a_fault_let_nothing_begin() -> None:
    asked, _ = after(HOME, Start(), WROTE, YES_OF_B)
    home, _ = after(asked, SessionStopped(words="Full."))
    assert home.screen is Screen.HOME
    assert len(said_of_a(home)) == 2


A, B = Partner.A, Partner.B


@pytest.mark.parametrize(
    ("before", "straps", "after"),
    [
        ((None, None), [in_the_air("2"), in_the_air("1")], ("1", "2")),
        ((None, None), [in_the_air("1")], (None, None)),
        ((None, None), [in_the_air(each) for each in "123"], (None, None)),
        ((None, None), [in_the_air("1", B), in_the_air("2", A)], ("2", "1")),
        ((None, None), [in_the_air("1", B), in_the_air("2")], (None, "1")),
        (("2", None), [in_the_air("1", A), in_the_air("2", B)], ("2", None)),
        (("2", "1"), [in_the_air("1", A), in_the_air("2", B)], ("2", "1")),
        (
            (None, None),
            [in_the_air("1"), in_the_air("2", has_said_who=False)],
            (None, None),
        ),
    ],
    ids=[
        "the only two are worn in order",
        "one may be anybody's",
        "of three the couple picks",
        "remembered",
        "beside one remembered a stranger is nobody's",
        "what was said is not taken back",
        "a swap stays",
        "one may turn out to be remembered",
    ],
)
def test_straps_in_the_air_are_given_only_to_those_who_have_none(
    before: tuple[str | None, str | None],
    straps: list[StrapSeen],
    after: tuple[str | None, str | None],
) -> None:
    evening = replace(HOME, worn=Both(*before))
    seen = InTheAir(straps=tuple(straps), trouble="")
    assert step(evening, seen, server_s=0.0)[0].worn == after


def said(notice: Notice) -> str:
    return say(notice.key, notice.detail)


def told_words(evening: Evening) -> list[str]:
    """The notices as pages are told them."""
    told = state_of(evening, server_s=0.0, catalogue=SHELF, straps=())
    return [each.words for each in told.notices]


def test_a_short_break_of_the_radio_is_not_worth_a_word_in_a_practice() -> None:
    evening, _ = step(replace(HOME, starting=True), BEGAN, server_s=0.0)
    lost = LinkIs(partner=Partner.B, words="The strap went away. Move closer.")
    evening, _ = step(evening, lost, server_s=0.0)
    assert evening.notices == ()
    missed = Heard(cue=SignalLost(t_s=6.0, partner=Partner.B))
    evening, _ = step(evening, missed, server_s=0.0)
    (notice,) = evening.notices
    assert said(notice) == "Right strap: The strap went away. Move closer."
    off = LinkIs(partner=Partner.B, words="Bluetooth is off.")
    evening, _ = step(evening, off, server_s=0.0)
    assert [said(each) for each in evening.notices] == [
        "Right strap: Bluetooth is off."
    ]
    back = Heard(cue=SignalBack(t_s=9.0, partner=Partner.B))
    evening, _ = step(evening, back, server_s=0.0)
    assert evening.notices == ()


@pytest.mark.parametrize("trouble", [Trouble.SERVICE_STOPPED, Trouble.OFF])
def test_what_is_wrong_with_the_computer_is_said_once_and_of_no_strap(
    trouble: Trouble,
) -> None:
    words = sentence(trouble)
    evening, _ = step(replace(HOME, starting=True), BEGAN, server_s=0.0)
    for partner in Partner:
        missed = Heard(cue=SignalLost(t_s=6.0, partner=partner))
        evening, _ = step(evening, missed, server_s=0.0)
        link = LinkIs(partner=partner, words=words)
        evening, _ = step(evening, link, server_s=0.0)
    assert told_words(evening) == [words]
    for partner in Partner:
        assert told_words(evening) == [words]  # as long as one is still without
        back = Heard(cue=SignalBack(t_s=9.0, partner=partner))
        evening, _ = step(evening, back, server_s=0.0)
    assert told_words(evening) == []


def test_what_is_wrong_with_either_strap_is_said_of_each() -> None:
    evening, _ = step(replace(HOME, starting=True), BEGAN, server_s=0.0)
    for partner in Partner:
        link = LinkIs(partner=partner, words=sentence(Trouble.WENT_AWAY))
        evening, _ = step(evening, link, server_s=0.0)
        missed = Heard(cue=SignalLost(t_s=6.0, partner=partner))
        evening, _ = step(evening, missed, server_s=0.0)
    assert [words.split(":")[0] for words in told_words(evening)] == [
        "Left strap",
        "Right strap",
    ]


def test_the_radios_trouble_is_said_until_it_is_over() -> None:
    home = replace(HOME, arriving=frozenset())
    seen = InTheAir(straps=(), trouble="Bluetooth is off.")
    evening, _ = step(home, seen, server_s=0.0)
    assert [(each.id, each.detail) for each in evening.notices] == [
        ("radio", "Bluetooth is off.")
    ]
    assert step(evening, seen, server_s=0.5)[0] == evening  # not said anew
    assert step(evening, replace(seen, trouble=""), server_s=1.0)[0] == home

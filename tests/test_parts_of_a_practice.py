"""Parts in which one speaks, writes or answers alone; and an evening without straps."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from coreg.cli import main
from coreg.errors import BadPlanError
from coreg.exercises import practice
from coreg.exercises.blocks import Who
from coreg.exercises.plan import Plan, Straps, parse_plan, with_fixed_pace
from coreg.exercises.plan_blocks import (
    QUIET_BETWEEN_TURNS_S,
    Does,
    Ends,
)
from coreg.exercises.practice import Practice, TimeWent, WasPressed
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    BlockBegan,
    BlockEnded,
    Ended,
    Ending,
    Intervals,
    Link,
    LinkChanged,
    Partner,
    Press,
    Source,
    Tick,
)
from coreg.facts.opened import WhoseHearts
from coreg.report.words.session import tag
from coreg.session.engine import Engine, Output
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.plans import plan_names, plan_text
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import (
    Begin,
    Do,
    Keep,
    KeepAnswer,
    KeepHarder,
    KeepWords,
    Refuse,
    Remove,
)
from coreg.web.evening.happenings import (
    Heard,
    InTheAir,
    SessionBegan,
    SessionOver,
    SessionStopped,
)
from coreg.web.evening.running import SessionClock
from coreg.web.evening.state import Evening
from coreg.web.server.errands import UNKEPT
from coreg.web.server.hearts import NoStraps
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.seats import seen_from
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import (
    Answer,
    Done,
    Gate,
    Go,
    OwnWords,
    Pressing,
    Start,
)
from coreg.web.wire.named import GateAnswer, Screen, Seat
from coreg.web.wire.outgoing import encode
from coreg.words import Language, in_words, speaking
from coreg.words.catalogue import places
from tests.helpers.evening_server import entered, page, served
from tests.helpers.sessions import OPENED
from tests.helpers.two_people import first_use, unlock
from tests.test_web_evening import HOME, SESSION, after

PLAN = """
format = 2
name = "said-back"
version = 1
title = "Said back"
purpose = "To be heard."
opened_by = "couple"
straps = "optional"

[[before]]
who = "first"
name = "hurt"
words = "How much does it hurt, right now?"
low = "not at all"
high = "as much as can be"
gentler_above = 5

[[before]]
who = "second"
name = "room"
words = "Have you room to listen?"
low = "none"
high = "plenty"
gentler_below = 5

[[after]]
who = "first"
name = "reached"
words = "Care reached me"
low = "not at all"
high = "completely"

[[block]]
name = "Tell it"
kind = "turn"
who = "first"
minutes = 2
speaker = "Tell {listener} one moment."
listener = "Stay with {speaker}."

[[block]]
name = "Say it back"
kind = "turn"
who = "second"
minutes = 1
speaker = "I heard …"
ends = "press"
choices = [
  { words = "Yes, that", does = "next" },
  { words = "Nearly", does = "again" },
]

[[block]]
name = "Once more"
kind = "turn"
who = "second"
minutes = 1
speaker = "Say the bit that’s missing."
again = true

[[block]]
name = "Near or far"
kind = "step"
who = "first"
minutes = 1.5
words = "Nearer, further, or stay?"
scales = [
  { name = "near", words = "I want to be near", low = "not at all", high = "fully" },
  { name = "space", words = "I want space", low = "not at all", high = "fully" },
]

[[block]]
name = "Write"
kind = "write"
who = "each"
minutes = 3
words = "What did they see?"

[[block]]
name = "How is it"
kind = "gate"
who = "first"
minutes = 1
words = "How is it now?"
choices = [
  { words = "Better" },
  { words = "Worse", does = "pause" },
]

[[block]]
name = "Rest"
kind = "rest"
minutes = 1
words = "No more words for now."
"""
SAID_BACK = parse_plan(PLAN)


# --- the plan ---------------------------------------------------------------------


def test_a_plan_says_whose_a_part_is_what_each_reads_and_what_ends_it() -> None:
    tell, back, again, near, write, gate, rest = SAID_BACK.blocks
    assert (tell.who, tell.speaker) == (Who.FIRST, "Tell {listener} one moment.")
    assert (tell.ends, tell.length_s, tell.quiet_s) == (Ends.TIME, 120.0, 0.0)
    assert [each.does for each in back.choices] == [Does.ON, Does.AGAIN]
    # Ten quiet seconds before the other one speaks; none before the same one.
    assert (back.quiet_s, again.quiet_s) == (QUIET_BETWEEN_TURNS_S, 0.0)
    assert back.length_s == 60.0 + QUIET_BETWEEN_TURNS_S
    assert again.is_again
    assert [each.name for each in near.scales] == ["near", "space"]
    assert (write.who, write.waits, gate.waits, rest.waits) == (
        Who.EACH,
        True,
        True,
        False,
    )
    assert SAID_BACK.straps is Straps.OPTIONAL
    assert [each.makes_gentle(6) for each in SAID_BACK.before] == [True, False]
    assert [each.makes_gentle(4) for each in SAID_BACK.before] == [False, True]


@pytest.mark.parametrize(
    ("written", "instead", "place", "right"),
    [
        (
            'who = "first"\nminutes = 2',
            "minutes = 2",
            "block 1 (Tell it), who",
            "first",
        ),
        ('who = "first"\nminutes = 2', 'who = "both"\nminutes = 2', "who", "one of"),
        ('does = "again"', 'does = "twice"', "choice 2, does", "one of: next"),
        (
            "again = true",
            'again = "yes"',
            "block 3 (Once more), again",
            "true or false",
        ),
        ('does = "again" }', 'does = "next" }', "block 3 (Once more), again", "again"),
        (
            'kind = "rest"',
            'kind = "rest"\nends = "soon"',
            "ends",
            "one of: time, press",
        ),
        ('kind = "step"', 'kind = "step"\nends = "time"', "ends", "nobody is hurried"),
        ('name = "near"', 'name = "so near"', "scale 1, name", "a short name"),
        ('name = "space"', 'name = "near"', "scale 2, name", "a short name"),
        ('low = "none"\n', "", "[[before]] 2, low", "some words in quotes"),
        ("gentler_above = 5", "gentler_above = 50", "gentler_above", "from 0 to 10"),
        ('straps = "optional"', 'straps = "maybe"', "straps", "worn, optional, none"),
        (
            'straps = "optional"',
            'straps = "optional"\nat_first_times = 2',
            "the plan, at_first",
            "what is said the first times",
        ),
        (
            'straps = "optional"',
            'straps = "optional"\nat_first = "Alone."\nat_first_times = 0',
            "the plan, at_first_times",
            "from 1 to 100",
        ),
        ('speaker = "I heard …"', 'speakers = "I"', "speakers", "only these"),
        ('words = "What did they see?"\n', "", "block 5 (Write), words", "some words"),
        ('low = "none"', 'answers = "maybe"', "[[before]] 2, answers", "scale, yes-no"),
        (
            'low = "none"',
            'answers = "yes-no"\nlow = "none"',
            "low",
            'answers = "scale"',
        ),
        (
            'low = "none"',
            'low = "none"\nreply = "Oh."',
            "2, reply_at_most",
            "whole number",
        ),
        (
            'low = "none"',
            'low = "none"\nreply_at_most = 3',
            "2, reply is",
            "what is said",
        ),
        ('low = "none"', 'low = "none"\nmay_keep = true', "may_keep", "only these"),
        (
            'name = "reached"',
            'name = "reached"\nmay_keep = true',
            "1, may_keep",
            "yes-no",
        ),
    ],
)
def test_a_fault_of_a_part_is_named_by_its_place_and_by_what_would_be_right(
    written: str, instead: str, place: str, right: str
) -> None:
    assert written in PLAN
    with pytest.raises(BadPlanError) as caught:
        parse_plan(PLAN.replace(written, instead))
    assert place in caught.value.wrong
    assert right in caught.value.do


def test_what_format_1_does_not_know_is_refused_there() -> None:
    with pytest.raises(BadPlanError, match=r"one of: question, arrive, breathe"):
        parse_plan(
            'format = 1\nname = "x"\nversion = 1\ntitle = "X"\npurpose = "X"\n'
            'opened_by = "couple"\n[[block]]\nname = "T"\nkind = "turn"\nminutes = 1\n'
            'words = "T"\ninputs = []\nmeasured = []\nshown = []\n'
        )


# --- the step -----------------------------------------------------------------------


def walked(presses: dict[str, Press], *, steps_wait: bool = True) -> list[str]:
    """The parts that came, each left by time or by what is pressed in it."""
    at_s, came = 0.0, list[str]()
    state, said = practice.begin(
        SAID_BACK, t_s=0.0, steps_wait=steps_wait, ends_with_source=False
    )

    def note(said: tuple[Any, ...]) -> None:
        came.extend(each.name for each in said if isinstance(each, BlockBegan))
        came.extend(each.ending for each in said if isinstance(each, Ended))

    note(said)
    while not state.ended and at_s < 3600:
        at_s += 1.0
        state, said = practice.step(state, TimeWent(t_s=at_s))
        note(said)
        if not state.ended and state.block.waits and steps_wait:
            press = presses.get(state.block.name, Press.NEXT)
            state, said = practice.step(state, WasPressed(t_s=at_s, press=press))
            note(said)
    return came


def test_once_more_comes_only_where_somebody_asks_for_it() -> None:
    usual = ["Tell it", "Say it back", "Near or far", "Write", "How is it", "Rest"]
    assert walked({}) == [*usual, Ending.COMPLETE]
    again = walked({"Say it back": Press.AGAIN})
    assert again == [*usual[:2], "Once more", *usual[2:], Ending.COMPLETE]
    # A replay, or a terminal without pages, waits for nobody.
    assert walked({}, steps_wait=False) == [*usual, Ending.COMPLETE]


def test_a_part_that_waits_is_not_over_by_time() -> None:
    state, _ = practice.begin(
        SAID_BACK, t_s=0.0, steps_wait=True, ends_with_source=False
    )
    state, _ = practice.step(state, TimeWent(t_s=120.0))
    late, _ = practice.step(state, TimeWent(t_s=3000.0))
    assert late.block.name == "Say it back"
    unasked: Practice = replace(late, number=0, block_began_s=3000.0)
    same, said = practice.step(unasked, WasPressed(t_s=3001.0, press=Press.AGAIN))
    assert (same, said) == (unasked, ())  # nobody asked anything there


# --- the evening --------------------------------------------------------------------

SHELF = PracticeCatalogue(PLAN)
TONIGHT = replace(
    HOME,
    practices=SHELF.names,
    plans=SHELF.plans,
    chosen=replace(HOME.chosen, practice="said-back"),
)
BEGAN = SessionBegan(
    session_id=SESSION,
    clock=SessionClock(origin_s=0.0, speed=1.0),
    kept=True,
    blocks=SAID_BACK.blocks,
    first=Partner.B,
    after=SAID_BACK.after,
)


def shown(evening: Evening) -> dict[str, Any]:
    told = state_of(evening, server_s=1.0, catalogue=SHELF, straps=())
    state: dict[str, Any] = json.loads(encode(told))
    return state


def in_part(number: int, plan: Plan = SAID_BACK, evening: Evening = TONIGHT) -> Evening:
    """Return the evening in one of its parts; B has the first place."""
    block = plan.blocks[number]
    began = BlockBegan(
        t_s=0.0,
        number=number,
        name=block.name,
        kind=block.kind,
        length_s=block.length_s,
    )
    there, _ = after(evening, BEGAN, Heard(cue=began))
    return there


def test_each_reads_the_own_line_beside_the_own_name() -> None:
    named = replace(TONIGHT, names=Both("Ada", "Bo"))
    block = shown(in_part(0, evening=named))["block"]
    assert (block["who"], block["speaker"]) == ("B", "Tell Ada one moment.")
    assert block["listener"] == "Stay with Bo."
    back = shown(in_part(1, evening=named))["block"]
    assert (back["who"], back["waits"], back["quiet_s"]) == ("A", True, 10.0)
    assert [each["does"] for each in back["choices"]] == ["next", "again"]


def test_a_phone_is_told_the_own_line_and_not_the_others() -> None:
    evening = in_part(0)
    told = state_of(evening, server_s=1.0, catalogue=SHELF, straps=())
    both = told.block
    assert both is not None
    assert both.who is Partner.B
    assert both.speaker
    assert both.listener
    for seat, lines in ((Seat.B, (both.speaker, "")), (Seat.A, ("", both.listener))):
        block = seen_from(told, seat, {Partner.A, Partner.B}).block
        assert block is not None
        assert (block.speaker, block.listener) == lines


def test_what_stands_above_a_part_and_on_the_page_before_is_in_their_language() -> None:
    attune = parse_plan(plan_text("attune"))
    began = replace(BEGAN, blocks=attune.blocks, after=attune.after)
    named = BlockBegan(t_s=0.0, number=1, name="What I heard", kind="turn", length_s=60)
    evening, _ = after(TONIGHT, began, Heard(cue=named))
    main = replace(
        TONIGHT, chosen=replace(TONIGHT.chosen, practice="relaxed-and-alert")
    )
    with speaking(Language.GERMAN):
        assert shown(evening)["block"]["name"] == in_words("What I heard")
        asks = shown(main)["practice"]["asks"]
        assert asks == in_words(asks)
    assert shown(main)["practice"]["asks"] != asks


def test_it_is_asked_who_begins_only_where_that_makes_a_difference() -> None:
    offered = PracticeCatalogue().shown(replace(HOME, practised=100))
    asked = {each.name for each in offered if each.has_turns}
    assert {"delight", "kind-eyes", "repair", "inner-witness", "right-now"} <= asked
    assert not asked & {"welcome-home", "notice", "relaxed-and-alert"}


def test_whatever_two_are_called_their_names_are_shown_as_they_are() -> None:
    named = replace(TONIGHT, names=Both("{listener}", "Bo"))
    block = shown(in_part(1, evening=named))["block"]  # where A speaks
    told = shown(in_part(0, evening=named))["block"]  # and where B does
    assert block["who"] == "A"
    assert told["speaker"] == "Tell {listener} one moment."
    assert told["listener"] == "Stay with Bo."
    swapped = replace(TONIGHT, names=Both("Ada", "{listener}"))
    assert shown(in_part(0, evening=swapped))["block"]["listener"] == (
        "Stay with {listener}."
    )


def test_once_more_is_asked_for_only_where_it_may_be() -> None:
    again = Pressing(press=Press.AGAIN)
    assert after(in_part(1), again)[1] == [Do(press=Press.AGAIN)]
    for number in (0, 6):
        assert after(in_part(number), again)[1] == [Refuse(why="not-now")]


def test_only_whose_part_it_is_leads_on_from_it_and_only_by_what_is_offered() -> None:
    on, again = Pressing(press=Press.NEXT), Pressing(press=Press.AGAIN)
    alone = [
        number
        for number, block in enumerate(SAID_BACK.blocks)
        if block.means.is_private
    ]
    assert len(alone) == 3
    for number in alone:
        for press in (on, again):
            assert after(in_part(number), press)[1] == [Refuse(why="not-now")]
    assert after(in_part(1), on)[1] == [Do(press=Press.NEXT)]
    right_now = parse_plan(plan_text("right-now"))
    began = replace(BEGAN, blocks=right_now.blocks)
    later = BlockBegan(t_s=0.0, number=1, name="Until then", kind="turn", length_s=60)
    waiting, _ = after(TONIGHT, began, Heard(cue=later))
    assert after(waiting, on)[1] == [Refuse(why="not-now")]


def test_what_one_answers_alone_is_kept_for_that_one_and_told_to_nobody() -> None:
    near = in_part(3)
    assert (near.screen, near.turn) == (Screen.STEP, Partner.B)
    assert [each["name"] for each in shown(near)["scales"]] == ["near", "space"]
    mine = Answer(partner=Partner.B, name="near", value=7)
    said, effects = after(near, mine)
    (kept,) = effects
    assert isinstance(kept, KeepAnswer)
    assert (kept.session_id, kept.answered.value) == (SESSION, 7)
    assert kept.answered.block == 3  # so that two steps may have the same answer
    assert shown(said) == shown(near)
    assert "value" not in repr(kept.session_id)
    for other in (
        replace(mine, partner=Partner.A),
        replace(mine, name="reached"),
    ):
        assert isinstance(after(near, other)[1][0], Refuse)
    done = Done(partner=Partner.B, does=Does.ON)
    assert after(near, done)[1] == [Do(press=Press.NEXT)]
    assert after(near, replace(done, partner=Partner.A))[1] == [
        Refuse(why="not-your-turn")
    ]
    assert after(near, replace(done, does=Does.END))[1] == [Refuse(why="not-now")]


def test_each_writes_alone_and_whoever_was_first_is_first() -> None:
    first = in_part(4)
    assert (first.screen, first.turn) == (Screen.WRITE, Partner.B)
    words = OwnWords(partner=Partner.B, text="That we both were tired.")
    then, effects = after(first, words, Done(partner=Partner.B, does=Does.ON))
    assert [type(each) for each in effects] == [KeepWords]
    assert then.turn is Partner.A
    assert "tired" not in json.dumps(shown(then))
    done = Done(partner=Partner.A, does=Does.ON)
    over, effects = after(then, done)
    assert effects == [Do(press=Press.NEXT)]
    # Said twice, it does not leave the part that comes next, too.
    assert after(over, done)[1] == [Refuse(why="not-now")]
    assert (over.screen, over.turn) == (then.screen, then.turn)


def test_an_answer_may_lead_to_a_pause_and_comes_back_to_the_same_one() -> None:
    asked = in_part(5)
    worse = Done(partner=Partner.B, does=Does.PAUSE)
    assert after(asked, worse)[1] == [Do(press=Press.PAUSE)]


def test_whatever_is_to_be_kept_has_words_for_where_it_is_not() -> None:
    assert set(UNKEPT) == {*get_args(Keep), Remove}


GATE = tuple(Gate(partner=each, answer=GateAnswer.YES) for each in Partner)


def asked_before(*answers: Answer) -> tuple[Evening, list[Any]]:
    """Sit down, answer what the practice asks, and say yes; A has the first place."""
    evening, effects = after(TONIGHT, Start())
    for given in GATE:
        mine = [each for each in answers if each.partner is given.partner]
        evening, more = after(evening, *mine, given)
        effects += more
    return evening, effects


HURT = Answer(partner=Partner.A, name="hurt", value=3)
ROOM = Answer(partner=Partner.B, name="room", value=8)


@pytest.mark.parametrize(
    ("answers", "is_gentle"),
    [
        ((HURT, ROOM), False),
        ((replace(HURT, value=5), replace(ROOM, value=5)), False),
        ((replace(HURT, value=6), ROOM), True),
        ((HURT, replace(ROOM, value=4)), True),
        # Who said nothing has not said that there is room: nobody guesses it.
        ((), True),
        ((HURT,), True),
    ],
)
def test_too_much_hurt_or_too_little_room_makes_a_quiet_one_of_it(
    answers: tuple[Answer, ...], is_gentle: bool
) -> None:
    evening, effects = asked_before(*answers)
    assert isinstance(effects[-1], Begin)
    assert evening.is_gentle is is_gentle
    if is_gentle:  # nobody has to tell anything, and no breath leads
        tonight = evening.tonight.chosen
        assert (tonight.practice, tonight.without_breathing) == (
            "relaxed-and-alert",
            True,
        )
    began, kept = after(evening, BEGAN)
    found = [each.answered for each in kept if isinstance(each, KeepAnswer)]
    assert [each.block for each in found] == [None] * len(answers)
    assert began.answered == ()


def answered_and_yes(evening: Evening, server_s: float = 0.0) -> Evening:
    """Sit down, with little hurt and room to listen, and say yes."""
    evening, _ = after(evening, Start(), server_s=server_s)
    for partner, given in zip(Partner, GATE, strict=True):
        name, value = ("hurt", 3) if partner is evening.first else ("room", 8)
        answer = Answer(partner=partner, name=name, value=value)
        evening, _ = after(evening, answer, given, server_s=server_s)
    return evening


def test_another_harder_one_within_two_days_is_a_quiet_evening() -> None:
    """Which is said in the same words as where somebody wants something gentler."""
    text = PLAN.replace("[[before]]", "harder = true\n\n[[before]]", 1)
    harder = replace(TONIGHT, plans=PracticeCatalogue(text).plans)
    ended = Heard(cue=Ended(t_s=900.0, ending=Ending.COMPLETE))
    begun = answered_and_yes(harder)
    assert not begun.is_gentle
    over, effects = after(begun, BEGAN, ended, SessionOver())
    assert KeepHarder(for_s=2 * 86400.0) in effects
    home = replace(over, screen=Screen.HOME, looking=None, turn=None)
    for later_s, is_gentle in ((86400.0, True), (2 * 86400.0 + 1, False)):
        again = answered_and_yes(home, later_s)
        assert again.is_gentle is is_gentle
    usual = replace(harder.chosen, practice="relaxed-and-alert")
    easy, _ = after(replace(home, chosen=usual), Start(), *GATE, server_s=60.0)
    assert not easy.is_gentle


def test_what_is_answered_before_goes_where_nothing_begins() -> None:
    evening, _ = after(TONIGHT, Start(), HURT)
    assert len(evening.answered) == 1
    no = replace(GATE[0], answer=GateAnswer.NOT_TODAY)
    ended, effects = after(evening, no, GATE[1])
    assert (ended.screen, ended.answered) == (Screen.NOT_YET, ())
    assert not any(isinstance(each, KeepAnswer) for each in effects)


def test_what_is_answered_before_is_kept_with_no_other_practice() -> None:
    """Where a strap falls silent or a fault comes, and something else begins then."""
    asked, _ = after(TONIGHT, Start(), HURT, GATE[0])
    silent, _ = after(replace(asked, arriving=frozenset()), GATE[1])
    fault, _ = after(asked, GATE[1], SessionStopped(words="Full."))
    shelf = PracticeCatalogue(PLAN.replace('straps = "optional"', 'straps = "none"'))
    for home in (silent, fault):
        assert home.screen is Screen.HOME
        now = replace(home, plans=shelf.plans)  # which asks nothing before it
        _, effects = after(now, Start(), BEGAN)
        assert not any(isinstance(each, KeepAnswer) for each in effects)


def test_afterwards_each_is_asked_what_is_for_their_place() -> None:
    ended = Heard(cue=Ended(t_s=900.0, ending=Ending.COMPLETE))
    over, _ = after(in_part(6), ended, SessionOver())
    assert (over.screen, over.turn) == (Screen.LOOK_BACK, Partner.B)
    assert [each["name"] for each in shown(over)["scales"]] == ["reached"]
    later = replace(over, turn=Partner.A)
    assert shown(later)["scales"] == []


def said_in(block: dict[str, Any]) -> list[str]:
    """All that a page may show of a part."""
    choices = [each["words"] for each in block["choices"]]
    words = [block[each] for each in ("name", "words", "speaker", "listener")]
    return [each for each in (*words, *block["prompts"], *choices) if each]


@pytest.mark.parametrize("name", plan_names())
def test_no_part_of_any_practice_is_left_in_english(name: str) -> None:
    plan = parse_plan(plan_text(name))
    german = dict(places(Language.GERMAN, "practices"))
    for number, block in enumerate(plan.blocks):
        began = BlockBegan(
            t_s=0.0,
            number=number,
            name=block.name,
            kind=block.kind,
            length_s=block.length_s,
        )
        session = replace(BEGAN, blocks=plan.blocks)
        there, _ = after(TONIGHT, session, Heard(cue=began))
        with speaking(Language.GERMAN):
            said = said_in(shown(there)["block"])
        left = [each for each in said if german.get(f"practices.{each}", each) != each]
        assert left == [], block.name


# --- without straps -----------------------------------------------------------------

BARE = replace(TONIGHT, worn=Both(None, None), arriving=frozenset())


def test_two_sit_down_without_straps_only_where_a_practice_needs_none() -> None:
    assert after(BARE, Start())[1] == [Refuse(why="two-straps")]
    asked, _ = after(BARE, Start(without_straps=True))
    assert asked.screen is Screen.GATE  # each is asked as ever
    assert [each["needed"] for each in shown(asked)["scales"]] == [True]
    begun, effects = after(asked, *GATE)
    assert isinstance(effects[-1], Begin)
    assert begun.is_strapless
    main = replace(BARE.chosen, practice="relaxed-and-alert")
    worn = replace(BARE, chosen=main)
    assert after(worn, Start(without_straps=True))[1] == [Refuse(why="two-straps")]


def test_whoever_sits_down_without_straps_is_not_sent_to_mend_the_radio() -> None:
    off = InTheAir(straps=(), trouble="Bluetooth is off.")
    home, _ = after(BARE, off)
    assert [each["id"] for each in shown(home)["notices"]] == ["radio"]
    asked, _ = after(home, Start(without_straps=True))
    assert shown(asked)["notices"] == []
    again, _ = after(asked, off)  # it is still off: nobody here needs it
    assert shown(again)["notices"] == []
    back, _ = after(again, Go(screen=Screen.HOME))
    assert [each["id"] for each in shown(back)["notices"]] == ["radio"]


def test_without_straps_nothing_is_asked_afterwards() -> None:
    begun, _ = after(BARE, Start(without_straps=True), *GATE)
    session = replace(BEGAN, kept=False)
    ended = Heard(cue=Ended(t_s=900.0, ending=Ending.COMPLETE))
    over, effects = after(begun, session, ended, SessionOver())
    assert (over.screen, over.turn) == (Screen.LOOK_BACK, None)
    assert shown(over)["look"] is None
    assert shown(over)["strapless"]  # nothing is said of hearts that are not saved
    assert not any(isinstance(each, KeepAnswer) for each in effects)


def test_whose_it_was_tonight_decides_nothing_about_another_evening() -> None:
    by_turns = TONIGHT.first
    chosen = replace(TONIGHT.chosen, first=by_turns.other)
    ended = Heard(cue=Ended(t_s=900.0, ending=Ending.FINISHED_EARLY))
    over, _ = after(replace(TONIGHT, chosen=chosen), BEGAN, ended, SessionOver())
    assert over.practised == TONIGHT.practised
    assert over.first is by_turns


def test_what_is_for_right_now_begins_at_once_and_counts_for_nothing() -> None:
    text = PLAN.replace('straps = "optional"', 'straps = "none"')
    shelf = PracticeCatalogue(text)
    now = replace(BARE, plans=shelf.plans)
    begun, effects = after(now, Start())
    assert effects == [Begin()]
    assert begun.is_strapless
    last = BlockBegan(t_s=0.0, number=6, name="Rest", kind="rest", length_s=60.0)
    ended = Heard(cue=Ended(t_s=900.0, ending=Ending.COMPLETE))
    session = replace(BEGAN, kept=False)
    over, effects = after(begun, session, Heard(cue=last), ended, SessionOver())
    assert (over.practised, effects) == (now.practised, [])
    assert shown(over)["sat"] is None  # who was hurt is not told how long it took
    assert shown(over)["closing"] == ""  # no first evening's "it gets easier" of a hurt
    assert Start() == Start(without_straps=None)


def test_an_engine_without_straps_hears_no_heart_and_looks_for_none() -> None:
    """And all that is said in it is the practice itself."""
    opened = replace(OPENED, couple=WhoseHearts(source=Source.NOBODY, seed=0))
    chosen = replace(OPENED.practice, plan_toml=with_fixed_pace(PLAN))
    engine, said = Engine(), list[Output]()
    said += engine.feed(replace(opened, practice=chosen))
    # And what no strap can have sent is no heart, whatever a file says.
    said += engine.feed(Intervals(t_ns=0, partner=Partner.A, rr_ms=(800.0,)))
    lost = LinkChanged(t_ns=0, partner=Partner.B, link=Link.LOST, detail="")
    said += engine.feed(lost)
    for number in range(4 * 800):
        said += engine.feed(Tick(t_ns=number * NS_PER_S // 4))
    assert engine.is_ended
    assert {type(each) for each in said} == {BlockBegan, BlockEnded, Ended}
    assert all(each.features == 0 for each in said if isinstance(each, BlockEnded))


def test_two_practise_without_straps_and_no_heart_is_kept(tmp_path: Path) -> None:
    """What each wrote alone is theirs all the same, and only theirs."""

    async def practise(data: Path) -> None:
        serving = served(data, speed=400.0, at_home=NoStraps(), plan_toml=PLAN)
        async with serving as at, page(at, await entered(at)) as one:
            await first_use(one)
            chosen = {"practice": "said-back", "minutes": None, "length": None}
            await one.say("choose", **chosen, without_breathing=False, first="B")
            await one.say("start", without_straps=True)
            await one.screen("gate")
            for partner in "AB":
                await one.state_when(lambda state, of=partner: state["turn"] == of)  # type: ignore[misc]
                name = {"B": "hurt", "A": "room"}[partner]
                await one.ask("answer", partner=partner, name=name, value=5)
                await one.say("gate", partner=partner, answer="yes")
            await one.state_when(lambda state: waits(state, "Say it back"))
            await one.say("press", press="again")
            await one.screen("step")
            assert (await one.ask("done", partner="A", does="next"))["why"]
            await one.ask("answer", partner="B", name="near", value=2)
            await one.say("done", partner="B", does="next")
            for partner in "BA":
                await one.state_when(
                    lambda state, of=partner: (
                        state["screen"] == "write"  # type: ignore[misc]
                        and state["turn"] == of
                    )
                )
                await one.say("words", partner=partner, text=f"seen by {partner}")
                await one.say("done", partner=partner, does="next")
            await one.screen("asked")
            await one.say("done", partner="B", does="next")
            await one.screen("look-back")
            assert one.state["look"] is None
            # Nothing that one said alone was told to any page.
            for heard in one.raw:
                assert "seen by" not in heard
                assert '"value"' not in heard
            ticket = await unlock(one, "B")
            assert ticket
            own = (await one.ask("own-lines", partner="B"))["own"]["lines"]
            assert [each["text"] for each in own if each["text"]] == ["seen by B"]
            asked = {each["asked"]: each["answered"] for each in own if each["asked"]}
            assert asked == {
                "How much does it hurt, right now?": 5,
                "I want to be near": 2,
            }

    asyncio.run(practise(tmp_path))
    assert list((tmp_path / "sessions").glob("*")) == []


def waits(state: dict[str, Any], part: str) -> bool:
    block = state["block"]
    return block is not None and block["name"] == part and block["waits"]


def test_a_file_that_says_nobody_wore_a_strap_is_read_like_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No coreg writes one; whoever brings one is told what it is, and no fault."""
    couple = WhoseHearts(source=Source.NOBODY, seed=0)
    chosen = replace(OPENED.practice, plan_toml=with_fixed_pace(PLAN))
    opened = replace(OPENED, couple=couple, practice=chosen)
    log = SessionLog.create(session_path(data_folder(tmp_path), SESSION), opened)
    engine = Engine()
    for output in engine.feed(opened):
        log.append(output, 0)  # type: ignore[arg-type]
    for number in range(4 * 800):
        tick = Tick(t_ns=number * NS_PER_S // 4)
        log.append(tick, tick.t_ns)
        for output in engine.feed(tick):
            log.append(output, tick.t_ns)  # type: ignore[arg-type]
    log.close()
    assert main(["sessions", "--data-dir", str(tmp_path)]) == 0
    assert "without straps" in capsys.readouterr().out
    assert main(["replay", SESSION, "--data-dir", str(tmp_path)]) == 0
    for source in Source:
        of = replace(opened, couple=WhoseHearts(source=source, seed=0))
        assert isinstance(tag(of), str)
    out = str(tmp_path / "out")
    assert main(["report", SESSION, "--data-dir", str(tmp_path), "--out", out]) == 0

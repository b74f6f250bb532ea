"""After a practice: what each says alone, what is of both, and what stays whose."""

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from coreg.facts.both import Both
from coreg.facts.events import Breath, Ended, Ending, Partner, Paused, Press, Source
from coreg.findings.kept import own_ratings
from coreg.store.erasing import erase_everything, erase_partner, erase_session
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, Sitting
from coreg.store.own_things import (
    HappenedKept,
    OwnLine,
    OwnLines,
    OwnThing,
    RatingKept,
)
from coreg.store.passcode import Cost, sealed
from coreg.store.release import Wish
from coreg.web.evening.effects import (
    Do,
    Effect,
    ForgetLine,
    ForgetRead,
    KeepLine,
    KeepRating,
    KeepSat,
)
from coreg.web.evening.happenings import Heard, OwnWordsGone, SessionOver
from coreg.web.evening.state import Evening
from coreg.web.wire.incoming import (
    Go,
    Look,
    OwnWords,
    PauseWay,
    Pressing,
    Rating,
    ReadAloud,
    RemoveLine,
)
from coreg.web.wire.named import Moment, Screen, Way
from tests.helpers.evening_server import entered, page
from tests.helpers.library_rows import library_rows
from tests.helpers.two_people import (
    CALM,
    evening_of_two,
    first_use,
    look_back,
    unlock,
)
from tests.test_web_evening import BEGAN, HOME, SESSION, after, block, shown

A, B = Partner
UTC = "2026-03-01T20:00:00+00:00"
NOW = dt.datetime(2026, 3, 1, 21, 0, tzinfo=dt.UTC)
CHEAP = Cost(n=2**4, r=8, p=1)
COMPLETE = Heard(cue=Ended(t_s=700.0, ending=Ending.COMPLETE))
TEN_S = Breath(t_s=130.0, period_s=10.0, inhale_s=4.0)


def begun(number: int, kind: str, t_s: float) -> Heard:
    """A block that begins at this moment of the session."""
    heard = block(number, kind)
    return replace(heard, cue=replace(heard.cue, t_s=t_s))


SITTING = after(
    HOME,
    BEGAN,
    begun(0, "question", 0.0),
    begun(1, "arrive", 60.0),
    begun(2, "breathe", 120.0),
    *[Heard(cue=replace(TEN_S, t_s=130.0 + 10 * n)) for n in range(30)],
    *[Heard(cue=replace(TEN_S, t_s=430.0 + 7.5 * n, period_s=7.5)) for n in range(8)],
)[0]
ASKED = after(
    SITTING,
    begun(3, "rest", 490.0),
    begun(4, "words", 610.0),
    COMPLETE,
    SessionOver(),
)[0]


# --- what is asked -----------------------------------------------------------


def test_the_last_part_is_for_both_and_each_is_asked_once_it_is_over() -> None:
    words, _ = after(SITTING, begun(4, "words", 610.0))
    assert (words.screen, words.turn) == (Screen.WORDS, None)
    assert (ASKED.screen, ASKED.turn) == (Screen.LOOK_BACK, B)
    rated = Rating(partner=B, moment=Moment.AFTER, at_ease=7, wide_awake=9, myself=None)
    still_hers, effects = after(ASKED, rated)
    assert still_hers.turn is B  # what she wants to look at comes last
    (kept,) = effects
    assert isinstance(kept, KeepRating)
    assert (kept.session_id, kept.wide_awake) == (SESSION, 9)
    looked, _ = after(still_hers, Look(partner=B, whose=Wish.NOTHING))
    assert looked.turn is A


def test_who_stops_is_asked_nothing_more() -> None:
    paused, _ = after(SITTING, Heard(cue=Paused(t_s=200.0)))
    assert after(paused, PauseWay(way=Way.FINISH))[1] == [Do(press=Press.FINISH)]
    early = Heard(cue=Ended(t_s=260.0, ending=Ending.FINISHED_EARLY))
    stopped, _ = after(paused, early, SessionOver())
    assert (stopped.screen, stopped.turn) == (Screen.LOOK_BACK, None)
    rated = Rating(partner=A, moment=Moment.AFTER, at_ease=7, wide_awake=9, myself=1)
    assert after(stopped, rated)[0] == stopped


def test_a_press_of_next_in_the_last_part_goes_to_the_practice() -> None:
    words, _ = after(SITTING, begun(4, "words", 610.0))
    assert after(words, Pressing(press=Press.NEXT))[1] == [Do(press=Press.NEXT)]


# --- how long they sat -------------------------------------------------------


def test_what_is_asked_and_said_and_pauses_are_no_sitting_together() -> None:
    """Arriving 60 s, breathing 370 s, resting 120 s; by hand from the blocks above."""
    assert ASKED.looking is not None
    sat = ASKED.looking.sat
    assert sat.sat_s == pytest.approx(60 + 370 + 120)
    assert sat.breathing_s == pytest.approx(30 * 10 + 8 * 7.5)
    assert sat.breaths_per_min == 6.0  # five minutes of it, and one at eight
    paused, _ = after(SITTING, Heard(cue=Paused(t_s=200.0)))
    early = Heard(cue=Ended(t_s=260.0, ending=Ending.FINISHED_EARLY))
    stopped, _ = after(paused, early, SessionOver())
    assert stopped.looking is not None
    assert stopped.looking.sat.sat_s == pytest.approx(60 + 80)


def test_it_is_told_once_nobody_is_asked_any_more() -> None:
    assert '"sat":null' in shown(ASKED)
    both = [Look(partner=each, whose=Wish.NOTHING) for each in (B, A)]
    told = shown(after(ASKED, *both)[0])
    assert '"minutes":9,"breathing_minutes":6,"breaths_per_min":6.0' in told
    kept = after(SITTING, COMPLETE, SessionOver())[1]
    assert [type(each) for each in kept] == [KeepSat]


# --- our lines ---------------------------------------------------------------


DONE_B, DONE_A = (Look(partner=each, whose=Wish.NOTHING) for each in (B, A))


def with_passcodes(evening: Evening) -> Evening:
    """Both have one."""
    return replace(evening, passcode_utc=Both(UTC, UTC))


def test_a_line_is_told_to_the_other_once_both_answered() -> None:
    asked = with_passcodes(ASKED)
    read, effects = after(asked, ReadAloud(partner=B, text="The rain."))
    assert effects == []  # nor is it kept, where the other one could look it up
    assert shown(read) == shown(asked)
    second, effects = after(read, DONE_B)
    plain, as_usual = after(asked, DONE_B)
    assert shown(second) == shown(plain)  # nor while the other one is asked
    assert effects == as_usual
    over, effects = after(second, DONE_A)
    assert KeepLine(partner=B, session_id=SESSION, text="The rain.") in effects
    assert '"read":[{"partner":"B","text":"The rain."}]' in shown(over)


def kept_in(effects: list[Effect]) -> list[str]:
    """The lines that are kept for both."""
    return [each.text for each in effects if isinstance(each, KeepLine)]


def test_where_both_leave_the_line_of_who_answered_is_kept_and_no_other() -> None:
    read, _ = after(
        with_passcodes(ASKED), ReadAloud(partner=B, text="The rain."), DONE_B
    )
    for screen in (Screen.HOME, Screen.EVENINGS, Screen.CONSENT):
        half, effects = after(
            read, ReadAloud(partner=A, text="half"), Go(screen=screen)
        )
        assert kept_in(effects) == ["The rain."]
        assert half.looking is None
    unsaid, _ = after(with_passcodes(ASKED), ReadAloud(partner=B, text="half"))
    assert kept_in(after(unsaid, Go(screen=Screen.HOME))[1]) == []
    both, _ = after(read, DONE_A)
    assert kept_in(after(both, Go(screen=Screen.HOME))[1]) == []  # it is kept already


@pytest.mark.parametrize("both", [False, True], ids=["one answered", "both did"])
def test_a_line_of_who_answered_is_kept_once_where_coreg_ends_then(
    tmp_path: Path, *, both: bool
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                await one.begin(lambda _: dict(CALM))
                await one.screen("words")
                await one.say("press", press="next")
                await one.screen("look-back")
                await one.say("read-aloud", partner="B", text="The rain.")
                await one.say("look", partner="B", whose="nothing")
                await one.turn("A")
                await one.say("read-aloud", partner="A", text="The stove.")
                if both:
                    await one.say("look", partner="A", whose="nothing")
                    await one.turn(None)

    asyncio.run(go())
    lines = sorted(each.text for each in Library(tmp_path).lines.all())
    assert lines == (["The rain.", "The stove."] if both else ["The rain."])


def test_whoever_writes_once_more_says_anew_whether_it_is_read() -> None:
    """A page that was loaded anew knows nothing of what was sent before."""
    read, _ = after(with_passcodes(ASKED), ReadAloud(partner=B, text="first"))
    anew, _ = after(read, OwnWords(partner=B, text="no, I keep this one"))
    assert kept_in(after(anew, DONE_B, DONE_A)[1]) == []
    twice, _ = after(anew, ReadAloud(partner=B, text="last"))
    assert kept_in(after(twice, DONE_B, DONE_A)[1]) == ["last"]


def test_what_somebody_deletes_or_changes_is_read_to_nobody() -> None:
    asked = with_passcodes(ASKED)
    read, _ = after(asked, ReadAloud(partner=B, text="I am scared of you"))
    said = (("another", "The rain."), (SESSION, "I am scared of you"))
    gone, effects = after(read, OwnWordsGone(partner=B, said=said))
    assert effects == [
        ForgetRead(partner=B, session_id=SESSION, texts=("I am scared of you",))
    ]
    over, effects = after(gone, DONE_B, DONE_A)
    assert kept_in(effects) == []
    assert "scared" not in shown(over)
    # Also once both answered; but nobody's words take the other's away.
    over, _ = after(read, DONE_B, DONE_A)
    assert "scared" not in shown(after(over, OwnWordsGone(partner=B, said=said))[0])
    assert "scared" in shown(after(over, OwnWordsGone(partner=A, said=said))[0])


def test_one_line_a_person_and_evening_the_last_that_was_said(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for partner, session_id, text in (
        (A, "another", "then"),
        (B, SESSION, "his"),
        (A, SESSION, "first"),
        (A, SESSION, "last"),
    ):
        library.lines.keep(partner, session_id, text, utc=UTC)
    assert [e.text for e in library.lines.all()] == ["last", "his", "then"]
    library.lines.take_back(A, SESSION, ["last", "his"])
    assert [e.text for e in library.lines.all()] == ["his", "then"]


def test_of_who_has_no_passcode_and_of_simulated_people_no_line_is_kept() -> None:
    line = ReadAloud(partner=B, text="The rain.")
    nobody = replace(with_passcodes(ASKED), source=Source.SIMULATED)
    for evening in (ASKED, nobody):
        read, effects = after(evening, line)
        assert effects == []
        assert read.looking is not None
        assert read.looking.read == ((B, "The rain."),)  # tonight it may be read


def test_no_line_is_removed_while_somebody_is_asked_alone() -> None:
    assert ForgetLine(number=1) not in after(ASKED, RemoveLine(number=1))[1]
    both = [Look(partner=each, whose=Wish.NOTHING) for each in (B, A)]
    over, _ = after(ASKED, *both)
    assert after(over, RemoveLine(number=1))[1] == [ForgetLine(number=1)]


def test_lines_stay_with_both_and_go_with_whoever_wrote_them(tmp_path: Path) -> None:
    data_folder(tmp_path)
    library = Library(tmp_path)
    for _ in range(2):  # a page that heard no answer says it once more
        library.lines.keep(A, SESSION, "hers", utc=UTC)
    library.lines.keep(B, SESSION, "his", utc=UTC)
    library.keep_sitting(
        SESSION, Sitting(sat_s=600.0, breathing_s=480.0, breaths_per_min=6.0)
    )
    assert [each.text for each in library.lines.all()] == ["his", "hers"]
    erase_session(tmp_path, library, SESSION)
    left = library.lines.all()
    assert [(each.text, each.session_id) for each in left] == [
        ("his", ""),
        ("hers", ""),
    ]
    assert library.sittings() == {}
    erase_partner(tmp_path, library, A)
    assert [each.text for each in library.lines.all()] == ["his"]
    erase_everything(tmp_path, library)
    assert library.lines.all() == []
    held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"hers" not in held


def test_either_removes_any(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.lines.keep(A, SESSION, "hers", utc=UTC)
    (line,) = library.lines.all()
    for _ in range(2):  # the other may have removed it a moment ago
        library.lines.remove(line.number)
    assert library.lines.all() == []


# --- the scale of ratings ----------------------------------------------------


def rated(**said: int | None) -> RatingKept:
    """A rating as it is kept."""
    nothing = {"at_ease": None, "awake": None, "wide_awake": None, "myself": None}
    return RatingKept(session_id="x", moment="before", utc=UTC, **{**nothing, **said})


def lines_of(*things: OwnThing) -> OwnLines:
    """What somebody's key opens."""
    return OwnLines(
        lines=tuple(OwnLine(number=n, thing=each) for n, each in enumerate(things)),
        unread=0,
    )


@pytest.mark.parametrize(
    ("sleepiness", "awake"), [(1, 10.0), (3, 7.5), (5, 5.0), (9, 0.0)]
)
def test_sleepiness_of_before_is_turned_round_and_never_mixed_up(
    sleepiness: int, awake: float
) -> None:
    """Karolinska's 1 is very alert and 9 fights sleep; ours ends at wide awake."""
    old, new = rated(awake=sleepiness), rated(wide_awake=sleepiness)
    (of_old,) = own_ratings(lines_of(old), "x")
    (of_new,) = own_ratings(lines_of(new), "x")
    assert of_old.awake == awake
    assert of_new.awake == sleepiness


SEALED_BY_0_1 = (
    b'{"kind":"rating","session_id":"20260301-193000-7f3a","moment":"before",'
    b'"at_ease":4,"awake":3,"myself":null,"utc":"2026-03-01T19:31:00+00:00"}'
)


def test_a_rating_that_was_sealed_before_opens_and_says_what_it_said(
    tmp_path: Path,
) -> None:
    """A box of 0.1 has no `wide_awake` in it."""
    own = Library(tmp_path, passcode_cost=CHEAP).own
    key = own.choose(A, "4711", now=NOW)
    with library_rows(tmp_path) as db:
        (public,) = db.execute("SELECT public FROM passcode").fetchone()
        box = sealed(public, SEALED_BY_0_1, "coreg own thing 1, A")
        db.execute("INSERT INTO own (person, handle, sealed) VALUES (1, 7, ?)", (box,))
    (kept,) = own.lines(A, key).ratings
    assert (kept.at_ease, kept.awake, kept.wide_awake) == (4, 3, None)


# --- whether it happened -----------------------------------------------------


def test_whether_it_happened_is_said_once_and_may_be_said_anew(tmp_path: Path) -> None:
    own = Library(tmp_path, passcode_cost=CHEAP).own
    key = own.choose(A, "4711", now=NOW)
    for said in ("not-today", "a-bit"):
        own.keep_last(A, key, HappenedKept(session_id="x", happened=said, utc=UTC))
    own.keep_last(A, key, HappenedKept(session_id="y", happened="yes", utc=UTC))
    assert {e.session_id: e.happened for e in own.lines(A, key).happened} == {
        "x": "a-bit",
        "y": "yes",
    }


# --- a whole evening ---------------------------------------------------------


def test_an_evening_tells_its_minutes_its_lines_and_over_all_of_them(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                await one.begin(lambda _: dict(CALM))
                await one.screen("words")
                await one.say("press", press="next")
                await one.screen("look-back")
                await one.say("words", partner="B", text="I am scared of you")
                await one.say("read-aloud", partner="B", text="I am scared of you")
                await unlock(one, "B")
                told = await one.ask("own-lines", partner="B")
                (scared,) = (e for e in told["own"]["lines"] if e["is_read"])
                assert scared["text"] == "I am scared of you"
                number = scared["number"]
                await one.ask("delete-own-line", partner="B", number=number)
                look = await look_back(one, read="The rain.")
                assert one.state["read"] == [{"partner": "B", "text": "The rain."}]
                ticket = await unlock(one, "A")
                happened = {"session_id": look["session_id"], "happened": "a-bit"}
                told = await one.ask("say-happened", partner="A", **happened)
                said = [each["happened"] for each in told["own"]["lines"]]
                assert "a-bit" in said
                async with httpx.AsyncClient(headers=good, timeout=120) as client:
                    (listed,) = (await client.get(f"{at.origin}/evenings")).json()
                    assert listed["sat"] is not None
                    (line,) = (await client.get(f"{at.origin}/lines")).json()
                    assert (line["text"], line["partner"]) == ("The rain.", "B")
                    of = f"{at.origin}/evenings/{look['session_id']}"
                    assert (await client.get(f"{of}/over-A")).status_code == 403
                    over = await client.get(f"{of}/over-A?ticket={ticket}")
                    assert over.status_code == 200
                    assert "Your evenings" in over.text
                    assert (await client.get(f"{of}/said-B")).status_code == 403
                    for whose in ("said-page", f"said-A?ticket={ticket}"):
                        one_sentence = await client.get(f"{of}/{whose}")
                        assert one_sentence.status_code == 200
                        assert one_sentence.text.endswith(".")
                        assert "<" not in one_sentence.text
                    assert (await client.get(f"{of}/over-page")).status_code == 404

    asyncio.run(go())
    assert [each.text for each in Library(tmp_path).lines.all()] == ["The rain."]

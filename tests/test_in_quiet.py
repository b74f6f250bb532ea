"""Free time that was not quiet is not compared, and nobody learns who said so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.errors import BadPlanError
from coreg.exercises.plan import parse_plan
from coreg.exercises.plan_blocks import has_quiet
from coreg.facts.events import InQuiet, Partner
from coreg.findings.kept import Kept
from coreg.findings.summary import SessionSummary, heard_of, summarise
from coreg.findings.together import (
    Doing,
    Together,
    Unquiet,
    Untested,
    together,
    unquiet_of,
)
from coreg.findings.warm import Unanswered, warm_of
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, therapist_page
from coreg.report.words.couple import in_short, moved_together
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.plans import plan_text
from coreg.store.release import Wish
from coreg.web.evening.effects import Effect, KeepInQuiet, Refuse
from coreg.web.evening.happenings import SessionOver
from coreg.web.evening.state import Evening
from coreg.web.server.drawing import PageAsked, drawn
from coreg.web.wire.incoming import Go, Look
from coreg.web.wire.named import Screen
from coreg.web.wire.of_afterwards import SayInQuiet
from coreg.words import ENGLISH, Language, say, speaking
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.library_rows import library_rows
from tests.helpers.once import once_a_run
from tests.helpers.openings import changed
from tests.helpers.readers import plain
from tests.test_afterwards import ASKED, COMPLETE, SITTING
from tests.test_web_evening import SESSION, after, shown

A, B = Partner
OTHER = "20260302-193000-7f3a"
LISTENED = "relaxed-and-alert-without-breathing"
ASKED_OF = [each for each in InQuiet if each is not InQuiet.UNNAMED]
OF_REST = (("arrive", "arrive", 120.0), ("just be", "rest", 420.0))


@once_a_run
def coupled() -> SessionSummary:
    """Hearts that move together all along, breathing and resting."""
    return summarise(opened_by(1), couple(Planted(seed=1, coupling=0.9)))


@once_a_run
def of(*in_quiet: InQuiet) -> Together:
    return together(heard_of(coupled(), frozenset(in_quiet)))


# --- what is compared ----------------------------------------------------------


def test_free_time_with_talk_in_it_is_not_compared_and_the_breath_of_both_is() -> None:
    told = of(InQuiet.TALK)
    assert [each.name for each in told.stretches] == ["breathe together"]
    assert [each.name for each in told.left_out] == ["arrive", "just be"]
    assert told.found is not None
    assert len(told.found.per_phase) == 1
    assert told.free_after is None  # so nothing of it is pooled over evenings
    assert told.breathing is not None
    assert told.unquiet == (Unquiet.TALK,)


@pytest.mark.parametrize("what", [InQuiet.TALK, InQuiet.MOVING, InQuiet.SOUND])
def test_each_of_the_three_is_enough_whatever_the_other_one_said(what: InQuiet) -> None:
    told = of(InQuiet.NOTHING, what)
    assert all(each.doing is Doing.FREE for each in told.left_out)
    assert len(told.left_out) == 2


def test_a_quiet_time_is_compared_to_the_bit_as_where_nobody_was_asked() -> None:
    unasked, nothing = of(), of(InQuiet.NOTHING)
    assert unasked.found is not None
    assert nothing.found is not None
    assert unasked.left_out == nothing.left_out == ()
    assert nothing.found.p_any == unasked.found.p_any
    assert nothing.found.hr.null.tobytes() == unasked.found.hr.null.tobytes()


def asked() -> SessionSummary:
    """The same hearts on an evening whose two are asked afterwards."""
    return replace(coupled(), opened=changed(opened_by(1), asks_quiet=True))


def test_where_both_were_asked_only_what_somebody_called_quiet_is_compared() -> None:
    told = together(asked())
    assert told.unquiet == (Unquiet.NOBODY_SAID,)
    assert [each.name for each in told.stretches] == ["breathe together"]
    quiet = heard_of(asked(), frozenset({InQuiet.NOTHING}))
    assert unquiet_of(quiet) == ()
    assert together(quiet).left_out == ()
    talked = heard_of(asked(), frozenset({InQuiet.TALK}))
    assert unquiet_of(talked) == (Unquiet.TALK,)
    hour = changed(asked().opened, hour=OTHER)
    assert unquiet_of(replace(asked(), opened=hour)) == (Unquiet.WITH_THERAPIST,)


def test_where_nothing_is_left_nothing_is_compared() -> None:
    planted = Planted(seed=1, coupling=0.9, blocks=OF_REST)
    rested = summarise(opened_by(1), couple(planted))
    told = together(heard_of(rested, frozenset({InQuiet.SOUND})))
    assert (told.found, told.untested) == (None, Untested.NOT_QUIET)


def test_a_practice_that_offers_something_to_listen_to_has_no_quiet_time() -> None:
    """Phrased sound alone makes two hearts alike in two of three evenings."""
    opened = changed(opened_by(1), plan_toml=plan_text(LISTENED))
    listened = replace(coupled(), opened=opened)
    assert unquiet_of(listened) == (Unquiet.MAY_LISTEN,)
    assert all(each.doing is Doing.PACED for each in together(listened).stretches)
    assert unquiet_of(coupled()) == ()


def of_an_hour() -> Iterator[SessionSummary]:
    """The first session of an hour with a therapist, and one that goes on with it."""
    hour = plan_text("open")
    yield replace(coupled(), opened=changed(opened_by(1), plan_toml=hour))
    yield replace(coupled(), opened=changed(opened_by(1), hour=OTHER))


def test_free_time_of_an_hour_with_a_therapist_is_not_compared_and_says_why() -> None:
    """Nobody is asked of it, and three were in the room."""
    for summary in of_an_hour():
        told = together(summary)
        assert told.unquiet == (Unquiet.WITH_THERAPIST,)
        assert [each.name for each in told.left_out] == ["arrive", "just be"]
        assert [each.doing for each in told.stretches] == [Doing.PACED]
        for_both = said_on(summary, to_both=True)
        assert "There were three of you in the room" in for_both
        assert not banned_in(for_both)
        assert "Three were in the room" in said_on(summary, to_both=False)


def test_warm_practices_are_not_compared_by_unquiet_time() -> None:
    plan = plan_text("small-good-moment-and-breathe")
    blocks = (
        ("Settle in", "arrive", 180.0),
        ("Tell it", "turn", 120.0),
        ("Rest", "rest", 180.0),
    )
    warm = summarise(
        changed(opened_by(1), plan_toml=plan),
        couple(Planted(seed=1, coupling=0.9, blocks=blocks)),
    )
    assert warm_of(warm, surrogates=19).unanswered is None
    talked = heard_of(warm, frozenset({InQuiet.TALK}))
    assert warm_of(talked).unanswered is Unanswered.NOT_QUIET


def test_only_a_rest_may_offer_something_to_listen_to() -> None:
    text = plan_text("relaxed-and-alert")
    wrong = text.replace('kind = "arrive"', 'kind = "arrive"\nlisten = true')
    with pytest.raises(BadPlanError, match="listen"):
        parse_plan(wrong)
    listened = parse_plan(text.replace('kind = "rest"', 'kind = "rest"\nlisten = true'))
    assert [each.name for each in listened.blocks if each.may_listen] == ["Rest"]


# --- what is read of it ----------------------------------------------------------


def said_on(summary: SessionSummary, *, to_both: bool) -> str:
    page = joint_page if to_both else therapist_page
    with style():
        return everything_said(document(page(summary, together(summary))))


@pytest.mark.parametrize("language", list(Language))
def test_both_read_why_it_is_not_compared_in_every_language(language: Language) -> None:
    with speaking(language):
        told = moved_together(of(InQuiet.TALK, InQuiet.MOVING, InQuiet.SOUND))
        things = [
            say(f"report.couple.not_quiet.{each}")
            for each in ("talk", "moving", "sound")
        ]
        assert any(all(thing in sentence for thing in things) for sentence in told)


def test_the_page_of_both_says_it_without_reproach_and_names_nobody() -> None:
    text = said_on(
        heard_of(coupled(), frozenset({InQuiet.TALK, InQuiet.NOTHING})), to_both=True
    )
    assert "There was talking while you were settling in or resting" in text
    assert "You said" not in text
    assert not banned_in(text)
    # Only of the breath of both: nothing is known of the quiet time.
    assert plain(say("report.couple.for_part")) in text
    assert plain(say("report.couple.moved_together")) not in text


def test_what_is_said_of_all_the_time_is_said_of_a_part_where_some_is_left_out() -> (
    None
):
    """Every part of theirs moves together, as planted: that is said only of all."""
    assert in_short(of()).startswith(say("report.couple.moved_together"))
    assert in_short(of(InQuiet.TALK)).startswith(say("report.couple.for_part"))


def test_a_therapist_reads_what_was_left_out_or_that_nothing_was() -> None:
    talked = heard_of(coupled(), frozenset({InQuiet.TALK, InQuiet.SOUND}))
    text = said_on(talked, to_both=False)
    assert "Not tested: arrive, just be." in text
    assert "it was said that there was talking and sound in the free time" in text
    quiet = said_on(heard_of(coupled(), frozenset({InQuiet.NOTHING})), to_both=False)
    assert "nobody said that there was talking, moving about or sound" in quiet
    assert "nobody said" not in said_on(coupled(), to_both=False)
    unsaid = said_on(asked(), to_both=False)
    assert "Afterwards nobody said whether the free time was quiet" in unsaid


def test_both_read_that_nobody_said_whether_it_was_quiet() -> None:
    told = [plain(each) for each in moved_together(together(asked()))]
    assert plain(say("report.couple.not_quiet.nobody_said")) in told
    assert not banned_in(" ".join(told))


def test_what_was_kept_reaches_the_page_and_its_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = data_folder(tmp_path)
    path = session_path(folder, SESSION)
    of_rest = summarise(
        opened_by(1), couple(Planted(seed=1, coupling=0.9, blocks=OF_REST))
    )
    monkeypatch.setattr(
        "coreg.findings.reading.summary_of_beginning", lambda _path: of_rest
    )
    asked = PageAsked(path=path, whose=None, ratings=(), called=("Ada", "Bo"))
    sentence = replace(asked, says=True)
    assert "Nothing to compare" not in drawn(sentence).html
    Library(folder).keep_in_quiet(SESSION, {InQuiet.MOVING})
    assert drawn(sentence).html == say("report.together.untested.not_quiet")
    assert (
        "There was moving about while you were settling in or resting"
        in everything_said(drawn(asked).html)
    )


# --- what is kept ------------------------------------------------------------------


def rows_in(folder: Path) -> list[tuple[str, str]]:
    with library_rows(folder) as db:
        return list(db.execute("SELECT * FROM in_quiet").fetchall())


def test_what_either_said_holds_and_neither_who_nor_when_is_kept(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    library.keep_in_quiet(SESSION, [InQuiet.TALK, InQuiet.MOVING])
    library.keep_in_quiet(OTHER, {InQuiet.SOUND})
    assert Kept(folder, {}).in_quiet(SESSION) == {InQuiet.MOVING, InQuiet.TALK}
    # In the order of their words: not in that in which they came.
    assert rows_in(folder) == sorted(rows_in(folder))
    assert set(rows_in(folder)) == {
        (SESSION, "moving"),
        (SESSION, "talk"),
        (OTHER, "sound"),
    }


def test_what_is_kept_anew_takes_the_place_of_what_was(tmp_path: Path) -> None:
    library = Library(data_folder(tmp_path))
    library.keep_in_quiet(SESSION, {InQuiet.TALK})
    library.keep_in_quiet(SESSION, {InQuiet.MOVING})
    assert library.in_quiet(SESSION) == {InQuiet.MOVING}
    library.keep_in_quiet(SESSION, ())
    assert library.in_quiet(SESSION) == frozenset()


def test_none_of_these_beside_something_lets_nobody_read_off_who_said_it(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    library.keep_in_quiet(SESSION, {InQuiet.NOTHING, InQuiet.TALK})
    assert rows_in(folder) == [(SESSION, "talk")]
    library.keep_in_quiet(OTHER, {InQuiet.NOTHING})
    assert library.in_quiet(OTHER) == {InQuiet.NOTHING}
    with library_rows(folder) as db:  # as its first version kept it
        db.execute("INSERT INTO in_quiet VALUES (?, 'sound')", (OTHER,))
    assert library.in_quiet(OTHER) == {InQuiet.SOUND}


def test_what_only_a_newer_coreg_names_was_not_quiet(tmp_path: Path) -> None:
    folder = data_folder(tmp_path)
    library = Library(folder)
    library.keep_in_quiet(SESSION, {InQuiet.NOTHING})
    with library_rows(folder) as db:
        db.execute("INSERT INTO in_quiet VALUES (?, 'a dog')", (SESSION,))
    assert library.in_quiet(SESSION) == {InQuiet.UNNAMED}
    told = of(InQuiet.UNNAMED)
    assert told.unquiet == (Unquiet.UNNAMED,)
    assert [each.name for each in told.left_out] == ["arrive", "just be"]
    summary = heard_of(coupled(), library.in_quiet(SESSION))
    assert "It wasn’t all quiet" in said_on(summary, to_both=True)
    assert "only a newer coreg can name" in said_on(summary, to_both=False)
    both = heard_of(coupled(), frozenset({InQuiet.UNNAMED, InQuiet.TALK}))
    assert "There was talking while" in said_on(both, to_both=True)


def test_it_goes_with_the_session_and_with_either_of_the_two(tmp_path: Path) -> None:
    library = Library(data_folder(tmp_path))
    for session_id in (SESSION, OTHER):
        library.keep_in_quiet(session_id, {InQuiet.TALK})
    library.erase_session(SESSION)
    assert library.in_quiet(SESSION) == frozenset()
    assert library.in_quiet(OTHER) == {InQuiet.TALK}
    library.erase_person(B)
    assert library.in_quiet(OTHER) == frozenset()


# --- what is asked -----------------------------------------------------------------


def said(*what: InQuiet, partner: Partner = B) -> SayInQuiet:
    return SayInQuiet(
        partner=partner,
        nothing=InQuiet.NOTHING in what,
        talk=InQuiet.TALK in what,
        moving=InQuiet.MOVING in what,
        sound=InQuiet.SOUND in what,
    )


def looks(partner: Partner) -> Look:
    return Look(partner=partner, whose=Wish.NOTHING)


def kept(effects: list[Effect]) -> list[KeepInQuiet]:
    return [each for each in effects if isinstance(each, KeepInQuiet)]


def test_each_is_asked_after_a_rest_and_what_both_say_is_kept_of_the_session() -> None:
    assert ASKED.looking is not None
    assert ASKED.looking.had_quiet
    still, effects = after(ASKED, said(InQuiet.TALK, InQuiet.MOVING))
    assert effects == []  # it may be taken back
    assert shown(still) == shown(ASKED)  # and nothing that either is told changes
    passed, effects = after(still, looks(B))
    assert kept(effects) == []
    unsaid, _ = after(ASKED, looks(B))
    assert shown(passed) == shown(unsaid)
    over, effects = after(passed, said(InQuiet.NOTHING, partner=A), looks(A))
    of_both = frozenset({InQuiet.NOTHING, InQuiet.TALK, InQuiet.MOVING})
    assert kept(effects) == [KeepInQuiet(session_id=SESSION, what=of_both)]
    assert kept(after(over, Go(screen=Screen.HOME))[1]) == []  # once
    refused = after(ASKED, said(InQuiet.TALK, partner=A))[1]
    assert refused == [Refuse(why="not-your-turn")]


def test_a_wrong_tick_is_taken_back_until_both_answered() -> None:
    wrong, _ = after(ASKED, said(InQuiet.TALK))
    for right in ((InQuiet.NOTHING,), ()):
        effects = after(wrong, said(*right), looks(B), looks(A))[1]
        assert kept(effects) == [KeepInQuiet(session_id=SESSION, what=frozenset(right))]
    # Who says nothing at all leaves nothing.
    assert kept(after(ASKED, looks(B), looks(A))[1]) == []


def test_what_one_said_is_kept_where_both_leave_before_the_other_answers() -> None:
    passed, _ = after(ASKED, said(InQuiet.SOUND), looks(B))
    sound = KeepInQuiet(session_id=SESSION, what=frozenset({InQuiet.SOUND}))
    assert kept(after(passed, Go(screen=Screen.HOME))[1]) == [sound]


def unasked() -> Iterator[Evening]:
    """Evenings of which nobody is asked it: no free time, or music in it."""
    assert SITTING.running is not None
    running = SITTING.running
    for blocks in (
        tuple(each for each in running.blocks if each.means.is_led),
        tuple(replace(each, may_listen=each.means.is_quiet) for each in running.blocks),
    ):
        yield replace(SITTING, running=replace(running, blocks=blocks))
    yield replace(SITTING, running=replace(running, strapless=True))


def test_nobody_is_asked_where_there_is_nothing_to_compare_anyway() -> None:
    for evening in unasked():
        over, _ = after(evening, COMPLETE, SessionOver())
        assert over.looking is not None
        assert not over.looking.had_quiet
        assert after(over, said(InQuiet.TALK))[1] == [Refuse(why="not-now")]
    # Nor while they practise.
    assert after(SITTING, said(InQuiet.TALK))[1] == [Refuse(why="not-now")]


def test_each_is_asked_of_settling_in_too_which_is_compared() -> None:
    """Without a rest in it, too: as in practices that look for a pace."""
    blocks = parse_plan(plan_text("our-pace")).blocks
    assert not any(each.means.is_quiet for each in blocks)
    assert has_quiet(blocks)
    assert SITTING.running is not None
    evening = replace(SITTING, running=replace(SITTING.running, blocks=blocks))
    over, _ = after(evening, COMPLETE, SessionOver())
    assert over.looking is not None
    assert over.looking.had_quiet


def test_nothing_is_kept_of_a_session_that_is_not_saved() -> None:
    assert ASKED.looking is not None
    unsaved = replace(ASKED, looking=replace(ASKED.looking, kept=False))
    assert after(unsaved, said(InQuiet.TALK)) == (unsaved, [])


def test_english_words_are_there_for_what_a_page_asks() -> None:
    with speaking(ENGLISH):
        assert {each: say(f"pages.after.quiet.{each}") for each in ASKED_OF} == {
            "nothing": "None of these",
            "talk": "We talked",
            "moving": "We moved about",
            "sound": "Music or another sound",
        }

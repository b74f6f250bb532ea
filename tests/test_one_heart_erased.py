"""One of two hearts is erased: the other one's stays, and nothing of both."""

import asyncio
import datetime as dt
import json
import math
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import coreg
from coreg.base import locks
from coreg.cli import main
from coreg.errors import HeartGone, SessionDamaged, SessionError, StorageUnusable
from coreg.facts.events import (
    BatteryRead,
    BlockBegan,
    BlockEnded,
    Breath,
    Ended,
    Ending,
    FloodingPassed,
    Glint,
    HeartErased,
    Intervals,
    Link,
    LinkChanged,
    Notification,
    Opened,
    PacerStopped,
    PaceTurned,
    Pacing,
    Partner,
    PossibleFlooding,
    Press,
    Pressed,
    Quirk,
    QuirkNoticed,
    SignalBack,
    SignalLost,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tapped,
    Tick,
)
from coreg.findings.reading import summary_of
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Untested, together
from coreg.report.html.document import document
from coreg.report.page_format import PageFormat, Whose
from coreg.report.session import page_of, report_session
from coreg.report.undrawn import Report
from coreg.report.wanted import Wanted
from coreg.store import erasing, keys, locking, rewriting, rows
from coreg.store.erasing import INTENTS_NAME, erase_everything, erase_partner
from coreg.store.folder import data_folder
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library
from coreg.store.one_heart import without_heart
from coreg.store.passcode import OwnKey
from coreg.store.plans import plan_text
from coreg.store.reader import (
    State,
    check_session,
    lock_path,
    read_beginning,
    read_session,
)
from coreg.store.release import Wish
from coreg.store.rows import Logged, Recorded
from coreg.store.session_log import SessionLog
from coreg.web.words import say
from tests.helpers.erasing import found_in
from tests.helpers.evening_server import CHEAP, LATE_S, NOW, entered, page, served
from tests.helpers.one_heart import beginning, canary, lived, packets, record
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, whole_session
from tests.helpers.two_people import PASSCODES, TwoStraps, unlock

FIRST, SECOND = "20260301-193000-7f3a", "20260302-193000-7f3b"
UTC = "2026-03-01T20:00:00+00:00"
A, B = Partner.A, Partner.B
UNTIL_S = 420.0
Lived = list[tuple[Logged, int]]


@pytest.fixture(scope="module")
def led_by_hearts() -> Lived:
    """Seven minutes of the main practice, which both hearts lead."""
    return lived(FIRST, "relaxed-and-alert", UNTIL_S)


@pytest.fixture(scope="module")
def at_set_paces() -> Lived:
    """Seven minutes of a practice whose blocks set the pace."""
    return lived(SECOND, "our-pace", UNTIL_S)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = data_folder(tmp_path / "data")
    yield folder
    keys.let_go(folder)


def library_of(folder: Path) -> Library:
    library = Library(folder, passcode_cost=CHEAP)
    library.keep_names("Ada", "Bo")
    return library


def erase(folder: Path, partner: Partner) -> None:
    erase_partner(folder, Library(folder), partner)


def bytes_in(folder: Path, what: bytes) -> list[str]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [each.name for each in files if what in each.read_bytes()]


# --- what goes, and what stays --------------------------------------------------------


def test_of_an_erased_heart_no_packet_and_no_name_is_in_any_file(
    folder: Path, led_by_hearts: Lived
) -> None:
    library_of(folder)
    path = record(folder, FIRST, led_by_hearts)
    theirs = {each.data for each in packets(led_by_hearts, B)}
    hers = {each.data for each in packets(led_by_hearts, A)}
    long = [  # shorter ones are everywhere, by chance
        each
        for each in hers
        if len(each) >= 4 and not any(each in other for other in theirs)
    ]
    assert len(long) > 100
    canaries = [canary("strap", A), canary("link", A), "pace of both"]
    assert all(bytes_in(folder, each) for each in long)
    assert all(found_in(folder, each) for each in canaries)
    erase(folder, A)
    assert [each.hex() for each in long if bytes_in(folder, each)] == []
    assert [each for each in canaries if found_in(folder, each)] == []
    assert found_in(folder, canary("strap", B)) == [f"sessions/{FIRST}.coreg"]
    assert found_in(folder, INTENTS_NAME) == []
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("erased", Partner)
def test_every_packet_of_the_other_one_is_there_as_it_came(
    folder: Path, led_by_hearts: Lived, erased: Partner
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, erased)
    events = read_session(path).events
    sent = packets(led_by_hearts, erased.other)
    kept = [each.fact for each in events if isinstance(each.fact, Notification)]
    assert len(sent) > 300
    assert kept == sent
    assert [each.t_ns for each in events if each.fact in sent[:9]] == [
        each.t_ns for each in sent[:9]
    ]


def test_of_the_beginning_goes_what_is_one_partners_or_of_both(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    opened = read_session(path).opened
    assert opened.straps.streams == ("", canary("strap", B))
    assert opened.straps.latency_s == (0.0, 0.28125)
    assert math.isnan(opened.straps.lag_resolution_s)
    assert math.isnan(opened.learned.rest_bpm[0])
    assert opened.learned.rest_bpm[1] == 72.0625
    assert opened.learned.first_taps_s == ((), (0.50625,))
    assert opened.learned.usual_taps_s == ((), (0.50625,))
    assert opened.learned.pace_belief == ""
    assert not opened.practice.finds_pace
    assert not opened.practice.only_in_step
    assert opened.identity == beginning(FIRST, "relaxed-and-alert").identity


def test_what_was_found_of_both_goes_and_paces_that_a_plan_set_stay(
    folder: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    logged = {FIRST: led_by_hearts, SECOND: at_set_paces}
    paths = {name: record(folder, name, each) for name, each in logged.items()}
    erase(folder, A)
    of_both = Breath | PacerStopped | PaceTurned | Glint | PossibleFlooding
    for name, path in paths.items():
        facts = [each.fact for each in read_session(path).events]
        ended = [each for each in facts if isinstance(each, BlockEnded)]
        assert ended
        assert {(each.features, each.features_sha256) for each in ended} == {(0, "")}
        before = [fact for fact, _ in logged[name]]
        assert [f for f in facts if isinstance(f, BlockBegan | Tick | Ended)] == [
            f for f in before if isinstance(f, BlockBegan | Tick | Ended)
        ]
        breaths = [each for each in before if isinstance(each, Breath)]
        assert len(breaths) > 10
        if name == FIRST:
            assert [each for each in facts if isinstance(each, of_both)] == []
        else:
            assert [each for each in facts if isinstance(each, Breath)] == breaths


def test_one_tombstone_says_whose_it_was_and_when_nothing(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    events = read_session(path).events
    stones = [each for each in events if isinstance(each.fact, HeartErased)]
    assert stones == [
        Recorded(seq=2, t_ns=0, fact=HeartErased(t_ns=0, partner=A)),
    ]
    assert [each.seq for each in events] == list(range(1, len(events) + 1))


def test_a_plan_does_not_tell_any_more_that_no_heart_might_lead(folder: Path) -> None:
    """Who has a heart rhythm problem said so in private; the plan is fixed for both."""
    from coreg.exercises.plan import parse_plan, with_fixed_pace  # noqa: PLC0415

    left = []
    for plan in ("relaxed-and-alert", "our-pace"):
        for number, text in enumerate(
            (plan_text(plan), with_fixed_pace(plan_text(plan)))
        ):
            name = f"2026030{number + 1}-193000-7f3a"
            begins = changed(beginning(name, plan), plan_toml=text)
            path = record(folder, name, [(begins, 0), (Tick(t_ns=9), 9)])
            erase(folder, A)
            left.append(read_session(path).opened.practice.plan_toml)
            assert parse_plan(left[-1]).title == parse_plan(text).title
            erase(folder, B)
    assert left[0] == left[1] != left[2] == left[3]


# --- whatever a log holds -------------------------------------------------------------

OF_NOBODY = (
    Tick(t_ns=5),
    Pressed(t_ns=5, press=Press.PAUSE),
    BlockBegan(t_s=1.0, number=0, name="Arrive", kind="arrive", length_s=60.0),
    Notification(t_ns=5, partner=B, data=b"\x10\x3c\x00\x04"),
    StreamPacket(t_ns=5, partner=B, stream=Stream.ECG, data=b"\x00\x01"),
    StreamTakenBack(t_ns=5, partner=B, stream=Stream.ECG),
    Tapped(t_ns=5, partner=B),
    Ended(t_s=3.0, ending=Ending.COMPLETE),
)
SHORT = st.binary(min_size=8, max_size=20).map(lambda told: b"canary " + told)
TIMES = st.integers(min_value=0, max_value=10**12)
SECONDS = st.floats(min_value=0, max_value=1e4)


def of_a() -> st.SearchStrategy[Logged]:
    """Whatever a log holds of A, or of both."""
    of = st.just(A)
    return st.one_of(
        st.builds(Notification, t_ns=TIMES, partner=of, data=SHORT),
        st.builds(
            StreamStarted,
            t_ns=TIMES,
            partner=of,
            stream=st.sampled_from(Stream),
            asked=SHORT,
            answer=SHORT,
        ),
        st.builds(
            StreamPacket,
            t_ns=TIMES,
            partner=of,
            stream=st.sampled_from(Stream),
            data=SHORT,
        ),
        st.builds(
            StreamTakenBack, t_ns=TIMES, partner=of, stream=st.sampled_from(Stream)
        ),
        st.builds(
            Intervals,
            t_ns=TIMES,
            partner=of,
            rr_ms=st.lists(SECONDS, max_size=3).map(tuple),
        ),
        st.builds(
            LinkChanged,
            t_ns=TIMES,
            partner=of,
            link=st.sampled_from(Link),
            detail=SHORT.map(bytes.hex),
        ),
        st.builds(BatteryRead, t_ns=TIMES, partner=of, percent=st.integers(0, 100)),
        st.builds(Tapped, t_ns=TIMES, partner=of),
        st.builds(SignalLost, t_s=SECONDS, partner=of),
        st.builds(SignalBack, t_s=SECONDS, partner=of),
        st.builds(QuirkNoticed, t_s=SECONDS, partner=of, quirk=st.sampled_from(Quirk)),
        st.builds(Breath, t_s=SECONDS, period_s=SECONDS, inhale_s=SECONDS),
        st.builds(PacerStopped, t_s=SECONDS),
        st.builds(PaceTurned, t_s=SECONDS, pacing=st.sampled_from(Pacing)),
        st.builds(PossibleFlooding, t_s=SECONDS),
        st.builds(FloodingPassed, t_s=SECONDS),
        st.builds(Glint, t_s=SECONDS),
    )


def numbered(facts: list[Logged]) -> list[Recorded]:
    return [
        Recorded(seq=seq, t_ns=getattr(fact, "t_ns", 0), fact=fact)
        for seq, fact in enumerate(facts, start=1)
    ]


@given(
    st.lists(st.one_of(of_a(), st.sampled_from(OF_NOBODY)), max_size=40),
    SHORT.map(bytes.hex),
    st.floats(min_value=0.1, max_value=9),
)
def test_what_is_left_is_the_same_whatever_the_erased_heart_did(
    facts: list[Logged], strap: str, delay_s: float
) -> None:
    """So nothing of it can be read from it: no byte, no time, no count."""
    straps = changed(OPENED, source=Source.STRAPS)
    own = changed(straps, streams=(strap, "two"), latency_s=(delay_s, 0.0))
    without = [each for each in facts if each in OF_NOBODY]
    left = without_heart(numbered([own, *facts]), A)
    assert left == without_heart(numbered([straps, *without]), A)
    assert [each.fact for each in left[2:]] == without


@given(st.lists(of_a(), min_size=1, max_size=8))
@settings(max_examples=25)
def test_no_byte_of_an_erased_payload_is_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Logged]
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.coreg"
    whole_session(path)
    events = numbered([changed(OPENED, source=Source.STRAPS), *facts])
    rewriting.write_anew(path, events, vault=None)
    payloads = [rows.entry(each.fact, each.t_ns).payload for each in events[1:]]
    told = [each for each in payloads if len(each) >= 8]
    assert all(each in path.read_bytes() for each in told)
    left = without_heart(read_session(path).events, A)
    rewriting.write_anew(path, left, vault=None)
    assert [each for each in told if each in path.read_bytes()] == []


# --- what is said of it ---------------------------------------------------------------


def test_check_says_that_it_is_well_and_that_a_heart_was_erased(
    folder: Path, led_by_hearts: Lived, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    found = check_session(path)
    assert found.state is State.WHOLE
    assert found.words == f"ok: {found.events} events (one heart erased)"
    assert main(["check", "--data-dir", str(folder)]) == 0
    assert found.words in capsys.readouterr().out


def test_a_replay_and_all_that_takes_both_hearts_is_refused_in_words(
    folder: Path, led_by_hearts: Lived, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    assert main(["replay", "last", "--data-dir", str(folder)]) == 0
    erase(folder, A)
    for ask in (coreg.replay, coreg.review):
        with pytest.raises(HeartGone, match="One heart of this session was erased"):
            ask(path)
    capsys.readouterr()
    for asked in (["replay", "last"], ["synchrony", "last", "--json"]):
        assert main([*asked, "--data-dir", str(folder)]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert "One heart of this session was erased" in told.err
        assert "Traceback" not in told.err


def test_the_list_has_it_and_says_so(
    folder: Path, led_by_hearts: Lived, capsys: pytest.CaptureFixture[str]
) -> None:
    record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    (listed,) = list_sessions(folder)
    assert (listed.erased, listed.state, listed.wrong) == (A, State.WHOLE, "")
    assert main(["sessions", "--data-dir", str(folder)]) == 0
    assert "whole, one heart erased" in capsys.readouterr().out
    assert main(["sessions", "--json", "--data-dir", str(folder)]) == 0
    (told,) = json.loads(capsys.readouterr().out)["sessions"]
    assert told["heart_erased"] == "A"


def test_a_tombstone_that_stands_elsewhere_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "odd.coreg"
    whole_session(path)
    stone = HeartErased(t_ns=9, partner=A)
    odd = numbered([OPENED, Tick(t_ns=9), stone])
    rewriting.write_anew(path, odd, vault=None)
    with pytest.raises(SessionDamaged, match="event 3 is HeartErased"):
        read_session(path)
    assert read_beginning(path).erased is None


# --- pages ----------------------------------------------------------------------------


def same(one: SessionSummary, two: SessionSummary) -> None:
    """All of B's own figures, and when the practice was what."""
    for name in ("beat_t_s", "rr_ms", "nn_ms", "after_gap", "gaps_s", "hr_bpm"):
        was, now = getattr(one.b, name), getattr(two.b, name)
        assert was.size
        assert np.array_equal(was, now, equal_nan=was.dtype != bool), name
    assert (one.b.levels, one.b.signal) == (two.b.levels, two.b.signal)
    assert (one.phases, one.pauses, one.ending) == (two.phases, two.pauses, two.ending)
    assert (one.start_s, one.end_s) == (two.start_s, two.end_s)


def test_the_others_own_figures_are_what_they_were_to_the_last_bit(
    folder: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    paths = [record(folder, FIRST, led_by_hearts), record(folder, SECOND, at_set_paces)]
    before = [summary_of(path) for path in paths]
    erase(folder, A)
    after = [summary_of(path) for path in paths]
    for was, now in zip(before, after, strict=True):
        same(was, now)
        assert not now.a.beat_t_s.size
        assert [heart.partner for heart in now.hearts] == [B]
        assert together(was, surrogates=19).found is not None
        tested = together(now, surrogates=19)
        assert (tested.untested, tested.found) == (Untested.ONE_HEART, None)
        assert (tested.breathing, tested.free_after) == (None, None)
    swings, led = after[1].b.swings, after[0].b.swings
    assert np.array_equal(swings.rsa_bpm, before[1].b.swings.rsa_bpm, equal_nan=True)
    assert np.isfinite(swings.rsa_bpm).sum() > 10
    assert not led.rsa_bpm.size  # the breaths were of both


def reported(folder: Path, out: Path, *pages: Whose, keys_: list[Partner]) -> Report:
    out.mkdir()
    library = Library(folder, passcode_cost=CHEAP)
    given: dict[Partner, OwnKey] = {
        each: library.own.enter(each, PASSCODES[each], now=NOW).key for each in keys_
    }
    wanted = Wanted(
        pages=pages,
        formats=(PageFormat.HTML,),
        data_folder=folder,
        left_out=frozenset(),
        zone=dt.UTC,
        keys=given,
    )
    return report_session(session_path(folder, SECOND), out, wanted, lambda _: None)


def two_evenings(folder: Path, first: Lived, second: Lived) -> Library:
    """Two evenings of two who have a passcode each, released to one another."""
    library = library_of(folder)
    for partner in Partner:
        library.own.choose(partner, PASSCODES[partner], now=NOW)
        library.keep_wish(partner, SECOND, Wish.OURS, utc=UTC)
    record(folder, FIRST, first)
    record(folder, SECOND, second)
    return library


def test_the_others_own_page_is_drawn_behind_the_same_passcode_and_no_other_page(
    folder: Path, tmp_path: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    two_evenings(folder, led_by_hearts, at_set_paces)
    erase(folder, A)
    drawn = reported(folder, tmp_path / "B", Whose.B, keys_=[B])
    assert drawn.undrawn == ()
    (page_,) = drawn.pages
    text = page_.read_text(encoding="utf-8")
    assert canary("strap", B) in text
    assert canary("strap", A) not in text
    shut = reported(folder, tmp_path / "shut", Whose.B, keys_=[])
    assert "opens with B's passcode only" in str(shut.undrawn[0].error)
    closed = (Whose.JOINT, Whose.THERAPIST, Whose.A, Whose.EVENINGS_A)
    refused = reported(folder, tmp_path / "closed", *closed, keys_=[B])
    assert refused.pages == ()
    assert [each.whose for each in refused.undrawn] == list(closed)
    assert {type(each.error) for each in refused.undrawn} == {HeartGone}


def test_an_own_page_without_the_pace_of_both_says_only_what_one_heart_did(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    summary = summary_of(path)
    text = document(page_of(summary, Whose.B, ()))
    assert "Your heart mostly beat" in text
    for absent in (
        "slower for part",
        "clearly slow down",
        "awake",
        "breathing",
    ):
        assert absent not in text, absent
    for closed in (Whose.JOINT, Whose.THERAPIST, Whose.A):
        with pytest.raises(HeartGone, match="one of its hearts was erased"):
            page_of(summary, closed, ())


def test_over_evenings_ones_own_go_on_and_nothing_of_both_is_counted(
    folder: Path, tmp_path: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    two_evenings(folder, led_by_hearts, at_set_paces)
    erase(folder, A)
    drawn = reported(folder, tmp_path / "over", Whose.EVENINGS_B, keys_=[B])
    assert drawn.undrawn == ()
    text = drawn.pages[0].read_text(encoding="utf-8")
    assert "2 evenings" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_who_comes_after_has_no_evening_of_who_was_erased(
    folder: Path, tmp_path: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    """The letter A is another person's now, with a passcode of their own."""
    library = library_of(folder)
    record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    library.own.choose(A, PASSCODES["A"], now=NOW)
    record(folder, SECOND, at_set_paces)
    drawn = reported(folder, tmp_path / "over", Whose.EVENINGS_A, keys_=[A])
    assert drawn.undrawn == ()
    text = drawn.pages[0].read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "2 evenings" not in text
    assert "1 evening" in text or "One evening" in text


def test_earlier_evenings_list_it_and_open_the_one_page_that_is_left(
    folder: Path, led_by_hearts: Lived, at_set_paces: Lived
) -> None:
    two_evenings(folder, led_by_hearts, at_set_paces)
    erase(folder, A)

    async def go() -> None:
        async with served(folder, at_home=TwoStraps(1.0)) as at:
            headers = await entered(at)
            async with (
                page(at, headers) as one,
                httpx.AsyncClient(headers=headers, timeout=LATE_S) as client,
            ):
                listed = (await client.get(f"{at.origin}/evenings")).json()
                assert [each["id"] for each in listed] == [SECOND, FIRST]
                for each in listed:
                    assert (each["words"], each["page"]) == (say("one-heart"), None)
                evening = f"{at.origin}/evenings/{SECOND}"
                for whose in ("page", "A"):
                    answer = await client.get(f"{evening}/{whose}")
                    assert answer.status_code == 403
                    assert say("one-heart-page-title") in answer.text
                assert (await client.get(f"{evening}/B")).status_code == 403
                ticket = {"ticket": await unlock(one, "B")}
                own = await client.get(f"{evening}/B", params=ticket)
                assert own.status_code == 200
                assert canary("strap", B) in own.text

    asyncio.run(go())


# --- again, then the other one, and whatever is in its way ----------------------------


def test_once_more_changes_nothing_and_with_the_other_one_the_file_goes(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    erase(folder, A)
    left, which = path.read_bytes(), path.stat().st_ino
    erase(folder, A)
    assert (path.read_bytes(), path.stat().st_ino) == (left, which)
    erase(folder, B)
    assert list(path.parent.iterdir()) == []


def test_everything_and_simulated_people_are_as_before(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    theirs = session_path(folder, SECOND)
    whole_session(theirs)  # of a simulated couple
    before = theirs.read_bytes()
    erase(folder, A)
    assert theirs.read_bytes() == before
    assert read_session(path).erased is A
    erase_everything(folder, Library(folder))
    assert list(path.parent.iterdir()) == []


def test_what_nobody_can_read_goes_whole(folder: Path, led_by_hearts: Lived) -> None:
    path = record(folder, FIRST, led_by_hearts)
    content = bytearray(path.read_bytes())
    packet = packets(led_by_hearts, A)[200].data
    at = content.index(packet)
    content[at : at + len(packet)] = bytes(len(packet))
    path.write_bytes(content)
    assert check_session(path).state is State.DAMAGED
    erase(folder, A)
    assert list(path.parent.iterdir()) == []


def test_one_that_stopped_in_the_middle_keeps_the_others_heart(folder: Path) -> None:
    path = session_path(folder, FIRST)
    begins = beginning(FIRST, "relaxed-and-alert")
    hers = Notification(t_ns=7, partner=A, data=b"\x10\x3c canary of her")
    his = Notification(t_ns=8, partner=B, data=b"\x10\x3c canary of his")
    whole_session(path)
    rewriting.write_anew(path, numbered([begins, hers, his]), vault=None)
    erase(folder, A)
    assert check_session(path).words == "ok: 3 events (interrupted, one heart erased)"
    assert read_session(path).events[-1].fact == his
    assert bytes_in(folder, hers.data) == []
    with pytest.raises(SessionError, match="was erased"):
        SessionLog.reopen(path)  # whoever is A now is somebody else


def test_in_a_locked_folder_what_is_left_lies_locked(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    locking.lock(folder, "four words we remember", cost=CHEAP)
    sealed = read_session(path)
    assert sealed.seal is not None
    erase(folder, A)
    left = read_session(path)
    assert left.seal is not None
    assert left.seal != sealed.seal  # the old one's key went, too
    assert left.events == without_heart(sealed.events, A)
    (listed,) = list_sessions(folder)
    assert listed.erased is A
    for open_text in (canary("strap", B).encode(), b"HeartErased", b"Opened"):
        assert bytes_in(folder, open_text) == []
    keys.let_go(folder)
    assert check_session(path).words == f"ok: {len(left.events)} events (locked)"


def test_what_cannot_be_rewritten_now_is_said_and_done_at_the_next_start(
    folder: Path, led_by_hearts: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(folder, FIRST, led_by_hearts)

    def full(*_: object, **__: object) -> None:
        raise StorageUnusable("The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "write_anew", full)
        with pytest.raises(StorageUnusable, match="disk is full"):
            erase(folder, A)
    assert read_session(path).erased is None
    library = Library(folder)
    assert erasing.finish_erasing(folder, library) == []
    assert read_session(path).erased is A
    assert erasing.finish_erasing(folder, library) == []


def test_one_that_is_being_recorded_is_left_until_it_is_over(
    folder: Path, led_by_hearts: Lived
) -> None:
    path = record(folder, FIRST, led_by_hearts)
    held = locks.take(lock_path(path))
    assert held is not None
    with pytest.raises(SessionError, match="being recorded"):
        erase(folder, A)
    held.remove()
    assert erasing.finish_erasing(folder, Library(folder)) == []
    assert read_session(path).erased is A


def test_what_begins_no_session_has_no_heart_to_be_left() -> None:
    with pytest.raises(TypeError, match="Opened"):
        without_heart(numbered([Tick(t_ns=1)]), A)


def test_the_kinds_that_stay_are_named_and_no_opened_comes_twice(
    led_by_hearts: Lived,
) -> None:
    """A log that is not of coreg's making loses what nobody said may stay."""
    begins, _ = led_by_hearts[0]
    assert isinstance(begins, Opened)
    left = without_heart(numbered([begins, begins, Tick(t_ns=1)]), A)
    assert [type(each.fact) for each in left] == [Opened, HeartErased, Tick]

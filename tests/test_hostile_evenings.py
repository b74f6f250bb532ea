"""From bytes through the engine to every page: whatever straps send, all of it goes on.

Whole short evenings of straps that send anything, at any time, are practised as live,
logged, replayed and drawn. COREG_THOROUGH=1 tries far more of them:

    COREG_THOROUGH=1 pytest tests/test_hostile_evenings.py --hypothesis-seed=1
"""

import datetime as dt
import itertools
import math
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from coreg.cli import main
from coreg.facts.codec import INPUTS, encode
from coreg.facts.events import NS_PER_S, Beat, Ended, Input, Partner
from coreg.report.page_format import PageFormat, Whose
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.session.engine import Engine, Output
from coreg.session.replay import compare
from coreg.store.folder import data_folder
from coreg.store.library_db import Library, Purpose
from coreg.store.passcode import OwnKey
from coreg.store.reader import State, StoredSession, check_session, read_session
from coreg.store.release import CONSENT_VERSION, Wish
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.hostile import (
    BLOCKS,
    HEAD,
    LONGEST_S,
    PLAIN,
    Evening,
    Stretch,
    evenings,
    inputs_of,
    measurement,
    recorded,
    sound,
)
from tests.helpers.openings import changed
from tests.helpers.sessions import rounds

NO_NUMBER = re.compile(r"(?<![a-z])(nan|inf|infinity)(?![a-z])", re.IGNORECASE)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
AHEAD_S = 2.6  # what the beat clock believes possible at once (`delay_belief`)
# Both wear straps that do the same, or nearly: one page of each kind shows it.
EDGE_PAGES = (Whose.THERAPIST, Whose.B, Whose.JOINT, Whose.EVENINGS_A)
PAPER = (PageFormat.PDF, PageFormat.SVG)
UTC = "2026-03-01T19:30:00+00:00"


CLOCK = (
    Stretch(
        lasts_s=LONGEST_S,
        every_s=1.0,
        packets=(measurement(0x10, b"\x49", (840,)),),
    ),
)
SWINGING = (Stretch(lasts_s=LONGEST_S, every_s=0.83, packets=sound(830, 0.08)),)


def of_packets(*rr_ticks: tuple[int, ...]) -> Evening:
    """Both straps send these packets round and round, a second apart."""
    packets = tuple(measurement(0x10, b"\x49", each) for each in rr_ticks)
    strap = (Stretch(lasts_s=LONGEST_S, every_s=1.0, packets=packets),)
    return evening_of(strap)


def evening_of(*strap: tuple[Stretch, ...], stops_s: float = LONGEST_S) -> Evening:
    """Both wear straps that do the same."""
    return Evening(
        opened=PLAIN,
        straps=dict.fromkeys(Partner, strap[0] if strap else ()),
        others=(),
        stops_s=stops_s,
    )


def beats_alone(count: int) -> Evening:
    """So many good beats, and then nothing more."""
    packets = tuple(sound(830, 0.05)[:count])
    strap = (Stretch(lasts_s=0.83 * count, every_s=0.83, packets=packets),)
    return evening_of(strap)


EDGES = {
    "nothing at all": evening_of(stops_s=0.0),
    "two straps that never send": evening_of(),
    "one beat": beats_alone(1),
    "two beats": beats_alone(2),
    "half a minute of beats": beats_alone(36),
    "hearts like clocks": of_packets((840,)),
    "one heart like a clock": replace(
        of_packets((840,)),
        straps={Partner.A: CLOCK, Partner.B: SWINGING},
    ),
    "every third beat marked as lost": of_packets((840,), (840,), (0,)),
    "two of three beats marked as lost": of_packets((0,), (0,), (840,)),
    "nothing but marks of lost beats": of_packets((0, 0, 0, 0)),
    "the longest and the shortest interval": of_packets((65535,), (1,)),
    "nothing that cleaning believes": of_packets((100,), (9000,)),
    "sound hearts": evening_of(SWINGING),
    "sound hearts for four seconds": replace(
        evening_of(SWINGING, stops_s=4.0),
        opened=changed(PLAIN, plan_toml=HEAD + BLOCKS.format(measured="")),
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_every_page_of_an_odd_evening_is_drawn(name: str, tmp_path: Path) -> None:
    kept_replayed_and_drawn(EDGES[name], tmp_path, PageFormat.HTML, EDGE_PAGES)


def arrivals(path: Path, rr_ms: list[float]) -> Path:
    """A recording in which each interval arrives when its beat comes, marks between."""
    rows, t_s = ["arrival_s,rr_ms"], 0.0
    for each in rr_ms:
        t_s += (each or 820.0) / 1000
        rows.append(f"{t_s:.3f},{each}")
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("of_a", "of_b"),
    [
        ([820.0], [820.0, 900.0, 870.0, 780.0, 840.0]),
        ([820.0], [830.0]),
        ([820.0] * 9 + [0.0], [820.0, 900.0, 870.0, 780.0, 840.0]),
    ],
    ids=["a clock and a heart", "two clocks", "a clock with marks and a heart"],
)
def test_two_odd_recordings_have_their_pages(
    of_a: list[float], of_b: list[float], tmp_path: Path
) -> None:
    a, b = (
        str(arrivals(tmp_path / name, list(itertools.islice(itertools.cycle(rr), 500))))
        for name, rr in (("a.csv", of_a), ("b.csv", of_b))
    )
    few = ("--surrogates", "99")
    assert main(["synchrony", a, b, *few, "--out", str(tmp_path / "out")]) == 0
    for page in (tmp_path / "out").glob("*.html"):
        assert_no_word_for_a_number(page)
    for recording in (a, b):
        assert main(["analyze", recording, "--out", str(tmp_path / "out")]) == 0


@settings(
    max_examples=rounds(4, thorough=600),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(evening=evenings, page_format=st.sampled_from([*[PageFormat.HTML] * 9, *PAPER]))
def test_whatever_arrives_is_kept_replayed_and_drawn(
    evening: Evening, page_format: PageFormat
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept_replayed_and_drawn(evening, Path(folder), page_format, tuple(Whose))


def kept_replayed_and_drawn(
    evening: Evening, folder: Path, page_format: PageFormat, pages: tuple[Whose, ...]
) -> None:
    inputs = inputs_of(evening)
    path = recorded(evening.opened, inputs, data_folder(folder))
    assert check_session(path).state is not State.DAMAGED
    session = read_session(path)
    is_whole(session, inputs)
    facts = [event.fact for event in session.events]
    replayed = compare(facts, is_whole=session.state is State.WHOLE)
    assert replayed.difference == ""
    no_beat_is_none(session)
    keys = both_release(session.opened.identity.session_id, folder)
    all_are_drawn(path, folder, page_format, pages, keys)


def is_whole(session: StoredSession, inputs: list[Input]) -> None:
    """Whether the log holds everything up to where the practice ended."""
    kept = [e.fact for e in session.events if isinstance(e.fact, INPUTS)]
    wanted = [session.opened, *inputs[: len(kept) - 1]]
    assert list(map(encode, kept)) == list(map(encode, wanted))  # also of NaN
    has_ended = any(isinstance(event.fact, Ended) for event in session.events)
    assert has_ended or len(kept) == 1 + len(inputs)


def no_beat_is_none(session: StoredSession) -> None:
    """Nor does one lie far beyond what the clock had reached when it was told."""
    engine, latest_s = Engine(), 0.0
    for event in session.events:
        if isinstance(event.fact, INPUTS):
            latest_s = event.fact.t_ns / NS_PER_S
            are_beats(engine.feed(event.fact), latest_s)
    are_beats(engine.close(), latest_s)


def are_beats(told: list[Output], now_s: float) -> None:
    for beat in told:
        if isinstance(beat, Beat):
            assert 0 < beat.rr_ms < math.inf
            assert math.isnan(beat.nn_ms) or 200 <= beat.nn_ms <= 4000
            assert beat.t_s <= now_s + AHEAD_S


def both_release(session_id: str, folder: Path) -> dict[Partner, OwnKey]:
    """Let both open an evening to one another; return what opens their own pages."""
    library = Library(folder, passcode_cost=CHEAP)
    yes = dict.fromkeys((Purpose.RECORD, Purpose.SHOW_PARTNER, Purpose.THERAPIST), True)
    for partner in Partner:
        library.keep_consent(partner, yes, version=CONSENT_VERSION, utc=UTC)
        library.keep_wish(partner, session_id, Wish.OURS, utc=UTC)
    return {each: library.own.choose(each, "4711", now=NOW) for each in Partner}


def all_are_drawn(
    path: Path,
    folder: Path,
    page_format: PageFormat,
    pages: tuple[Whose, ...],
    keys: dict[Partner, OwnKey],
) -> None:
    """And each, as far as it can be read, without a word in the place of a number."""
    wanted = Wanted(
        pages=pages,
        formats=(page_format,),
        data_folder=folder,
        left_out=frozenset(),
        zone=dt.UTC,
        keys=keys,
    )
    report = report_session(path, folder, wanted, lambda _: None)
    for failed in report.undrawn:
        raise failed.error
    assert len(report.pages) >= len(pages)  # sheets of paper may be more
    for page in report.pages if page_format is PageFormat.HTML else ():
        assert_no_word_for_a_number(page)


def assert_no_word_for_a_number(page: Path) -> None:
    told = STYLE.sub("", page.read_text(encoding="utf-8"))
    assert NO_NUMBER.findall(told) == []

"""What coreg 0.1 recorded opens and replays for ever (tests/data/sessions_of_0_1)."""

import gzip
import hashlib
import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.facts.codec import CUES, INPUTS, decode, encode
from coreg.facts.events import BlockEnded, Cue, HeartErased, Opened, Partner, Source
from coreg.session.engine import run
from coreg.session.live import versions
from coreg.store.erasing import erase_partner
from coreg.store.learned import OURS, known_of, simulated
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library, Person, Purpose
from coreg.store.own_things import RatingKept
from coreg.store.reader import State, check_session, read_session
from coreg.web.evening.state import Evening
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.wire.named import PaceWay, Screen
from tests.helpers.evening_server import CHEAP, NOW

KEPT = Path(__file__).resolve().parent / "data" / "sessions_of_0_1"
FIRST, SECOND = "20261129-173247-9d71", "20261129-173257-b372"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One recorded session, and what 0.1 itself said of it."""

    session_id: str
    source: Source
    state: State
    events: int
    features: int
    cues: int


def whole(
    session_id: str, source: Source, events: int, features: int, cues: int
) -> Sample:
    return Sample(
        session_id=session_id,
        source=source,
        state=State.WHOLE,
        events=events,
        features=features,
        cues=cues,
    )


SAMPLES = {
    "the main practice in the pages": whole(FIRST, Source.STRAPS, 7814, 9078, 90),
    "paused in the pages": whole(SECOND, Source.STRAPS, 1641, 1820, 26),
    "the main practice": whole(
        "20261129-173333-eac6", Source.SIMULATED, 6926, 8225, 77
    ),
    "five paces": whole("20261129-173340-622b", Source.SIMULATED, 7816, 9103, 135),
    "taps": whole("20261129-173346-ef35", Source.SIMULATED, 5515, 6115, 59),
    "find our pace": whole("20261129-173352-4e89", Source.SIMULATED, 6898, 7415, 73),
    "without breathing": whole(
        "20261129-173402-2708", Source.SIMULATED, 6852, 8084, 17
    ),
    "two recordings": whole("20261129-173414-bf3c", Source.RECORDINGS, 5455, 6339, 36),
    "an earlier session": whole(
        "20261129-173420-df43", Source.RECORDINGS, 6890, 8081, 40
    ),
    "straps on the air": whole("20261129-173426-5e1f", Source.STRAPS, 1383, 978, 24),
    "killed": Sample(
        session_id="20261129-173430-b8c0",
        source=Source.SIMULATED,
        state=State.INTERRUPTED,
        events=1796,
        features=1766,
        cues=26,
    ),
}
CHANGED = {
    "straps on the air": "Sessions in which one dropped come out otherwise.",
}
"""Samples that are understood otherwise now, and where the changelog says so."""
CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"
KINDS_OF_0_1 = frozenset(
    {
        *("Opened", "Notification", "Intervals", "LinkChanged", "BatteryRead"),
        *("Tick", "Pressed", "SourceEnded", "Tapped"),
        *("BlockBegan", "BlockEnded", "Breath", "PacerStopped", "PaceTurned"),
        *("PossibleFlooding", "FloodingPassed", "Paused", "Resumed"),
        *("SignalLost", "SignalBack", "QuirkNoticed", "Ended", "Glint"),
    }
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data folder that may be opened, and changed by that."""
    for packed in KEPT.rglob("*.gz"):
        plain = tmp_path / packed.relative_to(KEPT).with_suffix("")
        plain.parent.mkdir(exist_ok=True)
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path


def test_the_samples_are_as_they_were_recorded() -> None:
    sums = (KEPT / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    kept = {path.relative_to(KEPT).as_posix(): path for path in KEPT.rglob("*.gz")}
    told = {name: told_sum for told_sum, name in (line.split("  ") for line in sums)}
    assert set(told) == set(kept)
    for name, path in kept.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == told[name], name


def test_every_sample_is_listed_with_its_state_and_source(data: Path) -> None:
    listed = {
        each.session_id: (
            each.state,
            each.opened.couple.source if each.opened else None,
        )
        for each in list_sessions(data)
    }
    assert listed == {
        each.session_id: (each.state, each.source) for each in SAMPLES.values()
    }


def test_of_a_couple_of_0_1_one_heart_is_erased_and_the_others_packets_stay(
    data: Path,
) -> None:
    def told_of(path: Path, partner: Partner) -> list[object]:
        facts = [event.fact for event in read_session(path).events]
        return [f for f in facts if getattr(f, "partner", None) is partner]

    paths = {each.path: each.opened for each in list_sessions(data)}
    before = {path: (told_of(path, Partner.B), path.read_bytes()) for path in paths}
    erase_partner(data, Library(data), Partner.A)
    for path, opened in paths.items():
        his, content = before[path]
        if opened is None or opened.couple.source is not Source.STRAPS:
            assert path.read_bytes() == content
            continue
        assert "one heart erased" in check_session(path).words
        assert told_of(path, Partner.B) == his != []
        (stone,) = told_of(path, Partner.A)
        assert isinstance(stone, HeartErased)


def test_between_them_the_samples_hold_every_kind_of_input_and_cue_there_was(
    data: Path,
) -> None:
    held: set[str] = set()
    for each in list_sessions(data):
        with closing(sqlite3.connect(each.path)) as db:
            held |= {kind for (kind,) in db.execute("SELECT DISTINCT kind FROM event")}
    assert held == KINDS_OF_0_1


@pytest.mark.parametrize("name", SAMPLES)
def test_a_beginning_of_0_1_would_be_written_as_it_was(name: str, data: Path) -> None:
    """In memory it has parts; a file keeps its one row, for readers of any version."""
    with closing(sqlite3.connect(session_path(data, SAMPLES[name].session_id))) as db:
        query = "SELECT payload FROM event WHERE kind = 'Opened'"
        (written,) = [payload for (payload,) in db.execute(query)]
    assert encode(decode("Opened", written)) == written


@pytest.mark.parametrize("name", SAMPLES)
def test_a_session_of_0_1_is_whole_and_replays(
    name: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = SAMPLES[name]
    path = session_path(data, sample.session_id)
    checked = check_session(path)
    assert (checked.state, checked.events) == (sample.state, sample.events)
    assert checked.words.startswith(f"ok: {sample.events} events")
    main(["replay", sample.session_id, "--json", "--data-dir", str(data)])
    told = json.loads(capsys.readouterr().out)
    assert (told["features"], told["cues"]) == (sample.features, sample.cues)
    session = read_session(path)
    if name in CHANGED:
        assert CHANGED[name] in " ".join(CHANGELOG.read_text(encoding="utf-8").split())
        assert "BlockEnded" in told["difference"]  # the beats in a block, and no cue
    elif computes_as_here(session.opened):
        assert told["identical"], told["difference"]
    elif not told["identical"]:  # another processor or library rounds the last bit
        facts = [event.fact for event in session.events]
        again = run(fact for fact in facts if isinstance(fact, INPUTS))
        assert_nearly_equal(
            [fact for fact in facts if isinstance(fact, CUES)],
            [fact for fact in again if isinstance(fact, CUES)][: sample.cues],
        )


def computes_as_here(opened: Opened) -> bool:
    """Whether everything that rounds is here what it was where this was recorded.

    Of what 0.1 recorded nobody knows the processor, and so not how it rounded.
    """

    def rounding(told: Iterable[tuple[str, str]]) -> dict[str, str | None]:
        known = dict(told)
        return {
            name: known.get(name)
            for name in ("python", "numpy", "scipy", "libc", "machine", "processor")
        }

    return rounding(opened.identity.versions) == rounding(versions())


def assert_nearly_equal(live: Sequence[Cue], again: Sequence[Cue]) -> None:
    assert [type(each) for each in live] == [type(each) for each in again]
    for one, other in zip(live, again, strict=True):
        if isinstance(one, BlockEnded) and isinstance(other, BlockEnded):
            assert one.features == other.features
            assert one.t_s == pytest.approx(other.t_s, rel=1e-9)
        else:
            for mine, theirs in zip(astuple(one), astuple(other), strict=True):
                same = mine == theirs or (
                    isinstance(mine, float)
                    and math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-9)
                )
                assert same, (one, other)


def test_a_cue_that_differs_is_no_replay_even_on_another_machine() -> None:
    """The looser comparison above would not let a later breath pass."""
    ended = BlockEnded(t_s=1.0, number=0, features=3, features_sha256="a")
    rounded = BlockEnded(t_s=1.0, number=0, features=3, features_sha256="b")
    assert_nearly_equal([ended], [rounded])
    one_more = BlockEnded(t_s=1.0, number=0, features=4, features_sha256="a")
    with pytest.raises(AssertionError):
        assert_nearly_equal([ended], [one_more])
    assert "features_sha256" in {each.name for each in fields(BlockEnded)}


def test_the_joint_page_of_an_evening_that_both_opened_is_drawn(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pages"
    wanted = ("--pages", "joint", "--format", "html", "--out", str(out))
    assert main(["report", FIRST, *wanted, "--data-dir", str(data)]) == 0
    page = Path(capsys.readouterr().out.strip())
    html = page.read_text(encoding="utf-8")
    assert "Relaxed and alert" in html
    assert "<svg" in html


def test_the_joint_page_of_an_evening_that_one_kept_is_still_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ("--pages", "joint", "--format", "html", "--out", str(data / "pages"))
    assert main(["report", SECOND, *wanted, "--data-dir", str(data)]) == 1
    assert "it takes both partners" in capsys.readouterr().err


def test_the_library_of_0_1_opens_with_all_that_was_said(data: Path) -> None:
    library = Library(data, passcode_cost=CHEAP)
    own = {  # who comes back chooses a passcode, and finds all that they said
        partner: library.own.lines(
            partner, library.own.choose(partner, "4711", now=NOW)
        )
        for partner in Partner
    }
    for partner, name in ((Partner.A, "One"), (Partner.B, "Two")):
        assert library.person(partner) == Person(
            name=name,
            heart_rhythm=False,
            see_doctor=False,
            version=1,
            given={
                Purpose.RECORD: True,
                Purpose.SHOW_PARTNER: True,
                Purpose.FIND_PACE: True,
            },
        )
        assert [
            (each.session_id, each.block, each.text) for each in own[partner].words
        ] == [
            (FIRST, "question", f"Sample words of {partner}, before."),
            (FIRST, "words", f"Sample words of {partner}, after."),
            (SECOND, "question", f"Sample words of {partner}, before."),
        ]
    figures = {partner: list(map(told, own[partner].ratings)) for partner in Partner}
    assert figures == {
        Partner.A: [
            (FIRST, "before", 4, 3, 6),
            (FIRST, "after", 6, 3, 6),
            (SECOND, "before", 4, 3, 6),
        ],
        Partner.B: [
            (FIRST, "before", 5, 4, None),
            (FIRST, "after", 7, 4, None),
            (SECOND, "before", 5, 4, None),
        ],
    }
    assert library.aside() == {SECOND}
    assert library.wishes(Partner.A) == {FIRST: "ours", SECOND: "nothing"}
    assert library.wishes(Partner.B) == {FIRST: "ours", SECOND: "mine"}


def told(rating: RatingKept) -> tuple[str, str, int | None, int | None, int | None]:
    return (
        rating.session_id,
        rating.moment,
        rating.at_ease,
        rating.awake,
        rating.myself,
    )


def test_what_0_1_learned_of_its_couples_is_known(data: Path) -> None:
    library = Library(data)
    ours = known_of(library, OURS)
    assert json.loads(ours.pace_belief)["evenings"] == 1
    assert all(map(math.isnan, ours.rest_bpm))  # one evening tells no usual rest
    assert library.settings()["rest of A, ours"] == "[72.6]"
    taps = known_of(library, simulated(13))
    assert [len(first_s) for first_s in taps.first_taps_s] == [12, 12]
    assert taps.usual_taps_s[0][:2] == (0.232, 0.2998)
    assert json.loads(known_of(library, simulated(14)).pace_belief)["evenings"] == 1


def test_the_couple_of_0_1_comes_home_as_it_left(data: Path) -> None:
    def arriving() -> Evening:
        return EveningStore(data).evening(
            PracticeCatalogue().names, source=Source.STRAPS, seed=1, speed=1.0
        )

    assert arriving().screen is Screen.LOCK  # there was none then: both are asked once
    EveningStore(data).keep_no_lock()
    evening = arriving()
    assert evening.screen is Screen.HOME
    assert evening.names == ("One", "Two")
    assert evening.pace.way is PaceWay.SET
    assert (evening.pace.per_min, evening.pace.in_out) == (5.5, "50:50")

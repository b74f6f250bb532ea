"""The therapist's page over evenings: what it shows, and of whom it shows nothing."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.errors import NotReleased
from coreg.exercises.blocks import Role
from coreg.facts.events import Partner, Source
from coreg.findings.care import FEWEST_HELPED
from coreg.findings.own_rating import OwnRating
from coreg.findings.room import OwnWords, RoomEvenings, room_evening, room_evenings
from coreg.findings.steps import SaidInPart
from coreg.findings.turns import levels_by_role
from coreg.findings.warm import Unanswered, WarmEvening, warm_over
from coreg.report.page import Chart, Lines, Numbers, Page
from coreg.report.page_format import PageFormat, Whose
from coreg.report.pages.room import room_page
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.report.words import room as words
from coreg.store.library import session_path
from coreg.store.library_db import Library, Purpose
from coreg.store.release import CONSENT_VERSION
from coreg.words import Language, speaking
from tests.helpers.openings import changed
from tests.helpers.report_sessions import opened
from tests.helpers.sessions import SESSION_ID
from tests.test_care import evening as care_evening
from tests.test_steps import OPENED, said
from tests.test_turns import evening
from tests.test_who_may_see import UTC, kept_evening

A, B = Partner.A, Partner.B
BOTH = frozenset(Partner)
RISEN = evening(a=((120.0, 60.0), (240.0, 75.0), (610.0, 66.0)))
RATED = OwnWords(
    ratings=(OwnRating(moment="after", at_ease=7, awake=8, myself=None),), said=()
)


def room(
    shown: frozenset[Partner] = BOTH,
    words: dict[Partner, OwnWords] | None = None,
    times: int = 2,
) -> RoomEvenings:
    given = {} if words is None else words
    one = room_evening(RISEN, shown, given)
    return room_evenings([one] * times, shown, frozenset(given), left_out=0, unread=0)


def told(page: Page) -> str:
    """All that a page says: headings, captions, rows, notes."""
    texts: list[str] = list(page.story)
    for section in (each for sheet in page.sheets for each in sheet):
        texts.append(section.heading)
        if isinstance(section, Lines):
            texts += [line.text for line in section.lines]
            continue
        if isinstance(section, Chart):
            texts += [section.caption, section.alt, *section.notes]
        assert isinstance(section, Chart | Numbers)
        texts += [cell for row in section.table.rows for cell in row]
    return "\n".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def chart(page: Page, name: str) -> Chart:
    return next(
        each
        for sheet in page.sheets
        for each in sheet
        if isinstance(each, Chart) and each.name == name
    )


def test_a_turn_has_its_level_and_its_change_of_each_evening() -> None:
    speaks = next(
        each.level
        for each in levels_by_role(RISEN)
        if each.partner is A and each.role is Role.SPEAKS
    )
    table = chart(room_page(room()), "levels-A").table
    at = table.columns.index("speaks: level")
    assert [row[at] for row in table.rows] == ["75.0", "75.0"]
    half = f"{speaks.half_width_bpm:.1f}"
    assert table.rows[0][at + 1] == f"+15.0 ± {half}"


def test_of_who_did_not_agree_nothing_is_on_it_and_nothing_of_both() -> None:
    only_a = told(room_page(room(frozenset({A}))))
    assert "A’s heart" in only_a
    assert "B’s" not in only_a
    assert "75.0" in only_a
    assert "60.0" not in only_a.replace("60.0 ±", "")  # B's level, at rest all along
    assert "belongs to both" in only_a
    assert room(frozenset({A})).care is None
    assert room(frozenset({A})).evenings[0].care == ()


def test_what_somebody_rated_takes_a_yes_and_their_own_passcode() -> None:
    real = changed(opened(), source=Source.STRAPS)
    assert real.couple.source is Source.STRAPS
    with_code = room(BOTH, {A: RATED})
    assert chart(room_page(with_code), "ratings").table.rows[0][2] == "7"
    assert not with_code.evenings[0].ratings.get(B)
    without_yes = room(frozenset({B}), {A: RATED})
    assert without_yes.opened_by == frozenset()
    assert without_yes.evenings[0].ratings == {}


def test_the_dots_are_two_a_step_and_their_owners() -> None:
    steps = changed(
        RISEN.opened,
        plan_toml=OPENED.practice.plan_toml,
    )
    answers: tuple[SaidInPart, ...] = (said(1, "near", 9), said(1, "space", 8))
    summary = RISEN.__class__(
        **{
            name: getattr(RISEN, name)
            for name in RISEN.__dataclass_fields__
            if name != "opened"
        },
        opened=steps,
    )
    one = room_evening(summary, BOTH, {A: OwnWords(ratings=(), said=answers)})
    of = room_evenings([one], BOTH, frozenset({A}), left_out=0, unread=0)
    rows = chart(room_page(of), "dots-A").table.rows
    assert [row[1:] for row in rows] == [("9", "8"), ("–", "–")]
    assert set(one.steps) == {A}


def test_care_is_silent_below_its_floor_and_has_its_interval_from_there() -> None:
    helped = care_evening(120, 150, 217, 337)
    stopped = care_evening(120, 150, 300, 420, pause=(160.0, 220.0))
    few = [room_evening(each, BOTH, {}) for each in (helped, stopped)]
    of_few = room_evenings(few, BOTH, frozenset(), left_out=0, unread=0)
    page = told(room_page(of_few))
    assert "No median: it takes 8 times that it helped, and so far there are 1." in page
    assert "at least 40 s" in page
    many = room_evenings(
        [few[0]] * FEWEST_HELPED, BOTH, frozenset(), left_out=0, unread=0
    )
    assert "Half had been helped after 1 min 37 s" in told(room_page(many))


# --- from a data folder ---------------------------------------------------------


def drawn(folder: Path, out: Path) -> tuple[list[Path], list[Exception]]:
    out.mkdir(exist_ok=True)
    wanted = Wanted(
        pages=(Whose.EVENINGS_THERAPIST,),
        formats=(PageFormat.HTML,),
        data_folder=folder,
        left_out=frozenset(),
        zone=dt.UTC,
    )
    path = session_path(folder, SESSION_ID)
    report = report_session(path, out, wanted, lambda _: None)
    return list(report.pages), [each.error for each in report.undrawn]


def agree(library: Library, partner: Partner, *, shows: bool) -> None:
    given = {Purpose.RECORD: True, Purpose.THERAPIST: shows}
    library.keep_consent(partner, given, version=CONSENT_VERSION, utc=UTC)


def test_without_a_yes_it_is_refused_and_nobody_learns_whose_is_missing(
    tmp_path: Path,
) -> None:
    folder, library = kept_evening(tmp_path / "data")
    for partner in Partner:
        agree(library, partner, shows=False)
    pages, errors = drawn(folder, tmp_path / "out")
    assert pages == []
    (error,) = errors
    assert isinstance(error, NotReleased)
    assert "Nobody on this page has agreed" in str(error)


@pytest.mark.parametrize("whose", [A, B])
def test_with_one_yes_the_page_in_the_file_has_that_heart_alone(
    whose: Partner, tmp_path: Path
) -> None:
    folder, library = kept_evening(tmp_path / "data")
    agree(library, whose, shows=True)
    agree(library, whose.other, shows=False)
    (page,), errors = drawn(folder, tmp_path / "out")
    assert errors == []
    text = page.read_text(encoding="utf-8")
    assert f"{whose}’s heart in each turn" in text
    assert f"{whose.other}’s" not in text


def test_an_evening_set_aside_is_in_none_of_it(tmp_path: Path) -> None:
    folder, library = kept_evening(tmp_path / "data")
    for partner in Partner:
        agree(library, partner, shows=True)
    library.keep_aside(SESSION_ID)
    pages, errors = drawn(folder, tmp_path / "out")
    assert pages == []
    assert "left out" in str(errors[0])


def test_a_drawn_page_goes_where_a_yes_is_taken_back(tmp_path: Path) -> None:
    folder, library = kept_evening(tmp_path / "data")
    for partner in Partner:
        agree(library, partner, shows=True)
    (page,), _ = drawn(folder, folder / "pages")
    agree(library, A, shows=True)
    assert page.exists()
    agree(library, A, shows=False)
    assert not page.exists()


def test_what_warm_evenings_say_stands_with_its_interval_or_with_its_reason() -> None:
    def warm(change_z: float) -> WarmEvening:
        return WarmEvening(
            before_z=0.1, after_z=0.1 + change_z, seconds=120, unanswered=None
        )

    def page_of(*changes_z: float) -> Page:
        one = room_evening(RISEN, BOTH, {})
        evenings = [replace(one, warm=warm(each)) for each in changes_z]
        return room_page(
            room_evenings(evenings, BOTH, frozenset(), left_out=0, unread=0)
        )

    few = told(page_of(0.1, 0.2))
    assert "it takes 6 that can say something, and so far there are 2." in few
    more = page_of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert (
        "Over 6 evenings the two were more alike afterwards, by 0.35 "
        "(95 %: 0.10 to 0.60)." in told(more)
    )
    assert chart(more, "warm").table.rows[0][1:] == ("0.10", "0.20")
    mixed = told(page_of(0.1, -0.2, 0.3, -0.4, 0.5, -0.6))
    assert "no difference can be told" in mixed
    assert told(room_page(room(frozenset({A})))).count("afterwards") == 0


@pytest.mark.parametrize("language", list(Language))
def test_each_reason_for_which_a_warm_evening_says_nothing_has_its_words(
    language: Language,
) -> None:
    evenings = [
        WarmEvening(before_z=math.nan, after_z=math.nan, seconds=0, unanswered=why)
        for why in Unanswered
    ]
    with speaking(language):
        told = words.warm_over(warm_over(evenings, frozenset(Partner)))
    assert len(told) == len(Unanswered)  # one is not told of, one says that all are few

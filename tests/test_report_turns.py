"""Heart levels by part and turn: on the therapist's sheet, and on no other page."""

from coreg.facts.events import Partner
from coreg.findings.summary import summarise
from coreg.findings.together import together
from coreg.findings.turns import levels_by_block
from coreg.report.page import Lines, Numbers, Page
from coreg.report.pages.research import hrv_table
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.pages.turns import parts_table, roles_table
from coreg.report.words import turns as words
from coreg.words import say
from tests.helpers.report_sessions import opened, session
from tests.test_turns import CALM, evening

RISEN = evening(a=((120.0, 60.0), (240.0, 75.0), (610.0, 66.0)))


def headings(page: Page) -> set[str]:
    return {
        section.heading
        for sheet in page.sheets
        for section in sheet
        if isinstance(section, Numbers | Lines)
    }


def test_each_part_says_what_each_did_with_level_and_change() -> None:
    rows = {row[0]: row[1:] for row in parts_table(RISEN).rows}
    a_does, a_bpm, a_change, b_does, b_bpm, b_change = rows["Tell it"]
    assert (a_does, b_does) == ("speaks", "listens")
    assert (a_bpm, b_bpm) == ("75.0", "60.0")
    assert a_change.startswith("+15.0 ± ")
    assert b_change.startswith("0.0 ± ")
    assert rows["Arrive"][2] == "–"


def test_a_part_that_has_no_level_says_why() -> None:
    table = parts_table(evening(lost=((140.0, 240.0),)))
    (at,) = (n for n, row in enumerate(table.rows) if row[0] == "Tell it")
    assert table.rows[at][2:4] == ("–", "–")
    assert table.remarks[at] == "A: less than six tenths of it are clean beats"


def test_by_role_there_is_a_row_for_each_thing_somebody_did() -> None:
    names = [row[0] for row in roles_table(RISEN).rows]
    assert names == [
        "arrives",
        "rests",
        "speaks",
        "listens",
        "is cared for",
        "cares",
    ]


def test_only_the_therapists_sheets_have_it() -> None:
    found = together(RISEN, surrogates=19)
    heading = say("report.turns.heading")
    assert heading in headings(therapist_page(RISEN, found))
    assert heading not in headings(joint_page(RISEN, found))
    for partner in Partner:
        assert heading not in headings(own_page(RISEN, partner, ()))


def test_it_is_read_with_what_it_cannot_say() -> None:
    page = therapist_page(RISEN, together(RISEN, surrogates=19))
    (reading,) = (
        section
        for sheet in page.sheets
        for section in sheet
        if isinstance(section, Lines) and section.heading == say("report.turns.reading")
    )
    assert [line.text for line in reading.lines] == [
        say("report.turns.read"),
        say("report.turns.not_why"),
        say("report.turns.talk"),
    ]


def test_where_people_talk_the_table_of_hrv_has_the_heart_rate_alone() -> None:
    rows = {row[0]: row[1:] for row in hrv_table(RISEN).rows}
    assert rows["A, Tell it"][0].startswith("74.")
    assert set(rows["A, Tell it"][1:]) == {"–"}
    assert "–" not in rows["A, Rest"][:2]


def test_where_all_is_known_no_reason_is_said() -> None:
    calm = levels_by_block(evening(CALM, CALM))
    told = [why for each in calm for why in words.why_none(each.level, each.partner)]
    assert told == []


def test_where_nobody_takes_turns_there_is_no_such_sheet() -> None:
    quiet = summarise(opened(), session())
    page = therapist_page(quiet, together(quiet, surrogates=19))
    assert say("report.turns.heading") not in headings(page)

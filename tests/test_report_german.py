"""The report in German: every sentence is there, and none is left in English."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from io import BytesIO

import pytest
from pypdf import PdfReader

from coreg.cli.practise import CONSENT_BY_CALLER
from coreg.facts.events import Ending, Partner, Source
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.paper.typeset import Typeset
from coreg.report.words.together import verdict
from coreg.session.live import versions
from coreg.session.sources import simulated_hearts
from coreg.words import ENGLISH, Language, speaking
from coreg.words.catalogue import places
from tests.helpers.banned import everything_said
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.readers import plain
from tests.helpers.report_sessions import Fact, opened, session

GERMAN = Language.GERMAN
BLANK = re.compile(r"\{\w+\}")
RATINGS = (
    OwnRating(moment="before", at_ease=4, awake=5, myself=6),
    OwnRating(moment="after", at_ease=7, awake=3, myself=None),
)
# Names that a plan or a strap gave stand as they are: here they are no words at all.
BLOCKS = (("Xa", "arrive", 120.0), ("Xb", "breathe", 480.0), ("Xc", "rest", 360.0))
STREAMS = ("Qa", "Qb")
SESSIONS: dict[str, tuple[Source, list[Fact]]] = {
    "calm": (Source.STRAPS, session(blocks=BLOCKS)),
    "pause and gap": (
        Source.STRAPS,
        session(blocks=BLOCKS, pause=(300.0, 340.0), lost=((Partner.B, 700.0, 705.0),)),
    ),
    "early": (
        Source.STRAPS,
        session(blocks=(("Xa", "arrive", 5.0),), ending=Ending.FINISHED_EARLY),
    ),
    "no hearts": (Source.STRAPS, session(blocks=BLOCKS, bodies=(None, None))),
    "recordings": (
        Source.RECORDINGS,
        session(blocks=BLOCKS, follows=False, ending=Ending.SOURCE_ENDED),
    ),
    "simulated": (
        Source.SIMULATED,
        session(blocks=BLOCKS, lost=((Partner.A, 400.0, 960.0),)),
    ),
}


def texts(language: Language) -> Iterator[tuple[str, str]]:
    for key, entry in places(language, "report"):
        if isinstance(entry, Mapping):
            for form, text in entry.items():
                yield f"{key}.{form}", str(text)
        else:
            yield key, entry


def test_the_report_is_whole_in_german() -> None:
    english, german = dict(texts(ENGLISH)), dict(texts(GERMAN))
    assert german.keys() == english.keys()
    for key, text in english.items():
        assert set(BLANK.findall(german[key])) == set(BLANK.findall(text)), key


def pieces(text: str) -> list[str]:
    """Return a sentence's parts between blanks that are words enough to be English."""
    return [
        piece
        for piece in map(plain, BLANK.split(text))
        if len(re.findall(r"[A-Za-z]{2,}", piece)) >= 2
    ]


@cache
def english_pieces() -> list[str]:
    german = " ".join(plain(text) for _, text in texts(GERMAN))
    found = {piece for _, text in texts(ENGLISH) for piece in pieces(text)}
    return sorted(piece for piece in found if piece not in german)


def summary_of(case: str) -> SessionSummary:
    source, facts = SESSIONS[case]
    return summarise(opened(source, streams=STREAMS), facts)


def said_of(case: str) -> list[str]:
    summary = summary_of(case)
    both = together(summary, surrogates=19)
    pages = [
        therapist_page(summary, both),
        joint_page(summary, both),
        *(own_page(summary, partner, RATINGS) for partner in Partner),
    ]
    return [everything_said(document(page)) for page in pages]


@pytest.mark.parametrize("case", SESSIONS)
def test_no_english_is_left_on_a_german_page(case: str) -> None:
    with speaking(GERMAN), style():
        told = said_of(case)
    assert len(english_pieces()) > 200
    for text in told:
        assert not [piece for piece in english_pieces() if piece in text]


def test_the_same_finder_finds_english_where_it_is() -> None:
    with style():
        told = said_of("calm")
    for text in told:
        assert len([piece for piece in english_pieces() if piece in text]) > 5


def test_the_page_over_evenings_is_german_too() -> None:
    one = summarise(opened_by(1), couple(Planted(seed=1, coupling=0.7)))
    both = together(one, surrogates=19)
    for count in (1, 7):
        told = [evening(one, both, Partner.A, RATINGS)] * count
        with speaking(GERMAN), style():
            page = evenings_page(
                over_evenings(Partner.A, told, left_out=1, unread=count)
            )
            text = everything_said(document(page))
        assert not [piece for piece in english_pieces() if piece in text]
        assert "01.11.2026" in text


# Small words that any English sentence has some of, and German has none of.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|by|this|whoever|given|person|simulated|machine|processor|known"
    r"|as|session|asked|people|intervals)\b"
)


def test_what_a_file_says_in_english_is_said_in_german() -> None:
    hearts = simulated_hearts(seed=1, speed=1.0)
    of = opened(Source.SIMULATED, streams=hearts.streams)
    consent, stored = CONSENT_BY_CALLER, (*versions(), ("processor", "not known"))
    identity = replace(of.identity, consent=consent, versions=stored)
    summary = summarise(replace(of, identity=identity), SESSIONS["simulated"][1])
    both = together(summary, surrogates=19)
    with style():
        pages = (
            partial(therapist_page, summary, both),
            partial(own_page, summary, Partner.A, RATINGS),
        )
        for page in pages:
            assert ENGLISH_WORDS.search(page().provenance)
            with speaking(GERMAN):
                told = everything_said(document(page()))
            assert not ENGLISH_WORDS.search(told), ENGLISH_WORDS.search(told)
            assert "simulierte Person A" in told


def test_the_therapists_sheets_are_as_many_in_german_and_the_last_is_no_remainder() -> (
    None
):
    one = summarise(opened_by(1), couple(Planted(seed=1, coupling=0.7)))
    both = together(one, surrogates=19)
    sheets = []
    for language in (ENGLISH, GERMAN):
        with speaking(language), style(), Typeset(therapist_page(one, both)) as paper:
            sheets.append(len(PdfReader(BytesIO(paper.pdf())).pages))
    assert sheets == [4, 4]


def test_it_is_said_which_of_two_figures_gave_p() -> None:
    one = summarise(opened_by(1), couple(Planted(seed=1, coupling=0.0)))
    found = together(one, surrogates=19).found
    assert found is not None
    for p_hr, p_rsa, gave in ((0.2, 0.6, "heart rate"), (0.6, 0.2, "swing with the")):
        told = verdict(replace(found, p_hr=p_hr, p_rsa=p_rsa, p_any=0.4))
        assert re.search(rf"\(p\s\.400, from [\w ]*{gave}", told), told


def test_numbers_of_a_german_page_have_a_comma() -> None:
    with speaking(GERMAN), style():
        text = said_of("calm")[0]
    assert re.search(r"\d,\d", text)
    # A point stays where it is none of a number: versions, dates, names of files.
    points = re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", text)
    assert not points, points


def test_a_german_page_says_so_to_whoever_reads_it_aloud() -> None:
    with speaking(GERMAN), style():
        page = document(own_page(summary_of("calm"), Partner.A, ()))
    assert '<html lang="de">' in page
    assert "Donnerstag, 19. November 2026" in page

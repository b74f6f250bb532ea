"""Paper as an independent reader finds it: tags, language, descriptions, letters."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from coreg.facts.events import Partner, Source
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Together, together
from coreg.report.charts.theme import style
from coreg.report.page import Chart, Page, lines
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.paper.typeset import Typeset
from coreg.words import Language, speaking
from tests.helpers.readers import plain
from tests.helpers.report_sessions import opened, session

RATINGS = (
    OwnRating(moment="before", at_ease=4, awake=5, myself=6),
    OwnRating(moment="after", at_ease=7, awake=3, myself=None),
)
MARKUP = r'*a* #emph[b] $c$ _d_ @e <f> https://g.h `i` \n "q" // j #set page() = k'


@cache
def summary() -> SessionSummary:
    return summarise(opened(Source.STRAPS), session())


@cache
def compared() -> Together:
    return together(summary(), surrogates=19)


def page_of(whose: str) -> Page:
    return {
        "own": lambda: own_page(summary(), Partner.A, RATINGS),
        "joint": lambda: joint_page(summary(), compared()),
        "therapist": lambda: therapist_page(summary(), compared()),
    }[whose]()


def pdf_of(page: Page) -> PdfReader:
    with style(), Typeset(page) as paper:
        return PdfReader(BytesIO(paper.pdf()))


@pytest.fixture(scope="module", params=["own", "joint", "therapist"])
def printed(request: pytest.FixtureRequest) -> tuple[Page, PdfReader]:
    page = page_of(request.param)
    return page, pdf_of(page)


def followed(thing: Any) -> Any:
    return thing.get_object() if isinstance(thing, IndirectObject) else thing


def root_of(reader: PdfReader) -> Any:
    return followed(reader.trailer["/Root"])


def elements(reader: PdfReader) -> Iterator[Any]:
    """Yield the structure elements in reading order (ISO 32000-1, 14.7.2)."""

    def walk(thing: Any) -> Iterator[Any]:
        thing = followed(thing)
        if isinstance(thing, list):
            for each in thing:
                yield from walk(each)
        elif isinstance(thing, dict):
            if "/S" in thing:
                yield thing
            if "/K" in thing:
                yield from walk(thing["/K"])

    yield from walk(followed(root_of(reader)["/StructTreeRoot"]))


def kinds(reader: PdfReader) -> list[str]:
    return [str(each["/S"]) for each in elements(reader)]


def charts(page: Page) -> list[Chart]:
    return [each for sheet in page.sheets for each in sheet if isinstance(each, Chart)]


def test_a_pdf_is_tagged_and_says_that_it_is_pdf_ua(
    printed: tuple[Page, PdfReader],
) -> None:
    _, reader = printed
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = followed(root["/Metadata"]).get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata  # ISO 14289-1, 6.2


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("de", "de")])
def test_a_pdf_names_the_language_that_it_is_in(language: str, tag: str) -> None:
    with speaking(Language(language)):
        assert root_of(pdf_of(page_of("joint")))["/Lang"] == tag


def test_every_chart_has_its_description_in_reading_order(
    printed: tuple[Page, PdfReader],
) -> None:
    page, reader = printed
    told = [str(each["/Alt"]) for each in elements(reader) if each["/S"] == "/Figure"]
    assert told == [chart.alt for chart in charts(page)]
    assert all(told)


def test_headings_and_tables_are_tagged_as_what_they_are(
    printed: tuple[Page, PdfReader],
) -> None:
    page, reader = printed
    tagged = kinds(reader)
    assert tagged.count("/H1") == 1
    sections = [each for sheet in page.sheets for each in sheet]
    assert tagged.count("/H2") == len(sections)
    tables = [each for each in sections if not isinstance(each, Chart)]
    if page.title and any(hasattr(each, "table") for each in tables):
        assert {"/Table", "/THead", "/TH", "/TD"} <= set(tagged)


def test_every_font_is_embedded_and_is_the_one_that_ships_with_matplotlib(
    printed: tuple[Page, PdfReader],
) -> None:
    _, reader = printed
    names = set()
    for sheet in reader.pages:
        for font in followed(sheet["/Resources"])["/Font"].values():
            (inner,) = followed(font)["/DescendantFonts"]
            described = followed(followed(inner)["/FontDescriptor"])
            assert {"/FontFile2", "/FontFile3"} & set(described)
            names.add(str(followed(font)["/BaseFont"]).split("+")[-1])
    assert names
    assert all(name.startswith("DejaVuSans") for name in names), names


def test_the_words_of_charts_are_words_on_paper_too() -> None:
    sheet = pdf_of(page_of("own")).pages[0].extract_text()
    for text in ("nearly asleep", "Breathe", "10 min", "beats/min"):
        assert text.lower() in plain(sheet).lower()


def test_what_people_wrote_is_set_as_it_stands_and_never_as_markup() -> None:
    page = replace(
        page_of("joint"),
        title=MARKUP,
        story=(MARKUP,),
        sheets=((lines(MARKUP, MARKUP),),),
    )
    reader = pdf_of(page)
    text = plain(" ".join(each.extract_text() for each in reader.pages))
    assert text.replace(" ", "").count(MARKUP.replace(" ", "")) == 4
    assert len(reader.pages) == 1


def test_letters_that_the_font_has_not_are_squares_and_spoil_no_page() -> None:
    page = replace(page_of("joint"), title="Für 漢字 \N{WAVING HAND SIGN}\x07\u202eab")
    assert "Für □□ □" in plain(pdf_of(page).pages[0].extract_text())


def test_a_couples_page_is_one_sheet_and_its_charts_fill_it() -> None:
    for whose in ("own", "joint"):
        with style(), Typeset(page_of(whose)) as paper:
            reader = PdfReader(BytesIO(paper.pdf()))
            assert len(reader.pages) == 1
            ((pages, end_in),) = [(page, y_in) for page, y_in in paper.ends()]
        assert pages == 1
        assert 0.8 * 11.69 < end_in < 11.69 - 0.7


def test_what_does_not_fit_on_a_sheet_goes_on_to_the_next() -> None:
    many = tuple(f"Sentence {number} of many." for number in range(120))
    reader = pdf_of(replace(page_of("joint"), sheets=((lines("Long", *many),),)))
    text = plain(" ".join(each.extract_text() for each in reader.pages))
    assert len(reader.pages) > 1
    assert all(sentence in text for sentence in many)
    assert "sheet 2 of" in text

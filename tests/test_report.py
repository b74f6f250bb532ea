"""The report: its numbers, what it says and never says, and files others can read."""

import base64
import datetime as dt
import hashlib
import io
import re
import stat
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray
from pypdf import PdfReader

from coreg.errors import StorageUnusable
from coreg.facts.events import (
    BadPacket,
    Beat,
    BeatLabel,
    BlockBegan,
    Breath,
    Ended,
    Ending,
    Opened,
    PacerStopped,
    Partner,
    Source,
)
from coreg.findings.heart import slow_hr_bpm
from coreg.findings.over_time import lag_surface
from coreg.findings.summary import SessionSummary, read_in, summarise
from coreg.findings.together import together
from coreg.report.charts.hearts import draw_hearts, draw_swings
from coreg.report.charts.session import hearts_chart, surface_chart, swings_chart
from coreg.report.charts.theme import (
    ALIKE,
    MARKS,
    NIGHT,
    OPPOSITE,
    PAPER,
    UNRELATED,
    style,
    text_width_in,
    wrapped,
)
from coreg.report.html.document import document, stylesheet
from coreg.report.html.figures import NARROW_IN, WIDE_IN, chart_figure
from coreg.report.page import Chart
from coreg.report.page_format import PageFormat
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.tables import surface_table
from coreg.report.words import session as words, signal as signal_words
from coreg.report.write_page import write_page
from coreg.words import say
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.once import once_a_run
from tests.helpers.openings import changed
from tests.helpers.readers import svg_words
from tests.helpers.report_sessions import A, Fact, opened, session

Floats = NDArray[np.float64]

SIMULATED_STREAMS = (
    "simulated person A, session 20000104-200000-0003",
    "simulated person B, session 20000104-200000-0003",
)

ID = "20261119-201400-7f3a"

GAP_OF_A = ((Partner.A, 300.0, 305.0),)
SHORT = (("arrive", "arrive", 5.0),)
MANY = tuple((f"step {number}", "rest", 60.0) for number in range(1, 15))

CASES: dict[str, tuple[Opened, list[Fact]]] = {
    "calm": (opened(), session()),
    "straps": (opened(Source.STRAPS), session()),
    "pause and gap": (
        opened(Source.STRAPS),
        session(pause=(300.0, 340.0), lost=((Partner.B, 700.0, 705.0),)),
    ),
    "five seconds": (
        opened(),
        session(blocks=SHORT, ending=Ending.FINISHED_EARLY),
    ),
    "one strap lost": (opened(Source.STRAPS), session(bodies=(A, None))),
    "lost half-way": (
        opened(Source.STRAPS),
        session(lost=((Partner.B, 400.0, 960.0),)),
    ),
    "recordings": (
        opened(Source.RECORDINGS, common_clock=False),
        session(follows=False, ending=Ending.SOURCE_ENDED),
    ),
    "recordings of a simulated couple": (
        opened(Source.RECORDINGS, streams=SIMULATED_STREAMS),
        session(ending=Ending.SOURCE_ENDED),
    ),
    "a recording that ends": (
        opened(Source.RECORDINGS),
        session(
            follows=False,
            lost=((Partner.A, 602.0, 960.0), (Partner.A, 200.0, 204.0)),
            ending=Ending.SOURCE_ENDED,
        ),
    ),
    "no hearts": (opened(Source.STRAPS), session(bodies=(None, None))),
    "nothing at all": (opened(Source.STRAPS), []),
    "fourteen phases": (opened(), session(blocks=MANY)),
}


class Page(HTMLParser):
    """An HTML page as an independent parser sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in {"meta", "br", "path", "use", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"style", "svg"} & set(self.open):
            self.text += data + " "

    def of(self, attribute: str) -> list[str]:
        return [value or "" for _, name, value in self.attributes if name == attribute]


def plain(text: str) -> str:
    """Return a text with every kind of space as one space."""
    return " ".join(text.split())


def summary_of(case: str) -> SessionSummary:
    return summarise(*CASES[case])


@once_a_run
def said(case: str) -> dict[PageFormat, str]:
    """Return the words of one case in each format that has words."""
    with TemporaryDirectory() as folder:
        return words_of(summary_of(case), Path(folder))


def words_of(summary: SessionSummary, folder: Path) -> dict[PageFormat, str]:
    with_words = [PageFormat.PDF, PageFormat.SVG, PageFormat.HTML]
    write_report(summary, folder, ID, with_words)
    sheets_of_pdf = PdfReader(folder / f"{ID}.pdf").pages
    drawn = sorted(folder.glob("*.svg"), key=lambda path: path.stem + "-0")
    texts = [svg_words(path) for path in drawn]
    return {
        PageFormat.PDF: plain(" ".join(each.extract_text() for each in sheets_of_pdf)),
        PageFormat.SVG: plain(" ".join(texts)),
        PageFormat.HTML: Page((folder / f"{ID}.html").read_text("utf-8")).text,
    }


def write_report(
    summary: SessionSummary, folder: Path, name: str, formats: list[PageFormat]
) -> list[Path]:
    """Write the therapist's sheets, which hold everything there is."""
    return write_page(
        therapist_page(summary, together(summary, surrogates=19)), folder, name, formats
    )


@once_a_run
def calm_in(page_format: PageFormat) -> list[bytes]:
    """The files of a calm evening in one format; drawing them takes seconds."""
    with TemporaryDirectory() as folder:
        paths = write_report(summary_of("calm"), Path(folder), ID, [page_format])
        return [path.read_bytes() for path in paths]


def calm_html() -> str:
    (html,) = calm_in(PageFormat.HTML)
    return html.decode("utf-8")


def chart_of(kind: str, summary: SessionSummary) -> Chart:
    surface = lag_surface(summary)
    assert surface is not None
    return {
        "hearts": hearts_chart(summary),
        "swings": swings_chart(summary),
        "surface": surface_chart(summary, surface, ()),
    }[kind]


@pytest.fixture(params=list(CASES))
def every_case(request: pytest.FixtureRequest) -> tuple[str, dict[PageFormat, str]]:
    case: str = request.param
    return case, said(case)


# --- words ----------------------------------------------------------------------


def test_every_page_carries_the_limitation(
    every_case: tuple[str, dict[PageFormat, str]],
) -> None:
    for text in every_case[1].values():
        assert plain(say("report.session.limitation")) in text


def test_simulated_couples_say_so_on_every_page_and_others_never(
    every_case: tuple[str, dict[PageFormat, str]],
) -> None:
    case, texts = every_case
    live = CASES[case][0].couple.source is Source.SIMULATED
    simulated = live or case == "recordings of a simulated couple"
    for text in texts.values():
        assert ("simulated couple" in text) is simulated
        assert ("simulated" in text) is simulated
        assert ("seed 7" in text) is live


def test_a_replay_of_simulated_people_says_so_in_its_tag() -> None:
    couple = opened(Source.RECORDINGS, streams=SIMULATED_STREAMS)
    one = opened(Source.RECORDINGS, streams=(SIMULATED_STREAMS[0], "rest.csv (RR)"))
    people = opened(Source.RECORDINGS, streams=("walk.csv (RR)", "rest.csv (RR)"))
    assert words.tag(couple) == "from recordings of a simulated couple"
    assert words.tag(one) == "from recordings of hearts, one simulated"
    assert words.tag(people) == "from recordings"
    assert words.tag(opened(Source.STRAPS, streams=SIMULATED_STREAMS)) == ""


def test_every_page_names_where_each_heart_came_from(
    every_case: tuple[str, dict[PageFormat, str]],
) -> None:
    case, texts = every_case
    a, b = CASES[case][0].straps.streams
    for text in texts.values():
        assert f"A: {a}" in text
        assert f"B: {b}" in text


def test_a_number_and_its_unit_never_part_at_a_lines_end() -> None:
    parted = re.compile(r"\d (%|s|ms|min|minutes?|seconds?|beats?|breaths?|gaps?)\b")
    for case in CASES:
        summary = summary_of(case)
        told = [
            *words.what_happened(summary),
            *(signal_words.signal(heart, summary) for heart in summary.hearts),
            say("report.session.hearts_caption"),
            words.surface_caption(summary.opened),
            words.surface_blank(summary.opened),
            words.provenance(summary.opened, summary.called),
        ]
        for sentence in told:
            assert not parted.search(sentence)
    text = "Just be 6\N{NO-BREAK SPACE}min, Words"
    narrow = wrapped(text, text_width_in("Just be 6", 9.0), 9.0)
    assert narrow == ["Just be", "6\N{NO-BREAK SPACE}min,", "Words"]


def test_an_empty_text_takes_no_line() -> None:
    assert wrapped("", 6.0, 9.0) == []


def test_nobody_is_blamed_ranked_or_praised(
    every_case: tuple[str, dict[PageFormat, str]],
) -> None:
    forbidden = re.compile(
        r"in sync\b|score|first to|turned first|paused by|[AB] paused"
        r"|[AB] (before|after)|leads|follows|better|worse|winner"
        r"|well done|good job|goal|failed|connected|love|!|A and B are",
        re.IGNORECASE,
    )
    for text in every_case[1].values():
        assert not forbidden.search(text)


def test_a_shared_breath_is_named_beside_the_surface() -> None:
    for text in said("calm").values():
        assert plain(say("report.session.shared_breath")) in text


def test_recordings_say_that_nobody_breathed_with_this_pace() -> None:
    for text in said("recordings").values():
        assert plain(say("report.session.nobody_breathed")) in text
        assert "The recordings ended there." in text
        assert "from recordings" in text


def test_without_a_common_clock_the_surface_is_left_out_and_the_page_says_why() -> None:
    assert lag_surface(summary_of("recordings")) is None
    for text in said("recordings").values():
        assert plain(say("report.session.no_common_clock")) in text
        assert plain(say("report.session.surface_no_clock")) in text
        assert plain(say("report.session.surface_caption")) not in text


def test_a_session_of_five_seconds_says_that_it_is_too_short_for_a_surface() -> None:
    for text in said("five seconds").values():
        assert "The practice took 5 seconds: arrive 5 s" in text
        assert "finished before the plan’s end" in text
        assert plain(say("report.session.surface_too_little")) in text


def test_a_block_that_was_passed_over_at_once_is_no_part_of_the_practice() -> None:
    blocks = (("A question", "question", 0.0), ("Arrive", "arrive", 120.0))
    summary = summarise(opened(), session(blocks=blocks))
    assert [phase.name for phase in summary.phases] == ["Arrive"]


def test_a_pause_is_told_without_saying_whose() -> None:
    for text in said("pause and gap").values():
        assert "There was one pause of 40 seconds." in text
        assert "breathe together 8 min, just be 6 min" in text  # without the pause


def test_a_strap_that_was_never_heard_is_said_and_counted() -> None:
    texts = said("one strap lost")
    assert "no heartbeats from B" in texts[PageFormat.PDF]
    for text in texts.values():
        assert "no heartbeats; no unreadable packets" in text


def test_a_strap_lost_for_good_is_silent_to_the_end_and_no_gap() -> None:
    signal = summary_of("lost half-way").b.signal
    assert signal.gaps == 0
    assert signal.silent_from_s == pytest.approx(400.0)
    for text in said("lost half-way").values():
        assert "no gaps; the strap was silent from 6:40 to the end" in text
        assert "recording ends" not in text


def test_a_recording_that_ends_earlier_ends_and_is_no_gap() -> None:
    signal = summary_of("a recording that ends").a.signal
    assert signal.gaps == 1
    assert signal.gap_s == pytest.approx(4.0)
    for text in said("a recording that ends").values():
        assert "1 gap, 4 s; A’s recording ends at 10:02" in text
        assert "B’s recording ends" not in text
        assert "silent" not in text


def test_a_session_without_a_single_beat_says_so() -> None:
    for text in said("no hearts").values():
        assert plain(say("report.session.no_beats_at_all")) in text


def test_the_share_of_clean_beats_reads_100_only_when_all_are() -> None:
    facts = session()
    spoiled = next(i for i, f in enumerate(facts) if isinstance(f, Beat))
    beat = facts[spoiled]
    assert isinstance(beat, Beat)
    facts[spoiled] = Beat(
        t_s=beat.t_s,
        partner=beat.partner,
        rr_ms=beat.rr_ms,
        nn_ms=float("nan"),
        label=BeatLabel.ECTOPIC,
    )
    summary = summarise(opened(), facts)
    hearts = {
        heart.partner: signal_words.signal(heart, summary) for heart in summary.hearts
    }
    assert hearts[beat.partner].startswith("99.9\N{NO-BREAK SPACE}%")
    assert "1 set aside" in plain(hearts[beat.partner])
    other = Partner.B if beat.partner is Partner.A else Partner.A
    assert hearts[other].startswith("100\N{NO-BREAK SPACE}%")


def test_malformed_packets_are_counted_per_partner() -> None:
    bad = [
        BadPacket(t_s=t_s, partner=Partner.A, reason="too short") for t_s in (5.0, 9.0)
    ]
    summary = summarise(opened(), [*session(), *bad])
    assert "2 unreadable packets" in plain(signal_words.signal(summary.a, summary))
    assert "no unreadable packets" in signal_words.signal(summary.b, summary)


def test_a_plan_that_cannot_be_read_still_gets_its_page(tmp_path: Path) -> None:
    broken = changed(opened(), plan_toml="name = [")
    paths = write_report(summarise(broken, session()), tmp_path, ID, [PageFormat.HTML])
    assert "A practice" in Page(paths[0].read_text(encoding="utf-8")).text


def test_names_in_a_plan_are_text_and_never_markup_or_mathematics(
    tmp_path: Path,
) -> None:
    blocks = (("<script>x</script> $\\frac{", "breathe", 60.0), ("b\x07", "rest", 60.0))
    summary = summarise(opened(), session(blocks=blocks))
    paths = write_report(summary, tmp_path, ID, list(PageFormat))
    html = next(path for path in paths if path.suffix == ".html")
    page = Page(html.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "<script>x</script> $\\frac{" in page.text


# --- the couple's own -------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_no_page_of_the_couple_holds_a_banned_word_whatever_the_evening(
    case: str,
) -> None:
    summary = read_in(summary_of(case), dt.timezone(dt.timedelta(hours=1)))
    both = together(summary, surrogates=19)
    with style():
        pages = [document(joint_page(summary, both))]
        pages += [document(own_page(summary, each, ())) for each in Partner]
    for page in pages:
        assert not banned_in(everything_said(page))
        assert "21:14" in page


def test_a_pause_is_told_on_one_s_own_page_and_nowhere_on_the_joint_one() -> None:
    summary = summary_of("pause and gap")
    with style():
        joint = document(joint_page(summary, together(summary, surrogates=19)))
        own = [document(own_page(summary, each, ())) for each in Partner]
    assert not re.search("pause", everything_said(joint), re.IGNORECASE)
    for page in own:  # whoever asked for it
        assert "You paused for 40 seconds." in everything_said(page)


def test_without_a_common_clock_the_couple_reads_why_nothing_is_compared() -> None:
    summary = summary_of("recordings")
    with style():
        text = everything_said(document(joint_page(summary, together(summary))))
    assert "Not compared: the two recordings have separate clocks." in text
    assert "No clear pattern" not in text


# --- numbers --------------------------------------------------------------------


def test_a_planted_gap_is_blank_in_the_drawn_line_and_only_there() -> None:
    summary = summarise(opened(), session(lost=GAP_OF_A))
    lines = drawn_hearts(summary)
    for name in ("heart", "slow heart"):
        t_s, a = lines[f"{name} A"]
        _, b = lines[f"{name} B"]
        inside = (t_s > 300) & (t_s < 305)
        assert inside.sum() == 19  # 5 s at 4 Hz, ends excluded
        assert np.isnan(a[inside]).all()
        assert np.isfinite(b[inside]).all()
        around = (t_s > 10) & (t_s < 950) & ((t_s < 297) | (t_s > 308))
        assert np.isfinite(a[around]).all()


def drawn_hearts(summary: SessionSummary) -> dict[str, tuple[Floats, Floats]]:
    """Return the lines of the chart of both hearts: seconds and rates, by name."""
    with style():
        upper, lower = Figure().subplots(2)
        draw_hearts((upper, lower), summary)
    return {
        str(line.get_gid()): (
            60 * np.asarray(line.get_xdata(), dtype=np.float64),
            np.asarray(line.get_ydata(), dtype=np.float64),
        )
        for line in (*upper.lines, *lower.lines)
    }


def test_the_strong_line_is_the_median_of_thirty_seconds_around() -> None:
    summary = summarise(opened(), session(lost=GAP_OF_A))
    lines = drawn_hearts(summary)
    t_s, beat_by_beat = lines["heart A"]
    _, slow = lines["slow heart A"]
    for at_s in (20.0, 290.0, 310.0, 700.0):
        at = int(np.argmin(np.abs(t_s - at_s)))
        assert slow[at] == pytest.approx(
            np.nanmedian(beat_by_beat[np.abs(t_s - t_s[at]) <= 15.0])
        )


def test_a_median_of_less_than_half_a_window_is_not_drawn() -> None:
    known = np.full(400, np.nan)
    known[100:150] = 60.0  # 12.5 s at 4 Hz
    assert np.isnan(slow_hr_bpm(known)).all()
    known[100:170] = 60.0  # 17.5 s
    assert np.isfinite(slow_hr_bpm(known)).sum() == 70


def test_both_hearts_have_a_row_of_their_own_to_one_scale() -> None:
    with style():
        upper, lower = Figure().subplots(2)
        draw_hearts((upper, lower), summary_of("calm"))
    spans = [float(np.diff(axes.get_ylim())[0]) for axes in (upper, lower)]
    assert spans[0] == pytest.approx(spans[1])
    for axes, partner in ((upper, "A"), (lower, "B")):
        assert {text.get_text() for text in axes.texts} >= {partner}
        low, high = axes.get_ylim()
        for line in axes.lines:
            if "heart" in str(line.get_gid()):
                rates = np.asarray(line.get_ydata(), dtype=np.float64)
                assert low < np.nanmin(rates) < np.nanmax(rates) < high


@pytest.mark.parametrize("case", ["calm", "a recording that ends", "pause and gap"])
@pytest.mark.parametrize("width_in", [NARROW_IN, WIDE_IN])
def test_the_partners_names_lie_on_no_line_and_no_other_name(
    case: str, width_in: float
) -> None:
    with style():
        summary = summary_of(case)
        for chart in (hearts_chart(summary), swings_chart(summary)):
            figure = chart_figure(chart, width_in)
            figure.draw_without_rendering()
            boxes = [
                text.get_window_extent()
                for axes in figure.axes
                for text in axes.texts
                if text.get_text() in set("AB")
            ]
            assert len(boxes) == 2
            assert not boxes[0].overlaps(boxes[1])
            for box in boxes:
                assert all(not axes.bbox.overlaps(box) for axes in figure.axes)
                assert box.x1 <= figure.bbox.x1
                assert box.y1 <= figure.bbox.y1


def test_a_planted_gap_is_counted_with_its_length() -> None:
    summary = summarise(opened(), session(lost=GAP_OF_A))
    assert summary.a.signal.gaps == 1
    assert summary.a.signal.gap_s == pytest.approx(5.0)
    assert summary.b.signal.gaps == 0


def test_windows_around_a_gap_are_blank_in_the_surface() -> None:
    surface = lag_surface(summarise(opened(), session(lost=GAP_OF_A)))
    assert surface is not None
    at_zero = surface.r[surface.lag_s == 0].ravel()
    assert np.isnan(at_zero[(surface.t_s > 288) & (surface.t_s < 317)]).all()
    assert np.isfinite(at_zero[(surface.t_s > 330) & (surface.t_s < 600)]).all()


def test_the_caption_says_how_far_a_few_lost_beats_reach() -> None:
    surface = lag_surface(
        summarise(
            opened(Source.RECORDINGS),
            session(follows=False, lost=((Partner.A, 300.0, 303.0),)),
        )
    )
    assert surface is not None
    for shift_s, reach_s in ((0.0, 15.0), (10.0, 20.0), (-10.0, 20.0)):
        row = surface.r[int(np.argmin(np.abs(surface.lag_s - shift_s)))]
        blank_s = surface.t_s[np.isnan(row)]
        blank_s = blank_s[(blank_s > 100) & (blank_s < 860)]
        # One side each way: A's window leads at one shift and trails at the other.
        farthest_s = max(300 - blank_s.min(), blank_s.max() - 303)
        assert farthest_s == pytest.approx(reach_s, abs=1.6)  # a beat and a step
    for recorded in Source:
        caption = plain(words.surface_blank(opened(recorded)))
        assert "within 15 seconds (20 at the largest shifts) of lost beats" in caption


def test_the_shift_axis_and_the_table_have_signs_and_no_names() -> None:
    summary = summary_of("calm")
    surface = lag_surface(summary)
    assert surface is not None
    with style():
        axes = chart_figure(chart_of("surface", summary), WIDE_IN).axes[0]
    ticks = [label.get_text() for label in axes.get_yticklabels()]
    assert ticks == ["−10", "−5", "0", "+5", "+10"]
    columns = [plain(name) for name in surface_table(summary, surface).columns]
    assert columns[1:] == [
        "−10 s", "−5 s", "−2 s", "no shift", "+2 s", "+5 s", "+10 s"
    ]  # fmt: skip
    assert not re.search(r"\b[AB]\b|earlier|later", axes.get_ylabel())
    assert not re.search(r"\b[AB]\b|earlier|later", say("report.session.surface_table"))


def test_while_breathing_is_paced_lags_beyond_half_a_breath_are_blank() -> None:
    summary = summary_of("calm")
    surface = lag_surface(summary)
    assert surface is not None
    # At 500 s the pace is between 5.6 and 6 a minute: half a breath is 5 to 5.36 s.
    paced = surface.r[:, np.argmin(np.abs(surface.t_s - 500))]
    assert np.isnan(paced[np.abs(surface.lag_s) > 5.4]).all()
    assert np.isfinite(paced[np.abs(surface.lag_s) < 5.0]).all()
    free = surface.r[:, np.argmin(np.abs(surface.t_s - 800))]
    assert np.isfinite(free).all()


def test_hearts_from_recordings_keep_every_lag_for_they_followed_no_pace() -> None:
    recorded = opened(Source.RECORDINGS)
    summary = summarise(recorded, session(follows=False))
    surface = lag_surface(summary)
    assert surface is not None
    whole = (surface.t_s > 25) & (surface.t_s < 935)
    assert np.isfinite(surface.r[:, whole]).all()
    assert "half a breath" not in words.surface_blank(recorded)
    assert "half a breath" in words.surface_blank(opened())


def test_a_pause_is_shaded_for_its_length_and_leaves_the_swings_apart() -> None:
    summary = summary_of("pause and gap")
    with style():
        axes, *others = Figure().subplots(3)
        draw_swings((axes, *others), summary)
    shade = next(patch for patch in axes.patches if patch.get_gid() == "pause")
    box = shade.get_path().get_extents(shade.get_patch_transform())
    assert [60 * box.x0, 60 * box.x1] == pytest.approx([300, 340])
    before, after = (
        60 * np.asarray(line.get_xdata(), dtype=np.float64)
        for line in axes.lines
        if line.get_gid() == "slow swing A"
    )
    assert before.max() < 300 + 5  # its last breath is half over
    assert after.min() > 340  # nothing is drawn across the pause


def test_breaths_announced_for_after_the_pacer_stopped_are_not_offered() -> None:
    facts: list[Fact] = [
        BlockBegan(t_s=0.0, number=0, name="breathe", kind="breathe", length_s=60.0),
        Breath(t_s=0.0, period_s=10.0, inhale_s=4.0),
        Breath(t_s=10.0, period_s=12.0, inhale_s=4.8),
        Breath(t_s=22.0, period_s=12.0, inhale_s=4.8),
        PacerStopped(t_s=16.0),
        Ended(t_s=60.0, ending=Ending.FINISHED_EARLY),
    ]
    pace = summarise(opened(), facts).pace
    assert pace.start_s.tolist() == [0.0, 10.0]
    assert pace.end_s.tolist() == [10.0, 16.0]
    assert pace.breaths_per_min.tolist() == [6.0, 5.0]


def beat(t_s: float, nn_ms: float, label: BeatLabel = BeatLabel.NORMAL) -> Beat:
    return Beat(t_s=t_s, partner=Partner.A, rr_ms=nn_ms, nn_ms=nn_ms, label=label)


def test_levels_are_worked_from_clean_neighbours_and_never_across_a_gap() -> None:
    # 40 intervals, 1000 and 1020 ms in turn; the one after a gap starts anew.
    lengths = [1000.0 + 20.0 * (number % 2) for number in range(40)]
    times = np.cumsum(lengths) / 1000
    beats: list[Fact] = [
        beat(float(t_s), nn_ms) for t_s, nn_ms in zip(times, lengths, strict=True)
    ]
    late = [beat(float(t_s) + 60, 600.0) for t_s in times[:5]]
    late[0] = beat(late[0].t_s, 600.0, BeatLabel.GAP)
    facts: list[Fact] = [
        BlockBegan(t_s=0.0, number=0, name="rest", kind="rest", length_s=120.0),
        *beats,
        *late,
        Ended(t_s=120.0, ending=Ending.COMPLETE),
    ]
    (level,) = summarise(opened(), facts).a.levels
    # 39 differences of 20 ms and 4 of 0; 40 400 ms and 3000 ms in 45 intervals.
    assert level.rmssd_ms == pytest.approx((39 * 20**2 / 43) ** 0.5)
    assert level.mean_hr_bpm == pytest.approx(60_000 * 45 / 43_400)


def test_levels_below_their_floors_are_not_known() -> None:
    facts: list[Fact] = [
        BlockBegan(t_s=0.0, number=0, name="rest", kind="rest", length_s=120.0),
        *(beat(float(t_s), 1000.0) for t_s in range(1, 21)),
        Ended(t_s=120.0, ending=Ending.COMPLETE),
    ]
    summary = summarise(opened(), facts)
    assert summary.a.levels[0].mean_hr_bpm == pytest.approx(60.0)
    assert np.isnan(summary.a.levels[0].rmssd_ms)  # 20 s, RMSSD takes 30 s
    (of_b,) = summary.b.levels
    assert np.isnan([of_b.mean_hr_bpm, of_b.rmssd_ms]).all()


# --- files ----------------------------------------------------------------------


def test_the_html_is_one_file_that_needs_nothing_else() -> None:
    page = Page(calm_html())
    assert not {"script", "link", "img", "iframe", "image", "object"} & set(page.tags)
    references = page.of("href") + page.of("xlink:href") + page.of("src")
    assert references
    assert all(reference.startswith("#") for reference in references)
    assert page.of("style") == []
    assert "url(http" not in calm_html()
    assert page.open == []
    assert page.of("lang") == ["en"]


def test_every_chart_of_the_html_has_a_description_and_its_numbers() -> None:
    page = Page(calm_html())
    charts = page.tags.count("figure")
    assert charts == 7  # hearts, swings, surface; strips, chance, shifts, coherence
    described = [value for tag, name, value in page.attributes if name == "aria-label"]
    assert len([text for text in described if text]) >= charts
    assert page.tags.count("details") == charts
    assert page.tags.count("table") == charts + 3  # parts, levels and HRV, figures


def test_ids_in_the_html_are_each_used_once() -> None:
    ids = Page(calm_html()).of("id")
    assert len(ids) == len(set(ids))


def test_the_page_allows_its_own_rules_and_nothing_else() -> None:
    text = calm_html()
    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text


def test_the_pdf_is_sheets_of_a4_with_title_and_author() -> None:
    (pdf,) = calm_in(PageFormat.PDF)
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) >= 3
    for sheet in reader.pages:
        width, height = sheet.mediabox[2:]
        assert float(width) == pytest.approx(595.3, abs=1)  # ISO 216: 210 mm
        assert float(height) == pytest.approx(841.9, abs=1)  # 297 mm
    assert reader.metadata is not None
    assert reader.metadata.title == words.document_title(summary_of("calm"))
    assert str(reader.metadata.author).startswith("coreg ")


@pytest.mark.parametrize("page_format", list(PageFormat))
def test_the_same_session_gives_the_same_bytes(
    tmp_path: Path, page_format: PageFormat
) -> None:
    again = write_report(summary_of("calm"), tmp_path, "again", [page_format])
    assert [path.read_bytes() for path in again] == calm_in(page_format) != []


def test_files_are_named_by_the_session_and_only_their_owner_may_read(
    tmp_path: Path,
) -> None:
    paths = write_report(summary_of("five seconds"), tmp_path, ID, list(PageFormat))
    assert [path.name for path in paths] == [
        f"{ID}.pdf",
        *(f"{ID}{sheet}.{ending}" for ending in ("png", "svg") for sheet in ("", "-2")),
        f"{ID}.html",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in paths
    )
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)


def test_a_folder_that_is_not_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageUnusable, match="Choose another folder"):
        write_report(
            summary_of("five seconds"), tmp_path / "none", ID, [PageFormat.SVG]
        )


def test_letters_in_charts_are_at_least_fourteen_pixels_on_a_phone() -> None:
    page_px, css = 390 - 2 * 16, stylesheet()
    assert "@media (max-width: 800px)" in css  # below it, the narrow charts
    assert "main { padding: 24px 16px; }" in css
    summary = summary_of("calm")
    with style():
        for width_in, shown_px in (
            (NARROW_IN, page_px),
            (WIDE_IN, 801 - 2 * 32),
        ):
            for kind in ("hearts", "swings", "surface"):
                figure = chart_figure(chart_of(kind, summary), width_in)
                sizes = [float(text.get_fontsize()) for text in figure.findobj(Text)]
                assert min(sizes) / 72 / width_in * shown_px >= 14.0


# --- the look -------------------------------------------------------------------


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.1."""
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_letters_and_lines_stand_out_by_day_and_by_night() -> None:
    for mark in MARKS.values():
        assert contrast(mark.text, PAPER) >= 4.5
        assert contrast(mark.line, PAPER) >= 3.0
        assert contrast(NIGHT[mark.text], NIGHT[PAPER]) >= 4.5


@pytest.mark.parametrize("ramp", [OPPOSITE[::-1], ALIKE])
def test_the_surface_reads_in_grey_too(ramp: tuple[str, ...]) -> None:
    by_day = [luminance(color) for color in (PAPER, UNRELATED, *ramp)]
    assert by_day == sorted(by_day, reverse=True)
    by_night = [luminance(NIGHT[color]) for color in (PAPER, UNRELATED, *ramp)]
    assert by_night == sorted(by_night)


def test_strong_likeness_is_darker_than_any_opposition() -> None:
    assert luminance(ALIKE[-1]) < min(map(luminance, OPPOSITE)) / 3


def test_there_is_no_red_and_no_green_in_any_chart() -> None:
    colors = [mark.line for mark in MARKS.values()] + [*ALIKE, *OPPOSITE, UNRELATED]
    for color in colors:
        red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
        assert not (red > 2 * green and red > 2 * blue)
        assert not (green > 1.2 * red and green > 1.2 * blue)


def test_partners_differ_by_shape_too() -> None:
    assert MARKS[Partner.A].marker != MARKS[Partner.B].marker

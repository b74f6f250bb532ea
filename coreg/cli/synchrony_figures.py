"""Two hearts in words and figures, and as a page."""

import argparse
import math
from pathlib import Path

from coreg.analysis.session_regressors import Pacer
from coreg.cli.common import say, say_json, tell
from coreg.cli.corrections_beside import tell_of_unused
from coreg.cli.out_folder import wanted_folder
from coreg.errors import BadRecordingError
from coreg.facts.events import Partner, Source
from coreg.findings.kept import Kept
from coreg.findings.measures import Practised
from coreg.findings.pair import pair_summary
from coreg.findings.reading import summary_of
from coreg.findings.research import research
from coreg.findings.summary import SessionSummary, heard_of, need_both
from coreg.findings.together import (
    Doing,
    Together,
    Untested,
    answer,
    seed_of,
    shown_pacer,
    steady_pacer,
    tested,
)
from coreg.report.page_format import PageFormat
from coreg.report.pages.research import measures_table
from coreg.report.pages.session import therapist_page
from coreg.report.words import (
    progress as progress_words,
    signal as signal_words,
    together as together_words,
)
from coreg.report.words.numbers import NBSP
from coreg.report.words.stored import in_own_words
from coreg.report.write_page import write_page
from coreg.sensors.recordings.reading import read_recording
from coreg.session.recorded_pair import moved
from coreg.store.folder import data_location, folder_of
from coreg.store.library import find_session
from coreg.store.recorded_order import SUFFIX
from coreg.words import ENGLISH, say as word, speaking


def show_figures(given: argparse.Namespace) -> int:
    """Compare two hearts."""
    out = wanted_folder(given)  # before there is anything to lose
    tell(word("report.progress.reading"))
    name, summary = _summary(given)
    tell(word("report.progress.comparing"))
    seed = seed_of(summary.opened) if given.seed is None else given.seed
    found = tested(
        summary, _pacer(given, summary), surrogates=given.surrogates, seed=seed
    )
    if found.untested in {Untested.NO_COMMON_CLOCK, Untested.UNKNOWN_PACER}:
        raise BadRecordingError(
            together_words.untested(found.untested),
            "Choose a session in which both hearts were recorded together.",
        )
    if given.json:
        with speaking(ENGLISH):  # programs read it, whoever runs them
            say_json(_as_json(summary, found), indent=2)
    else:
        for line in _lines(summary, found):
            say(line.replace(NBSP, " "))
    if out is not None:
        page = therapist_page(summary, found)
        formats = (PageFormat.PDF, PageFormat.HTML)
        for path in write_page(page, out, f"{name}-synchrony", formats):
            tell(progress_words.written(str(path)))
    return 0


def _summary(given: argparse.Namespace) -> tuple[str, SessionSummary]:
    """Return what to call it, and the session; two sessions have two clocks."""
    if given.b is None and given.offset is not None:
        raise BadRecordingError(
            "A session holds both hearts on one clock.", "Leave out --offset."
        )
    if given.b is None:
        path = find_session(data_location(given.data_dir), given.a)
        summary = summary_of(path)
        need_both(summary)
        tell_of_unused([path])
        kept = Kept(folder_of(path), {})  # none where the file lies by itself
        return path.stem, heard_of(summary, kept.in_quiet(path.stem))
    for each in (given.a, given.b):
        if Path(each).suffix == SUFFIX:
            raise BadRecordingError(
                f"{each} is a session with a clock and a pacer of its own, so it "
                "can't be compared with another file.",
                "Give one session alone: it holds both hearts.",
            )
    a, b = (read_recording(Path(each)) for each in (given.a, given.b))
    tell_of_unused([Path(given.a), Path(given.b)])
    if given.offset:
        b = moved(b, given.offset)
    return f"{Path(given.a).stem}-{Path(given.b).stem}", pair_summary(a, b)


def _pacer(given: argparse.Namespace, summary: SessionSummary) -> Pacer:
    if given.pace is None:
        return shown_pacer(summary)
    if summary.opened.couple.source is not Source.RECORDINGS:
        raise BadRecordingError(
            "A session already knows its pace.", "Leave out --pace."
        )
    return steady_pacer(summary, given.pace)


def _lines(summary: SessionSummary, found: Together) -> list[str]:
    """Return all words and figures, a line each."""
    streams = zip(summary.hearts, summary.opened.straps.streams, strict=False)
    lines = [
        *(f"{heart.partner}: {in_own_words(stream)}" for heart, stream in streams),
        "",
        *signal_words.untrue(summary),
        *signal_words.irregular(summary),
        *together_words.tested(found, summary.opened),
        *together_words.power(found),
        *together_words.minutes(found, summary.start_s),
        *together_words.left_out(found, summary.in_quiet),
        *_caution(summary, found),
        *_marks_unused(summary),
        word("report.together.surrogates_are"),
        word("report.together.p_is"),
        word("report.couple.not_about_you"),
        "",
    ]
    beside = research(summary, found)
    if found.found is None or beside is None:
        return lines
    for stretch, phase in zip(found.stretches, found.found.per_phase, strict=True):
        name = together_words.stretch_name(stretch)
        lines.append(f"{name:18} {together_words.told(phase)}")
    practised = Practised(summary=summary, together=found, research=beside)
    table = measures_table(found.found, practised)
    rows = zip(table.rows, table.remarks, strict=True)
    told_once = ("", word("report.research.models"))
    return [
        *lines,
        "",
        *(f"{name:18} {v:>24}  {told}" for (name, v), told in rows),
        *told_once,
    ]


def _caution(summary: SessionSummary, found: Together) -> tuple[str, ...]:
    """Say what was taken for granted of recordings."""
    if summary.opened.couple.source is not Source.RECORDINGS:
        return ()
    if any(stretch.doing is Doing.PACED for stretch in found.stretches):
        return (word("report.together.one_pace"),)
    return (word("report.together.freely"),)


def _marks_in(summary: SessionSummary) -> dict[Partner, int]:
    """Return how many marks of the imported files each heart has; none of others."""
    if summary.opened.couple.source is not Source.RECORDINGS:
        return {}
    return {
        heart.partner: sum(each.partner is heart.partner for each in summary.file_marks)
        for heart in summary.hearts
    }


def _marks_unused(summary: SessionSummary) -> tuple[str, ...]:
    """Say that marks of the files are there, and that no figure rests on them."""
    marks = _marks_in(summary)
    if not any(marks.values()):
        return ()
    a, b = (marks.get(partner, 0) for partner in Partner)
    return (word("report.file_marks.unused", a=a, b=b),)


def _as_json(summary: SessionSummary, found: Together) -> dict[str, object]:
    """Return the figures by name; null where there is none."""
    of = found.found
    figures: dict[str, object] = {
        "streams": list(summary.opened.straps.streams),
        "seed": found.seed,
        "told": [
            sentence.replace(NBSP, " ")
            for sentence in together_words.tested(found, summary.opened)
        ],
        "untrue": [
            sentence.replace(NBSP, " ") for sentence in signal_words.untrue(summary)
        ],
        "irregular": [
            sentence.replace(NBSP, " ") for sentence in signal_words.irregular(summary)
        ],
        "untested": found.untested,
        "in_quiet": sorted(summary.in_quiet),
        "left_out": [each.name for each in found.left_out],
        "file_marks": {str(who): n for who, n in _marks_in(summary).items()},
        "file_marks_used": False,
    }
    if of is None:
        return figures
    return figures | {
        "p_hr": _number(of.p_hr),
        "p_rsa": _number(of.p_rsa),
        "p_any": _number(of.p_any),
        "r": _number(of.hr.r),
        "lag_s": _number(of.lag_s),
        "sign": of.sign,
        "p_direction": _number(of.p_direction),
        "lead": found.lead,
        "lag_resolution_s": _number(summary.opened.straps.lag_resolution_s),
        "shared_s": of.shared_s,
        "surrogates": of.surrogates,
        "missing": of.missing,
        "parts": [
            {
                "name": stretch.name,
                "part": stretch.part,
                "doing": stretch.doing,
                "answer": answer(phase),
                "r": _number(phase.hr.r),
                "lag_s": _number(phase.hr.lag_s),
                "p_hr": _number(phase.hr.p),
                "p_hr_holm": _number(phase.p_hr_holm),
                "p_rsa_holm": _number(phase.p_rsa_holm),
                "shared_s": phase.shared_s,
                "telling_minute_s": _number(minute.start_s) if minute else None,
                "left_without_it": _number(minute.left) if minute else None,
            }
            for stretch, phase, minute in zip(
                found.stretches, of.per_phase, found.minutes, strict=True
            )
        ],
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None

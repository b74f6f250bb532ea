"""An hour in lines, for whoever led it and nobody else."""

import math
from collections.abc import Mapping

from coreg.facts.events import Partner
from coreg.findings.hour import AroundMarks, Hour, Moment, Moments
from coreg.findings.marks import FEWEST_MARKS
from coreg.report.words.numbers import clock, figure
from coreg.words import in_words, say


def hour_lines(
    hour: Hour, called: Mapping[Partner, str], *, from_s: float = 0.0
) -> tuple[str, ...]:
    """Return an hour's moments, a line each, then what came after marks.

    Its time counts from `from_s` on, where more of the same hour came before.
    """
    return (
        *(
            f"{clock(from_s + each.t_s):>6}  {_words(each, called)}"
            for each in hour.moments
        ),
        *(say("report.hour.note", text=_one_line(text)) for text in hour.notes),
        *(_around(each, called) for each in hour.around),
    )


def _words(moment: Moment, called: Mapping[Partner, str]) -> str:
    match moment.what:
        case Moments.PART:
            return in_words(moment.words)
        case Moments.PAUSE:
            return say("report.hour.pause")
        case Moments.MARK:
            stands_for = moment.words or say("report.hour.unnamed")
            return say("report.hour.mark", key=moment.key, words=stands_for)
        case Moments.FILE_MARK if moment.partner is not None:
            name = called[moment.partner]
            return say("report.hour.file-mark", name=name, words=moment.words)
    return say("report.hour.note", text=_one_line(moment.words))


def _around(each: AroundMarks, called: Mapping[Partner, str]) -> str:
    of = each.response
    words = each.words or say("report.hour.unnamed")
    blanks: dict[str, str | int] = {
        "name": called[each.partner],
        "key": each.key,
        "words": words,
    }
    if math.isnan(of.change_bpm):
        return say("report.hour.silent", **blanks, n=of.marks, least=FEWEST_MARKS)
    return say(
        "report.hour.around",
        **blanks,
        n=of.marks,
        change=figure(of.change_bpm, 1),
        low=figure(of.low_bpm, 1),
        high=figure(of.high_bpm, 1),
        p=figure(of.p, 3),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())

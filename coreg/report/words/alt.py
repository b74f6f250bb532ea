"""What is said of pictures to somebody who cannot see them."""

import math

from coreg.findings.summary import SessionSummary
from coreg.report.words.numbers import clock, figure
from coreg.words import say


def hearts_alt(summary: SessionSummary) -> str:
    """Describe the chart of both hearts to somebody who cannot see it."""
    return " ".join((say("report.alt.hearts"), *_ranges(summary)))


def swings_alt(summary: SessionSummary) -> str:
    """Describe the chart of the swings."""
    measured = (
        say(
            "report.alt.breaths_of",
            name=summary.called[heart.partner],
            n=sum(map(math.isfinite, heart.swings.rsa_bpm)),
        )
        for heart in summary.hearts
    )
    return " ".join((say("report.alt.swings"), *measured))


def breaks(summary: SessionSummary) -> list[str]:
    """Say where nothing was recorded, which is grey."""
    return [
        say(
            "report.alt.not_recorded",
            since=clock(each.start_s - summary.start_s),
            until=clock(each.end_s - summary.start_s),
        )
        for each in summary.breaks
    ]


def _ranges(summary: SessionSummary) -> list[str]:
    spans = []
    for heart in summary.hearts:
        name = summary.called[heart.partner]
        known = [rate for rate in heart.hr_bpm.tolist() if math.isfinite(rate)]
        if known:
            low, high = figure(min(known), 0), figure(max(known), 0)
            spans.append(say("report.alt.range", name=name, low=low, high=high))
        else:
            spans.append(say("report.alt.unknown", name=name))
    return spans

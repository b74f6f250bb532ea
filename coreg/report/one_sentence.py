"""One sentence on the hearts of an evening: what is behind it is on its page.

Nothing here that the page does not say: it is the page's own first sentence.
"""

from coreg.facts.events import Partner, Source
from coreg.findings.heart import HeartFigures
from coreg.findings.summary import SessionSummary, need_both
from coreg.findings.together import together
from coreg.report.words import couple, settled


def of_both(summary: SessionSummary) -> str:
    """Return what one evening allows to say of both hearts.

    Raises
    ------
    HeartGone
        If one of them was erased.
    """
    need_both(summary)
    return couple.in_short(together(summary))


def of_one(summary: SessionSummary, partner: Partner) -> str:
    """Return whether a heart slowed down, or else between which rates it beat."""
    is_recorded = summary.opened.couple.source is Source.RECORDINGS
    if not is_recorded and summary.erased is None:
        sentence = settled.course(summary.settled[partner])
        if sentence is not None:
            return sentence
    return couple.own_range(_heart(summary, partner))[0]


def _heart(summary: SessionSummary, partner: Partner) -> HeartFigures:
    return summary.a if partner is Partner.A else summary.b

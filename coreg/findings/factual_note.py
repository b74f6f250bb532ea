"""What a therapist may copy into a record of an hour: facts, and nothing else.

A record may be asked for by a court, and read there by whoever wants to win. So nothing
of a heart stands in it but whether it was heard, nothing that anybody said, nothing of
what it may mean, and not who paused. What is not a field here cannot come in.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from coreg.base.local_time import local
from coreg.facts.both import Both
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import asked_pauses_s

WELL_HEARD: Final = 0.9
HALF_HEARD: Final = 0.5
"""For what share of the time a heart rate was known."""


class Heard(StrEnum):
    """How well both straps were heard: the worse of the two, and not whose it is."""

    WELL = "well"
    PARTLY = "partly"
    HARDLY = "hardly"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualNote:
    """One hour in facts.

    `on` is None where the recording does not say when it was. `pauses` are those that
    somebody asked for. `home_plan` is empty where there is none.
    """

    on: dt.date | None
    present: Both[str]
    practice: str
    minutes: int
    pauses: int
    heard: Heard
    home_plan: str
    seen_alone: Both[dt.date | None]


def factual_note(
    summary: SessionSummary,
    *,
    present: Both[str],
    home_plan: str,
    seen_alone: Both[dt.date | None],
) -> FactualNote:
    """Return what may be copied of one hour.

    Parameters
    ----------
    summary : SessionSummary
        The hour, recomputed.
    present : Both of str
        Who was there: a first name or a code each.
    home_plan : str
        The plan for home in words, empty where there is none.
    seen_alone : Both of date or None
        When each was seen alone last.
    """
    began = local(summary.opened.identity.opened_utc, summary.zone)
    return FactualNote(
        on=None if began is None else began.date(),
        present=present,
        practice=summary.practice,
        minutes=round(summary.recorded_s / 60),
        pauses=len(asked_pauses_s(summary.pauses, summary.breaks)),
        heard=_heard(summary),
        home_plan=home_plan,
        seen_alone=seen_alone,
    )


def _heard(summary: SessionSummary) -> Heard:
    share = min(heart.signal.heard_share for heart in summary.hearts)
    if share >= WELL_HEARD:
        return Heard.WELL
    return Heard.PARTLY if share >= HALF_HEARD else Heard.HARDLY

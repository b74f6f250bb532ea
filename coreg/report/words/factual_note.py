"""The lines of a note to copy: each a fact, none a figure of a heart."""

import datetime as dt

from coreg.facts.both import Both
from coreg.findings.factual_note import FactualNote
from coreg.words import day, in_words, say


def note_lines(note: FactualNote) -> tuple[str, ...]:
    """Return what stands in a note, a line a fact; what is not known is said so."""
    plan = note.home_plan or say("report.note.no_plan")
    return (
        say("report.note.date", day=_day(note.on)),
        say("report.note.present", names=_listed(note.present)),
        say("report.note.practice", practice=in_words(note.practice)),
        say("report.note.minutes", n=note.minutes),
        say("report.note.pauses", n=note.pauses),
        say(f"report.note.signal_{note.heard}"),
        say("report.note.plan", plan=plan),
        say("report.note.alone", days=_listed(_alone(note))),
    )


def _alone(note: FactualNote) -> Both[str]:
    return Both(
        *(
            say("report.note.alone_on", name=name, day=_day(on))
            for name, on in zip(note.present, note.seen_alone, strict=True)
        )
    )


def _day(on: dt.date | None) -> str:
    return say("report.note.unknown") if on is None else day(on)


def _listed(both: Both[str]) -> str:
    return ", ".join(both)

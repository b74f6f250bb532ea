"""The table over sessions: a row for each heart over the practice, and over each part.

Names of columns end in their unit. What is of both begins with `pair_`, and stands the
same in A's row and in B's.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from coreg.analysis.hrv import FLOORS, Extent
from coreg.findings.chest_breath import FEWEST_TOLD
from coreg.findings.study import SessionStudy, StudyRow, stretches_in
from coreg.findings.together import answer
from coreg.report.exchange.cells import Cell, csv_of
from coreg.report.exchange.dictionary import Column, dictionary_of
from coreg.report.exchange.file_format import TableFormat
from coreg.report.words.recording import UNITS, meaning
from coreg.words import ENGLISH, speaking

NAME: Final = "coreg-sessions"
BROKEN_OFF: Final = "broken off"
"""The ending of a session that has none: its recording stopped in the midst of it."""
_SPLIT: Final = "a pause split this part; each piece was tested by itself"
_ABOUT: Final[dict[str, object]] = {
    "table": "Each heart of each session over the whole practice (scope `practice`) and"
    " over each part of it (scope `part`), pauses left out. Take one scope at a time."
    " Figures of the practice leave out parts in which people talk, or may; of those"
    " there is the heart level alone, because breath goes with the words.",
    "pair": "Columns that begin with pair_ are of both hearts and stand the same in the"
    " row of either. p is the share of surrogates (these two hearts, shifted against"
    " each other) that are as alike; not corrected for the number of sessions.",
    "empty": "A figure is empty where too little was there for it; why_empty says so.",
    "left_out": "Sessions that either partner set aside are not in it.",
    "made_by": "coreg",
}


def table_files(
    studies: Sequence[SessionStudy], table_format: TableFormat
) -> dict[str, bytes]:
    """Return the table, and what its columns mean beside or within it."""
    columns = columns_of_table()
    names = [each.name for each in columns]
    rows = [row for study in studies for row in rows_of(study)]
    if table_format is TableFormat.CSV:
        return {
            f"{NAME}.csv": csv_of(names, [[row[n] for n in names] for row in rows]),
            f"{NAME}-columns.json": dictionary_of(columns, _ABOUT),
        }
    told = {
        **_ABOUT,
        "columns": [each.told() for each in columns],
        "rows": [{name: _known(row[name]) for name in names} for row in rows],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    return {f"{NAME}.json": f"{text}\n".encode()}


def _known(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def rows_of(study: SessionStudy) -> Iterator[dict[str, Cell]]:
    """Yield the rows of one session: each heart, the practice before its parts."""
    for row in study.rows:
        yield {
            **_of_session(study),
            **_of_row(study, row),
            **{name: getattr(row.hrv, name) for name in FLOORS},
            "clean_s": row.hrv.clean_s,
            "why_empty": _told(row.hrv.reasons),
            "cautions": _told(row.hrv.cautions),
            **_of_pair(study, row),
        }


def _of_session(study: SessionStudy) -> dict[str, Cell]:
    opened = study.summary.opened
    return {
        "session": study.name,
        "opened_utc": opened.identity.opened_utc,
        "practice": study.plan or study.summary.practice,
        "source": opened.couple.source.value,
        "is_damaged": int(study.summary.is_cut),
        "ending": study.summary.ending.value if study.summary.ending else BROKEN_OFF,
    }


def _of_row(study: SessionStudy, row: StudyRow) -> dict[str, Cell]:
    (heart,) = (each for each in study.summary.hearts if each.partner is row.partner)
    signal = heart.signal if row.part is None else None
    settled, breath, by_ecg = row.settled, row.breath, row.ecg_breath
    return {
        "partner": row.partner.value,
        "scope": "practice" if row.part is None else "part",
        "part": None if row.part is None else row.part.number + 1,
        "part_kind": None if row.part is None else row.part.kind,
        "part_name": None if row.part is None else row.part.name,
        "length_s": row.length_s,
        "beats": row.beats,
        "heard_share": None if signal is None else signal.heard_share,
        "gaps": None if signal is None else signal.gaps,
        "gap_s": None if signal is None else signal.gap_s,
        "over_counted_s": None if signal is None else signal.over_counted_s,
        "irregular_s": None if signal is None else signal.irregular_s,
        "settled_judged_s": None if settled is None else settled.judged_s,
        "settled_s": None if settled is None else settled.settled_s,
        "settled_by_chance_s": None if settled is None else settled.by_chance_s,
        "breath_paced": None if breath is None else breath.paced,
        "breath_followed": None if breath is None else breath.followed,
        "breath_own_way": None if breath is None else breath.own_way,
        "breath_steadiness": None if breath is None else breath.steadiness,
        "breath_known_s": None if breath is None else breath.known_s,
        "breath_quality": None if breath is None else breath.quality,
        "breath_by_ecg_known_s": None if by_ecg is None else by_ecg.known_s,
        "breath_by_ecg_per_min": None if by_ecg is None else by_ecg.rate_per_min,
        "breath_by_ecg_quality": None if by_ecg is None else by_ecg.quality,
    }


def _of_pair(study: SessionStudy, row: StudyRow) -> dict[str, Cell]:
    empty = dict.fromkeys((each.name for each in _PAIR), None)
    told = empty | {
        "pair_untested": study.together.untested,
        "pair_seed": study.together.seed,
        "pair_lag_resolution_s": study.summary.opened.straps.lag_resolution_s,
    }
    if study.together.found is None:
        return told
    return told | (_over_all(study) if row.part is None else _over_part(study, row))


def _over_all(study: SessionStudy) -> dict[str, Cell]:
    found = study.together.found
    if found is None:
        return {}
    return {
        "pair_untested": found.missing,
        "pair_p_hr": found.p_hr,
        "pair_p_rsa": found.p_rsa,
        "pair_p_any": found.p_any,
        "pair_r": found.hr.r,
        "pair_lag_s": found.lag_s,
        "pair_lead": study.together.lead,
        "pair_shared_s": found.shared_s,
        "pair_surrogates": found.surrogates,
    }


def _over_part(study: SessionStudy, row: StudyRow) -> dict[str, Cell]:
    found = study.together.found
    if row.part is None or found is None:
        return {}
    tested = stretches_in(row.part, study.together)
    if len(tested) != 1:
        return {"pair_untested": _SPLIT if tested else "not tested in this part"}
    ((stretch, phase),) = tested
    return {
        "pair_untested": phase.missing,
        "pair_doing": stretch.doing,
        "pair_answer": answer(phase),
        "pair_p_hr_holm": phase.p_hr_holm,
        "pair_p_rsa_holm": phase.p_rsa_holm,
        "pair_r": phase.hr.r,
        "pair_lag_s": phase.hr.lag_s,
        "pair_shared_s": phase.shared_s,
        "pair_surrogates": found.surrogates,
    }


def _told(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in reasons.items())


def columns_of_table() -> tuple[Column, ...]:
    """Return what stands in the table, column by column."""
    with speaking(ENGLISH):
        figures = tuple(
            Column(
                name=name,
                unit=UNITS[name],
                definition=f"{meaning(name)} (docs/measures.md)",
                floor=_floor(need),
            )
            for name, need in FLOORS.items()
        )
    return (*_SESSION, *_HEART, *figures, *_BESIDE, *_PAIR)


def _floor(need: Extent) -> str:
    """Return what a figure needs, in words."""
    wanted = [
        (need.clean_s, f"{need.clean_s:g} s of clean intervals"),
        (need.intervals, f"{need.intervals} clean intervals"),
        (need.differences, f"{need.differences} pairs of neighbours"),
        (need.covered, f"{need.covered:.0%} of the time covered"),
    ]
    return ", ".join(text for value, text in wanted if value)


def _column(name: str, unit: str, definition: str, floor: str = "") -> Column:
    return Column(name=name, unit=unit, definition=definition, floor=floor)


_SESSION: Final = (
    _column("session", "", "Name of the session."),
    _column("opened_utc", "", "When it was opened, in UTC."),
    _column("practice", "", "What was practised."),
    _column("source", "", "straps, recordings or simulated: where hearts come from."),
    _column("is_damaged", "", "1 where the recording is damaged; then of what reads."),
    _column("ending", "", "How the practice ended; broken off where it did not."),
)
_WHOLE: Final = "Of the whole practice alone."
_ECG: Final = f"Where an ECG and no chest acceleration was recorded. {_WHOLE}"
_CHEST: Final = f"By chest acceleration, where it was recorded. {_WHOLE}"
_HEART: Final = (
    _column("partner", "", "A or B: whose heart it is."),
    _column("scope", "", "practice: the whole of it; part: one part."),
    _column("part", "", "Number of the part, from 1."),
    _column("part_kind", "", "What kind of part it is."),
    _column("part_name", "", "What the practice calls it."),
    _column("length_s", "s", "How long it took, without pauses."),
    _column("beats", "", "How many beats were timed in it."),
    _column("heard_share", "", f"For what share the heart rate is known. {_WHOLE}"),
    _column("gaps", "", f"How often beats were lost. {_WHOLE}"),
    _column("gap_s", "s", f"For how long. {_WHOLE}"),
    _column(
        "over_counted_s",
        "s",
        f"How long beats took more time than passed; no figure is of that. {_WHOLE}",
    ),
    _column(
        "irregular_s",
        "s",
        f"How long the rhythm was irregular; no figure is of that. {_WHOLE}",
    ),
    _column(
        "settled_judged_s",
        "s",
        f"How long it could be judged whether this heart was settled. {_WHOLE}",
    ),
    _column("settled_s", "s", f"How long it was settled. Experimental. {_WHOLE}"),
    _column(
        "settled_by_chance_s",
        "s",
        f"How long people who do not change are called settled, on average. {_WHOLE}",
    ),
    _column("breath_paced", "", f"How many breaths were paced. {_CHEST}"),
    _column(
        "breath_followed",
        "",
        f"How many of these the chest went along with; others are not known. {_CHEST}",
    ),
    _column(
        "breath_own_way",
        "",
        f"How many of these it breathed at another rhythm. {_CHEST}",
    ),
    _column(
        "breath_steadiness",
        "",
        f"How steadily the chest kept its lag behind the pacer, 0 to 1. {_CHEST}",
        f"{FEWEST_TOLD} breaths of which one or the other is known",
    ),
    _column(
        "breath_known_s", "s", f"How long the rate of the breath was known. {_CHEST}"
    ),
    _column(
        "breath_quality",
        "",
        "Median share of the chest's slow movement that the breath explains, 0.8 to 1,"
        f" where its rate was known. {_CHEST}",
    ),
    _column(
        "breath_by_ecg_known_s",
        "s",
        f"How long the rate of the breath was known by ECG. {_ECG}",
    ),
    _column("breath_by_ecg_per_min", "breaths/min", f"Its median, while known. {_ECG}"),
    _column(
        "breath_by_ecg_quality",
        "",
        f"Median quality of that, 0.75 to 1. Tried on made-up hearts only. {_ECG}",
    ),
)
_BESIDE: Final = (
    _column("clean_s", "s", "How long the intervals last that the figures are of."),
    _column("why_empty", "", "By figure, why it is empty."),
    _column("cautions", "", "By figure, why it is to be read with care."),
)
_PAIR: Final = (
    _column("pair_untested", "", "Why the two hearts were not compared; else empty."),
    _column("pair_doing", "", "paced or free: what both did in this part."),
    _column(
        "pair_answer",
        "",
        "What may be said of heart rate in this part, corrected for all parts (Holm).",
    ),
    _column("pair_p_hr", "", f"p of heart rate. {_WHOLE}"),
    _column("pair_p_rsa", "", f"p of the swing with the breath. {_WHOLE}"),
    _column("pair_p_any", "", f"The smaller of both, corrected (Holm). {_WHOLE}"),
    _column("pair_p_hr_holm", "", "p of heart rate in this part, corrected (Holm)."),
    _column("pair_p_rsa_holm", "", "p of the swing in this part, corrected (Holm)."),
    _column(
        "pair_r",
        "",
        "Correlation of heart rate at the best lag; the session's course is taken out.",
    ),
    _column(
        "pair_lag_s",
        "s",
        "That lag; above 0: A before B. It says nothing where it is within"
        " pair_lag_resolution_s, or where pair_lead names nobody.",
    ),
    _column("pair_lead", "", f"Who comes first, if that can be said. {_WHOLE}"),
    _column("pair_lag_resolution_s", "s", "No lag finer than this may be claimed."),
    _column("pair_shared_s", "s", "How long both hearts were known."),
    _column("pair_surrogates", "", "How often chance was drawn."),
    _column("pair_seed", "", "The seed of chance: the same gives the same p."),
)

"""From one session file and parameters to rows: all that a worker does.

A pure function of what the file holds and of what it is given: the same gives the same
rows, on whichever computer, with whatever else is going on. What goes wrong with one
session is a row, too, and never the end of a run.
"""

import hashlib
import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from coreg.analysis.strangers import slow_heart_rate
from coreg.analysis.synchrony import Phase
from coreg.batch.prints import heart_print
from coreg.batch.work import Item, Parameters
from coreg.errors import CoregError, NotReleased, SessionError
from coreg.facts.events import Partner, Source
from coreg.findings.chance import SURROGATES
from coreg.findings.reading import summary_of_stored
from coreg.findings.study import SessionStudy, stretches_in, study_of
from coreg.findings.summary import SessionSummary, heard_of
from coreg.findings.timeline import BlockSpan
from coreg.findings.together import (
    Together,
    compared_heart,
    seed_of,
    shown_pacer,
    tested,
    together,
)
from coreg.report.exchange.cells import Cell
from coreg.report.exchange.session_table import rows_of
from coreg.store.reader import State, StoredSession, read_beginning
from coreg.words import ENGLISH, speaking

Row = Mapping[str, object]
_BREATHS_TO_S: Final = 1  # decimals: breaths a tenth of a second apart are the same


def session_rows(item: Item, parameters: Parameters) -> list[Row]:
    """Return the rows of one session; one row that says why where there are none."""
    with speaking(ENGLISH):
        try:
            return _rows(item, parameters)
        except CoregError as error:
            return [error_row(item, type(error).__name__, error.wrong)]
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of coreg's, and of this one
            return [error_row(item, f"fault: {type(error).__name__}", str(error))]


def error_row(item: Item, kind: str, words: str) -> Row:
    """Return the row of a session that has no figures."""
    return {**_of_file(item), "error_kind": kind, "error": words}


def folder_item(path: Path, folder: Path) -> Item:
    """Return what stands for a folder that can't be looked into: a row says so."""
    return Item(
        folder=str(folder.resolve()),
        file=f"{path.relative_to(folder).as_posix()}/",
        size=0,
        mtime_ns=0,
    )


def told_name(item: Item) -> str:
    """Return the name of a session's file as a table can hold it."""
    return item.file.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _rows(item: Item, parameters: Parameters) -> list[Row]:
    if item.file.endswith("/"):
        raise SessionError(
            "This folder can't be looked into: its sessions are not in the table.",
            "Let yourself read it, and run this again.",
        )
    session = read_beginning(item.path)
    _refuse(session, item)
    summary = heard_of(summary_of_stored(session), frozenset(item.in_quiet))
    study = study_of(Path(told_name(item)).stem, summary, test=_test(parameters))
    slow = _slow_series(study)
    prints = {
        heart.partner.value: heart_print(heart.rr_ms) or None
        for heart in (summary.a, summary.b)
    }
    return [
        {
            **row,
            **_of_file(item),
            **_beside_chance(study, row),
            **_of_part(study, row, slow),
            "couple": item.couple or _couple(summary),
            "heart_print": prints[str(row["partner"])] if row["part"] is None else None,
        }
        for row in rows_of(study)
    ]


def _refuse(session: StoredSession, item: Item) -> None:
    """Raise where there is nothing that may be told of a session.

    Who may see what was decided before (`coreg.cli.batch`); a file that changed since
    is not told of.
    """
    source = session.opened.couple.source
    if source is Source.STRAPS and not item.released:
        raise NotReleased(
            "Both people have to open it to each other first.",
            "Ask them to, and run this again.",
        )
    if source is Source.NOBODY:
        raise SessionError("It was practised without straps.", "Leave it out.")
    if session.state is State.RUNNING:
        raise SessionError("It is still being recorded.", "Wait until it is over.")


def _test(parameters: Parameters) -> "partial[Together]":
    """Return how synchrony is tested.

    As on the pages where chance is drawn as often, so that a session has one p.
    """
    if parameters.surrogates == SURROGATES:
        return partial(together)
    return partial(_tested, surrogates=parameters.surrogates)


def _tested(summary: SessionSummary, *, surrogates: int) -> Together:
    told = f"{seed_of(summary.opened)} {surrogates}".encode()
    seed = int.from_bytes(hashlib.sha256(told).digest()[:4], "big")
    pacer = shown_pacer(summary)
    return tested(summary, pacer, surrogates=surrogates, seed=seed)


def _of_file(item: Item) -> dict[str, Cell]:
    return {"file": told_name(item), "session": Path(told_name(item)).stem}


def _couple(summary: SessionSummary) -> str | None:
    """Return who they are where the session says it: of recordings nobody knows."""
    if summary.opened.couple.source is not Source.SIMULATED:
        return None
    return f"simulated {summary.opened.couple.seed}"


def _beside_chance(study: SessionStudy, row: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return how alike they were as it is counted, and what chance gives on average."""
    found = study.together.found
    if found is None:
        return {}
    part = _part(study, row)
    tested_in = stretches_in(part, study.together) if part else []
    if part is not None and len(tested_in) != 1:
        return {}
    likeness = tested_in[0][1].hr if part else found.hr
    if not math.isfinite(likeness.statistic):
        return {}
    return {
        "pair_statistic": likeness.statistic,
        "pair_by_chance": float(likeness.null.mean()),
    }


def _part(study: SessionStudy, row: Mapping[str, Cell]) -> BlockSpan | None:
    """Return the part that a row is of; None of the whole practice."""
    if row["part"] is None:
        return None
    return next(each for each in study.summary.phases if each.number + 1 == row["part"])


def _slow_series(study: SessionStudy) -> dict[tuple[Partner, float], list[float]]:
    """Return what is compared of each heart, by partner and start of the stretch."""
    stretches = study.together.stretches
    if study.together.found is None or not stretches:
        return {}
    phases = [
        Phase(name=each.name, start_s=each.start_s, end_s=each.end_s)
        for each in stretches
    ]
    pacer = shown_pacer(study.summary)
    return {
        (heart.partner, phase.start_s): x.tolist()
        for heart in (study.summary.a, study.summary.b)
        for phase, x in zip(
            phases,
            slow_heart_rate(compared_heart(heart), phases=phases, pacer=pacer),
            strict=True,
        )
        if x.size
    }


def _of_part(
    study: SessionStudy,
    row: Mapping[str, Cell],
    slow: Mapping[tuple[Partner, float], list[float]],
) -> dict[str, object]:
    """Return what strangers are compared by: the slow heart rate, and the programme."""
    part = _part(study, row)
    tested_in = stretches_in(part, study.together) if part else []
    if part is None or len(tested_in) != 1:
        return {}
    ((stretch, _),) = tested_in
    key = (Partner(str(row["partner"])), stretch.start_s)
    return {
        "pair_programme": _programme(study.summary, part),
        "pair_slow": slow.get(key),
    }


def _programme(summary: SessionSummary, part: BlockSpan) -> str:
    """Return a name that parts have in common in which the same was done.

    The plan, which of its parts, and every breath that was shown in it. Where hearts
    led the pacer no two are the same.
    """
    start_s = summary.pace.start_s
    inside = (start_s >= part.start_s) & (start_s < part.end_s)
    breaths = np.round(
        np.column_stack((start_s - part.start_s, summary.pace.end_s - part.start_s))[
            inside
        ],
        _BREATHS_TO_S,
    )
    told = f"{summary.opened.practice.plan_toml}\n{part.number}\n{breaths.tolist()}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]

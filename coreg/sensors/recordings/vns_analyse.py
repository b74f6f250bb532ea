"""VNS Analyse: text with a section for the raw intervals, and one for the corrected.

A heading such as `RR-Intervalle - Rohwerte (Aktiv)` begins a section; an interval a
line follows, some with a note behind a tab.
"""

import re
from typing import Final

from coreg.sensors.recordings.lines import fault_at, lines_of
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    ms_per_unit,
    one_after_another,
    one_of,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_text import (
    beginning_of,
    is_number,
    number_at,
    rr_at,
)

_HEADING: Final = re.compile(r"RR-Intervalle\s+[-\u2013]\s+\S.*")

_Lines = list[tuple[int, str]]


def _recognises(source: FileSource) -> bool:
    lines = beginning_of(source).splitlines()
    return any(_HEADING.fullmatch(line.strip()) for line in lines)


def _read(source: FileSource) -> Recording:
    rows = one_of(_sections(source), source.wanted.column, what="column")
    values = [number_at(cell, number) for number, cell in rows]
    per_unit = ms_per_unit([value for value in values if value > 0])
    return Recording(
        name=source.name,
        kind=Kind.VNS_ANALYSE,
        packets=one_after_another(
            rr_at(cell, per_unit, number) for number, cell in rows
        ),
        has_times=False,
        has_clock=False,
    )


def _sections(source: FileSource) -> list[tuple[str, _Lines]]:
    """Return each section by its heading; what stands before the first is left out."""
    sections: list[tuple[str, _Lines]] = []
    for number, text in lines_of(source.data):
        if _HEADING.fullmatch(text):
            sections.append((text, []))
        elif sections:
            cell = text.split("\t")[0].strip()
            if not is_number(cell):
                raise fault_at(
                    number, f"'{text[:40]}' is no RR interval.", EXPORT_AGAIN
                )
            sections[-1][1].append((number, cell))
    return sections


VNS_ANALYSE = Reader(recognises=_recognises, read=_read)

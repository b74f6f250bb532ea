"""Two printouts with a shape of their own: `rdann` of WFDB, and Garmin's FitCSVTool."""

import csv
import re
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import Lines
from coreg.sensors.recordings.text.cells import Cell, cell_in
from coreg.sensors.recordings.text.stamps import stamp_s
from coreg.sensors.recordings.text.table import Column, Table

_RDANN: Final = re.compile(
    r"\s*\[?(?P<time>\d+:\d\d[\d:.]*)(?:\s+[\d/]+\])?\]?\s+(?P<sample>\d+)\s+(?P<type>\S)\s+"
    r"-?\d+\s+-?\d+\s+-?\d+(?:\s.*)?"
)
# The beat labels of WFDB; all others say something else than a beat.
# https://physionet.org/physiotools/wpg/wpg_36.htm
_BEATS: Final = frozenset("NLRBAaJSVrFejnE/fQ?")
_FIT_HEADING: Final = "type,local number,message"
_FIT_EMPTY: Final = 65.535


def rdann_of(lines: Lines) -> Table | None:
    """Return the times of beats in what `rdann` printed, None if it is none."""
    written = [(number, text) for number, text in lines if text.strip()]
    if (
        written
        and "sample" in written[0][1].lower()
        and "type" in written[0][1].lower()
    ):
        written = written[1:]
    found = [(number, _RDANN.fullmatch(text)) for number, text in written]
    if len(found) < 3 or not all(each for _, each in found):
        return None
    beats = [(n, each) for n, each in found if each and each["type"] in _BEATS]
    times: list[Cell] = [stamp_s(each["time"]) for _, each in beats]
    return Table(
        lines=tuple(number for number, _ in beats),
        columns=(Column(name="beat [s]", place=1, cells=tuple(times)),),
        notes=(),
    )


def fit_csv_of(lines: Lines) -> Table | None:
    """Return the intervals in what FitCSVTool wrote, None if it is none."""
    first = next((text for _, text in lines if text.strip()), "")
    if not first.lstrip("\ufeff").lower().startswith(_FIT_HEADING):
        return None
    numbers: list[int] = []
    cells: list[Cell] = []
    for number, text in lines:
        row = [each.strip() for each in next(csv.reader([text]), [])]
        if len(row) < 5 or row[0].lower() != "data" or row[2].lower() != "hrv":
            continue
        values = _values_of(row, number)
        numbers.extend([number] * len(values))
        cells.extend(values)
    if not cells:
        raise BadRecordingError(
            "This FIT file, written as CSV, has no `hrv` messages: heart rates alone.",
            "Switch on the logging of heart rate variability in the watch.",
        )
    column = Column(name="RR [s]", place=1, cells=tuple(cells))
    return Table(lines=tuple(numbers), columns=(column,), notes=())


def _values_of(row: list[str], number: int) -> list[Cell]:
    fields = zip(row[3::3], row[4::3], strict=False)
    time = next((value for name, value in fields if name.lower() == "time"), "")
    values = [cell_in(each.strip()) for each in time.split("|")]
    if any(isinstance(each, str) for each in values):
        raise BadRecordingError(
            f"line {number}: '{time[:40]}' holds no intervals.", "Export it again."
        )
    return [each for each in values if each is not None and each != _FIT_EMPTY]

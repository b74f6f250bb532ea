"""Recordings: a file of intervals, and when each beat was."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coreg.api.checks import path_of
from coreg.api.cleaning import CleanBeats
from coreg.api.results import Result, frame, frozen
from coreg.facts.arrays import Floats
from coreg.findings.recording import CleanedRecording, cleaned, remarks_of
from coreg.sensors.recordings import reading
from coreg.sensors.recordings.source import Wanted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording(Result):
    """The heartbeats of one person, from a file.

    Attributes
    ----------
    name : str
        The file's name.
    kind : str
        What it was recognised as.
    rr_ms : ndarray, shape (n,), milliseconds
        The intervals as they were recorded, artefacts and marks of lost beats (0)
        included.
    t_s : ndarray, shape (n,), seconds
        Time of the beat that ends each interval: on the file's clock where it has one
        (arrivals, put back to the beats; the strap's own delay of a second or so stays
        in them), else the sum of the intervals.
    has_times : bool
        Whether the file says when its intervals were, and so tells of its own gaps.
    has_clock : bool
        Whether `t_s` may be laid beside that of another recording of the same clock.
    remarks : tuple of str
        What was met in the file: `clock-changed` by an hour, `stepped-back` by less
        than a second, `values-missing` (they are gaps), `unit-doubtful` (none is named,
        and in ms the heart beats fast), `unit-unlike-clock` (1000 to 1024),
        `beats-missing` (all over the file; neighbours are compared only where its times
        say that they are), `evenly-stamped` (rows at a fixed rate: heartbeats, or
        readings of something?), `under-counted` (for a minute or more far less time is
        in intervals than passed), `fill-values` (500 ms where there was no beat),
        `times-unread` (a column seems to hold times and could not be used: lost beats
        do not show), `marks-used` (beats that the file marks as artefacts or as not
        normal count nowhere), `marks-unused` (it marks beats in a way that can mean two
        things), `one-of-two` (of two columns that hold one heart, the one that was
        measured is read), `like-readings` (resampled?),
        `coarse-steps` (of 3 ms or more, which alone make RMSSD 2 % larger or more),
        `values-repeated` (far more equal neighbours than hearts have: written twice?),
        `unit-unlike-rates` (heart rates beside the intervals are 1000 to 1024 off),
        `rates-of-another` (they do not go with the intervals at all).
    remark_details : dict
        What a remark is about, by its name: the `column` or columns, the `other` one,
        and `n` rows.
    """

    name: str
    kind: str
    rr_ms: Floats
    t_s: Floats
    has_times: bool
    has_clock: bool
    remarks: tuple[str, ...]
    remark_details: Mapping[str, Mapping[str, str | int]]
    _cleaned: CleanedRecording = field(repr=False)

    def cleaned(self) -> CleanBeats:
        """Return its beats, cleaned by all that the file says: as `coreg analyze` does.

        More than `clean(rr_ms, t_s)` can: it knows from the packets where beats were
        lost, and where a strap counted more of them than there was time for.
        """
        of = self._cleaned
        return CleanBeats(
            t_s=self.t_s,
            rr_ms=self.rr_ms,
            nn_ms=frozen(of.nn_ms),
            labels=of.labels,
            corrected_ms=frozen(of.corrected_ms),
        )

    def to_dict(self) -> dict[str, object]:
        """Return it by name, in lists, numbers and texts: ready for `json.dumps`."""
        return {
            "name": self.name,
            "kind": self.kind,
            "rr_ms": self.rr_ms.tolist(),
            "t_s": self.t_s.tolist(),
            "has_times": self.has_times,
            "has_clock": self.has_clock,
            "remarks": list(self.remarks),
            "remark_details": {
                name: dict(about) for name, about in self.remark_details.items()
            },
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return a pandas table, a row an interval; MissingPackageError without."""
        return frame({"t_s": self.t_s, "rr_ms": self.rr_ms})


def read_recording(
    path: "str | os.PathLike[str]",
    *,
    column: str | None = None,
    person: str | None = None,
) -> Recording:
    r"""Read a file of RR intervals; what it is, is read from its content.

    Parameters
    ----------
    path : str or path
        Intervals as text or a table of them, in any unit that its heading names or its
        values leave no doubt of; a Polar `.hrm`, an export of Polar Sensor Logger or
        HRV Logger.
    column : str, optional
        Where several columns could be RR intervals: which, by its name or its place
        from 1.
    person : str, optional
        Where several people stand in one file: whose rows, or whose column.

    Returns
    -------
    Recording

    Raises
    ------
    BadRecordingError
        If it cannot be read, is no recording, can be read in two ways, or holds a value
        that cannot be; with its line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.txt"
    ...     _ = path.write_text("812\n790\n801\n")
    ...     recording = read_recording(path)
    >>> recording.kind, recording.rr_ms
    ('intervals as text', array([812., 790., 801.]))
    """
    found = reading.read_recording(path_of(path), Wanted(column=column, person=person))
    of = cleaned(found)
    return Recording(
        name=found.name,
        kind=found.kind.value,
        rr_ms=frozen(of.rr_ms),
        t_s=frozen(of.t_s),
        has_times=found.has_times,
        has_clock=found.has_clock,
        remarks=tuple(each.value for each in remarks_of(found, of)),
        remark_details={name: dict(about) for name, about in found.details.items()},
        _cleaned=of,
    )

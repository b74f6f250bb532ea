"""The real recordings of hearts, each read once in a run."""

import numpy as np

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.reading import read_recording
from tests.helpers.once import once_a_run
from tests.helpers.shared import DATA


@once_a_run
def real_hearts() -> list[tuple[str, Floats]]:
    """Return the name and the RR intervals (ms) of each file that is read as a heart.

    Reading takes longer than whatever is asked of what was read: among the files are
    ECGs of ten minutes.
    """
    hearts = []
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        try:
            hearts.append((path.name, np.array(read_recording(path).rr_ms)))
        except BadRecordingError:
            continue
    return hearts

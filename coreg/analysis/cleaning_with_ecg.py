"""What an ECG changes of a cleaned strap: it takes intervals away, and gives none back.

The strap's own intervals stay what every figure rests on. Its ECG, where there is one,
is evidence against some of them (decision 57):

* `ectopic`: both intervals of a beat that came early and looks unlike the heart's own;
* `missed`: an interval within which the ECG shows a beat that the strap did not report;
* `extra`: both intervals of a beat that the strap reported and the ECG does not show.

What intervals alone called otherwise gets the better name. An early beat that looks
ordinary is left to the intervals: it may be a breath, or begin above the ventricles.
"""

from collections.abc import Sequence

import numpy as np

from coreg.analysis.qrs_shape import QrsShapes
from coreg.analysis.two_witnesses import SHOWN, Heard, TwoWitnesses
from coreg.facts.arrays import Flags, Floats

_ECTOPIC, _MISSED, _EXTRA, _GAP = "ectopic", "missed", "extra", "gap"


def sure(shapes: QrsShapes) -> Flags:
    """Say which beats of an ECG may be held against a strap that did not report them.

    What neither looks like this heart nor came early may be a movement.
    """
    is_sure: Flags = (shapes.likeness >= SHOWN) | shapes.is_foreign
    return is_sure


def labels_with_ecg(
    labels: Sequence[str],
    strap: Heard,
    both: TwoWitnesses,
    shapes: QrsShapes,
) -> tuple[str, ...]:
    """Return what is said of each interval of a strap once its ECG is heard.

    Parameters
    ----------
    labels : sequence of str, shape (n,)
        What cleaning says of each (`coreg.analysis.cleaning.Cleaned`).
    strap : Heard
    both : TwoWitnesses
        The strap's beats and those of its ECG, compared.
    shapes : QrsShapes
        Of the beats of the ECG.

    Returns
    -------
    tuple of str, shape (n,)
        The same labels where the ECG says nothing.
    """
    told = list(labels)

    def say(at: int, label: str) -> None:
        if 0 <= at < len(told) and told[at] != _GAP:
            told[at] = label

    def both_of(beat: int, label: str) -> None:
        say(beat, label)
        if beat + 1 < len(told) and not strap.after_gap[beat + 1]:
            say(beat + 1, label)

    for beat in np.flatnonzero(both.only_strap).tolist():
        both_of(beat, _EXTRA)
    for seen in np.flatnonzero(both.only_ecg).tolist():
        say(_over(seen, both), _MISSED)
    for seen in np.flatnonzero(shapes.is_foreign).tolist():
        beat = int(both.strap_of[seen])
        if beat >= 0:
            both_of(beat, _ECTOPIC)
    return tuple(told)


def _over(seen: int, both: TwoWitnesses) -> int:
    """Return which interval of the strap goes over a beat that only the ECG shows."""
    after = both.strap_of[seen:]
    later = after[after >= 0]
    return int(later[0]) if later.size else -1


def rr_of_ms(t_s: Floats, after_gap: Flags) -> Floats:
    """Return the intervals between beats, NaN after a gap and at the first.

    Examples
    --------
    >>> rr_of_ms(np.array([0.0, 0.8, 3.0]), np.array([True, False, True]))
    array([ nan, 800.,  nan])
    """
    rr_ms = 1000 * np.diff(t_s, prepend=np.nan)
    return np.where(after_gap, np.nan, rr_ms)

"""How often are real hearts called settled that nobody asked to sit still?

Recordings of 24 minutes and more, most of them from Holter monitors, cut into sessions
of 20 minutes that overlap nowhere; stretches of ten seconds, heart rate alone, the
first two minutes for a reference. Nobody knows who settled in truth: people went about
their day. It shows what moving about does to a figure that is meant for sitting still.

    python -m benchmarks.settled_everyday

Needs the recordings beside the repository; exit status 2 without them.
"""

import sys

import numpy as np

from benchmarks.real_strangers import SESSION_S, Session, heart, sessions
from coreg.exercises.states.settled import SETTLED_CUT, SettledBelief, heart_reference

STRETCH_S, REFERENCE_STRETCHES = 10.0, 12
FEWEST_HEARD = 0.5


def called_settled(session: Session) -> float:
    """Return the share of a session; NaN where its beginning gives no reference."""
    heard = heart(session.rr_s)
    hr_bpm = []
    for start_s in np.arange(0.0, SESSION_S, STRETCH_S):
        inside = (heard.beat_t_s > start_s) & (heard.beat_t_s <= start_s + STRETCH_S)
        nn_ms = heard.nn_ms[inside & np.isfinite(heard.nn_ms)]
        is_heard = nn_ms.sum() >= 1000 * FEWEST_HEARD * STRETCH_S
        hr_bpm.append(float(60_000 / nn_ms.mean()) if is_heard else np.nan)
    reference = heart_reference(hr_bpm[:REFERENCE_STRETCHES])
    if reference is None:
        return np.nan
    belief = SettledBelief(reference)
    later = [
        belief.breath(hr_bpm=hr, wider=np.nan, length_s=STRETCH_S)
        for hr in hr_bpm[REFERENCE_STRETCHES:]
    ]
    return float(np.mean([each >= SETTLED_CUT for each in later]))


def main() -> int:
    cut = sessions()
    if not cut:
        print("The recordings are not beside the repository.", file=sys.stderr)
        return 2
    found = [(session.person, called_settled(session)) for session in cut]
    known = [(person, share) for person, share in found if np.isfinite(share)]
    shares = [share for _, share in known]
    people = {person for person, _ in known}
    print(f"{len(shares)} sessions of {len(people)} recordings, heart rate alone")
    print(f"called settled {np.mean(shares):.3f} of the time")
    print(f"ever in a session: {np.mean([share > 0 for share in shares]):.2f} of them")
    return 0


if __name__ == "__main__":
    sys.exit(main())

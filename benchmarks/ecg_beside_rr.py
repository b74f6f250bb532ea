"""What a strap's ECG adds to its own intervals, where the truth is planted.

    python -m benchmarks.ecg_beside_rr

*Ectopic*: an ECG from labelled hours of the MIT-BIH long-term database (V and F wide,
of either polarity, of a body each; S with the shape of N), and what cleaning finds with
and without it. *Faults*: annotated recordings of chest straps; the strap misses beats,
invents some, or is right while its ECG is noisy, and RMSSD of four ways to believe is
compared with that of the true beats. *Measured*: ten minutes of an H10.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_ecg import (
    CALM,
    MOVING,
    ROUGH,
    Motion,
    Person,
    anybody,
    made_ecg,
)
from benchmarks.r_peaks import RATE_HZ, SHARED, many_ventricular, pairs, record_100
from coreg.analysis.cleaning import clean
from coreg.analysis.cleaning_with_ecg import labels_with_ecg, rr_of_ms, sure
from coreg.analysis.qrs_shape import qrs_shapes
from coreg.analysis.r_peaks import r_peaks
from coreg.analysis.timedomain import rmssd_ms
from coreg.analysis.two_witnesses import Heard, TwoWitnesses, two_witnesses

Array = NDArray[np.float64]
NOISES: Final = {"calm": CALM, "moving": MOVING, "rough": ROUGH}
MINUTES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One heart by its strap and its ECG, cleaned without and with it."""

    strap: Heard
    ecg: Heard
    both: TwoWitnesses | None
    without: tuple[str, ...]
    with_ecg: tuple[str, ...]


def reviewed(strap_s: Array, strap_ms: Array, t_s: Array, ecg_uv: Array) -> Reviewed:
    """Go over a strap with its ECG as a review does."""
    found = r_peaks(t_s, ecg_uv, rate_hz=RATE_HZ)
    shapes = qrs_shapes(t_s, ecg_uv, found.t_s, found.after_gap)
    strap = Heard(
        t_s=strap_s,
        rr_ms=strap_ms,
        after_gap=np.zeros(strap_s.size, bool),
        is_sure=np.ones(strap_s.size, bool),
    )
    ecg = Heard(
        t_s=found.t_s,
        rr_ms=rr_of_ms(found.t_s, found.after_gap),
        after_gap=found.after_gap,
        is_sure=sure(shapes),
    )
    both = two_witnesses(strap, ecg)
    labels = clean(strap_ms).labels
    told = labels_with_ecg(labels, strap, both, shapes) if both else labels
    return Reviewed(strap=strap, ecg=ecg, both=both, without=labels, with_ecg=told)


def ventricular(person: Person, rng: np.random.Generator) -> Person:
    """Return the same body as a beat from its ventricles runs through it: wide."""
    height_uv = person.heights_uv[2] * rng.uniform(0.6, 1.5)
    height_uv *= rng.choice([-1.0, 1.0], p=[0.7, 0.3])
    return Person(
        delays_s=(0.0, 0.07, 0.3),
        widths_s=(rng.uniform(0.022, 0.035), rng.uniform(0.025, 0.04), 0.05),
        heights_uv=(height_uv, -height_uv * rng.uniform(0.2, 0.7), -height_uv * 0.3),
        breath=person.breath,
    )


STILL = Motion(
    baseline_uv=0,
    hiss_uv=0,
    muscle_uv=0,
    bursts_per_min=0,
    shift_uv=0,
    shifts_per_min=0,
)


def labelled_ecg(
    beats_s: Array, is_wide: NDArray[np.bool_], motion: Motion, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the ECG of somebody some of whose beats come from the ventricles."""
    person = anybody(rng)
    wide = ventricular(person, rng)
    t_s, ecg_uv = made_ecg(beats_s[~is_wide], person, motion, rng)
    if not is_wide.any():
        return t_s, ecg_uv
    other_s, other_uv = made_ecg(beats_s[is_wide], wide, STILL, rng)
    size = max(t_s.size, other_s.size)
    whole = np.zeros(size)
    whole[: ecg_uv.size] += ecg_uv
    whole[: other_uv.size] += other_uv
    return max(t_s, other_s, key=len), np.round(whole)


def labelled() -> Iterator[tuple[str, Array, list[str]]]:
    """Yield ten minutes at a time of labelled hours."""
    for path in sorted((SHARED / "data" / "ltdb_labelled_beats").glob("*.csv")):
        with path.open() as lines:
            rows = [
                (float(each["t_s"]), each["label"]) for each in csv.DictReader(lines)
            ]
        start_s = rows[0][0]
        for number in range(6):
            low, high = (start_s + 60 * MINUTES * (number + k) for k in (0, 1))
            part = [(t - low + 1.0, label) for t, label in rows if low <= t < high]
            if len(part) > 100:
                yield path.stem, np.array([t for t, _ in part]), [x for _, x in part]


def ectopic(motion: Motion, seed: int) -> str:
    counts: dict[str, list[tuple[int, int]]] = {}
    for k, (_, beats_s, labels) in enumerate(labelled()):
        rng = np.random.default_rng([seed, k])
        kind = np.array(labels)
        t_s, ecg_uv = labelled_ecg(beats_s, np.isin(kind, ("V", "F")), motion, rng)
        rr_ms = np.round(np.diff(beats_s) * 1024) / 1.024
        of = reviewed(beats_s[1:] + 1.5, rr_ms, t_s, ecg_uv)
        odd = kind[1:] != "N"
        near = odd.copy()
        for away in (1, 2, 3):
            near[away:] |= odd[:-away]
            near[:-away] |= odd[away:]
        early = rr_ms < 0.92 * np.median(rr_ms)
        for name, said in (("without", of.without), ("with", of.with_ecg)):
            aside = np.array(said) != "normal"
            for what, which in (
                ("V, F", np.isin(kind[1:], ("V", "F"))),
                ("V, F early", np.isin(kind[1:], ("V", "F")) & early),
                ("S", kind[1:] == "S"),
                ("N away", ~near),
            ):
                counts.setdefault(f"{what} {name}", []).append(
                    (int((aside & which).sum()), int(which.sum()))
                )
    return "; ".join(
        f"{name} {sum(a for a, _ in each)}/{sum(b for _, b in each)}"
        for name, each in counts.items()
    )


Fault = Callable[[Array, np.random.Generator], Array]


def right(beats_s: Array, _rng: np.random.Generator) -> Array:
    return beats_s


def misses(beats_s: Array, rng: np.random.Generator) -> Array:
    return beats_s[rng.random(beats_s.size) > 0.03]


def invents(beats_s: Array, rng: np.random.Generator) -> Array:
    at = np.flatnonzero(rng.random(beats_s.size - 1) < 0.03)
    between = beats_s[at] + rng.uniform(0.35, 0.65, at.size) * np.diff(beats_s)[at]
    return np.sort(np.concatenate((beats_s, between)))


FAULTS: Final[dict[str, Fault]] = {
    "strap right": right,
    "strap misses 3 %": misses,
    "strap invents 3 %": invents,
}


def sitting(seeds: range) -> Iterator[tuple[Array, np.random.Generator]]:
    folder = SHARED / "data" / "gudb_cheststrap_rpeaks"
    for seed in seeds:
        for k, path in enumerate(sorted(folder.glob("*.tsv"))):
            beats_s = np.loadtxt(path) / 250
            yield beats_s[beats_s > 0.5], np.random.default_rng([seed, k])


def faults(motion: Motion, fault: Fault, seeds: range) -> str:
    off: dict[str, list[float]] = {"raw": [], "strap": [], "ECG": [], "both": []}
    only = np.zeros(4, int)
    planted = np.zeros(2, int)
    unmatched = 0
    for beats_s, rng in sitting(seeds):
        t_s, ecg_uv = made_ecg(beats_s, anybody(rng), motion, rng)
        strap_s = fault(beats_s, rng)
        rr_ms = np.round(np.diff(strap_s) * 1024) / 1.024
        of = reviewed(strap_s[1:] + rng.uniform(0, 2.5), rr_ms, t_s, ecg_uv)
        truth_ms = np.diff(beats_s) * 1000
        true_rmssd = rmssd_ms(clean(truth_ms).nn_ms)
        ecg_ms = of.ecg.rr_ms
        ecg_labels = clean(ecg_ms).labels
        for name, nn_ms in (
            ("raw", rr_ms),
            ("strap", np.where(_normal(of.without), rr_ms, np.nan)),
            ("ECG", np.where(_normal(ecg_labels), ecg_ms, np.nan)),
            ("both", np.where(_normal(of.with_ecg), rr_ms, np.nan)),
        ):
            off[name].append(abs(rmssd_ms(nn_ms) / true_rmssd - 1))
        if of.both is None:
            unmatched += 1
            continue
        told = _told(of, strap_s[1:], beats_s)
        only += told
        planted += (
            np.setdiff1d(strap_s, beats_s).size,
            np.setdiff1d(beats_s, strap_s).size,
        )
    shares = ", ".join(
        f"{name} {100 * np.mean(each):.2f} ± {_error(each):.2f}"
        for name, each in off.items()
    )
    return (
        f"RMSSD off by, %: {shares}; of {planted[0]} invented told {only[0]}, wrongly"
        f" {only[1]}; of {planted[1]} missed told {only[2]}, wrongly {only[3]};"
        f" not matched {unmatched}"
    )


def _told(of: Reviewed, strap_s: Array, beats_s: Array) -> NDArray[np.int64]:
    """Count beats said to be the strap's alone, and the ECG's alone: true and false."""
    assert of.both is not None
    alone_s = strap_s[of.both.only_strap]
    is_true = np.isin(alone_s, beats_s)
    seen_s = of.ecg.t_s[of.both.only_ecg]
    missed_s = np.setdiff1d(beats_s, strap_s)
    _, found = pairs(seen_s, missed_s)
    return np.array(
        [(~is_true).sum(), is_true.sum(), len(found), seen_s.size - len(found)]
    )


def _normal(labels: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([label == "normal" for label in labels], dtype=np.bool_)


def _error(each: list[float]) -> float:
    return float(100 * np.std(each, ddof=1) / np.sqrt(len(each)))


def measured() -> str:
    t_s, ecg_uv, rr_ms = many_ventricular()
    of = reviewed(np.cumsum(rr_ms) / 1000, rr_ms, t_s, ecg_uv)
    assert of.both is not None
    apart_ms = np.abs(of.both.difference_ms)
    apart_ms = apart_ms[np.isfinite(apart_ms)]
    without, beside = (
        {label: said.count(label) for label in sorted(set(said))}
        for said in (of.without, of.with_ecg)
    )
    return (
        f"{of.both.matched} beats of both, only the strap's {of.both.only_strap.sum()},"
        f" only the ECG's {of.both.only_ecg.sum()}; |difference| median"
        f" {np.median(apart_ms):.2f} ms, largest {apart_ms.max():.1f} ms;"
        f" without {without}, with {beside}"
    )


def atrial() -> str:
    t_s, ecg_uv, true_s = record_100()
    rr_ms = np.round(np.diff(true_s) * 1024) / 1.024
    of = reviewed(true_s[1:] + 1.0, rr_ms, t_s, ecg_uv)
    return (
        f"without {sum(each != 'normal' for each in of.without)} set aside, with"
        f" {sum(each != 'normal' for each in of.with_ecg)}, named ectopic by shape"
        f" {sum(a != b for a, b in zip(of.without, of.with_ecg, strict=True))}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=20)
    asked = parser.parse_args()
    print("Measured, H10:", measured())
    print("MIT-BIH 100, six atrial beats:", atrial(), flush=True)
    for name, motion in NOISES.items():
        print(f"Ectopic, {name}:", ectopic(motion, asked.seed), flush=True)
    for name, motion in NOISES.items():
        for what, fault in FAULTS.items():
            told = faults(motion, fault, range(asked.seed, asked.seed + 1))
            print(f"{what}, ECG {name}: {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

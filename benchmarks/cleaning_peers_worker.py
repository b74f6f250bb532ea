"""Runs inside the peers' own environment: intervals in, one flag an interval out.

Called by `cleaning_peers.py`. Standard input: {recording: [rr_ms, ...]} as JSON.
Standard output: {peer and version: {recording: [flag, ...]}}. Whichever peer cannot be
imported ends it with an error.
"""

import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

Flags = Callable[[Any], Any]


def neurokit2() -> Flags:
    library = import_module("neurokit2")

    def flags(rr_ms: Any) -> Any:
        peaks = np.concatenate(([0], np.cumsum(rr_ms))).round().astype(int)
        found, _ = library.signal_fixpeaks(
            peaks, sampling_rate=1000, iterative=False, method="Kubios"
        )
        marked = np.zeros(peaks.size, dtype=bool)
        for kind in ("ectopic", "missed", "extra", "longshort"):
            marked[np.array(found[kind], dtype=int)] = True
        return marked[1:]  # the interval that ends with the peak

    return flags


def systole() -> Flags:
    library = import_module("systole.detection")

    def flags(rr_ms: Any) -> Any:
        found = library.rr_artefacts(rr_ms)
        kinds = ("ectopic", "short", "long", "extra", "missed")
        return np.any([found[kind] for kind in kinds], axis=0)

    return flags


def hrv_analysis(method: str) -> Flags:
    vars(np).setdefault("trapz", np.trapezoid)  # hrv-analysis wants the old name
    library = import_module("hrvanalysis")

    def flags(rr_ms: Any) -> Any:
        kept = library.remove_ectopic_beats(list(rr_ms), method=method, verbose=False)
        return np.isnan(np.array(kept, dtype=float))

    return flags


def heartpy() -> Flags:
    library = import_module("heartpy")

    def flags(rr_ms: Any) -> Any:
        worked, _ = library.process_rr(
            list(rr_ms),
            threshold_rr=True,
            clean_rr=True,
            clean_rr_method="quotient-filter",
        )
        return np.array(worked["RR_masklist"], dtype=bool)

    return flags


PEERS: dict[str, tuple[str, Callable[[], Flags]]] = {
    "Kubios": ("neurokit2", neurokit2),
    "artefacts": ("systole", systole),
    "malik": ("hrv-analysis", lambda: hrv_analysis("malik")),
    "karlsson": ("hrv-analysis", lambda: hrv_analysis("karlsson")),
    "threshold and quotient": ("heartpy", heartpy),
}


def main() -> None:
    recordings = {name: np.array(rr_ms) for name, rr_ms in json.load(sys.stdin).items()}
    found: dict[str, dict[str, list[bool]]] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for method, (library, load) in PEERS.items():
            flags = load()
            found[f"{library} {version(library)}, {method}"] = {
                name: [bool(flag) for flag in flags(rr_ms)]
                for name, rr_ms in recordings.items()
            }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

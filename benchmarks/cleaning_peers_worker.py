"""Runs inside the peers' own environment: intervals in, one flag an interval out.

Called by `cleaning_peers.py`. Standard input: {recording: [rr_ms, ...]} as JSON.
Standard output: {peer: {recording: [flag, ...]}}.
"""

import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
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


PEERS: dict[str, Callable[[], Flags]] = {
    "NeuroKit2, Kubios": neurokit2,
    "systole": systole,
    "hrv-analysis, malik": lambda: hrv_analysis("malik"),
    "hrv-analysis, karlsson": lambda: hrv_analysis("karlsson"),
}


def main() -> None:
    recordings = {name: np.array(rr_ms) for name, rr_ms in json.load(sys.stdin).items()}
    found: dict[str, dict[str, list[bool]]] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for peer, load in PEERS.items():
            flags = load()
            found[peer] = {
                name: [bool(flag) for flag in flags(rr_ms)]
                for name, rr_ms in recordings.items()
            }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

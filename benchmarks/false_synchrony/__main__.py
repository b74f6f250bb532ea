"""How often does a method call two people together who never met?

    python -m benchmarks.false_synchrony [--evenings N] [--first SEED]
        [--methods NAME ...] [--kinds NAME ...] [--method MODULE:FUNCTION]

Prints, for each method and each kind of evening, the share of evenings with p < .05 and
its standard error. Among strangers it should be .05; among coupled ones, the more the
better, but only of a method that holds its level among strangers.
"""

import argparse
import importlib
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from benchmarks.false_synchrony.evenings import (
    COUPLED,
    REAL,
    SIMULATED,
    Evening,
    of_kind,
)
from benchmarks.false_synchrony.methods import METHODS, Method

CALLED = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--evenings", type=int, default=100)
    parser.add_argument("--first", type=int, default=90_000)
    kinds = (*SIMULATED, *REAL, *COUPLED)
    parser.add_argument("--kinds", nargs="*", default=list(kinds), choices=kinds)
    parser.add_argument(
        "--methods", nargs="*", default=list(METHODS), choices=list(METHODS)
    )
    parser.add_argument("--method", action="append", default=[], help="yours")
    given = parser.parse_args(arguments)
    methods = {name: METHODS[name] for name in given.methods}
    methods |= {name: _method(name) for name in given.method}
    print(f"{given.evenings} evenings a kind, seeds from {given.first}; share called")
    width = max(map(len, methods))
    with ProcessPoolExecutor() as pool:
        for kind in given.kinds:
            meant = "called rightly" if kind in COUPLED else "called falsely"
            evenings = list(of_kind(kind, given.evenings, given.first))
            print(f"\n{kind}: {meant}, n {len(evenings)}", flush=True)
            for name, method in methods.items():
                p = np.array(list(pool.map(partial(_p, method), evenings, chunksize=4)))
                print(f"  {name:{width}}  {_share(p)}", flush=True)
    return 0


def _method(name: str) -> Method:
    module, _, function = name.partition(":")
    found: Method = getattr(importlib.import_module(module), function)
    return found


def _p(method: Method, evening: Evening) -> float:
    return method(evening)


def _share(p: np.ndarray) -> str:
    known = p[np.isfinite(p)]
    if not known.size:
        return "none could be tested"
    share = float((known < CALLED).mean())
    error = math.sqrt(max(share * (1 - share), 1 / known.size**2) / known.size)
    untested = f", {p.size - known.size} not tested" if known.size < p.size else ""
    return f"{share:.3f} ± {error:.3f}{untested}"


if __name__ == "__main__":
    raise SystemExit(main())

"""How often does a method call two people together who never met?

    python -m benchmarks.false_synchrony [--evenings N] [--first SEED]
        [--methods NAME ...] [--kinds NAME ...] [--method MODULE:FUNCTION]

Prints, for each method and each kind of evening, the share of evenings with p < .05 and
its standard error. Among strangers it should be .05; among coupled ones, the more the
better, but only of a method that holds its level among strangers. Where the same people
are in many pairs the error is found by leaving out one person at a time.
"""

import argparse
import importlib
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.false_synchrony.errors import counted, over_people
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
    packages = ", ".join(
        f"{each} {version(each)}" for each in ("coreg", "numpy", "scipy")
    )
    print(f"Python {platform.python_version()}, {packages}")
    width = max(map(len, methods))
    with ProcessPoolExecutor() as pool:
        for kind in given.kinds:
            meant = "called rightly" if kind in COUPLED else "called falsely"
            evenings = of_kind(kind, given.evenings, given.first)
            people = [each.people for each in evenings if each.people is not None]
            everybody = {person for pair in people for person in pair}
            of = f" pairs of {len(everybody)} people" if people else ""
            print(f"\n{kind}: {meant}, n {len(evenings)}{of}", flush=True)
            asked = partial(_p, list(methods.values()))
            found = np.array(list(pool.map(asked, evenings, chunksize=4)))
            for at, name in enumerate(methods if evenings else ()):
                print(f"  {name:{width}}  {_share(found[:, at], people)}", flush=True)
    return 0


def _method(name: str) -> Method:
    module, _, function = name.partition(":")
    found: Method = getattr(importlib.import_module(module), function)
    return found


def _p(methods: Sequence[Method], evening: Evening) -> list[float]:
    return [method(evening) for method in methods]


def _share(p: np.ndarray, people: list[tuple[str, str]]) -> str:
    known = np.isfinite(p)
    if not known.any():
        return "none could be tested"
    called = p[known] < CALLED
    error = counted(called)
    if people:
        tested = [
            pair for pair, is_known in zip(people, known, strict=True) if is_known
        ]
        error = over_people(called, tested)
    untested = f", {int((~known).sum())} not tested" if not known.all() else ""
    return f"{called.mean():.3f} ± {error:.3f}{untested}"


if __name__ == "__main__":
    raise SystemExit(main())

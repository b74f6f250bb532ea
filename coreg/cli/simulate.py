"""`coreg simulate`: reproducible couples, for research, teaching and trying out."""

import argparse
import asyncio
import csv
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

from coreg.cli.common import make_out_folder, say, tell
from coreg.errors import StorageUnusable
from coreg.facts.events import NS_PER_S, Input, Notification, Opened, Partner
from coreg.facts.opened import PracticeChosen
from coreg.sensors.decoding import heart_rate
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.sensors.simulation.couple_file import CoupleFile
from coreg.sensors.simulation.truth import COLUMNS, truth_facts, truth_rows
from coreg.session.couple_shelf import USUAL, couple_of
from coreg.session.engine import Output
from coreg.session.live import Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.plan_shelf import found_plan
from coreg.session.sources import SessionSource, hearts_of, simulated_couple
from coreg.store.folder import data_location
from coreg.store.session_log import SessionLog

AS_FAST_AS_POSSIBLE = 1e9
# Reproducible files hold no time of day: simulated evenings begin here.
EPOCH = dt.datetime(2000, 1, 1, 20, 0, tzinfo=dt.UTC)


def run(given: argparse.Namespace) -> int:
    """Write the couples."""
    described = couple_of(given.couple or USUAL)
    found = found_plan(given.practice, data_location(given.data_dir))
    text, plan = found.text, found.plan
    make_out_folder(given.out)
    for number in range(given.couples):
        seed = given.seed + number
        couple = simulated_couple(seed=seed, described=described)
        hearts = hearts_of(
            couple, described=described, seed=seed, speed=AS_FAST_AS_POSSIBLE
        )
        opened = _opened(hearts, text, given.minutes or 0.0)
        path = given.out / f"couple-{seed:04d}.coreg"
        _practise(path, opened, hearts)
        _write_truth(path, couple, described, plan.name)
        tell(f"couple {number + 1} of {given.couples}")
        say(str(path))
    return 0


def _opened(hearts: SessionSource, plan_toml: str, breathing_min: float) -> Opened:
    token = f"{hearts.seed:04d}"[-4:]
    evening = EPOCH + dt.timedelta(days=hearts.seed % 36500)
    chosen = PracticeChosen(
        plan_toml=plan_toml,
        ends_with_source=hearts.ends_with_source,
        breathing_min=breathing_min,
        steps_wait=False,
        taps=False,
        finds_pace=False,
    )
    who = identity(evening, token, consent="simulated people")
    return opening(who, hearts, chosen)


def _practise(path: Path, opened: Opened, hearts: SessionSource) -> None:
    # Also what a killed run left: SQLite would read its log into the new file.
    for left in (path, *map(Path, (f"{path}-wal", f"{path}-shm"))):
        left.unlink(missing_ok=True)
    arrivals = _Arrivals()
    with SessionLog.create(path, opened) as log:
        asyncio.run(practise(opened, hearts.source, log, Presses(), [arrivals]))
    if log.trouble is not None:
        raise StorageUnusable(
            f"{path} isn't complete: {log.trouble}", "Free some space."
        )
    arrivals.write(path)


def _write_truth(
    path: Path, couple: SimulatedCouple, described: CoupleFile, practice: str
) -> None:
    """Write what they truly did beside the session: seconds as CSV, the rest JSON."""
    _write_csv(path.with_name(f"{path.stem}-truth.csv"), COLUMNS, truth_rows(couple))
    facts = {
        "couple": described.name,
        "practice": practice,
        **truth_facts(couple, described.script),
    }
    text = json.dumps(facts, indent=1, sort_keys=True)
    path.with_name(f"{path.stem}-truth.json").write_text(f"{text}\n", encoding="utf-8")


def _write_csv(
    path: Path, columns: Iterable[str], rows: Iterable[tuple[object, ...]]
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


class _Arrivals:
    """A listener that keeps what each strap sent, as `--replay` takes it."""

    def __init__(self) -> None:
        self._rows: dict[Partner, list[tuple[float, float]]] = {p: [] for p in Partner}

    def __call__(self, given: Input, _outputs: list[Output]) -> None:
        if isinstance(given, Notification):
            t_s = given.t_ns / NS_PER_S
            rr_ms = heart_rate.decode(given.data).rr_ms
            self._rows[given.partner] += [(t_s, each) for each in rr_ms]

    def write(self, path: Path) -> None:
        """Write one CSV a partner beside the session file."""
        for partner, rows in self._rows.items():
            target = path.with_name(f"{path.stem}-{partner}.csv")
            _write_csv(target, ("arrival_s", "rr_ms"), rows)

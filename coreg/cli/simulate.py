"""`coreg simulate`: reproducible couples, for research, teaching and trying out."""

import argparse
import asyncio
import csv
import datetime as dt
import sys
from pathlib import Path

from coreg.cli.common import Commands, add_command, make_out_folder, minutes, whole
from coreg.cli.practise import MAIN_PRACTICE
from coreg.engine import Output
from coreg.errors import StorageUnusable
from coreg.events import NS_PER_S, Input, Notification, Opened, Partner
from coreg.live import Presses, practise, versions
from coreg.sensors import heart_rate
from coreg.sources import simulated_hearts
from coreg.store.library import new_session_id
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog

AS_FAST_AS_POSSIBLE = 1e9
# Reproducible files hold no time of day: simulated evenings begin here.
EPOCH = dt.datetime(2000, 1, 1, 20, 0, tzinfo=dt.UTC)


def add_commands(commands: Commands) -> None:
    """Add `simulate`."""
    command = add_command(
        commands,
        "simulate",
        run,
        does="write reproducible simulated couples: a session file each, and both "
        "partners' arrivals as CSV",
        example="coreg simulate --out couples --couples 3 --seed 10",
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--couples", type=whole, default=1, help="(default: 1)")
    command.add_argument(
        "--seed", type=whole, default=1, help="the first couple's seed (default: 1)"
    )
    command.add_argument("--minutes", type=minutes, help="length of breathing together")


def run(given: argparse.Namespace) -> int:
    """Write the couples."""
    make_out_folder(given.out)
    for seed in range(given.seed, given.seed + given.couples):
        path = _couple(given.out, seed, given.minutes or 0.0)
        print(f"couple {seed} of {given.seed + given.couples - 1}", file=sys.stderr)
        print(path)
    return 0


def _couple(out: Path, seed: int, breathing_min: float) -> Path:
    hearts = simulated_hearts(seed=seed, speed=AS_FAST_AS_POSSIBLE)
    token = f"{seed:04d}"[-4:]
    evening = EPOCH + dt.timedelta(days=seed % 36500)
    session_id = new_session_id(evening, token)
    opened = Opened(
        t_ns=0,
        session_id=session_id,
        opened_utc=evening.isoformat(timespec="milliseconds"),
        source=hearts.kind,
        streams=hearts.streams,
        common_clock=hearts.common_clock,
        latency_s=hearts.delays.latency_s,
        lag_resolution_s=hearts.delays.lag_resolution_s,
        seed=seed,
        plan_toml=plan_text(MAIN_PRACTICE),
        breathing_min=breathing_min,
        steps_wait=False,
        ends_with_source=hearts.ends_with_source,
        consent="simulated people",
        versions=versions(),
    )
    path = out / f"couple-{seed:04d}.coreg"
    # Also what a killed run left: SQLite would read its log into the new file.
    for left in (path, *map(Path, (f"{path}-wal", f"{path}-shm"))):
        left.unlink(missing_ok=True)
    arrivals = _Arrivals()
    with SessionLog.create(path, opened) as log:
        asyncio.run(practise(opened, hearts.source, log, Presses(), [arrivals]))
    if log.trouble is not None:
        raise StorageUnusable(f"{path} is not whole: {log.trouble}", "Make room.")
    arrivals.write(path)
    return path


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
            with target.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(("arrival_s", "rr_ms"))
                writer.writerows(rows)

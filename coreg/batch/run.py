"""A run over many sessions: what is left to do, done by an engine, and one table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coreg.base import locks
from coreg.batch.engines import Engine
from coreg.batch.shards import ShardFolder, about_run
from coreg.batch.work import USUAL_LIMIT_S, Item, Parameters, shards_of
from coreg.errors import StorageUnusable
from coreg.words import system_said

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run; `found_done` were there from one that was stopped.

    `unfinished` have figures of what was recorded before they broke off, or before
    the first fault of their file.
    """

    sessions: int
    found_done: int
    errors: int
    unfinished: int


def run(
    items: Sequence[Item],
    out: Path,
    parameters: Parameters,
    *,
    engine: Engine,
    progress: Progress,
    chunk: int | None = None,
    limit_s: float = USUAL_LIMIT_S,
) -> Outcome:
    """Work all sessions out that are not yet, and write the table.

    Raises
    ------
    StorageUnusable
        If something cannot be written, or another run writes the same table.
    MissingPackageError
        If pyarrow is not installed.
    """
    shards = shards_of(items, parameters, chunk=chunk, limit_s=limit_s)
    with _only_one(out):
        folder = ShardFolder(out)
        done = folder.begin(shards)
        found = sum(len(each.items) for each in shards if each.name in done)
        finished = found
        progress(finished, len(items))
        for shard, content in engine([s for s in shards if s.name not in done]):
            folder.keep(shard, content)
            finished += len(shard.items)
            progress(finished, len(items))
        merged = folder.merge(shards, about_run(shards))
        folder.clear()
    return Outcome(
        sessions=len(items),
        found_done=found,
        errors=merged.errors,
        unfinished=merged.unfinished,
    )


@contextmanager
def _only_one(out: Path) -> Iterator[None]:
    """Be the only run that writes this table."""
    path = out.with_name(f".{out.name}.lock")
    try:
        lock = locks.take(path)
    except OSError as error:
        raise StorageUnusable(
            f"{out.parent} can't be written to ({system_said(error)}).",
            "Choose another place with --out.",
        ) from error
    if lock is None:
        raise StorageUnusable(
            f"Another run is writing {out}.", "Wait for it, or choose another --out."
        )
    try:
        yield
    finally:
        lock.remove()

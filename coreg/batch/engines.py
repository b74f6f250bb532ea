"""Who works shards out: this process, or a pool of processes on this computer.

A session that ends its process, as one that takes all memory does, ends neither the
run nor the rows of others: what was under way is tried again alone, session by session.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Final

from coreg.batch.limit import rows_within
from coreg.batch.session import Row, error_row
from coreg.batch.table import parquet_of
from coreg.batch.work import Item, Parameters, Shard

Worked = tuple[Shard, bytes]
Engine = Callable[[Sequence[Shard]], Iterator[Worked]]
"""Takes shards and gives them back with their rows, in whichever order."""
_AHEAD: Final = 2
"""Shards handed out a worker: the next one waits there, the rest here."""
DIED: Final = "WorkerDied"
DIED_WORDS: Final = (
    "The process that worked on it ended, twice. It may take more memory than is there."
)


def shard_parquet(shard: Shard) -> bytes:
    """Return the rows of a shard as Parquet."""
    return parquet_of(
        row
        for item in shard.items
        for row in rows_within(item, shard.parameters, shard.limit_s)
    )


def serial(shards: Sequence[Shard]) -> Iterator[Worked]:
    """Work shards out one after another, in this process."""
    for shard in shards:
        yield shard, shard_parquet(shard)


def pool(shards: Sequence[Shard], *, workers: int) -> Iterator[Worked]:
    """Work shards out in processes of their own."""
    waiting = list(reversed(shards))
    while waiting:
        under_way: dict[Future[bytes], Shard] = {}
        try:
            with _processes(workers) as executor, _let_go(executor):
                while waiting or under_way:
                    while waiting and len(under_way) < _AHEAD * workers:
                        shard = waiting[-1]
                        under_way[executor.submit(shard_parquet, shard)] = shard
                        waiting.pop()
                    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield under_way[future], future.result()
                        del under_way[future]
        except BrokenProcessPool:
            # Nobody knows which of these it was.
            for shard in under_way.values():
                yield shard, _one_by_one(shard)


@contextmanager
def _let_go(executor: ProcessPoolExecutor) -> Iterator[None]:
    """Begin nothing more once the run is stopped."""
    try:
        yield
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise


def _one_by_one(shard: Shard) -> bytes:
    """Work a shard out of which a session may end its process."""
    rows = list[Row]()
    for item in shard.items:
        rows += _apart(item, shard.parameters, shard.limit_s)
    return parquet_of(rows)


def _apart(item: Item, parameters: Parameters, limit_s: float) -> list[Row]:
    with _processes(1) as executor:
        try:
            return executor.submit(rows_within, item, parameters, limit_s).result()
        except BrokenProcessPool:
            return [error_row(item, DIED, DIED_WORDS)]


def _processes(workers: int) -> ProcessPoolExecutor:
    # New ones, not forks: those would have this one's threads, locks and open files.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_quietly,
    )


def _end_quietly() -> None:
    """Let Ctrl-C end a worker without a word: the terminal tells all of them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

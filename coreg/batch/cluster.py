"""Shards worked out by Dask's workers, on this computer or on many.

Strategy.

1. Before the first shard is handed out every worker says which code it has and whether
   it sees the first session's file. One without coreg, with another one or without the
   folder ends the run in words; and one that joins later is found by its first shard.
2. A few shards a thread are handed out at a time, so that the scheduler holds no more
   of a million sessions than of a thousand. Rows come back here and are written here.
3. A worker that dies has its shards given to another one by Dask. A shard that killed
   several is tried session by session; the one that kills again has a row that says so.
4. A scheduler that is gone is waited for, and what was not back yet is handed out
   again. What came back is on the disk already (`shards`).
"""

import logging
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from coreg.base.packages import installing
from coreg.batch.engines import DIED, DIED_WORDS, Worked, shard_parquet
from coreg.batch.limit import rows_within
from coreg.batch.session import Row, error_row
from coreg.batch.table import parquet_of
from coreg.batch.work import Item, Parameters, Shard, code_version
from coreg.errors import ClusterError, MissingPackageError

_AHEAD: Final = 2
_CONNECT_S: Final = 10
_WORKERS_WITHIN_S: Final = 300
_TRIES: Final = 60
"""How often a scheduler that is gone is looked for, `_CONNECT_S` each time."""


class OtherCode(Exception):
    """A worker has another coreg than the one that handed out the shard."""


class _SchedulerGone(Exception):
    """What was handed out comes back no more."""


def dask(
    shards: Sequence[Shard],
    *,
    address: str,
    tell: Callable[[str], None],
    security: Any = None,
) -> Iterator[Worked]:
    """Have shards worked out by the workers of a scheduler.

    `security` lets one in there; None is what Dask's own settings say.

    Raises
    ------
    ClusterError
        If no scheduler or worker answers, or a worker has other code or no files.
    MissingPackageError
        If Dask is not installed here.
    """
    waiting = {each.name: each for each in shards}
    tries = 1
    while waiting:
        try:
            with _client(address, tries=tries, security=security) as client:
                _need_workers(client, address, _to_be_seen(waiting.values()))
                for shard, content in _as_they_come(client, list(waiting.values())):
                    del waiting[shard.name]
                    yield shard, content
        except _SchedulerGone:
            tell("The scheduler is gone. Waiting for it to come back.")
            tries = _TRIES


def dask_here(
    shards: Sequence[Shard], *, workers: int, tell: Callable[[str], None]
) -> Iterator[Worked]:
    """Have shards worked out by a scheduler and workers that are started here.

    They listen on this computer alone, to nobody but each other, and end with the run.
    """
    if shards:
        with started_here(workers) as (address, security):
            yield from dask(shards, address=address, tell=tell, security=security)


@contextmanager
def started_here(workers: int) -> Iterator[tuple[str, Any]]:
    """Yield the address of a scheduler with workers, and what lets one in there.

    Whoever reaches a scheduler can run code on its workers, other users of this
    computer, too: so both sides show a certificate that is made for this run. What
    Dask also serves to any browser here, by itself at port 8787, shows no certificate
    and names tasks: it gets a port that is free, and has nothing to say.
    """
    distributed = _distributed()
    import dask  # noqa: PLC0415 - comes with it

    silent: dict[str, list[str]] = {
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with (
        dask.config.set(silent),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            host="127.0.0.1",
            protocol="tls",
            security=distributed.Security.temporary(),
        ) as cluster,
    ):
        yield cluster.scheduler_address, cluster.security


def shard_on_worker(shard: Shard) -> bytes:
    """Return the rows of a shard, by no other code than it was handed out for."""
    if shard.code != code_version():
        raise OtherCode(code_version())
    return shard_parquet(shard)


def session_on_worker(item: Item, parameters: Parameters, limit_s: float) -> list[Row]:
    """Return the rows of one session."""
    return rows_within(item, parameters, limit_s)


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 - only who has a cluster has it
    except ImportError as error:
        raise MissingPackageError(
            "This takes Dask, which isn't installed.",
            f"Install it from coreg's folder: {installing('cluster')}",
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # said in our words
    return distributed


@contextmanager
def _client(address: str, *, tries: int, security: Any) -> Iterator[Any]:
    distributed = _distributed()
    client = None
    for _ in range(tries):
        try:
            client = distributed.Client(
                address,
                timeout=_CONNECT_S,
                direct_to_workers=False,
                security=security,
            )
            break
        except (OSError, TimeoutError):
            continue
        except ValueError as error:
            raise ClusterError(
                f"{address} isn't the address of a scheduler.",
                "It looks like tcp://host:8786; `dask scheduler` prints it.",
            ) from error
    if client is None:
        raise ClusterError(
            f"No Dask scheduler answers at {address}.",
            "Start one with `dask scheduler`, and give the address that it prints.",
        )
    try:
        yield client
    finally:
        client.close(timeout=_CONNECT_S)


def _to_be_seen(shards: Collection[Shard]) -> Path:
    """Return what every worker has to see: a file that is read here, or the folder.

    Not the first one, whatever it is: a broken link is a row, and no worker's fault.
    """
    paths = (item.path for shard in shards for item in shard.items)
    found = (path for path in paths if path.is_file() and os.access(path, os.R_OK))
    return next(found, Path(next(iter(shards)).items[0].folder))


def _need_workers(client: Any, address: str, seen: Path) -> None:
    """Raise unless all workers can do what they will be given."""
    try:
        client.wait_for_workers(1, timeout=_WORKERS_WITHIN_S)
        said = client.run(_probe(), str(seen), on_error="return")
    except TimeoutError as error:
        raise ClusterError(
            f"The scheduler at {address} has no workers.",
            f"Start some with `dask worker {address}`.",
        ) from error
    except OSError as error:
        raise _SchedulerGone from error
    for worker, answer in said.items():
        if wrong := _wrong_with(answer, str(seen)):
            raise ClusterError(f"The worker {worker} {wrong[0]}.", wrong[1])


def _probe() -> Callable[[str], dict[str, object]]:
    """Return what each worker is asked.

    A function within a function goes there as it is written; another one would only be
    named, and a worker without coreg could not even say so.
    """

    def probe(path: str) -> dict[str, object]:
        import os  # noqa: PLC0415 - on the worker

        try:
            import pyarrow.parquet  # noqa: F401, PLC0415

            from coreg.batch.work import code_version as code  # noqa: PLC0415
        except ImportError as error:
            return {"missing": error.name, "sees": True, "code": ""}
        return {"missing": None, "sees": os.access(path, os.R_OK), "code": code()}

    return probe


def _wrong_with(answer: Any, path: str) -> tuple[str, str] | None:
    if isinstance(answer, BaseException):
        return f"doesn't answer ({answer})", "Start it anew."
    if answer["missing"] is not None:
        command = installing("cluster", "formats")
        return (
            f"has no {answer['missing']}",
            f"Install it there, from coreg's folder: {command}",
        )
    if answer["code"] != code_version():
        return (
            f"has {answer['code']}, and here is {code_version()}",
            "Install the same versions on both, and start the worker anew.",
        )
    if not answer["sees"]:
        return (
            f"can't read {path}",
            "Put the sessions where all of them find them under the same name.",
        )
    return None


def _as_they_come(client: Any, shards: Sequence[Shard]) -> Iterator[Worked]:
    """Yield shards as they come back, a few a thread under way."""
    distributed = _distributed()
    left = iter(shards)
    under_way: dict[str, Shard] = {}
    coming = distributed.as_completed()

    def hand_out() -> None:
        wanted = _AHEAD * max(1, sum(client.nthreads().values()))
        while len(under_way) < wanted and (shard := next(left, None)) is not None:
            future = client.submit(
                shard_on_worker, shard, key=f"coreg-{shard.name}", pure=False
            )
            under_way[future.key] = shard
            coming.add(future)

    _unless_gone(hand_out)
    while under_way:
        future = next(coming)
        shard = under_way.pop(future.key)
        content = _unless_gone(partial(_content, client, future, shard))
        future.release()
        yield shard, content
        _unless_gone(hand_out)


def _unless_gone(do: Callable[[], Any]) -> Any:
    """Return what is done; raise where the scheduler is there no more."""
    cancelled = _distributed().CancelledError  # which those of Dask's own are, too
    try:
        return do()
    except ClusterError:
        raise
    except (cancelled, OSError) as error:  # a closed connection is one
        raise _SchedulerGone from error


def _content(client: Any, future: Any, shard: Shard) -> bytes:
    distributed = _distributed()
    try:
        content: bytes = future.result()
    except distributed.KilledWorker:
        return _one_by_one(client, shard)
    except OtherCode as error:
        raise ClusterError(
            f"A worker that joined has {error}, and here is {code_version()}.",
            "Install the same versions on both, and give the same command again.",
        ) from error
    except ImportError as error:
        raise ClusterError(
            f"A worker that joined has no {error.name}.",
            "Install there what is installed here, and give the same command again.",
        ) from error
    return content


def _one_by_one(client: Any, shard: Shard) -> bytes:
    """Work a shard out of which a session may end its worker."""
    distributed = _distributed()
    rows = list[Row]()
    for item in shard.items:
        future = client.submit(
            session_on_worker, item, shard.parameters, shard.limit_s, pure=False
        )
        try:
            rows += future.result()
        except distributed.KilledWorker:
            rows.append(error_row(item, DIED, DIED_WORDS))
    return parquet_of(rows)

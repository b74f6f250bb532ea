"""Shards on the disk: each whole or not there, and one table of them at the end."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from coreg.base.packages import package
from coreg.base.whole_file import HALF_MADE_SUFFIX, made_whole, write_whole
from coreg.batch.limit import TOO_LONG
from coreg.batch.session import told_name
from coreg.batch.table import schema_of
from coreg.batch.work import Shard
from coreg.errors import StorageUnusable
from coreg.report.exchange.session_table import BROKEN_OFF
from coreg.words import system_said

FOLDER_SUFFIX: Final = ".shards"
"""Beside the table: what a run that was stopped has done already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """How many sessions of a table have no figures, or figures of a part only."""

    errors: int
    unfinished: int


class ShardFolder:
    """The shards of one table, in a folder beside it.

    Only who holds the table's lock may change it (`coreg.cli.batch`).
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._folder = out.with_name(out.name + FOLDER_SUFFIX)

    def begin(self, shards: Iterable[Shard]) -> frozenset[str]:
        """Return which of these are done; what belongs to none of them goes.

        Raises
        ------
        StorageUnusable
            If the folder cannot be made or read.
        """
        names = {each.name: len(each.items) for each in shards}
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for path in self._folder.iterdir():
                if path.suffix == HALF_MADE_SUFFIX or path.stem not in names:
                    path.unlink()
            return frozenset(name for name in names if self._is_done(name))
        except OSError as error:
            raise self._unusable(error) from error

    def keep(self, shard: Shard, content: bytes) -> None:
        """Keep the rows of a shard, whole or not at all.

        Raises
        ------
        StorageUnusable
            If they cannot be written.
        """
        try:
            write_whole(self._path(shard.name), content)
        except OSError as error:
            raise self._unusable(error) from error

    def merge(self, shards: Sequence[Shard], about: dict[str, object]) -> Merged:
        """Write the table of all shards, in their order.

        Raises
        ------
        StorageUnusable
            If it cannot be written, or a shard does not hold what its name says.
        """
        parquet = package("pyarrow.parquet")
        schema, errors, unfinished = schema_of(about), 0, 0
        try:
            with (
                made_whole(self._out) as half_made,
                parquet.ParquetWriter(half_made, schema, compression="zstd") as writer,
            ):
                for shard in shards:
                    table = parquet.read_table(self._path(shard.name))
                    self._need_all(shard, table)
                    errors += table.num_rows - table["error_kind"].null_count
                    unfinished += _unfinished(table)
                    writer.write_table(table.cast(schema))
        except OSError as error:
            raise self._unusable(error) from error
        return Merged(errors=errors, unfinished=unfinished)

    def clear(self) -> None:
        """Remove the shards once the table is there: they say no more than it."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                path.unlink()
            self._folder.rmdir()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"

    def _is_done(self, name: str) -> bool:
        """Whether a shard is there and reads; one that the disk has lost is not.

        One in which time was not enough isn't either: next time it may be.
        """
        path = self._path(name)
        if not path.exists():
            return False
        arrow, parquet = package("pyarrow"), package("pyarrow.parquet")
        try:
            kinds = parquet.read_table(path, columns=["error_kind"])["error_kind"]
        except (OSError, arrow.ArrowInvalid):
            path.unlink()
            return False
        return TOO_LONG not in kinds.to_pylist()

    def _need_all(self, shard: Shard, table: Any) -> None:
        """Raise unless each session is in its shard, in one piece and in its place."""
        pieces = [name for name, _ in groupby(table["file"].to_pylist())]
        if pieces != [told_name(each) for each in shard.items]:
            self._path(shard.name).unlink()
            raise StorageUnusable(
                f"A part of the rows of {self._out} is not what it should be.",
                "Run this again: that part is worked out anew.",
            )

    def _unusable(self, error: OSError) -> StorageUnusable:
        return StorageUnusable(
            f"{self._folder} can't be written or read ({system_said(error)}).",
            "Choose another place with --out, or free some space there.",
        )


def _unfinished(table: Any) -> int:
    """Return how many sessions broke off or are damaged, and have figures."""
    asked = table.select(["file", "ending", "is_damaged"]).to_pylist()
    return len(
        {
            each["file"]
            for each in asked
            if each["ending"] == BROKEN_OFF or each["is_damaged"]
        }
    )


def about_run(shards: Sequence[Shard]) -> dict[str, object]:
    """Return what a table says of the run that it came from."""
    first = shards[0]
    return {
        "code": first.code,
        "surrogates": first.parameters.surrogates,
        "sessions": sum(len(each.items) for each in shards),
    }

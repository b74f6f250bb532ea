"""What there is to do: sessions in shards, each by a name that says what is in it.

A shard is done where a file of its name is there. The name is a hash of everything that
its rows depend on: which code, which parameters, which sessions, how their files looked
and what was said of them. So a run that died goes on where it was, and nothing that an
older coreg or another parameter gave is ever taken for an answer.
"""

import hashlib
import importlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

import coreg
from coreg.facts.events import InQuiet

USUAL_CHUNK: Final = 200
"""Sessions a shard at most: what handing one out costs is then little beside it."""
USUAL_LIMIT_S: Final = 1800.0
"""How long one session may take: a hundred times what an hour's takes."""
_SHARDS_AT_LEAST: Final = 32
_NUMBERS: Final = ("numpy", "scipy")
"""Packages that numbers come from: another version may give another last digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What figures depend on besides the sessions."""

    surrogates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One session file, as it was found.

    `file` is its name below `folder`, with `/`. `size` and `mtime_ns` are those of the
    file and of the log that may lie beside it. `couple` is whose it is, empty where
    only the session knows. `released` says that both opened it to each other and gave
    their passcodes; where the hearts are nobody's, it says nothing. `in_quiet` is what
    either said of its free time.
    """

    folder: str
    file: str
    size: int
    mtime_ns: int
    couple: str = ""
    released: bool = False
    in_quiet: tuple[InQuiet, ...] = ()

    @property
    def path(self) -> Path:
        """Where the file is."""
        return Path(self.folder) / self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Sessions whose rows are written together, and the name of their file.

    `limit_s` is how long each of them may take.
    """

    name: str
    items: tuple[Item, ...]
    parameters: Parameters
    code: str
    limit_s: float


def found_item(path: Path, folder: Path) -> Item:
    """Return a session file as it lies there.

    Raises
    ------
    OSError
        If it is not there any more.
    """
    seen = path.stat()
    size, mtime_ns = seen.st_size, seen.st_mtime_ns
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        beside = log.stat()
        size, mtime_ns = size + beside.st_size, max(mtime_ns, beside.st_mtime_ns)
    return Item(
        folder=str(folder.resolve()),
        file=path.relative_to(folder).as_posix(),
        size=size,
        mtime_ns=mtime_ns,
    )


def shards_of(
    items: Sequence[Item],
    parameters: Parameters,
    *,
    chunk: int | None = None,
    limit_s: float = USUAL_LIMIT_S,
) -> tuple[Shard, ...]:
    """Return the sessions in shards, in the order of their names.

    How many are in one depends on nothing but how many there are: whoever goes on with
    fewer workers finds the same shards.
    """
    ordered = sorted(items, key=lambda each: each.file)
    size = chunk or min(USUAL_CHUNK, -(-len(ordered) // _SHARDS_AT_LEAST)) or 1
    code = code_version()
    return tuple(
        Shard(
            name=_name(some, parameters, code),
            items=some,
            parameters=parameters,
            code=code,
            limit_s=limit_s,
        )
        for at in range(0, len(ordered), size)
        for some in [tuple(ordered[at : at + size])]
    )


def _name(items: Sequence[Item], parameters: Parameters, code: str) -> str:
    told = json.dumps(
        [code, asdict(parameters), [{**asdict(each), "folder": ""} for each in items]],
        sort_keys=True,
    )
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:32]


@cache
def code_version() -> str:
    """Return which code numbers come from: versions, and a hash of coreg's own files.

    A version alone says too little: whoever changes coreg has the same one for long.
    """
    versions = "+".join(
        f"{name}-{importlib.import_module(name).__version__}" for name in _NUMBERS
    )
    return f"coreg-{coreg.__version__}-{_sources_hash()}+{versions}"


def _sources_hash() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    """Yield whatever a figure may come from: code, plans and words, not pages."""
    root = Path(coreg.__file__).parent
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            if name.endswith((".py", ".toml", ".json")):
                yield Path(folder) / name

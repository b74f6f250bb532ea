"""What a disk may hold after a power cut, from a record of what it was asked to do.

Whatever was synced is there. Of everything later each 512-byte sector may be there or
not, in any combination: disks keep no order between two syncs.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SECTOR = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing the disk was asked to do; letters as in failing_disk.c."""

    what: str
    name: str
    at: int
    data: bytes


@dataclass(slots=True)
class Content:
    """One file: what is safe, and what was asked for since."""

    safe: bytearray = field(default_factory=bytearray)
    later: list[Change] = field(default_factory=list)


def read_changes(trace: Path) -> list[Change]:
    """Return what the disk was asked to do, in order."""
    return list(_changes(trace.read_bytes()))


def acknowledged(changes: list[Change]) -> int:
    """Return how many events the program had called safe."""
    return max((each.at for each in changes if each.what == "A"), default=0)


def after_power_cut(
    changes: list[Change], rng: np.random.Generator
) -> dict[str, bytes]:
    """Return the files that may be found after a power cut at the end of `changes`."""
    files: dict[str, Content] = {}
    for each in changes:
        _take(files, each)
    return {name: _found(content, rng) for name, content in files.items()}


def _take(files: dict[str, Content], change: Change) -> None:
    match change.what:
        case "W" | "T":
            files.setdefault(change.name, Content()).later.append(change)
        case "S" if change.name in files:
            content = files[change.name]
            for each in content.later:
                _apply(content.safe, each)
            content.later.clear()
        case "U":
            files.pop(change.name, None)
        case "R" if change.name in files:
            files[change.data.decode()] = files.pop(change.name)


def _found(content: Content, rng: np.random.Generator) -> bytes:
    found = bytearray(content.safe)
    share = rng.random()  # now most of it arrived, now hardly anything
    for each in content.later:
        for part in _sectors(each):
            if rng.random() < share:
                _apply(found, part)
    return bytes(found)


def _sectors(change: Change) -> Iterator[Change]:
    """Split a write where the disk's sectors end; a cut happens or not."""
    if change.what == "T":
        yield change
        return
    start, end = change.at, change.at + len(change.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        data = change.data[start - change.at : stop - change.at]
        yield Change(what="W", name=change.name, at=start, data=data)
        start = stop


def _apply(content: bytearray, change: Change) -> None:
    if change.what == "T":
        del content[change.at :]
    content.extend(bytes(max(0, change.at - len(content))))
    content[change.at : change.at + len(change.data)] = change.data


def _changes(record: bytes) -> Iterator[Change]:
    place, head = 0, struct.Struct("=cqqq")
    while place < len(record):
        what, name_bytes, at, size = head.unpack_from(record, place)
        place += head.size
        name = record[place : place + name_bytes].decode()
        place += name_bytes
        data = record[place : place + size]
        place += size
        yield Change(what=what.decode(), name=name, at=at, data=data)

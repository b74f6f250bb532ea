"""A gzip or zip file -> the one recording packed in it, within limits.

What is packed is small and what comes out may be without end, so the output is counted
while it comes, and nothing is believed of what the file says about its own size.
"""

import gzip
import io
import zipfile
import zlib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import IO, Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_BYTES
from coreg.sensors.recordings.packets import listed
from coreg.sensors.recordings.source import FileSource

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# Deflate packs at most 1032 to 1; intervals written as text pack 3 to 10 to 1.
_LARGEST_RATIO: Final = 200
_SMALL: Final = 1_000_000  # below this no ratio does harm
_PIECE: Final = 1 << 16
# Others unpack a whole block before anybody can count it.
_COUNTED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MOST_ENTRIES: Final = 10_000

# Where several files are packed together, the one that holds the intervals.
_HOLDS_INTERVALS: Final = ("ibi.csv", "samples.json")  # Empatica E4; the Suunto app
_HOLDS_MARKS: Final = ("tags.csv",)  # Empatica E4
_OFFICE: Final = {
    "xl/workbook.xml": ("an Excel table", "Save it there as CSV."),
    "word/document.xml": ("a Word document", "Save the numbers as plain text."),
    "content.xml": ("an OpenDocument table or text", "Save it there as CSV."),
    "index/document.iwa": ("a Numbers or Pages document", "Export it there as CSV."),
}
_DAMAGED: Final = "Download or pack it again."


def unpacked(source: FileSource) -> FileSource:
    """Return what is packed in a file, or the file itself where nothing is.

    Raises
    ------
    BadRecordingError
        If it is damaged, too large, packed twice, or holds not just one recording.
    """
    beside: dict[str, bytes] | None = None
    if source.data.startswith(_GZIP):
        inner = _gunzipped(source.data)
    elif source.data.startswith(_ZIP):
        inner, beside = _unzipped(source.data)
    else:
        return source
    if inner.startswith((_GZIP, *_ZIP)):
        raise BadRecordingError(
            "It is packed twice: what is packed in it is an archive itself.",
            "Unpack it once, and give what comes out.",
        )
    return replace(source, data=inner, packed_beside=beside)


def _gunzipped(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return _read(file, len(data))
    except EOFError:
        raise BadRecordingError("Its gzip data end too early.", _DAMAGED) from None
    except (OSError, zlib.error):
        raise BadRecordingError("Its gzip data are damaged.", _DAMAGED) from None


def _unzipped(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the recording, and the files of marks in its folder by their names."""
    _expect_few_entries(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            recording = _recording_in(archive)
            folder = PurePosixPath(recording.filename).parent
            beside = {
                path.name.casefold(): _member(archive, each, len(data))
                for each in archive.infolist()
                if (path := PurePosixPath(each.filename)).parent == folder
                and path.name.casefold() in _HOLDS_MARKS
            }
            return _member(archive, recording, len(data)), beside
    # A damaged archive may raise any of these; zipfile documents only the first.
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
        *(RuntimeError, NotImplementedError, LookupError, OverflowError),
    ) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise BadRecordingError(
                "The zip archive is locked with a password.",
                "Unpack it, and give the recording itself.",
            ) from None
        raise BadRecordingError("The zip archive is damaged.", _DAMAGED) from None


def _expect_few_entries(data: bytes) -> None:
    """Refuse a list of contents that would take long to read."""
    if data.count(b"PK\x01\x02") > _MOST_ENTRIES:
        raise BadRecordingError(
            f"The zip archive holds more than {_MOST_ENTRIES} files.",
            "Unpack it, and give the recording itself.",
        )


def _recording_in(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one member that may be a recording; a refusal that names them."""
    members = {each.filename: each for each in archive.infolist() if not each.is_dir()}
    for mark, (what, do) in _OFFICE.items():
        if mark in {name.casefold() for name in members}:
            raise BadRecordingError(f"This is {what}.", do)
    names = [name for name in members if not _is_aside(name)]
    of_intervals = [
        name
        for name in names
        if PurePosixPath(name).name.casefold() in _HOLDS_INTERVALS
    ]
    if len(of_intervals) == 1:
        return members[of_intervals[0]]
    if not names:
        raise BadRecordingError(
            "The zip archive is empty.", "Record or export it again."
        )
    if len(names) > 1:
        raise BadRecordingError(
            f"The zip archive holds {len(names)} files: {listed(names)}.",
            "Unpack it, and give the one recording that you mean.",
        )
    return members[names[0]]


def _is_aside(name: str) -> bool:
    """Whether a member belongs to the packing and holds no data."""
    path = PurePosixPath(name)
    return path.name.startswith(".") or "__MACOSX" in path.parts


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, packed: int) -> bytes:
    if info.flag_bits & 1:
        raise RuntimeError("password required")
    if info.compress_type not in _COUNTED:
        raise BadRecordingError(
            "What the zip archive holds is packed in a way that is not read here.",
            "Unpack it, and give the recording itself.",
        )
    with archive.open(info) as member:
        return _read(member, packed)


def _read(file: IO[bytes] | gzip.GzipFile, packed: int) -> bytes:
    """Return all that comes out of this many packed bytes, within the limits."""
    whole = bytearray()
    while piece := file.read(_PIECE):
        whole += piece
        _expect_bounded(len(whole), packed)
    return bytes(whole)


def _expect_bounded(size: int, packed: int) -> None:
    if size > MAX_BYTES:
        raise BadRecordingError(
            f"Unpacked it is larger than {MAX_BYTES // 1_000_000} MB.",
            "Cut the recording to the part you need.",
        )
    if size > max(_SMALL, _LARGEST_RATIO * packed):
        raise BadRecordingError(
            f"It unpacks to more than {_LARGEST_RATIO} times its size, as no recording"
            " does.",
            "Unpack it, look at what is in it, and give the recording itself.",
        )

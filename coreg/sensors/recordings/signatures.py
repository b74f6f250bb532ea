"""What is recognised by its first bytes but holds no intervals that are read here.

To be told what a file is, and how to get intervals out of it, helps more than to be
told that it is no text.
"""

from dataclasses import dataclass
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.laboratories import FROM_ECG, named_laboratory
from coreg.sensors.recordings.lines import DATABASE
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import FileSource, Reader

_LOOKED_AT = 4096  # bytes in which the root of an XML or HTML file stands
_AS_TEXT = "Export the RR intervals as text or CSV, one a line, where it was made."
_FROM_SPIKE2 = (
    "In Spike2, mark the R peaks as events, and export their times as text, one a line."
)
_FROM_PICTURE = "Export the RR intervals as text or CSV from where the picture is from."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A kind of file: the bytes it shows at a place, what it is, and what to do.

    Where these could be the heading of a table (`PAR1`), it takes more: bytes that are
    no text. `is_sure` where no table begins so.
    """

    magic: bytes
    what: str
    do: str
    at: int = 0
    is_sure: bool = False

    def is_shown_by(self, data: bytes) -> bool:
        """Whether a file is of this kind."""
        if not data.startswith(self.magic, self.at):
            return False
        return self.is_sure or not self.magic.isascii() or b"\x00" in data[:_LOOKED_AT]


_NAMED: Final = (
    _Named(
        magic=DATABASE,
        what="a session (or another database), which holds two hearts",
        do="See the figures of both with `coreg report FILE`, or give out one of them"
        " first: `coreg export FILE --format csv --partner A --out DIR`.",
    ),
    _Named(magic=b"%PDF-", what="a PDF document", do=_FROM_PICTURE, is_sure=True),
    _Named(magic=b"\x89PNG\r\n\x1a\n", what="a picture (PNG)", do=_FROM_PICTURE),
    _Named(magic=b"\xff\xd8\xff", what="a picture (JPEG)", do=_FROM_PICTURE),
    _Named(magic=b"GIF8", what="a picture (GIF)", do=_FROM_PICTURE),
    _Named(magic=b"II*\x00", what="a picture (TIFF)", do=_FROM_PICTURE),
    _Named(magic=b"MM\x00*", what="a picture (TIFF)", do=_FROM_PICTURE),
    _Named(
        magic=b"ftyp",
        at=4,
        what="a picture or film of a phone",
        do=_FROM_PICTURE,
    ),
    _Named(
        magic=b"MATLAB 5.0 MAT-file",
        what="a Matlab file (Kubios saves its results so, too)",
        do="In Matlab: `writematrix(rr, 'rr.txt')`. In Kubios: save the results as"
        " text or CSV, which hold the RR intervals.",
    ),
    _Named(
        magic=b"\x89HDF\r\n\x1a\n",
        what="an HDF5 file (Matlab 7.3 and others)",
        do="In Matlab: `writematrix(rr, 'rr.txt')`; elsewhere export the intervals"
        " as text, one a line.",
    ),
    _Named(
        magic=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        what="an older Excel or Word file",
        do="Save it there as CSV.",
    ),
    _Named(
        magic=b"{\\rtf",
        what="formatted text (RTF)",
        do="Save it as plain text.",
        is_sure=True,
    ),
    _Named(
        magic=b"\x93NUMPY",
        what="a NumPy array",
        do="In Python: `numpy.savetxt('rr.txt', rr)`.",
    ),
    _Named(
        magic=b"PAR1",
        what="a Parquet table",
        do="In Python: `pandas.read_parquet(...).to_csv('rr.csv', index=False)`.",
    ),
    _Named(magic=b"ARROW1", what="a Feather or Arrow table", do=_AS_TEXT),
    _Named(magic=b"RDX", what="R data", do="In R: `write.csv(rr, 'rr.csv')`."),
    _Named(magic=b"$FL2", what="an SPSS file", do="Save it there as CSV."),
    _Named(magic=b"7z\xbc\xaf'\x1c", what="a 7-Zip archive", do="Unpack it."),
    _Named(magic=b"Rar!\x1a\x07", what="a RAR archive", do="Unpack it."),
    _Named(magic=b"\xfd7zXZ\x00", what="an xz archive", do="Unpack it."),
    _Named(
        magic=b"1AY&SY",
        at=4,
        what="a bzip2 archive",
        do="Unpack it.",
        is_sure=True,
    ),
    _Named(magic=b"(\xb5/\xfd", what="a Zstandard archive", do="Unpack it."),
    _Named(magic=b"ustar", at=257, what="a tar archive", do="Unpack it."),
    _Named(
        magic=b"ISHNE1.0",
        what="a Holter ECG (ISHNE), which holds no beats",
        do=FROM_ECG,
    ),
    _Named(
        magic=b"ANN  1.0",
        what="the annotations of a Holter ECG (ISHNE)",
        do="Export the RR intervals as text, one a line, from your Holter program.",
    ),
    _Named(
        magic=b"\xffBIOSEMI",
        what="a BioSemi recording (BDF), which holds no beats",
        do=FROM_ECG,
    ),
    _Named(
        magic=b"Brain Vision Data Exchange",
        what="a BrainVision header; the recording holds no beats",
        do=FROM_ECG,
        is_sure=True,
    ),
    _Named(
        magic=b"Brain Vision V-Amp",
        what="a BrainVision header; the recording holds no beats",
        do=FROM_ECG,
        is_sure=True,
    ),
    _Named(
        magic=b"(C) CED 87",
        at=2,
        what="a Spike2 recording (.smr), which holds channels",
        do=_FROM_SPIKE2,
        is_sure=True,
    ),
    _Named(
        magic=b"S64",
        what="a Spike2 recording (.smrx), which holds channels",
        do=_FROM_SPIKE2,
    ),
    _Named(magic=b"CEDFILE", what="a recording of CED Signal (CFS)", do=FROM_ECG),
    _Named(
        magic=b"CFWB",
        what="LabChart's binary file, which holds channels and no beats",
        do=FROM_ECG,
    ),
    _Named(
        magic=b"POLY SAMPLE FILE",
        what="a TMSi recording (Poly5), which holds no beats",
        do=FROM_ECG,
        is_sure=True,
    ),
    _Named(magic=b"GDF ", what="a GDF recording, which holds no beats", do=FROM_ECG),
    _Named(magic=b"SCPECG", at=16, what="an ECG as SCP-ECG", do=FROM_ECG),
    _Named(
        magic=b"Obj\x01",
        what="an Avro file (Empatica keeps its raw signals so)",
        do="Give the file of intervals between beats that the maker of the device"
        " offers beside it, or export them as CSV.",
        is_sure=True,
    ),
    _Named(magic=b"CDF\x01", what="a NetCDF file", do=_AS_TEXT, is_sure=True),
    _Named(magic=b"DICM", at=128, what="a DICOM file", do=FROM_ECG),
    _Named(
        magic=b"WAVE",
        at=8,
        what="a sound file; Hexoskin keeps its raw ECG so",
        do="Export the RR intervals as CSV: in Hexoskin, choose 'RR interval'.",
    ),
)

_IN_MARKUP: Final = (
    (
        b"<TrainingCenterDatabase",
        "a TCX file, which holds heart rate and no RR intervals",
        "Export the original FIT file from where the TCX is from.",
    ),
    (
        b"<gpx",
        "a GPX file, which holds a track and no RR intervals",
        "Export the original FIT file from where the GPX is from.",
    ),
    (
        b"<HealthData",
        "Apple Health's own export, in which heart rates are rounded",
        "Export the heartbeat series as JSON, with an app that can.",
    ),
    (
        b"urn:hl7-org:v3",
        "an ECG as HL7 aECG, which holds no beats",
        FROM_ECG,
    ),
    (
        b"<unisens",
        "the header of a Unisens folder (movisens), which holds no beats",
        "Export the RR intervals as CSV, with the maker's program.",
    ),
    (
        b"<!doctype html",
        "a web page",
        "Download the file itself: this is the page that offers it.",
    ),
    (b"<html", "a web page", "Download the file itself: this is the page around it."),
    (
        b"<svg",
        "a picture (SVG)",
        _FROM_PICTURE,
    ),
)


def _named(source: FileSource) -> tuple[str, str] | None:
    """Return what a file is and what to do, or None where it is none of these."""
    for each in _NAMED:
        if each.is_shown_by(source.data):
            return each.what, each.do
    start = source.data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"# OpenSignals") and b'"nSeq"' in start:
        return "an OpenSignals recording, which holds no beats", FROM_ECG
    if start.startswith(b"<"):
        lowered = start.lower()
        for mark, what, do in _IN_MARKUP:
            if mark.lower() in lowered:
                return what, do
    return named_laboratory(source)


def _refuse(source: FileSource) -> Recording:
    what, do = _named(source) or ("none that is read", _AS_TEXT)
    raise BadRecordingError(f"This is {what}.", do)


NAMED = Reader(
    recognises=lambda source: _named(source) is not None,
    read=_refuse,
)

"""The formats in which a session's beats are given to other programs."""

from enum import StrEnum


class FileFormat(StrEnum):
    """What one may ask for; which module writes it stands in `exchange.files`."""

    RR_TEXT = "rr-text"
    CSV = "csv"
    KUBIOS = "kubios"
    BIDS = "bids"
    EDF = "edf"
    PARQUET = "parquet"
    XDF = "xdf"
    FIT = "fit"


class TableFormat(StrEnum):
    """The forms of the table over sessions."""

    CSV = "csv"
    JSON = "json"

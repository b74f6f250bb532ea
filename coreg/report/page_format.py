"""What a page can be written as: known without drawing anything."""

from enum import StrEnum


class PageFormat(StrEnum):
    """What a page can be written as; the value is the file's ending."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"
    HTML = "html"

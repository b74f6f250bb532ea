"""What pages there are and how they can be written: known without drawing anything."""

from enum import StrEnum

from coreg.facts.kinds import Partner


class PageFormat(StrEnum):
    """What a page can be written as; the value is the file's ending."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"
    HTML = "html"


class Whose(StrEnum):
    """For whom a page is; the value is said on the command line and ends the name."""

    THERAPIST = "therapist"
    A = "A"
    B = "B"
    JOINT = "joint"
    EVENINGS_A = "evenings-A"
    EVENINGS_B = "evenings-B"
    EVENINGS_THERAPIST = "evenings-therapist"


OWN = {
    Whose.A: Partner.A,
    Whose.B: Partner.B,
    Whose.EVENINGS_A: Partner.A,
    Whose.EVENINGS_B: Partner.B,
}
"""The pages that are one partner's own."""

FOR_THERAPIST = frozenset({Whose.THERAPIST, Whose.EVENINGS_THERAPIST})

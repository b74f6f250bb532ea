"""The page over the evenings of one partner, drawn where nobody's key is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from coreg.base.clock import HERE
from coreg.facts.events import Partner
from coreg.findings.kept import KeptWithRatings
from coreg.findings.own_rating import OwnRating
from coreg.report.page import Page
from coreg.report.session import evenings_of
from coreg.report.wanted import Wanted
from coreg.store.folder import folder_of


def over_evenings(
    path: Path,
    partner: Partner,
    ratings: Mapping[str, tuple[OwnRating, ...]],
    reached: Callable[[int, int], None],
) -> Page:
    """Return the page over all evenings up to this one.

    `reached` hears the number of each, and of how many, as it is read.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    folder = folder_of(path)
    given = {name: list(of) for name, of in ratings.items()}
    kept = KeptWithRatings(folder, partner, given)
    wanted = Wanted(
        pages=(), formats=(), data_folder=folder, left_out=frozenset(), zone=HERE
    )
    return evenings_of(path, partner, wanted, kept, reached)

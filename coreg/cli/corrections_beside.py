"""What was corrected by hand lies beside, and a command goes without it: said so."""

from collections.abc import Iterable
from pathlib import Path

from coreg.cli.common import tell
from coreg.facts.events import Partner
from coreg.store.corrections import corrections_path
from coreg.store.recorded_order import SUFFIX
from coreg.store.session_corrections import session_corrections_path
from coreg.words import say as word


def tell_of_unused(
    files: Iterable[Path], partners: Iterable[Partner] = tuple(Partner)
) -> None:
    """Name the corrections of sessions and recordings that figures go without."""
    whose = tuple(partners)
    for path in files:
        is_session = path.suffix == SUFFIX
        places = (
            [session_corrections_path(path, partner) for partner in whose]
            if is_session
            else [corrections_path(path)]
        )
        for place in places:
            if place.exists():
                tell(word("terminal.corrections.unused", file=place.name))

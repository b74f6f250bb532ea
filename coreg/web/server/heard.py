"""What two told their therapist, as the therapist's own pages show it."""

from collections.abc import Iterable

from coreg.store.clinic.records import Heard
from coreg.web.wire.of_clinic import HeardShown
from coreg.words import day, in_words


def heard_shown(heard: Iterable[Heard]) -> tuple[HeardShown, ...]:
    """Return it as it came, in the language of the pages."""
    return tuple(
        HeardShown(
            partner=each.partner,
            about=each.about,
            day=day(each.on),
            asked=in_words(each.asked) if each.asked else "",
            value=each.value,
            text=each.text,
        )
        for each in heard
    )

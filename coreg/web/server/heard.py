"""What two told their therapist, as the therapist's own pages show it."""

from collections.abc import Iterable

from coreg.facts.events import Partner
from coreg.store.clinic.records import About, Heard, fell
from coreg.web.wire.of_clinic import HeardShown
from coreg.words import day, in_words


def heard_shown(heard: Iterable[Heard]) -> tuple[HeardShown, ...]:
    """Return it as it came, in the language of the pages."""
    near: dict[Partner, list[int]] = {partner: [] for partner in Partner}
    shown = []
    for each in heard:
        is_wish = each.about is About.WISH and each.value is not None
        if each.value is not None and is_wish:
            near[each.partner].append(each.value)
        shown.append(
            HeardShown(
                partner=each.partner,
                about=each.about,
                day=day(each.on),
                asked=in_words(each.asked) if each.asked else "",
                value=each.value,
                text=each.text,
                fell=is_wish and fell(near[each.partner]),
            )
        )
    return tuple(shown)

"""Who of the two has a phone here: it keeps their place while it sleeps for a while."""

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.web.server.page import PageConnection
from coreg.web.server.seats import OWN_SEATS

MAY_SLEEP_S = 10 * 60.0


class Phones:
    """Whose places phones have.

    A phone that sleeps, or is carried out of reach, keeps its owner's place for
    `MAY_SLEEP_S`; then, or when somebody says so, what is asked of that one is asked on
    the laptop again. A phone that comes back, or whose owner says so, has it anew.
    """

    def __init__(self) -> None:
        self._pages: set[PageConnection] = set()
        self._until_s: Both[float | None] = Both(None, None)
        self._laptops: frozenset[Partner] = frozenset()

    def came(self, page: PageConnection) -> None:
        """Let a page come: a phone has its owner's place from now on."""
        owner = OWN_SEATS.get(page.seat)
        if owner is None:
            return
        if not self._is_here(owner):  # one that was only reloaded takes nothing back
            self._laptops -= {owner}
        self._pages.add(page)

    def left(self, page: PageConnection, now_s: float) -> None:
        """Let a page leave; a phone may only sleep."""
        owner = OWN_SEATS.get(page.seat)
        if page not in self._pages:  # it was sent away, and keeps nothing
            return
        self._pages.discard(page)
        if owner is not None and not self._is_here(owner):
            self._until_s = self._until_s.but(owner, now_s + MAY_SLEEP_S)

    def ask_at(self, page: PageConnection, partner: Partner) -> None:
        """Have somebody asked on this page from now on: the phone, or the laptop."""
        if OWN_SEATS.get(page.seat) is partner:
            self._laptops -= {partner}
        else:
            self._laptops |= {partner}

    def sent_away(self, partner: Partner) -> None:
        """Have this one's phone keep no place any more, also while it still leaves."""
        self._pages = {
            page for page in self._pages if OWN_SEATS.get(page.seat) is not partner
        }
        self._until_s = self._until_s.but(partner, None)

    def held(self, now_s: float) -> frozenset[Partner]:
        """Return whose places phones have at this time."""
        return frozenset(
            partner
            for partner in Partner
            if partner not in self._laptops and self._has_place(partner, now_s)
        )

    def _has_place(self, partner: Partner, now_s: float) -> bool:
        until_s = self._until_s[partner]
        return self._is_here(partner) or (until_s is not None and now_s < until_s)

    def _is_here(self, partner: Partner) -> bool:
        return any(OWN_SEATS.get(page.seat) is partner for page in self._pages)

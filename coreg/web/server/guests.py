"""Who was let in at the door, each to a seat: which keys lead to which place.

Two keys go with every page. The cookie is of a browser, and says that a link of ours
was followed there; the page's key is of one tab, and says which seat it is. So the
laptop's own windows (the two partners', a therapist's console, a light for the couple)
share one cookie and tell their seats apart by their pages' keys, while a phone has a
cookie that is its own. Nothing of this is written down: it ends with the launch.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coreg.web.wire.named import Seat

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One who was let in: a browser's cookie, a page's key, and the seat they lead to.

    The seats of one person's own are of phones, each with a cookie of its own.
    """

    cookie: str
    page: str
    seat: Seat


class Guests:
    """All who were let in since coreg began, and have not been sent away.

    The cookie is called after the data folder: so two evenings on one computer do not
    take each other's, and a new launch takes the place of the last. `front` is the seat
    that the launch link leads to.
    """

    def __init__(self, folder: Path, *, front: Seat = Seat.BOTH) -> None:
        name = hashlib.sha256(bytes(folder.resolve())).hexdigest()[:8]
        self.cookie_name = f"coreg_{name}"
        self.front = front
        self._of_this_computer = _secret()
        self._guests: list[Guest] = []

    def at_this_computer(self, seat: Seat) -> Guest:
        """Let a window of this computer in: one key for all windows of one seat."""
        for guest in self._guests:
            if guest.seat is seat and guest.cookie == self._of_this_computer:
                return guest
        return self._let_in(self._of_this_computer, seat)

    def from_elsewhere(self, seat: Seat) -> Guest:
        """Let another device in, with keys of its own."""
        return self._let_in(_secret(), seat)

    def send_away(self, seat: Seat) -> None:
        """Have whoever has this seat elsewhere let in no more."""
        self._guests = [
            guest
            for guest in self._guests
            if guest.seat is not seat or guest.cookie == self._of_this_computer
        ]

    def send_all_away(self) -> None:
        """Have everybody let in no more, here and elsewhere, but the seat in front."""
        self._guests = [guest for guest in self._guests if guest.seat is self.front]

    def has_cookie(self, cookies: Iterable[str]) -> bool:
        """Whether any of a browser's cookies is one of ours."""
        return any(self._with(cookies))

    def seat(self, cookies: Iterable[str], page: str) -> Seat | None:
        """Return the seat that these keys lead to together; None if to none."""
        for guest in self._with(cookies):
            if same(page, guest.page):
                return guest.seat
        return None

    def proofs(self, cookies: Iterable[str], told: bytes) -> list[str]:
        """Return what nobody can say of this who does not know the pages' keys."""
        return [
            hmac.new(guest.page.encode(), told, hashlib.sha256).hexdigest()
            for guest in self._with(cookies)
        ]

    def _let_in(self, cookie: str, seat: Seat) -> Guest:
        guest = Guest(cookie=cookie, page=_secret(), seat=seat)
        self._guests.append(guest)
        return guest

    def _with(self, cookies: Iterable[str]) -> list[Guest]:
        given = list(cookies)
        return [
            guest
            for guest in self._guests
            if any(same(each, guest.cookie) for each in given)
        ]


def same(given: str, right: str) -> bool:
    """Whether a secret is right, in a time that does not say how nearly."""
    return hmac.compare_digest(given.encode(), right.encode())


def _secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)

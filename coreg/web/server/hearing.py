"""What a page says is heard here, whichever way it comes."""

from coreg.web.server.hall import Hall
from coreg.web.server.page import Haste, PageConnection
from coreg.web.server.run_session import now_s
from coreg.web.wire.incoming import Ping, parse
from coreg.web.wire.numbered import number_of
from coreg.web.wire.outgoing import Pong, RefusedTold, encode
from coreg.web.wire.readers import BadMessage


class Hearing:
    """Hears one page, message after message, as long as it heeds how many it may send.

    What becomes of a message goes back to that page alone.
    """

    def __init__(self, hall: Hall, page: PageConnection) -> None:
        self._hall = hall
        self._page = page
        self._haste = Haste(now_s())

    def hear(self, text: str) -> bool:
        """Take one message; say whether this page is to be heard any further.

        One that was let go is not: it came in before, and is told nothing any more.
        """
        if self._page.is_lost:
            return False
        if not self._haste.allows(now_s()):
            if self._haste.is_too_much:
                return False
            self._refuse("too-fast", number_of(text))
            return True
        self._take(text)
        return True

    def _take(self, text: str) -> None:
        """Take it; a ping is answered before anything else."""
        if self._page.is_away:  # one that reads nothing is not closed at once
            return
        number = number_of(text)
        try:
            message = parse(text)
        except BadMessage as error:
            # For whoever writes a page: none shows it.
            self._refuse(f"the message {error}", number)
            return
        if isinstance(message, Ping):
            self._page.tell(encode(Pong(id=message.id, server_s=now_s())))
        else:
            self._hall.ask(message, self._page, number)

    def _refuse(self, why: str, number: int | None) -> None:
        self._page.tell(encode(RefusedTold(why=why, id=number)))

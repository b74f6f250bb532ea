"""One page at the other end of a WebSocket: what waits for it, what it may ask."""

import asyncio

from coreg.web.wire.named import Seat

MOST_WAITING = 256
BURST = 30
EACH_S = 15.0
FORGIVEN = 60  # refusals for haste before the door closes


class PageConnection:
    """A page's mailbox; a page that no longer reads is let go, never waited for."""

    def __init__(self, seat: Seat = Seat.BOTH) -> None:
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self.seat = seat
        self.is_lost = False
        self.is_away = False
        """Whether it was sent away: it is told nothing more, and heard no more."""
        self.visit = 0
        """Grows whenever somebody's own things are locked on it again."""

    def tell(self, text: str) -> None:
        """Have this sent soon; at once where nothing waits."""
        if self.is_away:
            return
        if self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait(text)
        else:
            self.let_go()

    def let_go(self) -> None:
        """Tell this page nothing more; it comes back by itself, where it may."""
        if not self.is_lost:
            self.is_lost = True
            self._waiting.put_nowait(None)

    def send_away(self, last: str | None = None) -> None:
        """Tell this page one thing more, or not even that, and hear it no more."""
        if last is None:
            self.let_go()
        else:
            self.tell(last)
            self._waiting.put_nowait(None)
        self.is_away = True

    async def next(self) -> str | None:
        """Return what is to be sent next, None when this page is lost."""
        text = await self._waiting.get()
        return None if self.is_lost else text


class Haste:
    """How many messages a page may send: a burst, then so many a second."""

    def __init__(self, now_s: float) -> None:
        self._left = float(BURST)
        self._at_s = now_s
        self._refused = 0

    def allows(self, now_s: float) -> bool:
        """Say whether one more message is taken now."""
        grown = self._left + (now_s - self._at_s) * EACH_S
        self._left, self._at_s = min(BURST, grown), now_s
        if self._left < 1:
            self._refused += 1
            return False
        self._left -= 1
        return True

    @property
    def is_too_much(self) -> bool:
        """Whether this page does not heed refusals."""
        return self._refused > FORGIVEN

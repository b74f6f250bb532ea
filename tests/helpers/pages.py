"""What tests of the pages share and say by name."""

from typing import Any, Protocol


class OpenPage(Protocol):
    """Opens a page at an address, in a browser context of its own."""

    def __call__(self, url: str, **context: Any) -> Any:
        """Return the page once it shows its first screen."""
        ...

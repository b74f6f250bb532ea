"""`coreg` as somebody starts it, whose pages are drawn as long as a test wants."""

import sys
from functools import partial

from coreg.cli import home, main
from coreg.web.server.app import serve
from tests.helpers.planted_drawing import until_released

if __name__ == "__main__":
    setattr(home, "serve", partial(serve, draw=until_released))  # noqa: B010
    sys.exit(main(sys.argv[1:]))

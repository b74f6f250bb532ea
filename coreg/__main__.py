"""Run coreg as `python -m coreg`."""

import sys

from coreg.cli import main

if __name__ == "__main__":
    sys.exit(main())

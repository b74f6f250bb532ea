"""Doctests are sought in every module; these need D-Bus, which only Linux has here."""

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["*.py"]

"""pylsl, which only those need who ask for LSL, and how far its streams are told of."""

from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Final

from coreg.errors import LslError
from coreg.words import wrong_and_do

# liblsl listens on every address of the computer, whatever is set. What can be set is
# how far it asks and answers when somebody looks for streams.
ON_THIS_COMPUTER: Final = """
[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
[log]
level = -3
"""


class Reach(StrEnum):
    """How far streams are announced. No reach keeps a stranger from the open port."""

    COMPUTER = "computer"
    NETWORK = "network"


def lsl() -> ModuleType:
    """Return the package pylsl.

    Raises
    ------
    LslError
        If it is not installed, or the library inside does not work here.
    """
    try:
        return import_module("pylsl")
    except (ImportError, OSError, RuntimeError):
        raise LslError(*wrong_and_do("errors.lsl.absent")) from None


def reaching(reach: Reach) -> ModuleType:
    """Return the package pylsl, before anything else uses it, set to this reach.

    The network is reached as its own settings say (lsl_api.cfg), for a laboratory has
    its reasons for them.

    Raises
    ------
    LslError
        If it is not installed, or is older than 1.18.
    """
    package = lsl()
    if reach is Reach.COMPUTER:
        try:
            package.set_config_content(ON_THIS_COMPUTER)
        except (AttributeError, NotImplementedError):
            raise LslError(*wrong_and_do("errors.lsl.old")) from None
    return package

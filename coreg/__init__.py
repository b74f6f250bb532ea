"""Two hearts, one breath: practise being relaxed and alert together."""

__version__ = "0.1.0"

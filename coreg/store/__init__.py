"""Sessions on disk: nothing lost, everything replayable."""

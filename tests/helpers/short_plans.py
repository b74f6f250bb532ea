"""Plans that are over soon, for tests of what comes after a practice."""

ARRIVING = """
format = 1
name = "short"
version = 1
title = "A short evening"
purpose = "For trying things out."
opened_by = "couple"

[[block]]
name = "Arrive"
kind = "arrive"
minutes = 2
words = "Nothing to do."
inputs = []
measured = ["heart rate"]
shown = []
"""
BREATHING = f"""{ARRIVING}
[[block]]
name = "Breathe together"
kind = "breathe"
minutes = 2
words = "In and out."
inputs = []
measured = ["heart rate"]
shown = []
"""

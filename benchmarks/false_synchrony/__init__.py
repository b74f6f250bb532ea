"""False synchrony: how often a method calls two people together who never met.

`python -m benchmarks.false_synchrony`; README.md here says what it is and how to add a
method.
"""

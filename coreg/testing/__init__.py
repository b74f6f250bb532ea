"""Straps, air and computers without a radio, in jumping time: for tests.

coreg's own tests run on it, and other people's may. It needs what `coreg[test]` brings;
nothing of the product imports it.
"""

"""Straps, air and a computer's Bluetooth, without a radio: all in one process.

Built on bumble's host, controller and link layer. bleak's own classes run unmodified
on top, through a backend of ours. What bumble's virtual link leaves out is added here:
connection intervals, retransmission, loss, walking out of range, a supervision timeout,
and a cancel of a connection attempt that works (bumble's is a stub, and one timed-out
attempt would spoil all later ones).
"""

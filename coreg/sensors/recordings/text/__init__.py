"""Tables and lists of numbers as text, in whatever dialect they were written.

Strategy. The dialect comes first (`dialect`), then the shape (`table`): what is a
table is never read as one stream of numbers. Then each column's meaning by its name and
by what its values can be (`names`, `units`, `stamps`, `meaning`), and at last packets
(`packets`). Where two readings would give different intervals, the file is refused
with words that say what to write (`reader`).
"""

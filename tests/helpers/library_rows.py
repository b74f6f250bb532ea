"""The rows of a library, to be looked at or planted behind coreg's back."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LINE = b"coreg library, format 4\n"
BOTH = ("library.db", "library-copy.db")


@contextmanager
def library_rows(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the rows of an open library; what was changed is there afterwards."""
    whole = (folder / BOTH[0]).read_bytes()
    assert whole.startswith(LINE)
    kept = whole[len(LINE) + 32 :]
    assert kept[:1] == b"o"
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(kept[1:])
        yield db
        db.commit()
        content = b"o" + db.serialize()
    digest = hashlib.sha256(LINE + content).digest()
    for name in BOTH:
        (folder / name).write_bytes(LINE + digest + content)

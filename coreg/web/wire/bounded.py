"""Values that a page sends, with their bounds: each type says how much it may be."""

from typing import Annotated

from coreg.web.wire.readers import name, passcode, text, whole, written

LONGEST_WORDS = 4000
LONGEST_PASSPHRASE = 500
LARGEST_SEED = 2**32 - 1
LARGEST_ID = 2**53  # beyond it a page's numbers are no longer whole


Words = Annotated[str, written(LONGEST_WORDS)]
Name = Annotated[str, name]
Id = Annotated[str, text(64)]
Score = Annotated[int, whole(0, 10)]
Passcode = Annotated[str, passcode]
Passphrase = Annotated[str, written(LONGEST_PASSPHRASE)]
LineNumber = Annotated[int, whole(0, LARGEST_ID)]

"""How a running coreg shows another one of this user that it is the one it looks for.

Whoever starts coreg where one is running opens the launch file of that one. A file that
a killed coreg left may name a port that another program has by now: a browser is not
sent there. So whoever answers proves first, by an HMAC over a nonce, that it knows the
launch link in the file; the link itself is not told, and is not used up.
"""

import hashlib
import hmac

RUNNING_PATH = "/running"
NONCE_FIELD = "nonce"


def launch_proof(token: str, nonce: str) -> str:
    """Return the proof, for this nonce, that somebody knows a launch link's token."""
    told = f"coreg running {nonce}".encode()
    return hmac.new(token.encode(), told, hashlib.sha256).hexdigest()

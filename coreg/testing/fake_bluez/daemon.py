"""A D-Bus of our own: `dbus-daemon` on a socket in a temporary folder.

Nothing here knows the address of the real system bus, so nothing here can reach it.
The daemon hangs on a pipe that this process holds: when the test ends in whatever way,
killed included, the pipe closes, its shell reads the end of it and stops the daemon.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OPEN_TO_ALL = "<allow send_destination='*'/>"
"""Everybody may call everybody."""

NO_BLUETOOTH_FOR_USERS = f"{OPEN_TO_ALL}<deny send_destination='org.bluez'/>"
"""What a user meets who is not allowed to use Bluetooth: the daemon itself refuses."""

_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow receive_sender="*"/>
    {policy}
  </policy>
</busconfig>
"""

# The daemon runs beside `cat`, which ends when our end of its pipe closes.
_UNTIL_PIPE_CLOSES = '"$@" & cat > /dev/null; kill $!; wait'

_PATIENCE_S = 10


def is_installed() -> bool:
    """Whether this machine has a `dbus-daemon` to start."""
    return shutil.which("dbus-daemon") is not None


@contextmanager
def private_bus(policy: str) -> Iterator[str]:
    """Run a D-Bus daemon, yield its address, and leave neither process nor file."""
    # Not pytest's folder: a socket's path may have 107 bytes and no more (unix(7)).
    with tempfile.TemporaryDirectory(prefix="coreg-bus-") as folder:
        config = Path(folder, "bus.conf")
        socket = Path(folder, "bus")
        config.write_text(_CONFIG.format(socket=socket, policy=policy))
        with _running(config) as address:
            yield address


@contextmanager
def _running(config: Path) -> Iterator[str]:
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(
        ["/bin/sh", "-c", _UNTIL_PIPE_CLOSES, "sh", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    ) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        try:
            address = shell.stdout.readline().strip()
            if not address:
                raise RuntimeError("dbus-daemon did not start; its words are above.")
            yield address
        finally:
            shell.stdin.close()
            shell.wait(_PATIENCE_S)

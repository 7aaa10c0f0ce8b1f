"""Takes the fork server out of the line of fire, and lets it clear up; importing this module is the act.

Only the fork server imports it. Ctrl-C goes to the whole process group and systemd's stop to the whole control
group. A fork server that dies of either breaks every worker pool, while the run still wants to drain. It ends when
its parent does, by end of file, and then removes the folder of its socket, which a killed parent leaves behind.
"""

import atexit
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path


def _clear_up_at_exit() -> None:
    """Remove the folder of the socket at which this process listens, once it no longer does."""
    for descriptor in Path("/dev/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(descriptor.name))) as heard:
            is_listening = heard.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if heard.family == socket.AF_UNIX and is_listening:
                atexit.register(_remove, os.getpid(), Path(heard.getsockname()))


def _remove(owner: int, address: Path) -> None:
    if os.getpid() == owner:  # and not a worker, which it forked
        with suppress(OSError):  # a parent that ended well has removed it, and what else lies there is not ours
            address.unlink(missing_ok=True)
            address.parent.rmdir()


os.setpgid(0, 0)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
_clear_up_at_exit()

"""Takes the fork server out of the line of fire, and lets it clear up; importing this module is the act.

Only the fork server imports it. Ctrl-C goes to the whole process group and systemd's stop to the whole control
group. A fork server that dies of either breaks every worker pool, while the run still wants to drain. It ends when
its parent does, by end of file, and then removes the folder of its socket, which a killed parent leaves behind.
"""

import atexit
import os
import signal
import socket
import stat
from contextlib import suppress
from pathlib import Path

STDERR = 2
_FOLDER = "pymp-"
_SOCKET = "listener-"
"""How multiprocessing names its temporary folder, and the fork server's socket in it."""


def _clear_up_at_exit() -> None:
    """Remove the socket at which this process listens, and its folder, once it no longer does."""
    for descriptor in _sockets():
        with socket.socket(fileno=os.dup(descriptor)) as heard:
            if heard.family == socket.AF_UNIX:
                address = Path(heard.getsockname() or ".")
                if address.name.startswith(_SOCKET) and address.parent.name.startswith(_FOLDER):
                    atexit.register(_remove, os.getpid(), address)


def _sockets() -> list[int]:
    """The open sockets, the standard streams excepted: those are whoever's who started the crawl."""
    found = []
    for path in Path("/dev/fd").iterdir():
        descriptor = int(path.name)
        with suppress(OSError):  # that of the listing itself is closed by now
            if descriptor > STDERR and stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                found.append(descriptor)
    return found


def _remove(owner: int, address: Path) -> None:
    if os.getpid() == owner:  # and not a worker, which it forked
        with suppress(OSError):  # a parent that ended well has removed it, and what else lies there is not ours
            address.unlink(missing_ok=True)
            address.parent.rmdir()


os.setpgid(0, 0)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
_clear_up_at_exit()

"""The first halves of hearts: one that behaves, and one that does what the page's body tells it to.

They are imported into interpreters where msgspec does not load.
"""

import ctypes
import os
import re
import signal
from multiprocessing.connection import Connection
from time import thread_time

from crawler.bare import BarePage, Fault, Mishap

COMPUTE_S = 0.05
"""The CPU seconds, and a little more, of a page that is to be computed on; it says how many microseconds."""
REGEX_THAT_NEVER_ENDS = re.compile(r"(a+)+$")


def behave(page: BarePage) -> object:
    return len(page.body)


def obey(page: BarePage) -> object:  # noqa: C901, PLR0912 - one case a deed
    match page.body[:16].rstrip(b"\0"):
        case b"segfault":
            ctypes.string_at(0)
        case b"hang":
            ctypes.PyDLL(None).pause()  # in C and with the GIL held, as in an endless regex, but at no cost of CPU
        case b"endless regex":
            REGEX_THAT_NEVER_ENDS.search("a" * 64 + "!")
        case b"balloon":
            hoard = [bytearray(2**26)]
            while True:
                hoard.append(bytearray(2**26))
        case b"no memory":
            raise MemoryError
        case b"kill -9":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"torn result":
            Connection._send = _die_sending  # type: ignore[attr-defined]
            return Mishap(Fault.DECODE, "x" * 200_000)
        case b"exit":
            os._exit(7)
        case b"lost exit code":
            os._exit(255)
        case b"compute":
            start = thread_time()
            while (now := thread_time()) < start + COMPUTE_S:
                pass
            return round((now - start) * 1_000_000)
        case b"bug":
            raise ZeroDivisionError("a bug of ours")
    return behave(page)


def _die_sending(connection: "Connection[bytes, bytes]", buffer: bytes) -> None:
    """Send the beginning of a message, then die."""
    os.write(connection.fileno(), bytes(buffer)[:1_000])
    os.kill(os.getpid(), signal.SIGKILL)

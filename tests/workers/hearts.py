"""Hearts for the worker rooms: one that behaves, and one that does what the page's body tells it to."""

import ctypes
import os
import re
import signal
from multiprocessing.connection import Connection

from crawler.model import Analysis, Failure, Fault, Listing, Page, Reading, Robots, RobotsRule, pack

REGEX_THAT_NEVER_ENDS = re.compile(r"(a+)+$")


def _die_sending(connection: "Connection[bytes, bytes]", buffer: bytes) -> None:
    """Send the beginning of a message, then die."""
    os.write(connection.fileno(), bytes(buffer)[:1_000])
    os.kill(os.getpid(), signal.SIGKILL)


def count(page: Page) -> Reading:
    words = {"bytes": len(page.body)}
    return Analysis(
        charset="utf-8",
        title=page.url,
        language=None,
        tokens=len(page.body),
        distinct=1,
        top=(("bytes", len(page.body)),),
        packed_words=pack(words),
        packed_links=pack([]),
    )


def obey(page: Page) -> Reading:  # noqa: C901 - one case a deed
    match page.body[:16].rstrip(b"\0"):
        case b"segfault":
            ctypes.string_at(0)
        case b"hang":
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
            return Failure(Fault.DECODE, "x" * 200_000, "analyze")
        case b"exit":
            os._exit(7)
        case b"lost exit code":
            os._exit(255)
        case b"bug":
            raise ZeroDivisionError("a bug of ours")
    return count(page)


def read_by_kind(page: Page) -> Reading:
    match page.kind:
        case "robots":
            return Robots((RobotsRule(allow=False, pattern="/x", line=2),), 1.5, ("http://a.test/map.xml",))
        case "sitemap":
            return Listing(
                pack([("http://a.test/", None), ("http://a.test/b", "2026-01-01")]), ("http://a.test/2.xml",)
            )
    return count(page)

"""The sockets of one client that blocks: opened where the guard lets them, and shut down from any thread."""

import os
import select
import socket
import threading
from contextlib import suppress
from typing import TypeAlias

from crawler.fetch.guard import Guard
from crawler.settings import FetchSettings

Place: TypeAlias = tuple[int, int, int, tuple[str, int]]
"""Family, kind, protocol and address, as getaddrinfo gives them."""


class Sockets:
    """Those that a client holds; `refusal` and `errno` say why the last ones asked for were not opened."""

    def __init__(self, settings: FetchSettings) -> None:
        self.refusal = ""
        self.errno = 0
        self._guard = Guard(settings)
        self._lock = threading.Lock()
        self._descriptors: set[int] = set()
        self._original: socket.socket | None = None
        self._unasked = select.poll()

    @property
    def have_spoken_unasked(self) -> bool:
        """Whether a server sent something into an idle connection."""
        return bool(self._unasked.poll(0))

    def begin(self) -> None:
        """Forget what was refused before."""
        self.refusal = ""
        self.errno = 0

    def open(self, host: str, port: int, place: Place) -> socket.socket | None:
        """A socket for one of the addresses of a host; where there is none the next address may do."""
        family, kind, protocol, (address, *_) = place
        refusal = self._guard.refusal(host, port, address)
        if refusal is not None:
            self.refusal = min(self.refusal or refusal, refusal)
            return None
        try:
            self._original = socket.socket(family, kind, protocol)
        except OSError as error:  # no IPv6 here, or no descriptor left
            self.errno = error.errno or 0
            return None
        return self._original

    def take(self, descriptor: int) -> None:
        """Know the duplicate that the client made of the socket just opened, which children would inherit."""
        assert self._original is not None
        self._original.close()
        os.set_inheritable(descriptor, False)
        with self._lock:
            self._descriptors.add(descriptor)
        self._unasked.register(descriptor, select.POLLIN)

    def close(self, descriptor: int) -> None:
        """Close one that the client is done with."""
        self._unasked.unregister(descriptor)
        with self._lock:  # or `cut` might shut down whatever is opened under the same number next
            self._descriptors.discard(descriptor)
            socket.close(descriptor)

    def cut(self) -> None:
        """Shut all of them down, which wakes whoever waits for one; from any thread."""
        with self._lock:
            for descriptor in self._descriptors:
                with suppress(OSError):
                    handle = socket.socket(fileno=descriptor)
                    try:
                        handle.shutdown(socket.SHUT_RDWR)
                    finally:
                        handle.detach()

"""A server that plays scripted bytes on real sockets, one thread a connection, and remembers what it was sent."""

import fcntl
import socket
import ssl
import struct
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias

Step: TypeAlias = bytes | Callable[[socket.socket], None]
PATIENCE_S = 60.0
"""How long a test waits for what must come; a busy machine needs some of it."""
_ESTABLISHED = 1
"""The state of a connection that is open at both ends, as Linux counts them (`tcpi_state`)."""


def close(connection: socket.socket) -> None:
    """Close it in good order."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def reset(connection: socket.socket) -> None:
    """Close it with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def listen(connection: socket.socket) -> None:
    """Wait for what the client says first."""
    connection.recv(65_536)


def hold(connection: socket.socket) -> None:
    """Say nothing more until the client goes away."""
    while connection.recv(65_536):
        pass


def pause(_connection: socket.socket) -> None:
    """Let what was sent arrive as a segment of its own."""
    time.sleep(0.05)


def arrive(connection: socket.socket) -> None:
    """Wait until the client's system has said that it has all that was sent, or has ended the connection."""
    unacknowledged = bytearray(4)
    deadline = time.monotonic() + PATIENCE_S
    while connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED:
        fcntl.ioctl(connection, termios.TIOCOUTQ, unacknowledged)
        if not any(unacknowledged):
            return
        assert time.monotonic() < deadline
        time.sleep(0.001)


def endless(chunk: bytes) -> Step:
    """Send `chunk` until the client goes away."""

    def play(connection: socket.socket) -> None:
        while True:
            connection.sendall(chunk)

    return play


def drip(data: bytes, pause_s: float) -> Step:
    """Send one byte each `pause_s`, until the client goes away."""

    def play(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            connection.settimeout(pause_s)
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return
            connection.settimeout(None)

    return play


class Wire:
    """Answers a GET of `/name` with the steps under that name; a path of `/` is the script named ``""``."""

    def __init__(
        self,
        scripts: dict[str, tuple[Step, ...]],
        *,
        tls: ssl.SSLContext | None = None,
        greeting: tuple[Step, ...] = (),
        address: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.open_now = 0
        self.gone = threading.Condition()
        self._scripts = scripts
        self._tls = tls
        self._greeting = greeting
        self._listener = socket.create_server((address, port), backlog=128)
        self.address = address
        self.port = int(self._listener.getsockname()[1])
        self._live: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def url(self, name: str = "") -> str:
        return f"http{'s' if self._tls else ''}://{self.address}:{self.port}/{name}"

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for connection in list(self._live):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        assert self.all_gone(), "a connection of the test server did not end"

    def all_gone(self, but: int = 0) -> bool:
        """Wait until all connections (but so many) have ended; False after PATIENCE_S."""
        with self.gone:
            return self.gone.wait_for(lambda: self.open_now <= but, timeout=PATIENCE_S)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                with self.gone:
                    self.open_now += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        stream = connection
        self._live.add(connection)
        try:
            with suppress(OSError):
                _play(self._greeting, connection)
                if self._tls is not None:
                    self._live.discard(connection)
                    stream = self._tls.wrap_socket(connection, server_side=True)
                    self._live.add(stream)
                while request := _read_request(stream):
                    self.requests.append(request)
                    _play(self._scripts[_name(request)], stream)
        finally:
            self._live.discard(stream)
            stream.close()
            connection.close()
            with self.gone:
                self.open_now -= 1
                self.gone.notify_all()


def _play(steps: tuple[Step, ...], stream: socket.socket) -> None:
    for step in steps:
        if isinstance(step, bytes):
            stream.sendall(step)
        else:
            step(stream)


def _read_request(stream: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        chunk = stream.recv(65_536)
        if not chunk:
            return b""
        data += chunk
    return data


def _name(request: bytes) -> str:
    return request.split(b" ", 2)[1].decode("latin-1").removeprefix("/")

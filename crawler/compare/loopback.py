"""What the loopback takes for so many bytes: the line between the lab's site and whoever crawls it."""

import socket
from contextlib import closing
from threading import Thread
from time import perf_counter
from typing import Final

_CHUNK: Final = bytes(2**18)
_ATTEMPTS: Final = 3
_TIMEOUT_S: Final = 60.0


def transfer_s(size: int) -> float:
    """Seconds that `size` bytes take over one TCP connection of the loopback, at best, with nothing done to them.

    It is the kernel copying them: a crawl, over more connections and on the same cores, is no narrower.
    Raises OSError.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(_TIMEOUT_S)
        return min(_transfer_s(server, size) for _ in range(_ATTEMPTS))


def _transfer_s(server: socket.socket, size: int) -> float:
    def send() -> None:
        with closing(socket.create_connection(server.getsockname(), _TIMEOUT_S)) as sender:
            for left in range(size, 0, -len(_CHUNK)):
                sender.sendall(_CHUNK[:left])

    thread = Thread(target=send, daemon=True)
    thread.start()
    receiver, _ = server.accept()
    buffer = bytearray(len(_CHUNK))
    with closing(receiver):
        receiver.settimeout(_TIMEOUT_S)
        begun, received = perf_counter(), 0
        while some := receiver.recv_into(buffer):
            received += some
        taken_s = perf_counter() - begun
    thread.join()
    assert received == size
    return taken_s

"""What runs inside the workers of the experiments: next to nothing is imported, so that each is as small as can be.

A wire is a pipe's end. Workers are mortal, and end when they are told 0 or have nothing more to do.
"""

import socket
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from crawler.compare.primitives.mortal import mortal

Wire: TypeAlias = "Connection[Any, Any]"

CELL = [0]
"""The variable that workers write to."""


def write_and_tell(wire: Wire) -> None:
    """Write to the variable and say what is in it now."""
    mortal()
    CELL[0] += 1
    wire.send(CELL[0])


def say_hello(wire: Wire) -> None:
    """Say that the first line runs."""
    wire.send(True)


def stay(wire: Wire) -> None:
    """Say hello and be idle until anything is said."""
    mortal()
    wire.send(True)
    wire.recv()


def stay_having_read(wire: Wire, heap: list[str]) -> None:
    """Be idle, having read the parent's objects once: to read an object is to write its count of references."""
    sum(map(len, heap))
    stay(wire)


def compute(steps: int) -> int:
    """Keep the interpreter busy."""
    total = 0
    for step in range(steps):
        total += step * step % 7
    return total


def compute_on_demand(wire: Wire) -> None:
    """Compute as many steps as told, until told 0."""
    mortal()
    wire.send(True)
    while steps := wire.recv():
        compute(steps)
        wire.send(True)


def loop_for_ever(wire: "Wire | None" = None) -> None:
    """Never end."""
    if wire is not None:
        mortal()
        wire.send(True)
    while True:
        pass


def segfault(*_: object) -> None:
    """Read the memory at address 0, without leaving a core dump."""
    import ctypes  # noqa: PLC0415 - other workers need not carry it
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.string_at(0)


def fail(*_: object) -> None:
    """Raise an exception that nobody handles."""
    raise ValueError("on purpose")


def ask(port: int) -> None:
    """Ask the server once, and wait for its answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"?")
        assert connection.recv(1) == b"!"


def ask_and_end(_: Wire, port: int) -> None:
    """Ask in a process of its own."""
    mortal()
    ask(port)

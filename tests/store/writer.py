"""A process that writes batches until it is killed: `<folder> <steps a batch> [<statements until it kills itself>]`.

It tells on standard output each batch that is on disk by the number of its last step.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from crawler.model import Robots
from crawler.orders import Asked, Learned, Load, Moved, Settled
from tests.store.steps import session, text, visited

PAGE = text({f"word{n}": 1 for n in range(2_000)})


def batch(first: int, steps: int) -> Iterator[Settled]:
    """Steps of which each leaves one row in every table, a count of one in the ledger, and a move."""
    for n in range(first, first + steps):
        settled = visited(n, f"http://a.test/{n}", PAGE, depth=2)
        settled.changes += [
            Learned(f"http://{n}.test", Robots(), 3_600.0),
            Asked("a.test", None, 1.0),
            Moved(n, 1, 0, must_reopen=False),
        ]
        yield settled


async def write(folder: Path, steps: int, statements: int | None) -> None:
    """The interval never ends a batch; bringing does."""
    async with session(folder, interval_s=3_600) as (opened, begun, recorder):
        if statements is not None:
            await opened.database.call(lambda connection: _die_at(connection, statements))
        first = begun.first_id
        while True:
            for step in batch(first, steps):
                await recorder.keep(step)
            first += steps
            await recorder.bring(Load("a.test", 1))
            sys.stdout.write(f"{first - 1}\n")
            sys.stdout.flush()


def _die_at(connection: sqlite3.Connection, statement: int) -> None:
    """Kill this process when it begins that statement from now on, and no other way than from outside."""
    begun = iter(range(statement))

    def count(_sql: str) -> None:
        if next(begun, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(count)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None))

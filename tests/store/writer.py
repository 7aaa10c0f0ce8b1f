"""A process that writes until it is killed: batches of fifty steps, and a line of output for each on disk."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from crawler.model import Robots
from crawler.orders import Asked, Learned, Load, Moved, Settled
from tests.store.steps import session, text, visited

STEPS_A_BATCH = 50
WORDS = {f"word{n}": 1 for n in range(2_000)}


def batch(first: int) -> Iterator[Settled]:
    """Steps of which each leaves one row in every table, a count of one in the ledger, and a move."""
    for n in range(first, first + STEPS_A_BATCH):
        settled = visited(n, f"http://a.test/{n}", text(WORDS, links=[f"http://a.test/{n + 1}"]), depth=2)
        settled.changes += [
            Learned(f"http://{n}.test", Robots(), 3_600.0),
            Asked("a.test", None, 1.0),
            Moved(n, 1, 0, must_reopen=False),
        ]
        yield settled


async def write(folder: Path) -> None:
    """The interval never ends a batch; bringing does."""
    async with session(folder, interval_s=3_600) as (_, begun, recorder):
        first = begun.first_id
        while True:
            for step in batch(first):
                await recorder.keep(step)
            first += STEPS_A_BATCH
            await recorder.bring(Load("a.test", 1))
            sys.stdout.write(f"{first}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))

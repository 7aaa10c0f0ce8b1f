"""Crawls of one process one after the other, and what it holds between them: `<seeds> <connect-to> <out> <room>`.

Prints a JSON object for each: how the crawl ended, and the counts of descriptors, threads and children.
"""

import asyncio
import json
import sys
import threading
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

from crawler import AnalyzeSettings, FetchSettings, Settings, StoreSettings, crawl
from crawler.readers import ConnectTo
from crawler.settings import FrontierSettings
from crawler.store.faults import UnusableFolder


def held() -> dict[str, Any]:
    """What this process holds now."""
    deadline = time.monotonic() + 60
    while len(tasks := list(Path("/proc/self/task").iterdir())) > threading.active_count():
        assert time.monotonic() < deadline, "threads that have been joined are there still"
        time.sleep(0.01)  # the kernel takes a moment over a thread that has ended
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    return {"descriptors": len(list(Path("/dev/fd").iterdir())), "threads": len(tasks), "children": len(children)}


async def finish(seeds: str, settings: Settings) -> None:
    assert (await crawl(seeds, settings)).is_complete


async def stop(seeds: str, settings: Settings) -> None:
    job = crawl(seeds, settings)
    async for _ in job:
        job.stop()


async def abandon(seeds: str, settings: Settings) -> None:
    """Look at three visits and go away, as any loop may that has found what it looked for."""
    async with aclosing(aiter(crawl(seeds, settings))) as visits:  # type: ignore[type-var]
        for _ in range(3):
            await anext(visits)


async def abandon_carelessly(seeds: str, settings: Settings) -> None:
    """The same without saying so: the loop's end does it."""
    async for _ in crawl(seeds, settings):
        break


async def cancel(seeds: str, settings: Settings) -> None:
    task = asyncio.ensure_future(finish(seeds, settings))
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.wait([task])


async def be_refused(_seeds: str, settings: Settings) -> None:
    try:
        await crawl(["http://other.crawler.test/"], settings)
    except UnusableFolder:
        return
    raise AssertionError("a folder of other seeds was taken")


def main(seeds: str, connect_to: str, out: str, room: str) -> None:
    fetch, analyze = room.split("+")
    endings = (finish, finish, stop, abandon, abandon_carelessly, cancel, be_refused)
    for number, ending in enumerate(endings):
        settings = Settings(
            fetch=FetchSettings(room=fetch, connect_to=(ConnectTo.read(connect_to),)),
            analyze=AnalyzeSettings(room=analyze, workers=1),
            frontier=FrontierSettings(delay_s=0.0, per_host=8),
            store=StoreSettings(out=Path(out) / str(0 if ending is be_refused else number)),
        )
        asyncio.run(ending(seeds, settings))
        sys.stdout.write(json.dumps({"ending": ending.__name__, **held()}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A crawl in a process of its own, whose memory can be measured: `python -m tests.hostile.crawling ORDER_AS_JSON`."""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from crawler import (
    AnalyzeSettings,
    FetchSettings,
    FrontierSettings,
    RunSettings,
    Settings,
    StoreSettings,
    crawl,
    loop,
)
from crawler.readers import ConnectTo
from crawler.rooms import open_rooms
from crawler.site.hostile.hazard import DEPTH, MAX_PER_HOST, TIMEOUT_S
from tests.hostile.heart import obey, peak_kib

PATIENCE = 2
"""How many times the time-out of the table a page is given here, where other tests keep the machine busy."""
HANGING_S = 12.0


def main(order: dict[str, Any]) -> None:
    settings = Settings(
        fetch=FetchSettings(
            room=order["room"],
            timeout_s=PATIENCE * TIMEOUT_S,
            connect_to=tuple(map(ConnectTo.read, order["connect_to"])),
        ),
        analyze=AnalyzeSettings(workers=2, parser=order["parser"], deadline_s=HANGING_S),
        frontier=FrontierSettings(depth=DEPTH, max_per_host=MAX_PER_HOST),
        store=StoreSettings(out=Path(order["out"])),
        run=RunSettings(deadline_s=order["deadline_s"]),
    )

    async def run() -> int:
        summary = await crawl(order["seeds"], settings, rooms=partial(open_rooms, reader=obey))
        assert summary.is_complete, "it did not end by itself"
        return summary.exit_code

    started = time.monotonic()
    code = loop.run(run(), settings.run.loop)
    said = {"exit_code": code, "seconds": time.monotonic() - started, "peak_kib": peak_kib()}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

"""Whether every arm may open as many files as its pages in flight need: known before anything is measured."""

import asyncio
from collections.abc import Iterable

from crawler import loop
from crawler.compare.arms import arm_called
from crawler.compare.order import Order, UnusableOrder
from crawler.descriptors import TooFewDescriptors, fitted
from crawler.settings import AnalyzeSettings, FetchSettings, Settings, VisitSettings
from crawler.strategy import begun


def check_descriptors(order: Order, arms: Iterable[str]) -> None:
    """Arms that had fewer in flight than the others could not be compared.

    It asks as a contestant does, from a thread beside the arm's loop, which holds some itself. Raises UnusableOrder.
    """
    most = max(order.concurrency, *order.sweep, 1)
    for arm in map(arm_called, arms):
        settings = Settings(
            fetch=FetchSettings(room=arm.fetch, concurrency=most),
            analyze=AnalyzeSettings(room=arm.analyze),
            visit=VisitSettings(shards=arm.shards),
        )
        try:
            _, shortage = loop.run(asyncio.to_thread(fitted, begun(settings)), arm.loop)
        except TooFewDescriptors as error:
            raise UnusableOrder(f"{arm.name} cannot run here: {error}") from None
        if shortage:
            mend = "raise the limit, or give a lower --concurrency" + " and --sweep" * bool(order.sweep)
            raise UnusableOrder(f"{arm.name} cannot have {most} in flight: {shortage}; {mend}")

"""Room: analysis in supervised worker processes, where a bad page can harm only itself."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable
from typing import TypeAlias

from crawler.model import Failure, Fault, Page, Reading, Traits
from crawler.settings import AnalyzeSettings
from crawler.wall.faults import WorkerCannotStart
from crawler.workers.guarded import Heart
from crawler.workers.slot import Slot, SlotDied

_Waiting: TypeAlias = tuple[Page, asyncio.Future[Reading]]
_BATCH_PAGES = 8
_BATCH_BYTES = 256 * 2**10
_START_TRIES = 3


class ProcessRoom:
    """Hands batches of pages to slots; a slot that dies is replaced alone, and its pages are tried one by one."""

    traits = Traits(isolates=True, blocks_loop=False, reason="each worker is a process that can be killed alone")

    def __init__(self, heart: Heart, settings: AnalyzeSettings, preload: tuple[str, ...] = ()) -> None:
        self._heart = heart
        self._settings = settings
        self._preload = preload
        self._waiting: deque[_Waiting] = deque()
        self._is_closing = False
        self._broken: Exception | None = None
        self._has_started = asyncio.Event()
        self._idle: list[Slot] = []
        self._slots: set[Slot] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.slots = settings.worker_count
        self.capacity = self.slots * _BATCH_PAGES
        self.cpu_s = self.inline_s = 0.0
        for _ in range(self.slots):
            self._spawn(self._add_slot())

    async def ready(self) -> None:
        """Return once a worker has started, or none could; `analyze` then says why."""
        await self._has_started.wait()

    async def analyze(self, page: Page) -> Reading:
        """What the page says, or which of crashed, hung and memory it did to its worker.

        Raises WorkerCannotStart when the machine gives no worker process.
        """
        if self._broken is not None:
            raise self._broken
        future: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        self._waiting.append((page, future))
        self._dispatch()
        return await future

    async def aclose(self) -> None:
        """End the workers: idle ones gracefully, busy ones and those about to start at once."""
        self._is_closing = True
        self._waiting.clear()
        for slot in self._slots.difference(self._idle):
            slot.kill()
        while tasks := tuple(self._tasks):
            await asyncio.gather(*tasks)
            # Not left to their callbacks: gathering what is done already need not give the loop a turn to run them.
            self._tasks.difference_update(tasks)
        await asyncio.gather(*(slot.close() for slot in self._slots))

    def _dispatch(self) -> None:
        # Whatever waits when a slot falls idle is its batch: batches grow with the load, and no page waits for one.
        while self._idle and self._waiting:
            batch = [self._waiting.popleft()]
            size = len(batch[0][0].body)
            while (
                self._waiting and len(batch) < _BATCH_PAGES and size + len(self._waiting[0][0].body) <= _BATCH_BYTES
            ):
                batch.append(self._waiting.popleft())
                size += len(batch[-1][0].body)
            self._spawn(self._work(self._idle.pop(), batch))

    async def _work(self, slot: Slot, batch: list[_Waiting]) -> None:
        try:
            results = await self._results(slot, [page for page, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits for the batch is told
            self._give_up(error, batch)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
        self._dispatch()

    async def _results(self, slot: Slot, pages: list[Page]) -> list[Reading]:
        try:
            results = await self._run(slot, pages)
        except SlotDied as death:
            self._slots.discard(slot)
            if self._is_closing:
                return [death.cause] * len(pages)
            self._spawn(self._add_slot())
            was_alone = len(pages) == 1
            if was_alone and not death.came_from_outside:
                return [death.cause]
            return await self._run_each_alone(pages, has_doubt=not was_alone)
        suspects = [n for n, result in enumerate(results) if _is_out_of_memory(result)]
        if not suspects:
            self._idle.append(slot)
            return results
        # A page may run out of memory because the one before it left none, so each is heard again alone.
        self._spawn(self._replace(slot))
        if len(pages) > 1:
            for n, result in zip(suspects, await self._run_each_alone([pages[n] for n in suspects]), strict=True):
                results[n] = result
        return results

    async def _run_each_alone(self, pages: list[Page], *, has_doubt: bool = True) -> list[Reading]:
        """Each page alone in a disposable slot; a page that kills this one too is the culprit.

        While there is doubt, one whose slot was killed from outside is heard once more.
        """
        results: list[Reading] = []
        slot: Slot | None = None
        waiting = deque((page, has_doubt) for page in pages)
        while waiting:
            page, may_be_innocent = waiting.popleft()
            slot = slot or await self._start_slot()
            try:
                results += await self._run(slot, [page])
            except SlotDied as death:
                self._slots.discard(slot)
                slot = None
                if death.came_from_outside and may_be_innocent:
                    waiting.appendleft((page, False))
                    continue
                results.append(death.cause)
            else:
                if _is_out_of_memory(results[-1]):
                    await self._close(slot)
                    slot = None
        if slot is not None:
            await self._close(slot)
        return results

    async def _run(self, slot: Slot, pages: list[Page]) -> list[Reading]:
        results, cpu_s = await slot.run(pages, self._deadlines_s(pages))
        self.cpu_s += cpu_s
        return results

    async def _replace(self, slot: Slot) -> None:
        await self._close(slot)
        await self._add_slot()

    async def _close(self, slot: Slot) -> None:
        await slot.close()
        self._slots.discard(slot)

    async def _add_slot(self) -> None:
        try:
            self._idle.append(await self._start_slot())
        except Exception as error:  # noqa: BLE001 - whoever waits for a worker is told
            self._give_up(error, self._waiting)
        self._has_started.set()
        self._dispatch()

    async def _start_slot(self) -> Slot:
        for tries_left in reversed(range(_START_TRIES)):
            if self._is_closing:
                raise WorkerCannotStart("no worker is started any more")
            slot = Slot(self._heart, self._settings.max_growth_bytes, self._preload)
            self._slots.add(slot)
            try:
                await asyncio.to_thread(slot.start)
                break
            except WorkerCannotStart:
                self._slots.discard(slot)
                if not tries_left:
                    raise
        return slot

    def _give_up(self, error: Exception, batch: Iterable[_Waiting]) -> None:
        self._broken = error
        for _, future in batch:
            if not future.done():
                future.set_exception(error)

    def _deadlines_s(self, pages: list[Page]) -> list[float]:
        return [self._settings.deadline_s_of(len(page.body)) for page in pages]

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_out_of_memory(result: Reading) -> bool:
    return isinstance(result, Failure) and result.fault is Fault.MEMORY

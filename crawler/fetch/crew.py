"""Threads that carry out blocking attempts, seen from the event loop: what `threads` and `sequential` are made of."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from crawler import urls
from crawler.fetch.blocking import Attempt, Client
from crawler.fetch.limits import Limits
from crawler.model import Failure, Fault, Job, Page
from crawler.settings import FetchSettings

_TICK_S = 0.1
_GIVEN_UP = Failure(Fault.RESET, "given up by whoever awaited it")


class Crew:
    """`size` threads, started when needed, and as many clients; a client goes where it has a connection already."""

    def __init__(self, settings: FetchSettings, size: int) -> None:
        self._settings = settings
        self._limits = Limits(settings)
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="fetch")
        self._lock = threading.Lock()
        self._idle: dict[Client, None] = {}
        self._last_at: dict[str, Client] = {}
        self._max_remembered = size * (1 + settings.idle_per_slot)
        self._under_way: set[Attempt] = set()
        self._watch: asyncio.TimerHandle | None = None

    async def fetch(self, job: Job) -> Page | Failure:
        """One GET of the job's URL, in a thread; cancelled, it ends there promptly."""
        loop = asyncio.get_running_loop()
        attempt = Attempt(job.url)
        self._under_way.add(attempt)
        if self._watch is None:
            self._watch = loop.call_later(_TICK_S, self._look)
        try:
            return await loop.run_in_executor(self._pool, self._work, attempt)
        except asyncio.CancelledError:
            attempt.stop(_GIVEN_UP)
            raise
        finally:
            self._under_way.discard(attempt)

    async def aclose(self) -> None:
        """End the threads and close the connections."""
        if self._watch is not None:
            self._watch.cancel()
        await asyncio.to_thread(self._pool.shutdown)
        for client in self._idle:
            client.close()

    def _look(self) -> None:
        """Stop the attempts whose answer has not begun in time: the one deadline that curl does not know."""
        latest = perf_counter() - self._settings.first_byte_timeout_s
        for attempt in self._under_way:
            if 0.0 < attempt.sent_at < latest and not attempt.head_at:
                attempt.stop(self._limits.not_answered())
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(_TICK_S, self._look) if self._under_way else None

    def _work(self, attempt: Attempt) -> Page | Failure:
        origin = urls.origin(attempt.url)
        client = self._take(origin)
        try:
            return client.get(attempt)
        finally:
            self._give(client, origin)

    def _take(self, origin: str) -> Client:
        with self._lock:
            client = self._last_at.get(origin)
            if client not in self._idle:
                client = next(iter(self._idle), None)
            if client is None:
                return Client(self._settings)
            del self._idle[client]
            return client

    def _give(self, client: Client, origin: str) -> None:
        with self._lock:
            self._idle[client] = None
            self._last_at.pop(origin, None)
            self._last_at[origin] = client
            if len(self._last_at) > self._max_remembered:
                del self._last_at[next(iter(self._last_at))]

"""Children of multiprocessing's fork server whose exit codes arrive, whoever asks for them, and whenever.

multiprocessing asks all its children how they ended whenever it starts one, and each can be asked once only: of two
threads that ask at the same time, the second is told 255. So one of them starts, or asks, at a time.
"""

import threading
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess

_asking = threading.Lock()


class Child(ForkServerProcess):
    """A process; its methods block, `kill` excepted."""

    def start(self) -> None:
        """Start it."""
        with _asking:
            super().start()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended; others may start and ask meanwhile."""
        if wait([self.sentinel], timeout):
            with _asking:
                super().join()

    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        with _asking:
            return super().is_alive()

    @property
    def exitcode(self) -> int | None:
        """How it ended, or None."""
        with _asking:
            return super().exitcode

    def close(self) -> None:
        """Let go of its descriptors, which would else stay open until the garbage is collected."""
        with _asking:
            super().close()


class ChildContext(ForkServerContext):
    """The context for an executor whose workers are to be such children."""

    Process = Child


def context_of(preload: list[str]) -> ChildContext:
    """A context whose fork server loads these modules once for all, if it does not run yet."""
    context = ChildContext()
    context.set_forkserver_preload(["crawler.wall.fork_server", __name__, *preload])
    return context

"""Workers to experiment on: processes with a wire to each, and sub-interpreters that know what is `inside`."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from typing import Any

from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.ways import interpreters

PACKAGE = "crawler.compare.primitives"
PATIENCE_S = 20.0
"""How long a worker may take to end; who takes longer is killed."""


@contextmanager
def worker(method: str, target: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Wire]]:  # noqa: ANN401 - whatever can be pickled
    """A process that runs `target(wire, *arguments)`, and our end of its wire; at the end it is told 0."""
    context: Any = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        with suppress(OSError):  # it may have ended by itself
            ours.send(0)
        ours.close()
        finish(process)


def finish(process: BaseProcess) -> None:
    """Wait for the process to end, and kill it when it does not."""
    process.join(PATIENCE_S)
    if process.exitcode is None:
        process.kill()
        process.join()
    process.close()


@contextmanager
def interpreter() -> Iterator[Any]:
    """A sub-interpreter that knows `inside`."""
    made = interpreters().create()
    try:
        made.exec(f"from {PACKAGE} import inside")
        yield made
    finally:
        made.close()

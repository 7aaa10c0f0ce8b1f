"""How a process ended, read from its exit code as multiprocessing has it: a signal's is negative."""

import signal


def how_it_ended(exit_code: int | None) -> str:
    """`signal 11 (SIGSEGV)` or `exit status 7`."""
    if exit_code is not None and exit_code < 0:
        return f"signal {-exit_code} ({signal.Signals(-exit_code).name})"
    return f"exit status {exit_code}"

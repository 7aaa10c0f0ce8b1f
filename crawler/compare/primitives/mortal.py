"""An end for whatever might not end by itself."""

import signal


def mortal(lifetime_s: float = 90.0) -> None:
    """End this process after `lifetime_s` by SIGALRM's default action: it needs no interpreter, and no parent."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, lifetime_s)

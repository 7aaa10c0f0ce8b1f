"""No parser, but what a broken one would do: the target that tests the long run itself."""

import os
import signal

from hypothesis import strategies as st

from tests.fuzz.target import Target

FATAL = 990

inputs = st.integers(0, 1_000)


def check(number: int) -> None:
    """Often wrong and seldom fatal, so that the one is found before the other."""
    if number > FATAL:
        os.kill(os.getpid(), signal.SIGSEGV)
    if number % 2:
        raise ValueError(number)


TARGET = Target(inputs, check)

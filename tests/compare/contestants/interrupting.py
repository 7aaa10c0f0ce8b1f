"""Has whoever compares interrupted in the middle of a sample, and waits to be ended."""

import os
import signal

LAB = "TEST_LAB_PID"
SIGNAL = "TEST_LAB_SIGNAL"


def main() -> None:
    os.kill(int(os.environ[LAB]), signal.Signals[os.environ[SIGNAL]])
    signal.pause()

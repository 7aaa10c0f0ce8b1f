"""Dies before it has begun."""

import sys


def main() -> None:
    sys.exit("no page will ever be mine")

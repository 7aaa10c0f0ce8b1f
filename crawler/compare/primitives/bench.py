"""Runs one experiment in this process and prints what it found as JSON: `python -m … ROW [FUNCTION [LIFETIME_S]]`.

It imports nothing else, because every worker process that is spawned imports it too.
"""

import sys

from crawler.compare.primitives.mortal import mortal


def main(module: str, function: str = "measure", lifetime_s: str = "60") -> None:
    """Run it; the answer is flushed at once, because the process may not come to its end.

    A fork server of this process knows what its workers will need.
    """
    import multiprocessing  # noqa: PLC0415 - as said above
    from importlib import import_module  # noqa: PLC0415

    import msgspec  # noqa: PLC0415

    try:
        experiment = import_module(f"{__package__}.{module}")
    except ModuleNotFoundError:
        from crawler.compare.primitives.findings import ROWS  # noqa: PLC0415

        print(f"there is no experiment {module!r}; name one of {', '.join(ROWS)}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    mortal(float(lifetime_s))
    multiprocessing.set_forkserver_preload([f"{__package__}.inside"])
    found = getattr(experiment, function)()
    sys.stdout.buffer.write(msgspec.json.encode(found))
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

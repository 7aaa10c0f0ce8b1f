"""`python -m crawler` and the `crawler` script. Worker processes import this file too, so it imports nothing."""


def main() -> int:
    """Run the command line; the process's exit code."""
    try:
        import sys  # noqa: PLC0415 - cheap doors

        from crawler.cli.main import run_command  # noqa: PLC0415 - cheap doors
    except KeyboardInterrupt:  # it has only just begun
        return 130
    return run_command(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())

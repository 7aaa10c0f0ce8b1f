"""Numbers of things, as one says them."""


def counted(number: int, thing: str) -> str:
    """`1 URL`, `1,000 URLs`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"

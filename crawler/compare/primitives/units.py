"""Numbers as people read them: two or three digits and a unit, the same in every language."""

_KIB = 1024
_THOUSAND = 1000
_TEN = 10
_HUNDRED = 100


def duration(microseconds: float) -> str:
    """`5.8 µs`, `74 µs`, `1.8 ms`, `1.33 s`."""
    if microseconds < _THOUSAND:
        return f"{_digits(microseconds)} µs"
    milliseconds = microseconds / _THOUSAND
    return f"{_digits(milliseconds)} ms" if milliseconds < _THOUSAND else f"{milliseconds / _THOUSAND:.2f} s"


def memory(kib: float) -> str:
    """`0.9 KiB`, `14 KiB`, `6.9 MiB`."""
    return f"{_digits(kib)} KiB" if kib < _KIB else f"{_digits(kib / _KIB)} MiB"


def size(count: int) -> str:
    """`64 KB`, `10 MB`."""
    return f"{count // 1_000} KB" if count < 1_000_000 else f"{count // 1_000_000} MB"  # noqa: PLR2004


def times(ratio: float) -> str:
    """`0.97`, `1.9`, `37`, `4,700`."""
    if ratio >= _HUNDRED:
        return f"{float(f'{ratio:.2g}'):,.0f}"
    return f"{ratio:.2f}" if round(ratio, 2) < 1 else _digits(ratio)


def percent(share: float) -> str:
    """`42 %`."""
    return f"{share * 100:.0f} %"


def _digits(number: float) -> str:
    return f"{number:.1f}" if round(number, 1) < _TEN else f"{number:,.0f}"

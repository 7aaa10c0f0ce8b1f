"""What inputs are made of: samples and damage to them, pieces in any order, and one piece many times over."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

MAX_REPEATED = 64 * 2**10

_CODECS = ["utf-8", "cp1252", "cp932", "euc_jp", "gb18030", "big5", "cp949", "utf-16-le", "utf-16-be", "koi8_r"]
_WORDS = [
    "word",
    "naïve",
    "Straße",
    "日本語",
    "ไทย",
    "слово",
    "كلمة",
    "한국어",
    "𠮷",
    "e\u0301",
    "ﬁ",
    "İ",
    "x\u00ad",
    "\u200b",
]


def bodies(samples: Sequence[bytes], pieces: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Bytes of a format of which these are whole files, and those are pieces to put where they do not belong."""
    piece = st.sampled_from(pieces)
    return st.one_of(
        st.builds(damaged, st.sampled_from(samples), damages(piece, st.sampled_from(samples))),
        st.lists(piece, max_size=40).map(b"".join),
        repeated(piece),
        st.builds(damaged, st.lists(piece, min_size=1, max_size=20).map(b"".join), damages(piece, piece)),
        st.binary(max_size=100),
    )


def texts(pieces: Sequence[str], max_size: int = 30) -> st.SearchStrategy[str]:
    """Text of such pieces, of words in many scripts, and of any characters."""
    piece = st.sampled_from([*pieces, *_WORDS])
    return st.one_of(
        st.lists(piece, max_size=max_size).map("".join),
        st.lists(piece | st.text(max_size=3), max_size=max_size).map("".join),
    )


def mixed(pieces: Sequence[str], max_size: int = 30) -> st.SearchStrategy[bytes]:
    """Pieces each of which may be in a charset of its own, as in pages put together from several sources."""
    piece = st.builds(
        lambda text, codec: text.encode(codec, "replace"),
        st.sampled_from([*pieces, *_WORDS]) | st.text(max_size=4),
        st.sampled_from(_CODECS),
    )
    return st.lists(piece, max_size=max_size).map(b"".join)


def repeated(piece: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """One or a few pieces over and over: what takes more time than its length shows it here."""
    return st.builds(
        lambda start, unit, size, end: start + unit * (size // max(1, len(unit))) + end,
        piece,
        st.lists(piece | st.binary(min_size=1, max_size=2), min_size=1, max_size=3).map(b"".join),
        st.sampled_from([100, 1_000, 10_000, MAX_REPEATED]),
        piece,
    )


Damage = tuple[str, int, int, bytes]


def damages(piece: st.SearchStrategy[bytes], other: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[Damage]]:
    """What may happen to bytes on their way, or at the hands of somebody who means harm."""
    at = st.integers(0, 2**16 - 1)
    return st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from(["flip", "set", "delete", "double", "cut"]), at, st.integers(0, 255), st.just(b"")
            ),
            st.tuples(st.sampled_from(["insert", "splice"]), at, st.integers(0, 255), piece | other),
        ),
        max_size=6,
    )


def damaged(data: bytes, steps: Sequence[Damage]) -> bytes:
    """The bytes after each step; places are parts of 2**16 of the length."""
    for kind, place, number, extra in steps:
        at = place * len(data) >> 16
        data = _DAMAGE[kind](data, at, number, extra)
    return data


_DAMAGE: dict[str, Callable[[bytes, int, int, bytes], bytes]] = {
    "flip": lambda data, at, number, _: (
        data[:at] + bytes(b ^ (1 << number % 8) for b in data[at : at + 1]) + data[at + 1 :]
    ),
    "set": lambda data, at, number, _: data[:at] + bytes((number,)) + data[at + 1 :],
    "delete": lambda data, at, number, _: data[:at] + data[at + number :],
    "double": lambda data, at, number, _: data[:at] + data[at : at + number] * 3 + data[at + number :],
    "cut": lambda data, at, _number, _: data[:at],
    "insert": lambda data, at, _number, extra: data[:at] + extra + data[at:],
    "splice": lambda data, at, number, extra: data[:at] + extra[len(extra) * number >> 8 :],
}

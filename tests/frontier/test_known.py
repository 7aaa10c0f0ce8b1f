"""The table of every URL ever met, against a dict that holds the same."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.frontier.known import MAX_DEPTH, MAX_HOPS, Known, KnownUrls, Standing
from crawler.settings import MAX_DEPTH as MOST_LINKS
from crawler.settings import FrontierSettings

MOST_BYTES = 60
MOST_ID = 2**32 - 1


def url(number: int) -> str:
    return f"http://h{number % 97}.example/{number}"


def known(random: Random, number: int) -> Known:
    return Known(
        number,
        random.choice((0, 1, MAX_DEPTH, random.randint(0, MAX_DEPTH))),
        random.choice((0, 0, MAX_HOPS, random.randint(0, MAX_HOPS))),
        random.choice(list(Standing)),
    )


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32), number=st.integers(1, 20_000))
def test_it_finds_what_was_put_last_and_nothing_else(seed: int, number: int) -> None:
    random = Random(seed)
    table, reference = KnownUrls(), dict[str, Known]()
    for _ in range(number):
        which = random.randint(1, number)
        reference[url(which)] = value = known(random, which)
        table.put(url(which), value)
    assert len(table) == len(reference)
    for which in range(1, number + 1):
        assert table.find(url(which)) == reference.get(url(which))
    depth = random.randint(0, MAX_DEPTH)
    urls = [url(random.randint(1, 2 * number)) for _ in range(500)]
    assert table.news(urls, depth) == [some for some in urls if is_news(reference.get(some), depth)]


def is_news(value: Known | None, depth: int) -> bool:
    return value is None or value.depth > depth or value.hops > 0


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([url(number) for number in range(12)]),
            st.integers(0, MAX_DEPTH),
            st.integers(0, MAX_HOPS),
            st.sampled_from(list(Standing)),
        )
    )
)
def test_every_label_survives(puts: list[tuple[str, int, int, Standing]]) -> None:
    table, reference = KnownUrls(), dict[str, Known]()
    for some, depth, hops, standing in puts:
        number = reference[some].id if some in reference else MOST_ID - len(reference)
        reference[some] = Known(number, depth, hops, standing)
        table.put(some, reference[some])
    for some, value in reference.items():
        found = table.find(some)
        assert found == value and type(found.standing) is Standing


def test_hashes_that_fall_together_in_a_shard_are_kept_apart() -> None:
    """All in one shard and in neighbouring slots, zero among them, which marks a free slot."""

    class Hashed(str):
        __slots__ = ()

        def __hash__(self) -> int:
            return int(self) * 512 * 2**20

        def __eq__(self, other: object) -> bool:
            raise AssertionError("only the hash is kept")

    table = KnownUrls()
    urls = [Hashed(number) for number in range(300)]
    for number, some in enumerate(urls):
        assert table.find(some) is None
        table.put(some, Known(number, 1, 0, Standing.HELD))
    assert [found.id for some in urls if (found := table.find(some)) is not None] == list(range(300))
    assert table.news(urls, 1) == []
    assert len(table.news([*urls, Hashed(400)], 0)) == 301


def test_a_url_takes_few_bytes() -> None:
    table = KnownUrls()
    for number in range(200_000):
        table.put(url(number), Known(number, 1, 0, Standing.STORED))
    arrays = [(shard.keys, shard.ids, shard.labels) for shard in table._shards]
    size = sum(array.buffer_info()[1] * array.itemsize for shard in arrays for array in shard)
    assert size / 200_000 <= MOST_BYTES
    assert len(table) == 200_000


def test_no_setting_goes_beyond_what_a_label_can_hold() -> None:
    assert MOST_LINKS <= MAX_DEPTH
    assert FrontierSettings().max_redirects <= MAX_HOPS


@pytest.mark.parametrize("value", [Known(1, MAX_DEPTH + 1, 0, Standing.STORED), Known(2**32, 0, 0, Standing.STORED)])
def test_what_a_label_cannot_hold_is_not_cut_in_silence(value: Known) -> None:
    with pytest.raises(OverflowError):
        KnownUrls().put("http://h.example/", value)

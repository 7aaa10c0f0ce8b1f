"""What bounds a crawl at a moment, whatever is going on in it; and the words for it."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.bounds import BOUNDS, Bound, Holdup, Look, Tally, Why, bound_of
from crawler.report.advice import advice_on
from crawler.report.bounded import bounded
from crawler.settings import AnalyzeSettings, FetchSettings, FrontierSettings, RunSettings, Settings, VisitSettings

IDLE = Look(
    seconds=1.0,
    late_s=0.0,
    loop_busy_s=0.1,
    inline_s=0.0,
    process_cpu_s=0.1,
    analyze_cpu_s=0.2,
    shards=0,
    shards_busy=0.0,
    shards_analyze=0.0,
    capacity=32,
    under_way=4,
    fetching=4,
    analyzing=0,
    slots=2,
    storing=0,
    observing=0,
    bringing=0,
    waiting=0,
    has_due=False,
    is_open=True,
)
FULL = IDLE._replace(under_way=32, fetching=32, waiting=1_000, has_due=True)
HELD = (Holdup("a.test", "delay"),)


@pytest.mark.parametrize(
    ("look", "held_up", "bound"),
    [
        (IDLE, (), "end"),
        (IDLE._replace(is_open=False, loop_busy_s=1.0), (), "start"),
        (IDLE._replace(waiting=9), HELD, "politeness"),
        (IDLE._replace(waiting=9, bringing=1), (), "disk"),
        (IDLE._replace(waiting=9, bringing=1), HELD, "politeness"),
        (FULL, (), "latency"),
        (FULL._replace(has_due=False), HELD, "politeness"),
        (FULL._replace(waiting=0, has_due=False), (), "end"),
        (FULL._replace(fetching=29, analyzing=3), (), "analysis"),
        (FULL._replace(fetching=30, analyzing=2), (), "latency"),
        (FULL._replace(capacity=2, under_way=2, fetching=0, analyzing=2), (), "analysis"),
        (FULL._replace(capacity=1, under_way=1, fetching=0, analyzing=1), (), "latency"),
        (FULL._replace(fetching=29, analyzing=3, loop_busy_s=0.95), (), "loop"),
        (FULL._replace(late_s=0.9), (), "loop"),
        (FULL._replace(process_cpu_s=0.95), (), "loop"),
        (FULL._replace(fetching=2, storing=30), (), "disk"),
        (FULL._replace(fetching=2, observing=30), (), "caller"),
        (IDLE._replace(under_way=0, storing=1), (), "disk"),
        (FULL._replace(shards_busy=0.9, shards_analyze=0.6), (), "analysis"),
        (FULL._replace(shards_busy=0.9, shards_analyze=0.2), (), "loop"),
    ],
)
def test_each_moment_has_its_bound(look: Look, held_up: tuple[Holdup, ...], bound: Bound) -> None:
    assert bound_of(look, held_up) == bound


some = st.integers(0, 40)
seconds = st.floats(0, 5)
looks = st.builds(
    Look,
    seconds=seconds,
    late_s=seconds,
    loop_busy_s=seconds,
    inline_s=seconds,
    process_cpu_s=seconds,
    analyze_cpu_s=seconds,
    shards=st.integers(0, 4),
    shards_busy=st.floats(0, 1.5),
    shards_analyze=st.floats(0, 1.5),
    capacity=st.integers(1, 40),
    under_way=some,
    fetching=some,
    analyzing=some,
    slots=st.integers(1, 8),
    storing=some,
    observing=some,
    bringing=some,
    waiting=some,
    has_due=st.booleans(),
    is_open=st.booleans(),
)
hold_ups = st.lists(st.builds(Holdup, st.sampled_from(["a.test", "b.test"]), st.sampled_from(get_args(Why)))).map(
    tuple
)
settings_of_any_kind = st.builds(
    lambda fetch, analyze, shards, loop: Settings(
        fetch=FetchSettings(room=fetch),
        analyze=AnalyzeSettings(room=analyze),
        visit=VisitSettings(shards=shards),
        run=RunSettings(loop=loop),
    ),
    st.sampled_from(["async", "threads", "sequential"]),
    st.sampled_from(["processes", "threads", "inline", "interpreters"]),
    st.integers(0, 4),
    st.sampled_from(["uvloop", "asyncio"]),
)


@given(st.lists(st.tuples(looks, hold_ups)), settings_of_any_kind, st.integers(1, 4))
def test_all_the_time_is_dealt_out_and_there_are_words_for_all_of_it(
    seen: list[tuple[Look, tuple[Holdup, ...]]], settings: Settings, cores: int
) -> None:
    tally = Tally()
    for look, held_up in seen:
        tally.add(look, held_up)
    assert tally.seconds == pytest.approx(sum(look.seconds for look, _ in seen))
    assert sum(map(tally.share, BOUNDS)) == pytest.approx(1.0)
    told = bounded(tally, settings, cores)
    assert told.share == max(told.shares.values())
    assert sum(told.shares.values()) == pytest.approx(1.0, abs=0.005)
    assert str(told).startswith("Bounded by ")
    assert told.times_as_fast is None or told.times_as_fast >= 1
    assert all(0 <= each.share <= 1.0005 for each in told.hosts)


def tally_of(*looks: Look, held_up: tuple[Holdup, ...] = ()) -> Tally:
    tally = Tally()
    for look in looks:
        tally.add(look, held_up)
    return tally


def told(tally: Tally, cores: int = 2, **stages: Any) -> str:
    return str(bounded(tally, Settings(**stages), cores))


def test_what_to_change_is_said_with_the_most_that_it_can_give() -> None:
    assert told(tally_of(FULL)) == (
        "Bounded by latency: 100 % of the time all 32 pages in the air waited for bytes;"
        " --concurrency 64 might be up to 2.0 times as fast"
    )
    assert "up to 1.3 times" in told(tally_of(FULL, IDLE)), "what else takes time stays"
    assert "up to 1.7 times" in told(tally_of(FULL._replace(loop_busy_s=0.6))), "there is one loop"
    assert "up to 1.3 times" in told(tally_of(FULL._replace(analyze_cpu_s=1.5)), 4), "and so many workers"
    assert "up to 1.4 times" in told(tally_of(FULL._replace(analyze_cpu_s=1.0, loop_busy_s=0.4))), "and cores"
    assert "up to 1.5 times" in told(tally_of(FULL._replace(waiting=16))), "and pages that wait"
    assert told(tally_of(FULL._replace(waiting=1))).endswith(
        "more in the air would hardly help: next come the CPU, or too few pages that wait"
    )
    one = FULL._replace(capacity=1, under_way=1, fetching=1)
    assert told(tally_of(one), fetch=FetchSettings(room="sequential")).endswith(
        "the one page in the air was waited for; --fetch async might be up to 6.7 times as fast,"
        " with 32 pages in the air"
    )


def test_politeness_is_its_hosts_and_theirs_to_change() -> None:
    waiting = IDLE._replace(waiting=9)
    one = told(tally_of(waiting, held_up=HELD))
    assert one == (
        "Bounded by politeness: 100 % of the time jobs waited for the delay of a.test;"
        " --delay 500ms might be up to 2.0 times as fast, if its owner agrees"
    )
    tally = tally_of(waiting, held_up=(*HELD, Holdup("b.test", "delay")))
    tally.add(waiting, (Holdup("b.test", "delay"),))
    assert "the delay of b.test (and 1 more)" in told(tally)
    assert told(tally, frontier=FrontierSettings(delay_s=3)).endswith(
        "--delay 1.5s might be up to 2.0 times as fast, if their owners agree"
    )
    by_limit = told(tally_of(waiting, held_up=(Holdup("a.test", "per-host"),)))
    assert "one of the 2 connections to a.test; --per-host 4 might be" in by_limit
    for why in ("crawl-delay", "slow", "refused", "robots", "retry"):
        assert advice_on(tally_of(waiting, held_up=(Holdup("a.test", why),)), Settings(), 2).times_as_fast is None


def test_what_computes_too_long_can_compute_elsewhere() -> None:
    loop = FULL._replace(loop_busy_s=1.0)
    assert told(tally_of(loop)).endswith("; --shards 2 might be up to 2.0 times as fast")
    assert told(tally_of(loop), 1).endswith(
        "; each core has its loop, so only more cores, or faster ones, would help"
    )
    assert "--loop uvloop" in told(tally_of(loop), run=RunSettings(loop="asyncio"))
    inline = told(tally_of(loop._replace(inline_s=0.8)), 4, analyze=AnalyzeSettings(room="inline"))
    assert inline.endswith(
        "the event loop computed or was held up, 80 % of that for analysis;"
        " --analyze processes might be up to 4.0 times as fast"
    )
    analysis = FULL._replace(analyzing=9, analyze_cpu_s=1.6)
    assert "both workers were busy; each core has its worker" in told(tally_of(analysis))
    assert told(tally_of(analysis), 4).endswith("; --workers 4 might be up to 2.0 times as fast")
    competing = told(tally_of(analysis._replace(analyze_cpu_s=0.9)), 4)
    assert competing.endswith("; analysis got cores for only 45 % of that: fetching or other programs had them")
    assert "--parser turbo" in told(tally_of(analysis), analyze=AnalyzeSettings(parser="soup"))
    assert "--analyze processes" in told(tally_of(analysis), analyze=AnalyzeSettings(room="threads"))
    shards = FULL._replace(shards=2, shards_busy=1.0, shards_analyze=0.9)
    sharded = told(tally_of(shards), 8, visit=VisitSettings(shards=2))
    assert sharded.endswith("both shards were busy; --shards 8 might be up to 4.0 times as fast")


def test_hosts_are_remembered_only_so_many() -> None:
    tally = Tally()
    waiting = IDLE._replace(waiting=9)
    for n in range(3_000):
        tally.add(waiting, (Holdup("long.test", "delay"), Holdup(f"h{n}.test", "delay")))
    assert len(tally.by_host) <= 1_000
    assert tally.longest[0].host == "long.test"
    assert len(bounded(tally, replace(Settings()), 2).hosts) == 10

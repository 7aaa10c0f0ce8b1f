"""Who takes part: what is named is kept, what cannot run says why, and nonsense is one line."""

from collections import Counter

import pytest

from crawler.compare import lineup
from crawler.compare.arms import ARMS, REFERENCE, Arm
from crawler.compare.ladder import CLIMBERS, QUICK_CLIMBERS, WAITS
from crawler.compare.lineup import QUICK_ARMS, QUICK_PAGES, RUNG_PAGES, entries, line_up
from crawler.compare.order import Order, UnusableOrder
from crawler.compare.workloads import WORKLOADS
from tests.compare.examples import work

INTERPRETERS = "async+interpreters"
BESIDE = "async+processes@soup"


@pytest.fixture
def without_interpreters(monkeypatch: pytest.MonkeyPatch) -> None:
    def why_not(arm: Arm) -> str | None:
        return "needs CPython 3.14" if arm.analyze == "interpreters" else None

    monkeypatch.setattr(lineup, "why_not", why_not)


@pytest.mark.usefixtures("without_interpreters")
def test_all_that_can_run_take_part_and_the_others_say_why() -> None:
    lined = line_up(Order())
    skipped = {skip.arm: skip.why for skip in lined.skipped}
    assert skipped[INTERPRETERS] == "needs CPython 3.14"
    assert {*lined.arms, *skipped} == {name for name, arm in ARMS.items() if arm.is_ranked}
    assert [workload.name for workload in lined.workloads] == list(WORKLOADS)
    assert lined.notes == ()


@pytest.mark.usefixtures("without_interpreters")
def test_what_is_named_is_kept_and_the_reference_with_it() -> None:
    lined = line_up(Order(strategies=("sequential+inline", BESIDE), workloads=("hostile",), is_quick=True))
    assert set(lined.arms) == {"sequential+inline", BESIDE, REFERENCE}
    assert lined.skipped == ()
    assert [workload.name for workload in lined.workloads] == ["hostile"]


def test_quick_is_less_and_says_so() -> None:
    lined = line_up(Order(is_quick=True))
    assert set(lined.arms) == {*QUICK_ARMS, REFERENCE}
    assert {workload.name: workload.pages for workload in lined.workloads} == QUICK_PAGES
    assert any("mixed and hostile not at all" in note for note in lined.notes)
    assert any("--strategies" in note for note in lined.notes)
    made = entries(Order(is_quick=True), lined.arms, [work("io"), work("cpu")])
    assert "unprobed" not in {entry.role for entry in made}
    assert any("probes" in note for note in lined.notes)


def test_sizes_that_are_asked_for_are_those_of_the_workloads() -> None:
    order = Order(is_quick=True, pages=17, page_kb=9, latency="fixed:5ms")
    io, cpu = line_up(order).workloads
    assert (io.pages, cpu.pages) == (17, 17)
    assert (io.page_kb, cpu.page_kb) == (9, 9)
    assert (io.latency, cpu.latency) == ("fixed:5ms", "none")


def test_another_seed_has_other_pages() -> None:
    assert {workload.seed for workload in line_up(Order(seed=5)).workloads} == {5}


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(strategies=("async+procesess",)), "--strategies: 'async+procesess' is none of sequential+"),
        (Order(strategies=("65×(async+inline)",)), "--strategies: '65×(async+inline)' is none of sequential+"),
        (Order(workloads=("IO",)), "--workloads: 'IO' is none of io, cpu"),
        (Order(reference="best"), "--reference: 'best' is none of "),
        (Order(pages=1), "--pages: 1 are too few for io, which has 4 hosts; give 4 or more"),
        (Order(latency="soon"), "--latency: 'soon' is not understood; write none, fixed:50ms or "),
        (Order(latency="fixed:61s"), "--latency: 'fixed:61s' is too long; 60s is the most"),
        (Order(hosts=11), "--hosts: 11 are not to be had, as each has a language of its own; give 1 to 10"),
        (
            Order(page_kb=5_000),
            "--page-kb: io would have 160 pages of 5000 KB, and the site keeps 192 MB ready; give ",
        ),
        (Order(pages=90_000), "--pages: io would have 90000 pages of 4 KB, and the site keeps 192 MB ready; give "),
        (Order(latency="fixed:5ms", workloads=("cpu",)), "--latency: cpu waits for no page; name io or mixed"),
        (Order(sweep=(1, 4), workloads=("hostile",)), "--sweep: hostile is not about speed"),
        (
            Order(sweep=(4,), strategies=("sequential+inline",), reference="sequential+inline"),
            "--sweep: sequential+inline is not ranked, or has one page",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_line(order: Order, said: str) -> None:
    with pytest.raises(UnusableOrder) as refused:
        line_up(order)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("without_interpreters")
def test_a_reference_that_cannot_run_is_refused() -> None:
    with pytest.raises(UnusableOrder, match=r"cannot run here \(needs CPython 3.14\); name another"):
        line_up(Order(reference=INTERPRETERS))


def test_every_arm_is_measured_everywhere_and_the_reference_twice_where_times_are_compared() -> None:
    arms = ("sequential+inline", "async+inline", REFERENCE)
    made = entries(Order(), arms, [work("io"), work("cpu"), work("hostile")])
    assert Counter((entry.workload, entry.role) for entry in made) == Counter(
        {
            ("io", "measured"): 3,
            ("cpu", "measured"): 3,
            ("hostile", "measured"): 3,
            ("io", "control"): 1,
            ("cpu", "control"): 1,
            ("cpu", "canned"): 1,
            ("cpu", "unprobed"): 1,
        }
    )
    assert {entry.arm for entry in made if entry.role != "measured"} == {REFERENCE}


def test_the_sweep_has_every_limit_for_every_ranked_arm_that_has_one() -> None:
    arms = ("sequential+inline", "async+inline", "async+inline@asyncio", REFERENCE, BESIDE)
    made = entries(Order(sweep=(1, 16)), arms, [work("io"), work("hostile")])
    swept = {(entry.workload, entry.arm, entry.concurrency) for entry in made if entry.role == "sweep"}
    assert swept == {("io", arm, limit) for arm in ("async+inline", REFERENCE) for limit in (1, 16)}
    named = entries(Order(sweep=(1,), strategies=arms), arms, [work("io")])
    assert "async+inline@asyncio" in {entry.arm for entry in named if entry.role == "sweep"}


def test_waiting_is_expected_of_whoever_waits_for_one_at_a_time() -> None:
    made = {entry.arm: entry.guess_s for entry in entries(Order(), ("sequential+inline", REFERENCE), [work("io")])}
    assert made["sequential+inline"] > 10 * made[REFERENCE]


def test_named_shards_come_in_any_number_and_after_the_usual_arms() -> None:
    assert line_up(Order(strategies=("5×(async+inline)", "async+inline"))).arms == (
        "async+inline", REFERENCE, "5×(async+inline)",
    )  # fmt: skip


def test_a_crossover_has_the_same_pages_on_each_rung_and_less_and_less_to_wait_for() -> None:
    lined = line_up(Order(is_crossover=True, pages=17, page_kb=9))
    assert [rung.latency for rung in lined.workloads] == [
        *(f"fixed:{wait}" for wait in WAITS if wait != "none"), "none",
    ]  # fmt: skip
    assert {(rung.pages, rung.page_kb, rung.seed, rung.languages) for rung in lined.workloads} == {
        (17, 9, 1, ("ja", "en", "zh", "de"))
    }
    assert set(lined.arms) == set(CLIMBERS)
    made = entries(Order(is_crossover=True), lined.arms, [work("io"), work("cpu")])
    assert {entry.role for entry in made} == {"measured", "control"}


def test_a_quick_crossover_has_fewer_rungs_and_says_so() -> None:
    lined = line_up(Order(is_crossover=True, is_quick=True))
    assert [rung.name for rung in lined.workloads] == ["wait 300ms", "wait 10ms", "no wait"]
    assert set(lined.arms) == set(QUICK_CLIMBERS)
    assert lined.notes == (f"quick: 3 of {len(WAITS)} waits, with {RUNG_PAGES} pages each",)

"""Plans under a simulated clock: who runs when, and what a budget leaves of it."""

from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from crawler.compare.budget import LEAST, Entry, allot
from crawler.compare.plan import FAILURES_IN_A_ROW, Plan, Turn
from crawler.compare.result import Role
from crawler.compare.trims import trims

ARMS = ("async+processes", "async+inline", "threads+inline", "sequential+inline")
REFERENCE = "async+processes"
AMPLE_S = 10_000.0


def entry(workload: str, arm: str, role: Role = "measured", wanted: int = 12, **others: object) -> Entry:
    made = Entry(workload, arm, role, concurrency=32, wanted=wanted, least=LEAST, guess_s=1.0)
    return made._replace(**others)  # type: ignore[arg-type]


def contest(*workloads: str, wanted: int = 12) -> list[Entry]:
    return [
        one
        for workload in workloads
        for one in (
            *(entry(workload, arm, wanted=wanted) for arm in ARMS),
            entry(workload, REFERENCE, "control", wanted),
        )
    ]


def a_second(_: Entry) -> float:
    return 1.0


def costs(slow_s: float) -> Callable[[Entry], float]:
    return lambda one: slow_s if one.arm.startswith("sequential") else 1.0


def run(
    plan: Plan,
    cost_s: Callable[[Entry], float] = a_second,
    failure: Callable[[Entry], str] = lambda _: "",
) -> tuple[list[Turn], float]:
    """Take every turn; the turns and when the last ended."""
    turns, now = [], 0.0
    while (turn := plan.next(now)) is not None:
        turns.append(turn)
        now += cost_s(turn.entry)
        plan.took(turn, cost_s(turn.entry), failure(turn.entry))
        assert plan.still_to_come() >= (0, 0.0)
    return turns, now


def made(entries: list[Entry], budget_s: float = AMPLE_S, seed: int = 1) -> Plan:
    return Plan(entries, warm_ups=1, budget_s=budget_s, seed=seed)


def rounds_of(turns: list[Turn], workload: str) -> Mapping[int, list[Turn]]:
    those = [turn for turn in turns if turn.entry.workload == workload and turn.role != "warm-up"]
    return {number: [turn for turn in those if turn.round == number] for number in {turn.round for turn in those}}


def test_warm_ups_come_first_once_for_each_arm_and_workload() -> None:
    turns, _ = run(made(contest("io", "cpu")))
    warm_ups = turns[: 2 * len(ARMS)]
    assert {turn.role for turn in warm_ups} == {"warm-up"}
    assert len({turn.entry for turn in warm_ups}) == len(warm_ups)
    assert "warm-up" not in {turn.role for turn in turns[len(warm_ups) :]}


def test_every_round_has_every_arm_once_and_the_reference_twice() -> None:
    turns, _ = run(made(contest("io", "cpu")))
    for workload in ("io", "cpu"):
        rounds = rounds_of(turns, workload)
        assert sorted(rounds) == list(range(1, 13))
        for those in rounds.values():
            ran = Counter((turn.entry.arm, turn.role) for turn in those)
            assert ran == Counter({(arm, "measured"): 1 for arm in ARMS} | {(REFERENCE, "control"): 1})


def test_the_order_is_random_and_the_seed_fixes_it() -> None:
    turns, _ = run(made(contest("io", "cpu")))
    assert turns == run(made(contest("io", "cpu")))[0]
    assert turns != run(made(contest("io", "cpu"), seed=2))[0]
    orders = {tuple(turn.entry.arm for turn in those) for those in rounds_of(turns, "io").values()}
    assert len(orders) > 6
    of_reference = [turn.role for turn in turns if turn.entry.arm == REFERENCE and turn.role != "warm-up"]
    assert {"measured", "control"} == set(of_reference[::2])  # either may come first


def test_workloads_take_turns_so_that_a_noisy_minute_hits_them_all() -> None:
    turns, _ = run(made(contest("io", "cpu", "mixed")))
    a_cycle = 3 * (len(ARMS) + 1)
    of_cycles = turns[3 * len(ARMS) :]
    for start in range(0, len(of_cycles), a_cycle):
        cycle = [turn.entry.workload for turn in of_cycles[start : start + a_cycle]]
        assert Counter(cycle) == dict.fromkeys(("io", "cpu", "mixed"), len(ARMS) + 1)
        assert len(list(dict.fromkeys(cycle))) == 3
    assert len({turn.entry.workload for turn in of_cycles[::a_cycle]}) > 1


@pytest.mark.parametrize("budget_s", [40.0, 60.0, 100.0, 150.0])
@pytest.mark.parametrize("slow_s", [1.0, 4.0, 8.0])
def test_the_whole_ends_within_the_budget_where_three_rounds_fit(budget_s: float, slow_s: float) -> None:
    plan = made(contest("io", "cpu"), budget_s)
    turns, end_s = run(plan, costs(slow_s))
    least = {workload: len(rounds_of(turns, workload)) for workload in ("io", "cpu")}
    three_rounds_s = 2 * (7 + slow_s) + 6 * (4 + slow_s)
    assert end_s <= max(budget_s, three_rounds_s) + 1e-6 or end_s <= 1.25 * budget_s
    if three_rounds_s <= budget_s:
        assert end_s <= budget_s
        assert min(least.values()) >= LEAST
        assert max(least.values()) - min(least.values()) == 0


def test_a_budget_that_is_far_too_small_is_never_used_twice() -> None:
    plan = made(contest("io", "cpu", "mixed"), 10.0)
    _, end_s = run(plan)
    assert end_s <= 1.25 * 10
    assert any("0 rounds instead of 12, to end within 10 s" in note for note in trims(plan))


def test_rounds_are_trimmed_evenly_and_the_notes_say_so() -> None:
    plan = made(contest("io", "cpu"), 8 + 10 * 6)
    turns, _ = run(plan)
    assert len(rounds_of(turns, "io")) == len(rounds_of(turns, "cpu")) == 6
    assert trims(plan) == tuple(f"{name}: 6 rounds instead of 12, to end within 68 s" for name in ("io", "cpu"))


def test_nothing_is_noted_when_nothing_was_cut() -> None:
    plan = made(contest("io", "cpu"))
    run(plan)
    assert trims(plan) == ()


def test_a_slow_arm_gives_way_first_and_its_rounds_are_spread() -> None:
    plan = made(contest("io"), 140.0)
    turns, end_s = run(plan, costs(slow_s=20.0))
    sequential = [turn.round for turn in turns if turn.entry.arm == "sequential+inline" and turn.role == "measured"]
    assert len(sequential) == LEAST
    assert len(rounds_of(turns, "io")) == 12
    assert sequential == [1, 5, 9]
    assert end_s <= 140
    assert trims(plan) == ("io: sequential+inline in 3 of 12 rounds only: one takes 20 s",)


def test_the_reference_never_gives_way_for_being_slow() -> None:
    entries = [entry("io", arm) for arm in ARMS] + [entry("io", "sequential+inline", "control")]
    turns, _ = run(made(entries, 250.0), costs(slow_s=20.0))
    for those in rounds_of(turns, "io").values():
        assert Counter(turn.entry.arm for turn in those)["sequential+inline"] == 2


def test_estimates_follow_what_samples_take() -> None:
    """Guessed was a second each; they take three, and after a while six."""
    plan = made(contest("io", "cpu"), 240.0)
    now, rounds = 0.0, 0
    while (turn := plan.next(now)) is not None:
        cost_s = 3.0 if now < 100 else 6.0
        now += cost_s
        plan.took(turn, cost_s)
        rounds = turn.round
    assert now <= 1.25 * 240
    assert LEAST < rounds < 8


def test_what_the_lab_measures_of_itself_gives_way_before_the_rounds_do() -> None:
    plan = made([*contest("io"), entry("io", REFERENCE, "unprobed", 6, least=2)], 4 + 12 * 5 + 3)
    turns, _ = run(plan)
    assert Counter(turn.role for turn in turns)["unprobed"] == 3
    assert len(rounds_of(turns, "io")) == 12
    assert trims(plan) == ("io: 3 samples instead of 6 for the cost of the probes, to end within 67 s",)


@pytest.mark.parametrize(("budget_s", "rounds", "swept"), [(68.0, 10, 3), (41.0, 5, 3), (37.0, 5, 2), (27.0, 3, 1)])
def test_a_sweep_gives_way_when_rounds_would_be_too_few_to_be_useful(
    budget_s: float, rounds: int, swept: int
) -> None:
    sweep = [entry("io", REFERENCE, "sweep", 3, least=1, concurrency=many) for many in (1, 4, 16, 64)]
    plan = made([*contest("io"), *sweep], budget_s)
    turns, end_s = run(plan)
    assert Counter(turn.role for turn in turns)["sweep"] == 4 * swept
    assert len([turn for turn in turns if turn.role == "control"]) == rounds
    assert end_s <= budget_s


def test_what_stands_beside_is_what_suffers_when_time_runs_out() -> None:
    sweep = [entry("io", REFERENCE, "sweep", 3, least=1, concurrency=many) for many in range(1, 30)]
    plan = made([*contest("io"), *sweep], 30.0)
    turns, end_s = run(plan)
    assert end_s <= 1.25 * 30
    assert len([turn for turn in turns if turn.entry.is_main and turn.role != "warm-up"]) > 2 * (len(ARMS) + 1)
    assert Counter(turn.role for turn in turns)["sweep"] > 10


def test_an_arm_that_fails_again_and_again_is_not_run_again() -> None:
    plan = made(contest("io", "cpu"))
    turns, _ = run(plan, failure=lambda one: "died" if (one.workload, one.arm) == ("cpu", "threads+inline") else "")
    ran = Counter((turn.entry.workload, turn.entry.arm) for turn in turns)
    assert ran["cpu", "threads+inline"] == FAILURES_IN_A_ROW
    assert ran["io", "threads+inline"] == ran["cpu", "async+inline"] == 13
    assert trims(plan) == ("cpu: threads+inline failed 3 times in a row and was not run again: died",)


def test_a_failure_now_and_then_does_not_end_an_arm() -> None:
    plan = made(contest("io"))
    count = 0

    def now_and_then(one: Entry) -> str:
        nonlocal count
        count += one.arm == "threads+inline"
        return "died" if one.arm == "threads+inline" and count % 3 else ""

    turns, _ = run(plan, failure=now_and_then)
    assert Counter(turn.entry.arm for turn in turns)["threads+inline"] == 13


def test_failing_is_the_result_where_times_are_not_compared() -> None:
    plan = made([entry("hostile", arm, wanted=4, is_ranked=False) for arm in ARMS])
    turns, _ = run(plan, failure=lambda _: "died")
    assert Counter(turn.entry.arm for turn in turns) == dict.fromkeys(ARMS, 4)
    assert {turn.role for turn in turns} == {"measured"}  # and nobody needs to warm up for it


def test_what_is_still_to_come_is_known_at_every_moment() -> None:
    plan = made(contest("io", "cpu"), 80.0)
    now, taken, told = 0.0, 0, []
    while (turn := plan.next(now)) is not None:
        samples, seconds = plan.still_to_come()
        told.append((taken + samples, now + seconds))
        now += 1.0
        taken += 1
        plan.took(turn, 1.0)
    assert plan.still_to_come() == (0, 0.0)
    assert all(planned == taken for planned, _ in told)
    assert all(end_s <= 81 for _, end_s in told)


def test_no_entry_is_allotted_less_than_its_least() -> None:
    entries = contest("io", "cpu")
    assert set(allot(entries, dict.fromkeys(entries, 1.0), {}, 0.0).values()) == {LEAST}

"""What weakens a result is said, and only where it does."""

import msgspec

from crawler.compare.arms import REFERENCE
from crawler.compare.judge import judge
from crawler.compare.result import Result
from tests.compare.cases import case, control, runs
from tests.compare.examples import MACHINE


def sound(**changes: object) -> Result:
    made = case(runs(REFERENCE, 1.0), control(), runs("async+inline", 2.0), delays_s=0.0)
    return msgspec.structs.replace(made, **changes)


def warned(of: Result, what: str) -> bool:
    return any(what in line for line in judge(of).warnings)


def test_a_sound_result_has_no_warnings() -> None:
    assert judge(sound()).warnings == ()


def test_a_noisy_reference_is_told() -> None:
    assert warned(case(runs(REFERENCE, 1.0), control(1.3)), "cpu: noisy")


def test_few_samples_are_told_with_the_arm() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("async+inline", 2.0, count=4))
    assert warned(of, "fewer than 5 samples of `async+inline`")


def test_a_server_near_a_core_may_be_the_bottleneck() -> None:
    of = case(runs(REFERENCE, 1.0, site_cpu_s=0.9), control(), runs("async+inline", 2.0, site_cpu_s=0.9))
    (line,) = [line for line in judge(of).warnings if "bottleneck" in line]
    assert f"`{REFERENCE}`" in line
    assert "`async+inline`" not in line


def test_cpu_that_something_else_took_is_told() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("async+inline", 2.0, cores=0.6), delays_s=0.0)
    assert warned(of, "(`async+inline`) got 0.6 of a core")


def test_an_arm_that_waits_for_the_site_is_not_robbed_of_cpu() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("async+inline", 2.0, cores=0.6), delays_s=9.0)
    assert not warned(of, "something else took CPU")


def test_a_machine_that_was_busy_is_told() -> None:
    busy = msgspec.structs.replace(MACHINE, load_before=1.5)
    assert warned(sound(environment=busy), "busy before it began (load 1.5)")


def test_a_clock_that_changes_is_told() -> None:
    assert warned(sound(environment=msgspec.structs.replace(MACHINE, governor="powersave")), "powersave")


def test_a_comparison_that_was_stopped_says_so() -> None:
    assert warned(sound(stopped_by="SIGINT"), "stopped by SIGINT")


def test_what_no_result_shows_is_always_told() -> None:
    for of in (sound(), msgspec.structs.replace(sound(), works=(), samples=())):
        assert any("no DNS, no TLS, no loss" in line for line in judge(of).limits)
        assert any("without pauses" in line for line in judge(of).limits)


def test_what_politeness_would_ask_for_is_told() -> None:
    of = case(runs(REFERENCE, 1.0), control(), pages=90, hosts=4)
    assert judge(of).limits[1] == (
        "Pages were asked for without pauses: with the usual 1 s between two at a host, cpu would take 22 s at least,"
        " and no strategy would help."
    )

"""The made-up results that other tests judge and draw are whole."""

import msgspec

from crawler.compare.result import PHASES, Result, to_json
from tests.compare.examples import NATURES, example


def test_example_has_every_role_workload_and_phase() -> None:
    made = example()
    assert {one.role for one in made.samples} == {"warm-up", "measured", "control", "sweep", "canned", "unprobed"}
    assert {one.workload for one in made.samples} == set(NATURES) == {one.name for one in made.works}
    assert {phase for one in made.samples for phase in one.phases} == set(PHASES)
    assert any(one.timeline for one in made.samples)
    assert made.skipped


def test_example_survives_json() -> None:
    made = example(count=3)
    assert msgspec.json.decode(to_json(made), type=Result) == made


def test_example_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert example(seed=1) == example(seed=1) != example(seed=2)

"""How numbers and names are written in the lab's sentences."""

import pytest

from crawler.compare.judgement import Interval
from crawler.compare.phrases import between, each_of, listed, per_cent, seconds, times


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((1.7, 1.9, 2.1), "1.9 times (1.7-2.1)"),
        ((1.03, 1.06, 1.09), "1.06 times (1.03-1.09)"),
        ((30.2, 32.4, 34.4), "32 times (30-34)"),
        ((1.0, 1.0, 1.0), "1.00 times (1.00-1.00)"),
        ((1.02, 1.14, 1.23), "1.14 times (1.02-1.23)"),
        ((1.0, 1.14, 1.23), "1.1 times (1.0-1.2)"),
    ],
)
def test_ratios_have_as_many_digits_as_tell_something(found: tuple[float, float, float], said: str) -> None:
    assert times(Interval(*found)) == said


def test_numbers_and_names_are_written_as_one_reads_them() -> None:
    assert [per_cent(0.814), per_cent(0.015), per_cent(0.004)] == ["81 %", "1.5 %", "0.4 %"]
    assert [seconds(0.08), seconds(1.23), seconds(33.4)] == ["0.08 s", "1.2 s", "33 s"]
    assert [between([1.0, 0.96], 1), between([0.9, 1.1], 1), between([], 1)] == ["1.0", "0.9-1.1", "?"]
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
    assert [each_of(["a"], 1), each_of(["a", "b"], 2)] == ["`a`", "each of `a` and `b`"]
    assert [each_of(list("abcd"), 4), each_of(list("ab"), 4)] == ["any of the other 4", "each of `a` and `b`"]

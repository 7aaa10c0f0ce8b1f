"""Settings that no site can have are refused in one line; the latency schedule is a function of the URL."""

import re
import statistics

import pytest

from crawler.site.latency import Latency
from crawler.site.lexicon import LEXICON
from crawler.site.settings import LANGUAGES, SiteSettings


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"languages": ("en", "xx")}, "'xx'"),
        ({"languages": ()}, "name each once"),
        ({"languages": ("en", "en")}, "name each once"),
        ({"pages": 9}, "pages=9"),
        ({"pages": 10**9}, "pages=1000000000"),
        ({"min_kb": 0.5}, "min_kb=0.5"),
        ({"min_kb": 50, "max_kb": 40}, "max_kb=40"),
        ({"max_kb": 1e9}, "max_kb=1e+09"),
        ({"latency": "soon"}, "'soon'"),
        ({"latency": "fixed:50ms,1"}, "'fixed:50ms,1'"),
        ({"latency": "fixed:50"}, "'fixed:50'"),
        ({"latency": "lognormal:99s"}, "60s"),
    ],
)
def test_a_bad_setting_is_refused_in_one_line(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        SiteSettings(**wrong)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)
    assert ":" in str(refused.value)


def test_settings_and_lexicon_name_the_same_languages() -> None:
    assert (*LANGUAGES, "zh-hant") == tuple(LEXICON)


def test_no_latency_and_fixed_latency() -> None:
    assert Latency.parse("none").delay_s(1, "http://en.crawler.test/") == 0
    assert Latency.parse("fixed:50ms").delay_s(1, "http://en.crawler.test/") == 0.05
    assert Latency.parse("fixed:1.5s").delay_s(1, "http://en.crawler.test/") == 1.5


def test_lognormal_latency_has_its_median_and_spread() -> None:
    latency = Latency.parse("lognormal:80ms")
    urls = [f"http://en.crawler.test/{n}" for n in range(2000)]
    delays = [latency.delay_s(1, url) for url in urls]
    assert statistics.median(delays) == pytest.approx(0.08, rel=0.05)
    assert len(set(delays)) == len(urls)
    assert delays[::-1] == [latency.delay_s(1, url) for url in reversed(urls)]
    assert delays != [latency.delay_s(2, url) for url in urls]
    wide = Latency.parse("lognormal:80ms,1.5")
    assert max(wide.delay_s(1, url) for url in urls) > max(delays)
    assert Latency.parse("lognormal:60s,9").delay_s(1, urls[3]) <= 60

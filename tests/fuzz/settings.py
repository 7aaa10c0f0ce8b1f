"""Settings from a TOML file, the environment and flags: taken, or refused in one line."""

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from crawler.configure import UnusableSettings, configure, environment_layer, file_layer, flag_layer, variable
from crawler.plain import visible
from crawler.readers import ConnectTo, FailIf
from crawler.settings import Settings, options
from tests.fuzz.material import bodies, texts
from tests.fuzz.target import Target

OPTIONS = {option.public.name: option for option in options()}
SAMPLE = b"""# settings
fetch = "threads"
concurrency = 8
timeout = "30s"
max-body = "10MB"
connect-to = ["example.org:80:127.0.0.1:8080", "::[::1]:"]
include = ['^https?://', "a|b"]
strip-params = "utm_*, gclid"
sitemaps = true
delay = 0.5
fail-if = "errors>5%"
"""
VALUES = [
    "", "0", "1", "8", "-1", "1.5", "1e3", "007", "9" * 20, "9" * 400, "9" * 5_000, "٣", "³", "inf", "nan",
    "0.0", "0.0001ms", "30s", "500ms", "2m", "1h", " 5 s ", "0s", "0.0", "1.", ".5", "10MB", "1 GiB", "0.1b",
    "9" * 400 + "GB", "true", "YES", "off", "async", "threads", "turbo", "obey", "host", "errors>1",
    "errors > 50 %", "errors>" + "9" * 400, "a:1:b:2", ":::", "[::1]:80:[::2]:", "a:0:b:1", "a:65536::",
    "a:" + "9" * 5_000 + "::", "a:٣::", "a:1:b", "[:::", "utm_*", "-", ",", "a,b", "*" * 50, "(", "[",
    "a{1,99999999999}", "(?P<a>x)(?P<a>y)", "(" * 500, "(?i", "\\", "a**", "(?<=a+)", "[[:a:]]", "[a--b]",
    "(?u)(?i)", "x(?i)", "http://h/", "\0", "a\nb", "\x1b[31m", "é", "\ud800", "{", "{0}", "{name", "%s",
    "x" * 3_000, "~", "..",
]  # fmt: skip
PIECES = [
    *(f"{name} = ".encode() for name in OPTIONS), b"fetch", b"unknown = ", b'"a\\nb" = ', b"'' = ",
    b"[fetch]\n", b"[[x]]\n", b"a.b.c = ", b"=", b"\n", b"\r", b"#", b" ", b'"', b"'", b'"""', b"'''", b"[",
    b"]", b"{", b"}", b",", b"1", b"0x10", b"1e999", b"-inf", b"nan", b"9" * 5_000, b"true", b"false",
    b"1979-05-27T07:32:00Z", b"07:32:00", b"2024-02-30", b"\\u0000", b"\\ud800", b"\\U00110000", b"\\", b"\xff",
    b"\xef\xbb\xbf", b"\0", b"\x7f", b"{a=",
    *(f"'{each}'".encode("utf-8", "replace") for each in VALUES if len(each) < 500),
]  # fmt: skip
value = st.sampled_from(VALUES) | texts([each for each in VALUES if len(each) < 20], max_size=6)
name = st.sampled_from(list(OPTIONS))
toml = bodies([SAMPLE], PIECES) | st.builds(
    lambda pairs: "".join(f"{name} = {text!r}\n" for name, text in pairs).encode("utf-8", "replace"),
    st.lists(st.tuples(name, value), max_size=6),
)
any_name = name | st.sampled_from(["", "x", "fetsch", "a\nb", "{0}"])
inputs = st.tuples(
    toml,
    st.dictionaries(
        st.one_of(any_name.map(variable), st.sampled_from(["CRAWLER_", "PATH", "crawler_fetch"])), value, max_size=2
    ),
    st.dictionaries(
        any_name, value | st.lists(value, max_size=2) | st.booleans() | st.integers() | st.floats(), max_size=2
    ),
)


def check(given: Any) -> None:
    raw, environment, flags = given
    with TemporaryDirectory(prefix="{fuzz") as folder:
        path = Path(folder) / "a.toml"
        path.write_bytes(raw)
        for layers in (
            lambda: [file_layer(path)],
            lambda: [environment_layer(environment)],
            lambda: [flag_layer(flags)],
        ):
            said = _configured(layers)
            assert _configured(layers) == said or any(
                isinstance(each, float) and math.isnan(each) for each in flags.values()
            )


def _configured(layers: Any) -> Settings | str:
    try:
        settings = configure(layers())
    except UnusableSettings as error:
        text = str(error)
        assert text
        assert "\n" not in visible(text)
        visible(text).encode()
        return text
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    for option in OPTIONS.values():
        value = getattr(getattr(settings, option.stage), option.attribute)
        for each in value if isinstance(value, tuple) and option.public.repeatable else (value,):
            if isinstance(each, bool | None):
                continue
            if isinstance(each, float):
                assert math.isfinite(each) and each >= 0
                round(each * 1_000)
            elif isinstance(each, FailIf):
                assert FailIf.read(str(each)).is_percent == each.is_percent
                assert math.isfinite(each.limit)
            elif isinstance(each, ConnectTo):
                assert ConnectTo.read(str(each)) == each


TARGET = Target(inputs, check)

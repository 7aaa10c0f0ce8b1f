"""Settings from defaults, file, environment and flags: each over the one before, and nothing unknown."""

import re
from pathlib import Path
from typing import Any

import pytest

from crawler.configure import (
    Layer,
    UnusableSettings,
    check,
    configure,
    environment_layer,
    file_layer,
    flag_layer,
    variable,
)
from crawler.headers import Header
from crawler.readers import ConnectTo, FailIf, destination
from crawler.settings import Settings, VisitSettings, options

EXAMPLES: dict[str, tuple[str, Any]] = {
    "fetch": ("threads", "threads"),
    "concurrency": ("7", 7),
    "timeout": ("2m", 120.0),
    "max-body": ("500KB", 500_000),
    "user-agent": ("bot/1 (+mailto:a@b.test)", "bot/1 (+mailto:a@b.test)"),
    "contact": ("mailto:a@b.test", "mailto:a@b.test"),
    "connect-to": ("a.test:80:[::1]:8080", (ConnectTo("a.test", 80, "[::1]", 8080),)),
    "allow-private": ("1", True),
    "header": ("a.test Cookie: a=b", (Header("Cookie", "a=b", "a.test"),)),
    "analyze": ("inline", "inline"),
    "parser": ("soup", "soup"),
    "workers": ("3", 3),
    "top": ("0", 0),
    "nofollow": ("ignore", "ignore"),
    "noindex": ("ignore", "ignore"),
    "strip-params": ("ref, s_*", ("ref", "s_*")),
    "shards": ("2", 2),
    "depth": ("3", 3),
    "scope": ("site", "site"),
    "include": ("/blog/", (re.compile("/blog/"),)),
    "exclude": ("[.]pdf$", (re.compile("[.]pdf$"),)),
    "max-per-host": ("100", 100),
    "sitemaps": ("1", True),
    "sitemap": ("https://a.test/map.xml", ("https://a.test/map.xml",)),
    "robots": ("ignore", "ignore"),
    "per-host": ("4", 4),
    "delay": ("500ms", 0.5),
    "out": ("some/where", Path("some/where")),
    "loop": ("asyncio", "asyncio"),
    "fail-if": ("errors>10", FailIf(10.0, is_percent=False)),
    "fresh": ("1", True),
    "retry-failed": ("1", True),
    "max-pages": ("500", 500),
    "deadline": ("50m", 3_000.0),
    "verbose": ("1", True),
    "quiet": ("1", True),
    "json": ("yes", True),
}


def value(settings: Settings, name: str) -> Any:
    option = next(option for option in options() if option.public.name == name)
    return getattr(getattr(settings, option.stage), option.attribute)


def test_every_option_has_an_example_here() -> None:
    assert list(EXAMPLES) == [option.public.name for option in options()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_option_is_read_from_file_environment_and_flag(name: str, tmp_path: Path) -> None:
    text, expected = EXAMPLES[name]
    file = tmp_path / "crawler.toml"
    file.write_text(f"{name} = {text!r}\n", encoding="utf-8-sig")
    for layer in (file_layer(file), environment_layer({variable(name): text}), flag_layer({name: text})):
        assert value(configure([layer]), name) == expected
    assert value(Settings(), name) != expected


def test_later_layers_win() -> None:
    layers = [Layer({"workers": 1, "top": 1, "loop": "asyncio"}, "{name}"), Layer({"workers": 2, "top": 2}, "{name}")]
    settings = configure([*layers, flag_layer({"workers": "3"})])
    assert (settings.analyze.workers, settings.analyze.top, settings.run.loop) == (3, 2, "asyncio")
    assert settings.fetch == Settings().fetch


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"analyze": "threads"}, "--analyze threads with --shards: a shard analyses by itself; give one of them"),
        ({"workers": "3"}, "--workers with --shards: each shard is a worker by itself; give one of them"),
    ],
)
def test_what_contradicts_shards_is_refused_wherever_it_stands(values: dict[str, str], message: str) -> None:
    with pytest.raises(UnusableSettings) as refused:
        configure([environment_layer({"CRAWLER_SHARDS": "2"}), flag_layer(values)])
    assert str(refused.value) == message
    for room in ("processes", "inline"):
        assert configure([flag_layer({"shards": "2", "analyze": room})]).visit.shards == 2
    assert configure([flag_layer({"shards": "2", **values}), flag_layer({"shards": "0"})]).visit.shards == 0


def test_toml_may_use_its_own_types(tmp_path: Path) -> None:
    file = tmp_path / "crawler.toml"
    file.write_text('quiet = true\njson = false\ntimeout = 2.5\nconnect-to = ["a.test:80:b:1", ":::9"]\n')
    settings = configure([file_layer(file)])
    assert (settings.run.quiet, settings.run.json, settings.fetch.timeout_s) == (True, False, 2.5)
    assert settings.fetch.connect_to == (ConnectTo("a.test", 80, "b", 1), ConnectTo("", None, "", 9))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("concurency = 3", "crawler.toml: concurency: no such setting; did you mean concurrency?"),
        ("[fetch]\nroom = 'async'", "crawler.toml: fetch: a table is no text and no number"),
        ("zzz = 3", "crawler.toml: zzz: no such setting; there are fetch, concurrency, "),
        ("workers = 'many'", "crawler.toml: workers: 'many' is no whole number from 0 to 1024"),
        ("workers = ", "crawler.toml: Invalid value (at "),
        ("# caf\xe9", "crawler.toml: not UTF-8; save it as UTF-8"),
        ("depth = " + "9" * 5_000, "write settings as name = value"),
        ("depth = 0x" + "f" * 5_000, "crawler.toml: depth: a number of so many digits is out of range"),
        ("depth = " + "[" * 5_000, "crawler.toml: lists within lists without end; write settings as name = value"),
    ],
)
def test_what_a_file_may_not_hold_is_named(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "crawler.toml"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(UnusableSettings) as refused:
        configure([file_layer(file)])
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        UnusableSettings, match=r"none\.toml: No such file or directory; give a TOML file with --config"
    ):
        file_layer(tmp_path / "none.toml")


def test_a_folder_name_with_braces_is_shown_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "{x}.toml"
    file.write_text("zzz = 1")
    with pytest.raises(UnusableSettings, match=r"/\{x\}\.toml: zzz: no such setting"):
        configure([file_layer(file)])


def test_environment_and_flags_are_named_as_they_are_written() -> None:
    with pytest.raises(UnusableSettings, match="the variable CRAWLER_FAIL_IF: 'x' is no threshold; write it as"):
        configure([environment_layer({"CRAWLER_FAIL_IF": "x", "HOME": "/"})])
    with pytest.raises(UnusableSettings, match="CRAWLER_WORKER: no such setting; did you mean workers"):
        configure([environment_layer({"CRAWLER_WORKER": "1"})])
    with pytest.raises(UnusableSettings, match="--fetch: 'async2' is none of async, threads, sequential"):
        configure([flag_layer({"fetch": "async2"})])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("timeout", text) for text in ("0", "-1", "1d", "soon", "", "9" * 400, "1000000000h")),
        *(("max-body", text) for text in ("0", "0.1", "10XB", "lots", "9" * 400, "1000000000GB")),
        *(("concurrency", text) for text in ("0", "-5", "1.5", "10001", "٣")),
        *(("user-agent", text) for text in ("", "a\r\nB: c", "日本")),
        *(
            ("connect-to", text)
            for text in ("a", "a:80:b", "a:0:b:1", "a:1:b:65536", f"a:{'9' * 5_000}::", "::1:80:b:1", "a:x:b:1")
        ),
        *(("fail-if", text) for text in ("50%", "errors<5", "errors>-1", "errors>x%", "errors>" + "9" * 400)),
        *(("depth", text) for text in ("-1", "501", "all")),
        *(("delay", text) for text in ("-1s", "soon", "")),
        *(("include", text) for text in ("(", "*a", "[[:alpha:]]", "a{1,99999999999}", "(" * 5_000 + ")" * 5_000)),
        *(("strip-params", text) for text in ("", " , ")),
        *(("scope", text) for text in ("", "domain")),
        ("quiet", "perhaps"),
    ],
)
def test_values_out_of_range_are_refused(name: str, text: str) -> None:
    with pytest.raises(UnusableSettings, match=f"^--{name}: '"):
        configure([flag_layer({name: text})])


@pytest.mark.parametrize(
    ("text", "failed", "total", "is_exceeded"),
    [
        ("errors>50%", 5, 10, False),
        ("errors>50%", 6, 10, True),
        ("errors>0", 0, 10, False),
        ("errors > 0", 1, 10, True),
        ("errors>2.5%", 3, 100, True),
        ("errors>100%", 10, 10, False),
    ],
)
def test_thresholds(text: str, failed: int, total: int, is_exceeded: bool) -> None:
    assert FailIf.read(text).is_exceeded(failed, total) is is_exceeded


@pytest.mark.parametrize(
    ("rules", "place", "there"),
    [
        ((), ("a.test", 80), ("a.test", 80)),
        (("a.test:80:b.test:81",), ("a.test", 80), ("b.test", 81)),
        (("a.test:80:b.test:81",), ("a.test", 443), ("a.test", 443)),
        (("A.test::127.0.0.1:",), ("a.test", 443), ("127.0.0.1", 443)),
        (("::[::1]:8080",), ("[::2]", 80), ("[::1]", 8080)),
        (("[::2]:80::81",), ("[::2]", 80), ("[::2]", 81)),
        ((".a.test::x:1",), ("b.a.test", 80), ("x", 1)),
        ((".a.test::x:1",), ("ba.test", 80), ("ba.test", 80)),
        (("a.test::first:1", "::second:2"), ("a.test", 80), ("first", 1)),
        (("a.test::first:1", "::second:2"), ("b.test", 80), ("second", 2)),
    ],
)
def test_connections_are_led_elsewhere_as_curl_does(
    rules: tuple[str, ...], place: tuple[str, int], there: tuple[str, int]
) -> None:
    assert destination(tuple(map(ConnectTo.read, rules)), *place) == there


@pytest.mark.parametrize("shards", [-1, 65, 1_000])
def test_more_shards_than_may_be_are_refused_from_python_too(shards: int) -> None:
    with pytest.raises(UnusableSettings, match=f"^shards: {shards} is no whole number from 0 to 64$"):
        check(Settings(visit=VisitSettings(shards=shards)))
    check(Settings(visit=VisitSettings(shards=64)))

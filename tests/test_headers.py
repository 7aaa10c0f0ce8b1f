"""Headers for one host: how they are written, and that their values show nowhere."""

from pathlib import Path

import pytest

from crawler.configure import UnusableSettings, configure, environment_layer, file_layer
from crawler.headers import Header, basic_authorization
from crawler.settings import FetchSettings, FrontierSettings, Settings


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Cookie: a=b; c: d=e", Header("Cookie", "a=b; c: d=e")),
        ("X-Token:s3cret", Header("X-Token", "s3cret")),
        ("  a.test \t Authorization:  Bearer s3cret ", Header("Authorization", "Bearer s3cret", "a.test")),
        ("[::1] Accept-Language: ja", Header("Accept-Language", "ja", "[::1]")),
        ("日本語.jp Cookie: a=b", Header("Cookie", "a=b", "日本語.jp")),
        ("Referer: http://a.test/", Header("Referer", "http://a.test/")),
    ],
)
def test_a_header_is_read(text: str, header: Header) -> None:
    assert Header.read(text) == header


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("s3cret", "not a header on one line; write it as 'NAME: VALUE'"),
        ("X: s3cret\r\nY: z", "not a header on one line"),
        ("X: s3cret\n", "not a header on one line"),
        ("X: s3cret\0", "the value of X cannot stand in a header; use printable ASCII"),
        ("X: s3cret\ty", "the value of X cannot stand"),
        ("X: s3cret\x7f", "the value of X cannot stand"),
        ("X: パスワード s3cret", "the value of X cannot stand"),
        ("a.test X:", "the value of X cannot stand"),
        ("a b X: s3cret", "not a header"),
        (": s3cret", "not a header"),
        ("a.test:8080 X: s3cret", "the host stands without scheme and port"),
        ("https://a.test/ X: s3cret", "the host stands without scheme and port"),
        ("User-Agent: s3cret", "User-Agent is not set so; use --user-agent"),
        ("Set-Cookie: s3cret", "Set-Cookie is not set so; servers send it"),
        *(
            (f"{name}: s3cret", f"the crawler itself decides about {name}; leave it out")
            for name in (
                "Host",
                "connection",
                "Content-Length",
                "Transfer-Encoding",
                "Accept-Encoding",
                "RANGE",
                "If-None-Match",
                "TE",
                "Upgrade",
                "Expect",
                "Trailer",
                "Keep-Alive",
                "Proxy-Authorization",
                "HTTP2-Settings",
            )
        ),
    ],
)
def test_what_cannot_be_a_header_is_refused_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        Header.read(text)
    assert "s3cret" not in str(refused.value)


def test_the_value_does_not_show() -> None:
    headers = (Header("X", "s3cret"), basic_authorization(b"us", b"s3cret"))
    settings = Settings(
        fetch=FetchSettings(headers=headers, headers_by_origin={"http://a.test": headers}),
        frontier=FrontierSettings(sitemap=("http://us:s3cret@a.test/map.xml",)),
    )
    for thing in (*headers, settings):
        for shown in (repr(thing), str(thing), f"{thing}"):
            assert "s3cret" not in shown and headers[1].value not in shown
    assert "name='X'" in repr(settings)


def test_a_password_goes_as_utf8() -> None:
    assert basic_authorization(b"Aladdin", "öpen sesame".encode()).value == "Basic QWxhZGRpbjrDtnBlbiBzZXNhbWU="


def test_a_header_in_file_or_environment_is_refused_without_repeating_it(tmp_path: Path) -> None:
    file = tmp_path / "crawler.toml"
    for text in (
        "header = 'Host: s3cret'",
        "header = ['s3cret']",
        "[header]\nCookie = 's3cret'",
        "header = [['s3cret']]",
    ):
        file.write_text(text)
        with pytest.raises(UnusableSettings) as refused:
            configure([file_layer(file)])
        assert "s3cret" not in str(refused.value)
    with pytest.raises(UnusableSettings, match="the variable CRAWLER_HEADER: not a header"):
        configure([environment_layer({"CRAWLER_HEADER": "s3cret"})])

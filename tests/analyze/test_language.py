"""Language tags, reduced."""

import pytest

from crawler.analyze.language import language_of


@pytest.mark.parametrize(
    ("tag", "header", "language"),
    [
        ("ja", None, "ja"),
        (" JA-jp ", "en", "ja"),
        ("zh_Hant", None, "zh"),
        ("gsw-CH", None, "gsw"),
        (None, "de-AT", "de"),
        ("", "de", "de"),
        ("english", "fr", "fr"),
        ("und", "fr", "fr"),
        ("zxx", None, None),
        ("x-klingon", None, None),
        ("{{lang}}", None, None),
        ("日本語", None, None),
        (None, "en, fr", None),
        (None, None, None),
    ],
)
def test_language_of(tag: str | None, header: str | None, language: str | None) -> None:
    assert language_of(tag, header) == language

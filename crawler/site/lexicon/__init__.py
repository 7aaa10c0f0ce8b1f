"""The lexicons, by code: one a host, and traditional Chinese for the pages in Big5."""

from collections.abc import Mapping
from typing import Final

from crawler.site.lexicon.ar import ARABIC
from crawler.site.lexicon.de import GERMAN
from crawler.site.lexicon.en import ENGLISH
from crawler.site.lexicon.es import SPANISH
from crawler.site.lexicon.fr import FRENCH
from crawler.site.lexicon.ja import JAPANESE
from crawler.site.lexicon.ko import KOREAN
from crawler.site.lexicon.model import Charset, Language
from crawler.site.lexicon.ru import RUSSIAN
from crawler.site.lexicon.th import THAI
from crawler.site.lexicon.zh import SIMPLIFIED, TRADITIONAL

__all__ = ["LEXICON", "Charset", "Language"]

LEXICON: Final[Mapping[str, Language]] = {
    language.code: language
    for language in (
        ENGLISH,
        JAPANESE,
        SIMPLIFIED,
        KOREAN,
        THAI,
        GERMAN,
        FRENCH,
        SPANISH,
        ARABIC,
        RUSSIAN,
        TRADITIONAL,
    )
}

"""What is said, in the language asked for."""

from typing import Final

from crawler.compare.primitives import wording_en, wording_ja
from crawler.compare.primitives.sentences import Said
from crawler.compare.primitives.tour import Step

LANGUAGES: Final = {"en": wording_en.TEXTS, "ja": wording_ja.TEXTS}
"""The texts by language, under the same keys."""


def words(said: Said, language: str) -> str:
    """The text with its values; a list of kinds of workers becomes `task or thread`."""
    texts = LANGUAGES[language]
    values = dict(said.values)
    if kinds := values.get("kinds"):
        names = [texts[f"short.{kind}"] for kind in kinds]
        values["kinds"] = texts["or"].join([texts["comma"].join(names[:-1]), names[-1]] if names[1:] else names)
    return texts[said.key].format(**values)


def passage(said: list[Said], language: str) -> str:
    """Several sentences as one passage."""
    return LANGUAGES[language]["space"].join(words(one, language) for one in said)


def step_line(step: Step, language: str) -> str:
    """What is being measured, for a line of progress."""
    title = words(Said(f"{step.row}.title"), language)
    values = {"number": step.number, "of": step.of, "title": title, "left": f"{step.left_s:.0f}"}
    return words(Said("step", values), language)

"""The blocks that a page is built of, each a small function from a scribe to HTML.

Together they hold what word counting can get wrong: words across tags, blocks without white space between them,
cells and options side by side, and decoys, which a reader never sees.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crawler.site.inline import Trick, dressed
from crawler.site.links import Linker
from crawler.site.sentences import Writer

DRESSED: Final = 40
"""Of 256 sentences, how many wear a disguise."""


@dataclass(frozen=True, slots=True)
class Scribe:
    """What writes one page: the writer of its words, the tricks of its language, and its links."""

    writer: Writer
    tricks: tuple[Trick, ...]
    linker: Linker
    joiner: str

    def text(self) -> str:
        """A sentence as HTML."""
        writer = self.writer
        if writer.byte() < DRESSED:
            return dressed(writer, self.tricks)
        return writer.sentence()

    def prose(self, most: int) -> str:
        """One to `most` sentences as HTML."""
        return self.joiner.join([self.text() for _ in range(1 + self.writer.byte() % most)])

    def label(self) -> str:
        """A few words as HTML."""
        return self.writer.label()

    def anchor(self) -> str:
        """A link, while there are some left; else a few words."""
        return self.linker.anchor(self.label()) if self.linker else self.label()

    def few(self, make: Callable[[], str], most: int) -> str:
        """Two to `most` of something, with nothing between them."""
        return "".join([make() for _ in range(2 + self.writer.byte() % (most - 1))])


def _paragraph(scribe: Scribe) -> str:
    return f"<p>{scribe.prose(8)}</p>\n"


def _heading(scribe: Scribe) -> str:
    level = 2 + scribe.writer.byte() % 3
    return f"<h{level}>{scribe.label()}</h{level}><p>{scribe.prose(4)}</p>"


def _list(scribe: Scribe) -> str:
    tag = ("ul", "ol")[scribe.writer.byte() % 2]
    return f"<{tag}>{scribe.few(lambda: f'<li>{scribe.label()}</li>', 6)}</{tag}>"


def _table(scribe: Scribe) -> str:
    head = f"<tr><th>{scribe.label()}</th><th>{scribe.label()}</th></tr>"
    rows = scribe.few(lambda: f"<tr><td>{scribe.label()}</td><td>{scribe.label()}</td></tr>", 6)
    caption = f"<caption>{scribe.label()}</caption>"
    return f"<table>{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>"


def _form(scribe: Scribe) -> str:
    options = scribe.few(lambda: f'<option value="decoyvalue">{scribe.label()}</option>', 5)
    field = '<input type="text" name="decoyname" value="decoyvalue" placeholder="decoyplaceholder">'
    return f'<form action="/decoyaction"><p>{scribe.label()}</p>{field}<select name="q">{options}</select></form>\n'


def _definitions(scribe: Scribe) -> str:
    return f"<dl>{scribe.few(lambda: f'<dt>{scribe.label()}</dt><dd>{scribe.text()}</dd>', 4)}</dl>"


def _lines(scribe: Scribe) -> str:
    return f"<p>{scribe.label()}{scribe.few(lambda: f'<br>{scribe.label()}', 4)}</p>"


def _tight(scribe: Scribe) -> str:
    return (
        f"<div>{scribe.few(lambda: f'<p>{scribe.label()}</p>', 4)}<div>{scribe.label()}</div>{scribe.label()}</div>"
    )


def _quote(scribe: Scribe) -> str:
    return f"<blockquote><p>{scribe.prose(3)}</p></blockquote>\n<hr>"


def _signs(scribe: Scribe) -> str:
    left, right = scribe.label(), scribe.label()
    return f"<p>{left} &amp; {right}&nbsp;&lt; {scribe.label()} &#8212; {scribe.text()}</p>"


def _figure(scribe: Scribe) -> str:
    image = '<img src="/decoy.png" alt="decoyalt" title="decoytitle" width="9" height="9">'
    return f"<figure>{image}<figcaption>{scribe.label()}</figcaption></figure>"


def _unseen(scribe: Scribe) -> str:
    return (
        '<script>var decoyscript = "<p>decoyscript</p>";</script>',
        "<noscript><p>decoynoscript</p></noscript>",
        "<template><p>decoytemplate</p></template>",
        "<style>.decoystyle { color: teal }</style>",
        "<!-- <p>decoycomment</p> -->",
    )[scribe.writer.byte() % 5]


def _mentions(scribe: Scribe) -> str:
    return f"<p>{scribe.text()} {scribe.anchor()} {scribe.text()}</p>"


def _see_also(scribe: Scribe) -> str:
    return f"<ul>{scribe.few(lambda: f'<li>{scribe.anchor()}</li>', 7)}</ul>\n"


def _map(scribe: Scribe) -> str:
    if not scribe.linker:
        return _paragraph(scribe)
    return f'<map name="m{len(scribe.linker)}">{scribe.linker.area()}</map>{_paragraph(scribe)}'


Block = Callable[[Scribe], str]

COMMON: Final[tuple[Block, ...]] = (
    _heading, _list, _table, _form, _definitions, _lines, _tight, _quote, _signs, _figure, _unseen, _map,
)  # fmt: skip
LINKING: Final[tuple[Block, ...]] = (_mentions, _see_also)


def block(scribe: Scribe, *, linking: bool) -> str:
    """Some block: half of them paragraphs; one that links while `linking`."""
    draw = scribe.writer.byte()
    if linking:
        return LINKING[draw % 2](scribe)
    return COMMON[draw // 2 % len(COMMON)](scribe) if draw % 2 else _paragraph(scribe)


def navigation(scribe: Scribe, links: int) -> str:
    """The top of a page: its heading and the first links, one item each."""
    items = "".join([f"<li>{scribe.anchor()}</li>" for _ in range(min(links, len(scribe.linker)))])
    mail = '<a href="mailto:decoy@crawler.test">' + scribe.label() + "</a>"
    return f"<header><h1>{scribe.label()}</h1><nav><ul>{items}<li>{mail}</li></ul></nav></header>"


def rest(scribe: Scribe) -> str:
    """The foot of a page: the links that found no place before."""
    items = "".join([f"<li>{scribe.anchor()}</li>" for _ in range(len(scribe.linker))])
    return f"<footer><ul>{items}</ul><p>{scribe.label()}</p></footer>"


def beside(scribe: Scribe) -> str:
    """A block of its own for links that are there for crawlers."""
    items = "".join([f"<li>{scribe.anchor()}</li>" for _ in range(len(scribe.linker))])
    return f"<aside><h2>{scribe.label()}</h2><ul>{items}</ul></aside>"


def head(title: str, meta: str) -> str:
    """The head of a page: a title, which is not counted, and decoys."""
    return (
        f"<head>{meta}<title>{title}</title>"
        '<meta name="description" content="decoymeta"><style>.decoystyle { margin: 0 }</style>'
        "<script>const decoyscript = 1;</script></head>"
    )

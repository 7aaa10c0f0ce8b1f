"""What a server may do once it has read a request, made from the bytes that it sends."""

from crawler.site.hostile.exchange import Exchange
from crawler.site.hostile.hazard import Play


def says(*pieces: bytes) -> Play:
    """Sends these bytes and closes."""

    async def play(exchange: Exchange) -> None:
        for piece in pieces:
            await exchange.send(piece)

    return play


def says_and_holds(*pieces: bytes) -> Play:
    """Sends these bytes and then nothing more."""

    async def play(exchange: Exchange) -> None:
        await says(*pieces)(exchange)
        await exchange.hold()

    return play


def says_and_resets(*pieces: bytes) -> Play:
    """Sends these bytes and breaks the connection off with an RST."""

    async def play(exchange: Exchange) -> None:
        await says(*pieces)(exchange)
        exchange.reset()

    return play


def says_for_ever(beginning: bytes, again: bytes, pause_s: float = 0.0) -> Play:
    """Sends a beginning, and then the same again and again until the client goes away."""

    async def play(exchange: Exchange) -> None:
        await exchange.send(beginning)
        await exchange.forever(again, pause_s)

    return play


def answers(*headers: str, body: bytes = b"", status: str = "200 OK") -> Play:
    """Sends a whole answer in good order."""

    async def play(exchange: Exchange) -> None:
        await exchange.answer(*headers, body=body, status=status)

    return play

"""The site in an event loop: one listening socket for all its hosts."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from crawler.site.access import AccessLog
from crawler.site.listening import listen
from crawler.site.place import Place
from crawler.site.protocol import SiteProtocol
from crawler.site.responses import Responder
from crawler.site.settings import SiteSettings
from crawler.site.web import Web

DOMAIN = "crawler.test"


async def serve(
    settings: SiteSettings,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    on_ready: Callable[[Place], None],
    stop: asyncio.Event,
    access_log: Path | None = None,
) -> None:
    """Serve until `stop` is set; `on_ready` is told where.

    Raises OSError where nobody can listen, and for an access log that cannot be written.
    """
    responder = Responder(Web(settings))
    connections: set[SiteProtocol] = set()
    async with AsyncExitStack() as stack:
        log = None
        if access_log is not None:
            log = await stack.enter_async_context(await asyncio.to_thread(AccessLog, access_log))
        await listen(
            lambda: SiteProtocol(responder, connections, log),
            connections,
            host,
            port,
            names=f".{DOMAIN}",
            on_ready=on_ready,
            stop=stop,
        )

"""TLS that nobody should trust. The server chooses its certificate by the name it is asked for (`certificates`)."""

from typing import Final

from crawler.site.hostile.exchange import page
from crawler.site.hostile.hazard import TLS, Hazard
from crawler.site.hostile.plays import answers

_PLAY: Final = answers(body=page("nobody should read this"))


def _untrusted(name: str, does: str) -> Hazard:
    return Hazard(name, does, _PLAY, TLS, scheme="https", requests=0)


HAZARDS: Final = (
    _untrusted("self-signed", "a certificate that vouches for itself"),
    _untrusted("expired", "a certificate that has expired"),
    _untrusted("for.another", "a certificate for another name"),
    _untrusted("plain-text", "plain text on the port of TLS"),
)

"""The catalog of fetch rooms."""

import subprocess
import sys

from crawler.fetch.catalog import ROOMS
from crawler.settings import FetchSettings


def test_the_catalog_is_a_cheap_door() -> None:
    code = "import sys, crawler.fetch.catalog; print([m for m in ('aiohttp', 'pycurl', 'ssl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_room_declares_its_traits() -> None:
    for name, load in ROOMS.items():
        traits = load(FetchSettings(room=name)).traits
        assert traits.isolates
        assert not traits.blocks_loop
        assert traits.reason

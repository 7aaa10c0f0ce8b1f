"""The site's process: it starts, it says why when it cannot, and it never outlives its parent."""

import os
import socket
import subprocess
import sys

import pytest

from crawler.site.process import ROOT, SiteProcess, SiteStartError, start_site
from crawler.site.settings import SiteSettings

SMALL = SiteSettings(pages=10, max_kb=3)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def ended(site: SiteProcess) -> bool:
    """Whether the child is gone and has been waited for."""
    try:
        os.kill(site.pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_close_ends_the_process_and_may_be_called_again() -> None:
    site = start_site(SMALL)
    connect(site.port).close()
    assert not ended(site)
    site.close()
    site.close()
    assert ended(site)


def test_an_open_connection_does_not_keep_it_alive() -> None:
    site = start_site(SMALL)
    with connect(site.port) as plug:
        site.close()
        assert plug.recv(1) == b""
    assert ended(site)


def test_it_has_a_session_of_its_own() -> None:
    with start_site(SMALL) as site:
        assert os.getsid(site.pid) == site.pid != os.getsid(0)


def test_a_port_in_use_is_said() -> None:
    with start_site(SMALL) as site, pytest.raises(SiteStartError, match=r"the site cannot start: .*in use"):
        start_site(SMALL, port=site.port)


def test_it_dies_with_a_killed_parent() -> None:
    program = (
        "from crawler.site.process import start_site; from crawler.site.settings import SiteSettings\n"
        "site = start_site(SiteSettings(pages=10)); print(site.port, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout
        with connect(int(parent.stdout.readline())) as plug:
            parent.kill()
            assert plug.recv(1) == b""

"""A real website, whole: PostgreSQL's documentation from a Debian package, served by nginx."""

import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler import FrontierSettings, Settings, StoreSettings, crawl, loop
from crawler.report.summary import Summary

DOCUMENTATION = Path("/usr/share/doc/postgresql-doc-15/html")
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)

pytestmark = pytest.mark.skipif(
    NGINX is None or not (DOCUMENTATION / "index.html").exists(),
    reason="needs Debian's packages nginx-light and postgresql-doc-15",
)

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    types {{ text/html html; text/css css; image/svg+xml svg; }}
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@pytest.fixture
def served(tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]) -> Iterator[tuple[str, Path]]:
    """The address of the documentation, and the log of what was asked for."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "nginx"
    folder.mkdir()
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, root=DOCUMENTATION))
    server = subprocess.Popen(
        [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: _listens(port))
        yield f"http://127.0.0.1:{port}", folder / "access.log"
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_the_whole_documentation_is_crawled_each_page_once(served: tuple[str, Path], tmp_path: Path) -> None:
    address, log = served
    settings = Settings(frontier=FrontierSettings(depth=100), store=StoreSettings(out=tmp_path / "out"))

    async def main() -> Summary:
        return await crawl(f"{address}/index.html", settings)

    summary = loop.run(main(), "uvloop")
    pages = {path.name for path in DOCUMENTATION.glob("*.html")}
    asked: Counter[Any] = Counter(line.split()[6] for line in log.read_text().splitlines())
    assert summary.totals.analyzed == len(pages)
    assert set(asked) == {f"/{name}" for name in pages} | {"/robots.txt"}
    assert set(asked.values()) == {1}
    assert summary.exit_code == 0

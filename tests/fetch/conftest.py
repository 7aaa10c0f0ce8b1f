"""A certificate for the tests' servers, made when they run: no key lies in the repository."""

import ssl
import subprocess
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pytest

from crawler.fetch.catalog import ROOMS


class Certificate(NamedTuple):
    path: Path
    server: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Self-signed, for 127.0.0.1 and secure.test."""
    if which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem -out cert.pem"
        " -subj /CN=secure.test -addext subjectAltName=DNS:secure.test,IP:127.0.0.1"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(folder / "cert.pem", context)


@pytest.fixture(params=list(ROOMS))
def room(request: pytest.FixtureRequest) -> str:
    """The name of a room; the test runs once in each."""
    return str(request.param)

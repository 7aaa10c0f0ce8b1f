"""Certificates that nobody should trust, and their key, which is no secret: it protects nothing.

GOOD and EXPIRED are by AUTHORITY, whose key was thrown away; tests trust it, so that it is the date that is refused.
"""

import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final


def context(certificate: str) -> ssl.SSLContext:
    """What a server that shows this certificate speaks TLS with."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:  # it is read from a file or not at all
        path = Path(folder) / "pem"
        path.write_text(certificate + KEY, encoding="ascii")
        made.load_cert_chain(path)
    return made


AUTHORITY: Final = """\
-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZIb3N0aWxl
IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIwOTkxMjMxMDAwMDAw
WjAhMR8wHQYDVQQDDBZIb3N0aWxlIHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAERL3Cx2SZWgtlddUq0INPfC8MWdoBG7fD+UfGLCE9WOAV
fyAO6AILMoEMNlJUrdnU65NP0fghZRr55PaYiJIkgqNCMEAwDwYDVR0TAQH/BAUw
AwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFOseDjUv32HUs3H77iMG7ySF
72cwMAoGCCqGSM49BAMCA0gAMEUCIHjbiMZbWp6YpmZ84Gv/FLfrI8Wjf1TQLkAG
B0xBmdIVAiEA36PAJDIIQKgXGqgljQbGf4HZpQ6bfN2hoktSOyJdZ1A=
-----END CERTIFICATE-----
"""
"""It vouches for two of the others, 2020 to 2099."""

GOOD: Final = """\
-----BEGIN CERTIFICATE-----
MIIBhzCCAS6gAwIBAgIBAjAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZIb3N0aWxl
IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIwOTkxMjMxMDAwMDAw
WjAZMRcwFQYDVQQDDA4qLmhvc3RpbGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABNfa59PgphRqIObaBoihVWDl+DbAl9n5YYel8sCLYS8xqLPtmkpzs9ul
9Fwo5PYV2xAV2D8tLowc8l0qtlKDg4qjXTBbMBkGA1UdEQQSMBCCDiouaG9zdGls
ZS50ZXN0MB0GA1UdDgQWBBQo5DWeJar+s3nXWhX70IhJdfHUsjAfBgNVHSMEGDAW
gBTrHg41L99h1LNx++4jBu8khe9nMDAKBggqhkjOPQQDAgNHADBEAiBkGOLAg/Bg
WFL4X3fbOsN4EN2+2eLGOB0QSlo+q3Q+AgIgY8xW5teVE0lMurcg+M58A/G7tpcm
qZp1LsmMOw/U7fQ=
-----END CERTIFICATE-----
"""
"""For *.hostile.test, 2020 to 2099."""

EXPIRED: Final = """\
-----BEGIN CERTIFICATE-----
MIIBkzCCATigAwIBAgIBAzAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZIb3N0aWxl
IHRlc3QgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFow
HzEdMBsGA1UEAwwUZXhwaXJlZC5ob3N0aWxlLnRlc3QwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAATX2ufT4KYUaiDm2gaIoVVg5fg2wJfZ+WGHpfLAi2EvMaiz7ZpK
c7PbpfRcKOT2FdsQFdg/LS6MHPJdKrZSg4OKo2MwYTAfBgNVHREEGDAWghRleHBp
cmVkLmhvc3RpbGUudGVzdDAdBgNVHQ4EFgQUKOQ1niWq/rN511oV+9CISXXx1LIw
HwYDVR0jBBgwFoAU6x4ONS/fYdSzcfvuIwbvJIXvZzAwCgYIKoZIzj0EAwIDSQAw
RgIhAJkrV/G62qxrFLzQtxgZs7GiAp/kBk4PmsLqhyCjBbk+AiEA9nHNL30tiFKM
E1wlX/A9iM0xc0aVnH/lBWm5vtLl5og=
-----END CERTIFICATE-----
"""
"""For expired.hostile.test, 2020."""

SELF_SIGNED: Final = """\
-----BEGIN CERTIFICATE-----
MIIBfDCCASOgAwIBAgIBATAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhzZWxmLXNp
Z25lZC5ob3N0aWxlLnRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjA5OTEyMzEwMDAw
MDBaMCMxITAfBgNVBAMMGHNlbGYtc2lnbmVkLmhvc3RpbGUudGVzdDBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNfa59PgphRqIObaBoihVWDl+DbAl9n5YYel8sCL
YS8xqLPtmkpzs9ul9Fwo5PYV2xAV2D8tLowc8l0qtlKDg4qjRjBEMCMGA1UdEQQc
MBqCGHNlbGYtc2lnbmVkLmhvc3RpbGUudGVzdDAdBgNVHQ4EFgQUKOQ1niWq/rN5
11oV+9CISXXx1LIwCgYIKoZIzj0EAwIDRwAwRAIgCoI4ggk1yxtlcSgxkpBmIOCA
8yhHBHdkoFoqPCMBugYCIDMIYKFzBxqohY1+AleHFMVrlynXz2U/Se/reT5pcr/E
-----END CERTIFICATE-----
"""
"""For self-signed.hostile.test, 2020 to 2099."""

KEY: Final = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVPdpNoLg6qt9OfkW
2zBjvMR3DlLXcdOb2lMLPCl7GhahRANCAATX2ufT4KYUaiDm2gaIoVVg5fg2wJfZ
+WGHpfLAi2EvMaiz7ZpKc7PbpfRcKOT2FdsQFdg/LS6MHPJdKrZSg4OK
-----END PRIVATE KEY-----
"""
"""Of all but the authority's."""

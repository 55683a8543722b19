"""/docs allows its own script by digest and asks nobody else for anything."""

import re

from starlette.testclient import TestClient


def test_the_document_is_served_from_here(anonymous: TestClient) -> None:
    page = anonymous.get("/docs")
    assert page.status_code == 200
    assert "'sha256-" in page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style-src")[0]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) >= 3
    for source in sources:
        assert source.startswith("/")
        assert anonymous.get(source).status_code == 200
